"""The casualty ledger: every figure with its source and time; the newest stands; what does not fit is shown, not decided.

Unknown is not zero: a figure nobody gave is absent, one an officer set to unknown is None with the officer's reason.
"""

from typing import Any

from dutydesk.clock import MINUTE
from dutydesk.domain.incidents import Claim, FigureFixed
from dutydesk.domain.readings import FIGURES, Bounds, Figure, Reading, lowest

# ours: two sources that differ within half an hour are in dispute; later it is a development
DISAGREE_WITHIN = 30 * MINUTE
NEVER_FALL = frozenset({"deaths", "injured", "seriously_injured"})


def claims_of(message: str, reading: Reading, at: int) -> tuple[Claim, ...]:
    """The figures a reading gives; silence gives none."""
    said = vars(reading)
    return tuple(
        Claim(name=name, value=v, message=message, at=at, as_of=reading.as_of, correction=reading.correction)
        for name in FIGURES
        if (v := said[name]) is not None
    )


def standing(claims: tuple[Claim, ...]) -> dict[str, Claim]:
    """The newest figure of each name, by the time it came."""
    return {claim.name: claim for claim in sorted(claims, key=lambda c: c.at)}


def alarming(claims: tuple[Claim, ...], fixed: dict[str, FigureFixed]) -> dict[str, Figure]:
    """Each figure as an alarm has to take it: as `shown`, but a report newer than a person's figure counts where it is higher."""
    now = standing(claims)
    found = {name: claim.value for name, claim in now.items()} | {name: fix.value for name, fix in fixed.items()}
    grown = {
        n: c.value for n, c in now.items() if n in fixed and c.at > fixed[n].at and lowest(c.value) > lowest(found[n])
    }
    return found | grown


def shown(claims: tuple[Claim, ...], fixed: dict[str, FigureFixed]) -> dict[str, dict[str, Any]]:
    """What consoles see of each figure: the value that stands, its source, what others said, and what is doubtful about it."""
    now = standing(claims)
    figures = {name: _line(claim, [c for c in claims if c.name == name]) for name, claim in now.items()}
    for name, fix in fixed.items():
        newer = now.get(name) if name in now and now[name].at > fix.at else None
        doubts = ["newer_report"] if newer and newer.value != fix.value else []
        figures[name] = figures.get(name, {"others": []}) | {
            "value": _plain(fix.value),
            "message": "",
            "at": fix.at,
            "as_of": None,
            "fixed_by": fix.by,
            "reason": fix.reason,
            "doubts": doubts,
        }
    return _sums(figures)


def _line(claim: Claim, history: list[Claim]) -> dict[str, Any]:
    others = [c for c in sorted(history, key=lambda c: c.at) if c.value != claim.value]
    return {
        "value": _plain(claim.value),
        "message": claim.message,
        "at": claim.at,
        "as_of": claim.as_of,
        "fixed_by": "",
        "reason": "",
        "doubts": _doubts(claim, others),
        "others": [{"value": _plain(c.value), "message": c.message, "at": c.at, "as_of": c.as_of} for c in others],
    }


def _doubts(claim: Claim, others: list[Claim]) -> list[str]:
    doubts = []
    if claim.name in NEVER_FALL and not claim.correction and any(lowest(c.value) > _most(claim.value) for c in others):
        doubts.append("fell")
    if any(c.message != claim.message and claim.at - c.at <= DISAGREE_WITHIN for c in others) and not claim.correction:
        doubts.append("sources_differ")
    return doubts


def _sums(figures: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    whole, part = figures.get("injured"), figures.get("seriously_injured")
    if whole and part and _least_plain(part["value"]) > _most_plain(whole["value"]):
        whole["doubts"] = [*whole["doubts"], "part_over_whole"]
    trapped, rescued = figures.get("trapped"), figures.get("rescued")
    if trapped and rescued and rescued["at"] > trapped["at"] and trapped["value"] and rescued["value"]:
        trapped["doubts"] = [*trapped["doubts"], "rescued_since"]
    return figures


def _least_plain(value: Any) -> int:
    return int(value.get("min", 0) if isinstance(value, dict) else value or 0)


def _most_plain(value: Any) -> int:
    found = value.get("max") if isinstance(value, dict) else value
    return 10**9 if found is None else int(found)


def _most(value: Figure) -> int:
    if isinstance(value, Bounds):
        return value.max if value.max is not None else 10**9
    return value if value is not None else 10**9


def _plain(value: Figure) -> int | dict[str, int] | None:
    return value.model_dump(exclude_none=True) if isinstance(value, Bounds) else value
