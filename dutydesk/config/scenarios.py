"""Scenarios of drills: config/drills/*.toml, each a name and lines with the minute at which they are said."""

from pathlib import Path

from pydantic import Field, ValidationError

from dutydesk.config.tables import tables
from dutydesk.domain.drills import ScriptLine
from dutydesk.domain.readings import Value
from dutydesk.errors import ConfigError


class Scenario(Value):
    """What is played: a name and its lines, at least one."""

    name: str = Field(min_length=1)
    lines: tuple[ScriptLine, ...] = Field(min_length=1)


def read_scenario(path: Path) -> Scenario:
    """One scenario. Raises ConfigError in the words of whoever wrote the file."""
    try:
        return Scenario.model_validate(tables(path))
    except (OSError, ValidationError) as error:
        raise ConfigError([f"{path.name}: 脚本读不懂:{error}"]) from None


def scenarios(folder: Path) -> list[Scenario]:
    """Those of a configuration, by the names of their files. Raises ConfigError for the first that cannot be read."""
    return [read_scenario(path) for path in sorted((folder / "drills").glob("*.toml"))]
