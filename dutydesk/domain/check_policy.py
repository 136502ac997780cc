"""What a spot check asks, how often a unit may be checked, and when checks start by themselves: policy as data (config/checks.toml)."""

from typing import Literal

from pydantic import Field, field_validator

from dutydesk.domain import crons
from dutydesk.domain.asking_policy import Sourced
from dutydesk.domain.directory import UnitKind
from dutydesk.domain.readings import Value

Target = Literal["unit", "contact", "deputy"]  # the duty telephone, the A contact, the B contact
Way = Literal["voice", "sms", "link"]


class Ladder(Value):
    """The escalation policy that carries a check to a target by a way: one step, for a check does not climb."""

    target: Target
    way: Way
    policy: str


class Load(Value):
    """So many checks of one unit, rechecks included, within so many days: people at the grass roots drown in checks."""

    most: int = Field(default=2, ge=1, le=50)
    days: int = Field(default=7, ge=1, le=31)


class Round(Value):
    """Checks that start by themselves: at `at`, or at a random instant within the minutes after it. `count` 0: all of them."""

    name: str = Field(pattern=r"^[a-z0-9-]{1,20}$")
    at: str
    within_minutes: int = Field(default=0, ge=0, le=720)
    kinds: tuple[UnitKind, ...] = ()
    units: tuple[str, ...] = ()
    count: int = Field(default=0, ge=0, le=500)
    target: Target = "unit"
    way: Way = "voice"

    @field_validator("at")
    @classmethod
    def _cron(cls, given: str) -> str:
        return crons.checked(given)


class Proving(Sourced):
    """A number proves itself again every so many days; at most so many are asked in a day (0: none by themselves)."""

    every_days: int = Field(default=90, ge=1, le=1000)
    per_day: int = Field(default=0, ge=0, le=500)
    at: str = "0 10 * * *"
    contact_policy: str = ""
    deputy_policy: str = ""

    @field_validator("at")
    @classmethod
    def _cron(cls, given: str) -> str:
        return crons.checked(given)


class Pairing(Sourced):
    """互建: a confirmation holds so many days; at most so many units are asked in a day by themselves (0: only by button), each about
    at most so many pairs at once. The load is that of the checks."""

    every_days: int = Field(default=180, ge=1, le=1000)
    per_day: int = Field(default=0, ge=0, le=500)
    at: str = "0 15 * * *"
    most: int = Field(default=6, ge=1, le=20)
    policy: str = ""

    @field_validator("at")
    @classmethod
    def _cron(cls, given: str) -> str:
        return crons.checked(given)


class LineTests(Sourced):
    """Every line out is tested before a handover, to numbers of the desk's own; empty: that way is not tested."""

    sms: str = ""
    voice: str = ""
    mail: str = ""
    wait_minutes: int = Field(default=5, ge=1, le=60)

    def loop(self, how: str) -> str:
        """The desk's own number or address for a way."""
        return {"sms": self.sms, "voice": self.voice, "mail": self.mail}.get(how, "")


class Checks(Sourced):
    """All of it. `rings` are those within which a telephone is to be taken up, `ring_seconds` the length of one."""

    rings: int = Field(default=3, ge=1, le=20)
    ring_seconds: int = Field(default=5, ge=1, le=15)
    recheck_minutes: int = Field(default=30, ge=1, le=10_080)
    rechecks: int = Field(default=1, ge=0, le=5)
    wrong_number_codes: tuple[str, ...] = ()
    load: Load = Load()
    ladders: tuple[Ladder, ...] = ()
    rounds: tuple[Round, ...] = ()
    proving: Proving = Proving()
    pairing: Pairing = Pairing()
    line_tests: LineTests = LineTests()

    def policies(self) -> tuple[str, ...]:
        """Every escalation policy it names."""
        proving = self.proving
        return (
            *(one.policy for one in self.ladders),
            proving.contact_policy,
            proving.deputy_policy,
            self.pairing.policy,
        )

    def ladder(self, target: Target, way: Way) -> str:
        """The escalation policy of a target and way; empty when there is none."""
        return next((one.policy for one in self.ladders if (one.target, one.way) == (target, way)), "")

    def unconfirmed(self) -> tuple[str, ...]:
        """What nobody could confirm, in words."""
        parts = {"抽查": self, "号码核验": self.proving, "互建": self.pairing, "线路测试": self.line_tests}
        return tuple(f"{name}:{part.law}" for name, part in parts.items() if part.law and not part.confirmed)
