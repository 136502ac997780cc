"""Which level an incident reaches by its standing figures, from whatever texts they came (regulations section 8, rules 8 and 9).

A text that says no more than "死亡增至4人" raises it like one that tells the whole story. Only bands the office has confirmed raise a
level; a level that a person fixed stays, with what the figures reach beside it; fewer figures lower nothing.
"""

from dutydesk.domain import ledger
from dutydesk.domain.incident_state import Incident, fact
from dutydesk.domain.incidents import LevelProposed
from dutydesk.domain.readings import Reading
from dutydesk.domain.rules import Rules


def level_proposed(state: Incident, rules: Rules) -> list[LevelProposed]:
    """What the figures reach now, where that is not what the incident shows already."""
    if state.opened is None or state.status == "merged":
        return []
    found = _proposal(state, rules)
    known = state.proposed or _silent(fact(state, "level"), found)
    return [] if found == known else [found]


_NOTHING = LevelProposed(level=None, certain=None, hint=None)


def _proposal(state: Incident, rules: Rules) -> LevelProposed:
    if rules.levels.rule_for(fact(state, "code")) is None:
        return _NOTHING
    figures = ledger.alarming(state.claims, dict(state.figures_fixed))
    whole = Reading.model_validate({**figures, "code": fact(state, "code") or None})
    table = rules.levels
    return LevelProposed(
        level=table.propose(whole), certain=table.propose_without_missing(whole), hint=table.hint(whole)
    )


def _silent(level: str, found: LevelProposed) -> LevelProposed:
    """What needs no word: figures that say nothing, or only what the texts have said."""
    said = found.level if found.level == level else None
    return LevelProposed(level=said, certain=said, hint=said)
