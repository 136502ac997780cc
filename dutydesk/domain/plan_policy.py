"""Plans (预案) as cards: which kinds of incidents they fit, and their steps with a time each. As config/plans.toml has it."""

from typing import Literal, Self

from pydantic import Field, model_validator

from dutydesk.domain.readings import Value


class PlanStep(Value):
    """One line of a card: what, by whom, within how many minutes of the start; `call`: an escalation policy that is started with it."""

    id: str = Field(pattern=r"^[a-z0-9-]{1,30}$")
    what: str
    who: str
    minutes: float = Field(gt=0, le=60 * 24 * 30)
    call: str = ""


class Plan(Value):
    """A card. It is proposed for GB/T 35561 prefixes in `codes` and, where `levels` names some, only for those."""

    id: str = Field(pattern=r"^[a-z0-9-]{1,30}$")
    name: str
    codes: tuple[str, ...] = ()
    levels: tuple[Literal["一般", "较大", "重大", "特别重大"], ...] = ()
    law: str = ""
    confirmed: bool = False
    steps: tuple[PlanStep, ...] = Field(min_length=1, max_length=60)

    @model_validator(mode="after")
    def _steps_apart(self) -> Self:
        ids = [step.id for step in self.steps]
        if len(set(ids)) < len(ids):
            raise ValueError(f"预案 {self.id} 里有两步用了同一个 id")
        return self

    def fits(self, code: str, level: str) -> bool:
        """Whether it is proposed for such an incident."""
        return bool(code) and code.startswith(self.codes) and (not self.levels or level in self.levels)
