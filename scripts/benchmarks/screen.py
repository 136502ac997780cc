"""The desk screen in Chromium, by the browser's own tracing: first paint, bytes, and how long an update of fifty rows takes to be drawn
among 500 open incidents and 5,000 waiting messages."""

import asyncio
import gzip
import shutil
import statistics
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from playwright.async_api import Browser, CDPSession, Page, Response, async_playwright

from dutydesk.clock import MINUTE, SECOND
from scripts.benchmarks.measure import Figure, Foreign, Target
from scripts.benchmarks.options import Options
from tests.browser import samples
from tests.browser.stand_in import StandIn
from tests.services import CHROMIUM_ARGS, free_port

INCIDENTS, MESSAGES, CHANGED, ROUNDS = 500, 5_000, 50, 20
FIRST_PAINT_MS, SCREEN_BYTES, UPDATE_MS = 1_000, 300_000, 16.0
DRAWING = {
    "FunctionCall",
    "RunMicrotasks",
    "EvaluateScript",
    "UpdateLayoutTree",
    "Layout",
    "PrePaint",
    "Paint",
    "Layerize",
    "Commit",
}
# of the main thread, each inside a task; what nests in another of them is counted once

APART = 16_000  # microseconds
MARKED = """new MutationObserver((_, watcher) => {
  if (document.querySelector(".strip")) { performance.mark("first-strip"); watcher.disconnect(); }
}).observe(document, { childList: true, subtree: true });"""
FIRST = "(name) => performance.getEntriesByName(name)[0]?.startTime ?? 0"
ASKED = "performance.getEntriesByType('resource').filter((one) => one.name.includes('/assets/') && one.transferSize > 0).length"


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured: milliseconds, bytes after gzip."""

    first_paint: float
    drawn: float  # until the first incident stands on the screen
    size: int
    again: int  # files that a second load asks for
    updates: tuple[float, ...]
    resting: float  # share of the main thread that the seconds of all clocks take

    @property
    def update(self) -> float:
        return statistics.median(self.updates)


@asynccontextmanager
async def standing_in() -> AsyncIterator[StandIn]:
    """A desk of that size, without its engine room: it is the screen that is measured."""
    desk = StandIn()
    desk.files = ""
    now = desk.clock.now()
    runner = web.AppRunner(desk.app())
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    desk.url = f"http://127.0.0.1:{port}"
    incidents = [samples.incident(n, now - n * MINUTE) for n in range(INCIDENTS)]
    await desk.put("incident", *incidents)
    await desk.put("obligation", *(samples.clock(one, now, 5 + n / 10, 60) for n, one in enumerate(incidents)))
    await desk.put("page", *(samples.page(one, now, 1 + n / 11) for n, one in enumerate(incidents)))
    await desk.put("message", *(samples.message(n, now - n * SECOND) for n in range(MESSAGES)))
    try:
        yield desk
    finally:
        await runner.cleanup()


async def measure(browser: Browser, desk: StandIn) -> Figures:
    """Load the screen, watch it rest, change fifty rows twenty times."""
    page = await browser.new_page(viewport={"width": 1440, "height": 900})
    await page.add_init_script(MARKED)
    size = await _loaded(page, desk)
    paint, drawn = [await page.evaluate(FIRST, name) for name in ("first-contentful-paint", "first-strip")]
    again = await _again(page)
    session = await page.context.new_cdp_session(page)
    resting = sum(await _traced(session, page, None)) / 3_000
    updates = [await _update(session, page, desk, turn) for turn in range(ROUNDS)]
    await page.close()
    return Figures(paint, drawn, size, again, tuple(updates), resting)


async def _loaded(page: Page, desk: StandIn) -> int:
    """Bytes of all that the screen loads, as a proxy in front of the desk sends them."""
    sent: dict[str, int] = {}

    async def weigh(answer: Response) -> None:
        if "/assets/" in answer.url:
            sent[answer.url] = len(gzip.compress(await answer.body(), 6))

    page.on("response", weigh)
    await page.goto(desk.url)
    await page.locator(".strip").first.wait_for()
    await page.wait_for_load_state("networkidle")
    page.remove_listener("response", weigh)
    return sum(sent.values())


async def _again(page: Page) -> int:
    """How many files a second load of the same release asks the desk for."""
    await page.goto("about:blank")
    await page.go_back()
    await page.locator(".strip").first.wait_for()
    await page.wait_for_load_state("networkidle")
    return int(await page.evaluate(ASKED))


async def _update(session: CDPSession, page: Page, desk: StandIn, turn: int) -> float:
    """Milliseconds of the main thread until fifty changed rows are drawn."""
    rows = [row for (kind, _), row in desk.rows.items() if kind == "incident"][turn : turn + CHANGED]
    changed = [row | {"last_word": f"第{turn}次", "last_report_at": desk.clock.now()} for row in rows]
    for row in changed:
        desk.seq += 1
        desk.rows[("incident", row["id"])] = row | {"seq": desk.seq}
    return max(await _traced(session, page, desk), default=0.0)


async def _traced(session: CDPSession, page: Page, desk: StandIn | None) -> list[float]:
    """Milliseconds of each stretch of work of the main thread, while an update comes or (None) for three quiet seconds."""
    events: list[dict[str, Any]] = []
    ended = asyncio.Event()

    def collect(part: dict[str, Any]) -> None:
        events.extend(part["value"])

    def end(_: dict[str, Any]) -> None:
        ended.set()

    session.on("Tracing.dataCollected", collect)
    session.once("Tracing.tracingComplete", end)
    await session.send("Tracing.start", {"categories": "devtools.timeline,toplevel", "transferMode": "ReportEvents"})
    if desk is None:
        await page.evaluate("new Promise((done) => setTimeout(done, 3000))")
    else:
        await desk.tell()
        await page.evaluate(
            "new Promise((done) => setTimeout(() => requestAnimationFrame(() => setTimeout(done, 50)), 120))"
        )
    await session.send("Tracing.end")
    await ended.wait()
    session.remove_listener("Tracing.dataCollected", collect)
    return _stretches(events)


def _stretches(events: list[dict[str, Any]]) -> list[float]:
    """The work of one frame after another, in milliseconds of the thread's own time, so that neighbours on the machine do not count;
    what lies less than a frame apart is one stretch, what nests in another is counted once."""
    main = _main_thread(events)
    ours = [
        one for one in events if one.get("ph") == "X" and one["name"] in DRAWING and (one["pid"], one["tid"]) == main
    ]
    stretches: list[list[float]] = []
    for one in sorted(ours, key=lambda one: (one["ts"], -one.get("dur", 0))):
        start, end = one["ts"], one["ts"] + one.get("dur", 0)
        worked = one.get("tdur", one.get("dur", 0))
        if stretches and end <= stretches[-1][0]:
            continue
        if stretches and start - stretches[-1][0] < APART:
            stretches[-1] = [end, stretches[-1][1] + worked]
        else:
            stretches.append([end, worked])
    return [worked / 1_000 for _, worked in stretches]


def _main_thread(events: list[dict[str, Any]]) -> tuple[int, int]:
    """The thread that runs our scripts: the one with most of the time of calls."""
    spent: dict[tuple[int, int], int] = {}
    for one in events:
        if one.get("name") in ("FunctionCall", "Layout", "Paint", "UpdateLayoutTree"):
            key = (one["pid"], one["tid"])
            spent[key] = spent.get(key, 0) + one.get("dur", 0)
    return max(spent, key=lambda key: spent[key], default=(0, 0))


async def run() -> Figures:
    """One measurement in a browser of its own."""
    async with standing_in() as desk, async_playwright() as player:
        browser = await player.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM_ARGS)
        found = await measure(browser, desk)
        await browser.close()
    return found


def figures(options: Options) -> Iterator[Figure]:
    """The lines of the table: what an officer's screen costs, each with the bound it must stay under."""
    bounds = (
        ("desk screen, first paint from localhost", "ms", FIRST_PAINT_MS),
        ("desk screen, first incident drawn", "ms", None),
        ("desk screen, all that it loads after gzip", "B", SCREEN_BYTES),
        ("desk screen, files asked for by a second load", "", None),
        (f"{CHANGED} changed rows of {INCIDENTS} drawn, median of {ROUNDS}", "ms", UPDATE_MS),
        ("main thread busy while all clocks tick", "%", None),
    )
    lines = [Figure(name, unit, "", Target("ours", False, bound) if bound else None) for name, unit, bound in bounds]
    for _turn in options.turns(3):
        foreign = Foreign()
        found = asyncio.run(run())
        measured = (found.first_paint, found.drawn, found.size, found.again, found.update, found.resting * 100)
        for line, value in zip(lines, measured, strict=True):
            line.add(value, 0.0, foreign.share())
        lines[4].note = f"worst {max(found.updates):.1f} ms"
    yield from lines
