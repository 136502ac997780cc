"""Which elements of a report are missing, by kind of event (Shandong 2012 art. 29 and the office's own list in config/intake.toml)."""

from dutydesk.domain.readings import Reading
from dutydesk.domain.rules import Intake

_CASUALTIES = ("deaths", "injured", "missing", "trapped", "ill", "affected")


def missing(reading: Reading, intake: Intake) -> tuple[str, ...]:
    """Labels of the wanted elements the text does not give. What is said to be under verification is not asked for again."""
    wanted = next(
        (e.wanted for e in intake.elements if reading.code and reading.code.startswith(e.codes)), intake.wanted
    )
    return tuple(intake.labels.get(name, name) for name in wanted if not _given(name, reading))


def _given(name: str, reading: Reading) -> bool:
    if name == "casualties":
        said = any(getattr(reading, figure) is not None for figure in _CASUALTIES)
        return said or bool(set(reading.unknown) & set(_CASUALTIES)) or bool(set(reading.vague) & set(_CASUALTIES))
    return bool(getattr(reading, name, None))
