"""A file of configuration as tables, or what is wrong with it in the words of who edits it on an office PC."""

import re
import tomllib
from pathlib import Path
from typing import Any

from dutydesk.errors import ConfigError

_AT = re.compile(r" \(at line (\d+), column \d+\)$")
# typed by an input method where TOML wants " = [ ] ,
_WIDE = re.compile("[\u201c\u201d\u2018\u2019\uff1d\u3010\u3011\uff3b\uff3d\uff0c]")


def tables(path: Path) -> dict[str, Any]:
    """The file's tables; a byte order mark and either kind of line end are taken. Raises ConfigError, FileNotFoundError."""
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigError([f"{path.name}: 不是 UTF-8 编码,请另存为 UTF-8"]) from None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([f"{path.name}: {_place(text, str(error))}"]) from None


def _place(text: str, said: str) -> str:
    found = _AT.search(said)
    if not found:
        return f"写法有误:{said}"
    number = int(found[1])
    line = text.splitlines()[number - 1].strip() if number <= len(text.splitlines()) else ""
    wide = "".join(dict.fromkeys(_WIDE.findall(line)))
    hint = f",里面有全角的 {wide},请改成半角" if wide else f"({_AT.sub('', said)})"
    return f"第 {number} 行写法有误{hint}:{line[:40]}"
