"""The duty rooms above this desk, the nearest first: whom a question of ours may be put to (请示)."""

from dutydesk.domain.directory import Directory, Unit
from dutydesk.domain.rules import Rules

TIERS = ("town", "district", "city", "province", "state")


def superiors(rules: Rules, directory: Directory) -> tuple[Unit, ...]:
    """Those that a line joins us to above, then the duty rooms of the directory of a higher tier, each once."""
    above = [peer.unit for peer in rules.peers if peer.enabled and peer.side == "above"]
    joined = [directory.unit_by_code[code] for code in above if code in directory.unit_by_code]
    desks = [unit for unit in directory.units if unit.kind == "desk" and _rank(unit.tier) > _rank(rules.desk.tier)]
    desks.sort(key=lambda unit: _rank(unit.tier))
    return tuple({unit.code: unit for unit in (*joined, *desks) if unit.code != rules.desk.unit}.values())


def linked(unit: str, rules: Rules) -> bool:
    """Whether a line joins us to it, over which it can be asked and answer."""
    peer = rules.peer(unit)
    return peer is not None and peer.kind == "link"


def _rank(tier: str | None) -> int:
    return TIERS.index(tier) if tier in TIERS else -1
