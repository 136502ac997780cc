"""`verify`, `checkpoint`, `rebuild`, `export`, `import`, `backup`, `restore`: the journal from the outside."""

import json
import os
import shutil
import sys
from itertools import chain, count
from pathlib import Path
from typing import Any

import typer

from dutydesk.cli.door import known_store, reading, with_hub
from dutydesk.clock import to_datetime
from dutydesk.config import Settings
from dutydesk.domain.desks import Redact
from dutydesk.errors import ChainBroken, NotFound, Refused
from dutydesk.store import readlog, transfer
from dutydesk.store.lock import served
from dutydesk.store.remaking import rebuild as rebuild_rows
from dutydesk.store.sqlite import SqliteConnection, is_store
from dutydesk.store.store import Store
from dutydesk.store.store import head as read_head
from dutydesk.store.verify import check_checkpoint, second_digest
from dutydesk.store.verify import verify as verify_chain
from dutydesk.store.whole_file import whole_file


def add(app: typer.Typer) -> None:
    """Add the commands to the application."""
    for command in (verify, checkpoint, rebuild, export, backup, restore, redact):
        app.command()(command)
    app.command("import")(import_)


def verify(checkpoint: Path | None = typer.Option(None, help="A checkpoint kept elsewhere.")) -> None:
    """Check the hash chain of the whole journal, and that a checkpoint still fits."""
    try:
        head = reading(verify_chain)
        if checkpoint:
            kept = _checkpoint(checkpoint)
            reading(lambda c: check_checkpoint(c, kept))
        seen = reading(readlog.verify)
    except ChainBroken as error:
        raise ChainBroken(f"日志对不上,先不要启动值班台,按运行手册 Keeping copies 一节处理:{error}") from None
    typer.echo(f"日志完好:{head.seq} 条,头 {head.token};查阅记录完好:{seen} 条")


def _checkpoint(file: Path) -> dict[str, Any]:
    """What `dutydesk checkpoint` wrote. Raises Refused for anything else."""
    try:
        kept = json.loads(file.read_text("utf-8"))
        return {"seq": int(kept["seq"]), "hash": str(kept["hash"]), "sm3": kept.get("sm3")}
    except (ValueError, KeyError, TypeError):
        raise Refused(f"{file} 不是检查点:它应是 dutydesk checkpoint 打印的那一行") from None


def checkpoint() -> None:
    """Print the journal's head as JSON: keep it outside the building."""
    head = reading(read_head)
    at = to_datetime(head.at).isoformat() if head.at else None
    sm3 = reading(lambda connection: second_digest(connection, head.seq))
    typer.echo(json.dumps({"seq": head.seq, "hash": head.hash, "at": at} | ({"sm3": sm3} if sm3 else {})))


def rebuild() -> None:
    """Make the board's rows anew from the journal (the desk must not be serving)."""
    store = known_store()
    with served(store):
        store.prepare()
        connection = store.connect()
        typer.echo(f"重建 {rebuild_rows(connection)} 行")
        connection.close()


def redact(seq: int, ground: str = typer.Option(..., help="Why: the article or the request.")) -> None:
    """Erase the private part of an entry; who did it and why stays, and the chain still verifies."""
    with_hub(lambda hub: hub.handle("desk/main", Redact(seq=seq, ground=ground), key="", by="cli"))
    typer.echo(f"第 {seq} 条的原文已抹除;日志链不受影响")


def export() -> None:
    """Write the whole journal as JSON Lines to standard output."""
    store = known_store()
    with store.reader() as connection:
        for line in transfer.export(connection):
            sys.stdout.buffer.write(line + b"\n")


def import_(file: Path) -> None:
    """Fill an empty store from an exported journal (SQLite to PostgreSQL, or back)."""
    store = _store()
    with served(store), file.open("rb") as lines:
        store.prepare()
        connection = store.connect()
        seq = transfer.load(connection, (line.rstrip(b"\n") for line in lines))
        connection.close()
    typer.echo(f"导入完成:{seq} 条,日志完好")


def backup(file: Path) -> None:
    """Copy an SQLite store while the desk serves. PostgreSQL has its own tools (pg_basebackup; see the README)."""
    store = known_store()
    if store.path is None:
        raise Refused("PostgreSQL 请用 pg_basebackup 或 pg_dump 备份,见 README")
    if file.exists():
        raise Refused(f"{file} 已经存在,不覆盖:换一个名字,例如带上时刻")
    if not file.absolute().parent.is_dir():
        raise Refused(f"没有文件夹 {file.parent}")
    source = SqliteConnection(store.path, readonly=True)
    with whole_file(file) as part:
        source.backup(part)
    source.close()
    typer.echo(f"已备份到 {file}")


def restore(file: Path) -> None:
    """Put a backup in place of an SQLite store, after verifying it. The former store is kept beside it."""
    store = _store()
    if store.path is None:
        raise Refused("PostgreSQL 请用它自己的工具恢复,见 README")
    if not file.exists():
        raise NotFound(f"没有这个文件:{file}")
    if not is_store(file):
        raise Refused(f"{file} 不是 SQLite 数据库")
    copy = Store(f"sqlite:///{file}")
    head = copy.read(verify_chain)
    copy.close()
    with served(store):
        former = _put_aside(store.path)
        with whole_file(store.path) as part:
            shutil.copyfile(file, part)
            _belongs_to(part, (former or store.path.parent).stat())
    kept = f";原库改名为 {former.name}" if former else ""
    typer.echo(f"已恢复到 {store.path}:{head.seq} 条,头 {head.token}{kept}")


def _put_aside(path: Path) -> Path | None:
    """The former store under another name; one that was put aside before stays what it is."""
    if not path.exists():
        return None
    ends = chain((".before-restore",), (f".before-restore-{number}" for number in count(2)))
    aside = next(name for name in (path.with_name(path.name + end) for end in ends) if not name.exists())
    for suffix in ("", "-wal", "-shm"):
        old = path.with_name(path.name + suffix)
        if old.exists():
            old.rename(aside.with_name(aside.name + suffix))
    return aside


def _belongs_to(path: Path, former: os.stat_result) -> None:
    """Who restores is often root, who serves is not."""
    if os.geteuid() == 0:
        os.chown(path, former.st_uid, former.st_gid)


def _store() -> Store:
    return Store(Settings.from_environment().database)
