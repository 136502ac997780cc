"""Policy of circulars, as config/circulars.toml writes it."""

from typing import Literal

from pydantic import Field, field_validator

from dutydesk.domain import crons
from dutydesk.domain.readings import Value


class Reporting(Value):
    """Within how many minutes of the event a unit owes this desk its first word, by phone and in writing:
    what their lateness is computed by."""

    phone_minutes: float = Field(default=60, gt=0)
    written_minutes: float = Field(default=60, gt=0)
    law: str = ""
    confirmed: bool = False


class Period(Value):
    """A circular that writes itself: of which period, when (cron, Asia/Shanghai), scored by which scheme."""

    kind: Literal["day", "month", "quarter", "year", "brief"]
    at: str
    scheme: str = ""

    @field_validator("at")
    @classmethod
    def _cron(cls, text: str) -> str:
        return crons.checked(text)


class Circulars(Value):
    """通报: when they are written, by which limits, under which letters of the issuer (机关代字)."""

    issuer: str = "值"
    reporting: Reporting = Reporting()
    periods: tuple[Period, ...] = ()
