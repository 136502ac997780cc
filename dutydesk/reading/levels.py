"""The bands of levels out of config/levels.toml; what they mean and how they apply is domain/levels.py."""

import tomllib
from typing import Protocol

from dutydesk.domain.levels import Band, LevelTable
from dutydesk.errors import ConfigError

__all__ = ["Band", "LevelTable", "load_levels", "parse_levels"]


class Readable(Protocol):
    """What can give its text: a path, for one."""

    def read_text(self, encoding: str) -> str: ...


def parse_levels(text: str, name: str = "levels.toml") -> LevelTable:
    """The table in the text of a TOML file called `name`. Raises ConfigError with every problem in it."""
    try:
        return LevelTable.model_validate(tomllib.loads(text))
    except ValueError as problem:
        raise ConfigError([f"{name}: {problem}"]) from problem


def load_levels(path: Readable) -> LevelTable:
    """As `parse_levels`, of what can give its text. Raises ConfigError, also when it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as problem:
        raise ConfigError([f"{path}: {problem}"]) from problem
    return parse_levels(text, str(path))
