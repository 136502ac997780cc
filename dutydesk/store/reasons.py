"""Why a store says no, in the words of whoever must mend it at night. What is not known is shown as the store said it."""

import errno
import re

# what SQLite, PostgreSQL (in English) and libpq say → what it means and what to do; the first that fits
_WORDS = (
    (r"disk is full|no space left|could not extend file", "磁盘满了:删掉旧副本和旧日志,腾出地方后自己恢复"),
    (r"readonly database|read-only file system", "只能读不能写:文件系统成了只读,或文件不属于值班台的用户"),
    (r"unable to open database file", "打不开库文件:文件夹不存在、没有权限,或文件系统只读"),
    (r"file is not a database", "这个文件不是数据库,是不是写错了路径?"),
    (r"malformed", "库文件坏了:停下值班台,按运行手册 Keeping copies 一节放回副本"),
    (r"disk i/o error", "磁盘读写出错:查看系统日志(dmesg),可能是磁盘坏了"),
    (r"database is locked|locking protocol", "库文件被别的程序占着"),
    (r"password authentication failed|no password supplied", "数据库不认这个用户名或密码:改过密码的话,每台主机都要改"),
    (r"no pg_hba\.conf entry", "数据库不让这台主机连接(pg_hba.conf)"),
    (r'database ".*" does not exist', "数据库服务器上没有这个库:先 createdb,或库名写错了"),
    (r'role ".*" does not exist', "数据库服务器上没有这个用户"),
    (r"connection refused|no such file or directory", "那里没有数据库在运行:没有启动,或地址、端口写错了"),
    (r"could not translate host name|failed to resolve host|name or service not known", "查不到数据库的主机名"),
    (r"no route to host|network is unreachable", "到数据库主机的网络不通"),
    (r"timeout expired|connection timed out|timed out", "数据库没有回音:主机关着,或网络不通"),
    (r"too many clients|remaining connection slots", "数据库的连接用完了(max_connections)"),
    (r"starting up|shutting down|recovery mode|terminating connection", "数据库正在启动、停止或切换,稍等会自己恢复"),
    (r"read-only transaction|session is read-only|not read-write", "连到的是备机,它不接受写入"),
    (r"certificate|ssl", "和数据库的加密连接建立不起来:证书过期,或不受信任"),
    (r"permission denied", "数据库用户没有权限"),
)  # fmt: skip
_KNOWN = tuple((re.compile(pattern, re.IGNORECASE), words) for pattern, words in _WORDS)
FILES = {
    errno.ENOENT: "没有这个文件",
    errno.EACCES: "没有权限。请用值班台自己的用户运行(sudo -u dutydesk)",
    errno.EPERM: "没有权限。请用值班台自己的用户运行(sudo -u dutydesk)",
    errno.EISDIR: "这是文件夹,不是文件",
    errno.ENOTDIR: "路径里有一段是文件,不是文件夹",
    errno.EROFS: "文件系统是只读的:磁盘可能出错后被系统改成了只读(dmesg),或单元文件没有放开这个文件夹",
    errno.ENOSPC: "磁盘满了:删掉旧副本和旧日志",
    errno.EDQUOT: "磁盘配额用完了",
    errno.EMFILE: "打开的文件太多(LimitNOFILE)",
}


def why(error: BaseException) -> str:
    """One line: what it means, and in brackets what was said. For whoever runs the desk: it may name hosts and users."""
    said = " ".join(str(error).split()) or type(error).__name__
    found = _known(error, said)
    return f"{found}({said})" if found else said


def meaning(error: BaseException) -> str:
    """The same for everybody, also who is not signed in: without what was said, which may hold a row's words."""
    return _known(error, str(error)) or type(error).__name__


def _known(error: BaseException, said: str) -> str:
    if isinstance(error, OSError) and error.errno in FILES:
        return FILES[error.errno]
    return next((words for pattern, words in _KNOWN if pattern.search(said)), "")
