"""The environment, and secrets that stand in files: `NAME_FILE` names a file that holds NAME (a container's secret, a systemd credential).

An environment is shown by `podman inspect`, `systemctl show` and /proc to more people than a file of mode 0400.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from dutydesk.errors import ConfigError

OURS = ("DUTYDESK_", "TWILIO_")
FILE = "_FILE"


def environment(given: Mapping[str, str] | None = None) -> dict[str, str]:
    """What is set (of this process, or `given`), with what our `…_FILE` name, and without what an office PC's editor leaves around a
    value of ours: a carriage return, a blank. Raises ConfigError for a file that cannot be read, and for a name that is set both ways."""
    found = {
        name: value.strip() if name.startswith(OURS) else value
        for name, value in (os.environ if given is None else given).items()
    }
    problems = list[str]()
    for name in [name for name in found if name.startswith(OURS) and name.endswith(FILE)]:
        meant, path = name.removesuffix(FILE), Path(found[name])
        if found.get(meant):
            problems.append(f"{name}: 和 {meant} 只能设一个")
            continue
        try:
            found[meant] = path.read_text("utf-8-sig").strip()
        except (OSError, UnicodeDecodeError):
            problems.append(f"{name}: 读不了 {path}(没有这个文件、没有权限,或不是文字)")
    if problems:
        raise ConfigError(problems)
    return found
