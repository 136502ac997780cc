"""What in the policy nobody could confirm, in one list: what `dutydesk check` marks 待核实 and an office has to ask about."""

from collections.abc import Iterator

from dutydesk.domain.rules import Rules


def unconfirmed(rules: Rules) -> list[str]:
    """One line a value: what it is, and what it rests on."""
    clocks = [f"{rule.title}({rule.minutes} 分钟):{rule.law}" for rule in rules.clocks if not rule.confirmed]
    duties = [f"{name}:{law}" for name, law in rules.unconfirmed_duties()]
    return [*clocks, *duties, *rules.asking.unconfirmed(), *rules.checks.unconfirmed(), *_others(rules)]


def _others(rules: Rules) -> Iterator[str]:
    for rule in rules.levels.rules:
        if not rule.confirmed:
            yield f"分级标准 {rule.name}:{rule.source}"
        for band in rule.bands:
            if rule.confirmed and not band.confirmed:
                yield f"分级标准 {rule.name} {band.measure}:{rule.source}"
    reporting = rules.circulars.reporting
    if not reporting.confirmed:
        yield f"通报迟报时限({reporting.phone_minutes:g}、{reporting.written_minutes:g} 分钟):{reporting.law or '没有写出处'}"
    yield from (f"评分办法 {scheme.name}:{scheme.source}" for scheme in rules.schemes if not scheme.confirmed)
    yield from (f"预案 {plan.name}:{plan.law or '本室自拟'}" for plan in rules.plans if not plan.confirmed)
