"""`scripts/bench profile drain|intake`: where the pen's thread spends its time, by cProfile (which makes it about twice as slow)."""

import asyncio
import cProfile
import pstats

from dutydesk.hub import Hub
from scripts.benchmarks import city
from scripts.benchmarks.options import Options

SHOWN = 25


class Profiled(Hub):
    """A hub whose pen's thread is watched while `profile` is on."""

    profile: cProfile.Profile | None = None

    def _run(self) -> None:
        Profiled.profile = cProfile.Profile()
        Profiled.profile.runcall(super()._run)


def profile(options: Options, what: str) -> None:
    """Print the functions that took most, their own time first. The adoption of the directory is part of it."""
    if what not in ("drain", "intake"):
        raise SystemExit("usage: scripts/bench profile drain|intake")
    for engine in options.engines.names:
        with options.engines.fresh(engine) as url:
            asyncio.run(_work(url, options.reports, drain=what == "drain"))
        assert Profiled.profile
        print(f"== {what}, {engine}, {options.reports} reports")
        pstats.Stats(Profiled.profile).sort_stats("tottime").print_stats(SHOWN)


async def _work(url: str, reports: int, *, drain: bool) -> None:
    async with city.hub_on(url) as hub:
        await city.settle_in(hub, reports)
        await city.at_once(city.record(hub, index) for index in range(reports))
    async with city.hub_on(url, Profiled) as hub:
        if drain:
            await city.at_once(city.interpret(hub, index) for index in range(reports))
        else:
            await city.at_once(city.record(hub, index, "n") for index in range(reports))
