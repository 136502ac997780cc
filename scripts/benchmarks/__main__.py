"""`scripts/bench [name ...] [--rounds N] [--quick]`: measure, print a table, keep every round as a line of JSON in bench-results/.

`scripts/bench table` measures what docs/speed.md promises, the neighbours too, and ends within 25 minutes.
"""

import argparse
import json
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from dutydesk.cli.serving import tune_interpreter
from dutydesk.clock import BEIJING, SystemClock, to_datetime
from scripts.benchmarks import drain, fanout, intake, peers, profiling, roster, screen, search, start, timers, yearly
from scripts.benchmarks.measure import NOISY, Figure, machine
from scripts.benchmarks.options import Options
from scripts.benchmarks.places import RESULTS, engines

BENCHES: dict[str, Callable[[Options], Iterator[Figure]]] = {
    "intake": intake.figures,
    "drain": drain.figures,
    "fanout": fanout.figures,
    "timers": timers.figures,
    "roster": roster.figures,
    "start": start.figures,
    "search": search.figures,
    "yearly": yearly.figures,
    "screen": screen.figures,
    "peers": peers.figures,
}
TABLE = (
    "intake",
    "drain",
    "fanout",
    "timers",
    "roster",
    "start",
    "peers",
)  # what `scripts/bench table` measures, in this order
SHARE = {
    "peers": 1.0,
    "start": 0.2,
    "roster": 0.1,
    "timers": 0.2,
    "fanout": 0.1,
    "drain": 0.12,
    "intake": 0.12,
}  # of the time left
MINUTES = 23.0  # after which `table` begins no round any more
NEED_POSTGRES = {"intake", "drain", "timers", "roster", "search", "yearly", "profile", "peers"}
HEADINGS = ("figure", "ours", "floor", "ratio", "target", "met")


def main() -> int:
    """Returns 1 when a target was missed."""
    asked = _arguments()
    tune_interpreter()  # what is measured inside this process runs as under `dutydesk serve`; so do the floors
    whole = asked.names == ["table"]
    # installed only when asked for
    names = list(TABLE) if whole else asked.names or [name for name in BENCHES if name != "peers"]
    profiled = names[1] if names[0] == "profile" and len(names) == 2 else ""
    unknown = set(names) - set(BENCHES) - {"profile", profiled}
    if unknown or (names[0] == "profile" and not profiled):
        sys.exit(f"scripts/bench: choose of {', '.join(BENCHES)}, or: table, or: profile drain|intake")
    with engines(bool(NEED_POSTGRES & set(names)) and not asked.sqlite) as found:
        rounds = asked.rounds or (2 if asked.quick else 5)
        options = Options(found, rounds, asked.quick, time.monotonic() + MINUTES * 60 if whole else 0.0)
        if profiled:
            profiling.profile(options, profiled)
            return 0
        return _measure(options, names)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"{', '.join(BENCHES)} (all but peers); table; profile drain|intake")
    parser.add_argument("--rounds", type=int, default=0, help="rounds of each figure (5; 2 with --quick)")
    parser.add_argument("--quick", action="store_true", help="less of everything: a look, not a figure to quote")
    parser.add_argument("--sqlite", action="store_true", help="leave PostgreSQL out")
    return parser.parse_args()


def _measure(options: Options, names: list[str]) -> int:
    about: dict[str, Any] = {
        "date": to_datetime(SystemClock().now()).isoformat(timespec="seconds"),
        "machine": machine(),
    }
    print(json.dumps(about, ensure_ascii=False), flush=True)
    missed, figures, since, broken = 0, 0, time.monotonic(), list[str]()
    path = RESULTS / f"{datetime.fromisoformat(about['date']).astimezone(BEIJING):%Y%m%d-%H%M%S}.jsonl"
    RESULTS.mkdir(exist_ok=True)
    _row(HEADINGS)
    with path.open("a", encoding="utf-8") as file:
        for name in names:
            for figure in _each(name, options.within(SHARE.get(name, 1.0)), broken):
                file.write(json.dumps({**about, "bench": name, "quick": options.quick, **figure.record()}) + "\n")
                file.flush()
                _show(figure)
                missed += figure.met is False
                figures += figure.met is not None
    minutes = (time.monotonic() - since) / 60
    print(
        f"{figures - missed} of {figures} targets met in {minutes:.0f} min; every round: {path.relative_to(RESULTS.parent)}"
    )
    print("\n".join(f"NOT MEASURED: {line}" for line in broken), end="\n" if broken else "")
    return 1 if broken or (missed and not options.quick) else 0


def _each(name: str, options: Options, broken: list[str]) -> Iterator[Figure]:
    """A bench that breaks takes none of the others along; it is named at the end."""
    try:
        yield from BENCHES[name](options)
    except (Exception, SystemExit) as error:
        traceback.print_exc()
        broken.append(f"{name}: {type(error).__name__} {error}")


def _show(figure: Figure) -> None:
    ours, floor, ratio = (figure.median(name) for name in ("ours", "floor", "ratio"))
    judged = {None: "", True: "yes", False: "NO"}[figure.met]
    beside = f"{_number(floor)} {figure.floor}" if floor else figure.floor
    target = str(figure.target or "")
    _row((figure.name, f"{_number(ours)} {figure.unit}", beside, _number(ratio) if ratio else "", target, judged))
    shares = ", ".join(f"{one.foreign:.0%}{'!' if one.foreign > NOISY else ''}" for one in figure.rounds)
    spread = ", ".join(_number(one.ratio or one.ours) for one in figure.rounds)
    print(f"    rounds: {spread}; used by others: {shares}{'; ' + figure.note if figure.note else ''}", flush=True)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _row(cells: tuple[Any, ...]) -> None:
    print("{:<40}{:<22}{:<44}{:<8}{:<10}{}".format(*cells), flush=True)


if __name__ == "__main__":
    sys.exit(main())
