"""An officer alone in a storm at a real desk: three hundred messages in ten minutes, the keyboard only, the line cut; then the hub killed.

The desk, its store, its reader and its telephones are real; only the minutes are the clock's. What the officer sees in the end is what
the store holds, and nothing was lost or happened twice.
"""

import asyncio
import os
import random
import sys
from asyncio.subprocess import DEVNULL
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from dutydesk import contacts
from dutydesk.reading.levels import load_levels
from dutydesk.reading.worker import ReaderPool, Setup
from tests.browser.conftest import Complaints
from tests.browser.test_newcomer import console
from tests.crash.proxy import Proxy
from tests.desk.town import ROOT, Town, town
from tests.services import free_port

MESSAGES, MINUTES = 300, 10
STEP = MESSAGES // MINUTES
REAL = 12  # of them tell of something new
KINDS = (
    "厂房起火,2人被困",
    "燃气泄漏,疏散30人",
    "两车相撞,1人受伤",
    "民房坍塌,3人被埋",
    "化工罐泄漏,1人中毒",
    "渔船进水,4人遇险",
)
NOISE = (
    "请问明天早高峰限行吗",
    "收到,谢谢",
    "祝值班同志节日快乐",
    "路灯不亮了,谁来管",
    "广场舞太吵了",
    "今天夜里有雨吗",
)
BOARD = (
    "import(new URL('store.js', document.querySelector('script[type=module]').src)).then((store) => store.openRows())"
)


class Storm:
    """What the ten minutes bring, the same at every run."""

    def __init__(self, here: Town) -> None:
        self.here, self.chance, self.sent = here, random.Random(7), 0
        units = [unit for unit in here.desk.hub.folds.directory.units if unit.kind == "town"]
        self.scenes = self.chance.sample(units, REAL)
        self.told: list[str] = []

    async def minute(self, n: int) -> None:
        """New scenes first, then word from old ones and from the street."""
        fresh = self.scenes[n * REAL // MINUTES : (n + 1) * REAL // MINUTES]
        for k, unit in enumerate(fresh):
            self.told.append(f"{unit.name}{self.chance.choice(('北村', '东街', '码头'))}{KINDS[(n + k) % len(KINDS)]}")
            await self._send(unit.code, self.told[-1])
        for k in range(STEP - len(fresh)):
            if k % 3 == 0:
                scene = self.chance.randrange(n * REAL // MINUTES + 1)
                await self._send(self.scenes[scene].code, f"续报:{self.scenes[scene].name}现场正在处置,第{n}次报告{k}")
            else:
                number = f"+86120000055{self.chance.randrange(100):02d}"
                await self.here.telco.phone(number).send(f"{self.chance.choice(NOISE)}{n}{k}")
                self.sent += 1
        await self.here.telco.settle()

    async def _send(self, unit: str, text: str) -> None:
        number = self.here.desk.hub.folds.directory.contacts_of[unit][0].phones[0]
        await self.here.telco.phone(number).send(text)
        self.sent += 1


@asynccontextmanager
async def behind_a_line(folder: Path) -> AsyncIterator[tuple[Town, Proxy]]:
    """A town whose consoles reach it over a line that can be cut."""
    reader = ReaderPool(
        Setup(contacts.load(ROOT / "contacts"), load_levels(ROOT / "config" / "levels.toml")), budget=2.0, spares=0
    )
    port = free_port()
    line = Proxy(("127.0.0.1", port))
    try:
        async with town(folder, reader, port=port, url=f"http://127.0.0.1:{line.port}") as here:
            yield here, line
            await here.whole()
    finally:
        line.close()
        reader.close()


class Lives:
    """One hub after another on one store and one port, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.port, self._folder = free_port(), folder
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: asyncio.subprocess.Process | None = None

    async def begin(self) -> str:
        """Until it serves; the password that a demonstration prints."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("TWILIO", "DUTYDESK"))}
        given = {"DATABASE": f"sqlite:///{self._folder}/desk.sqlite", "PUBLIC_URL": self.url, "PORT": str(self.port)}
        given |= {"TWILIO_API_URL": self.url, "GATEWAY_MAINLAND_URL": self.url, "GATEWAY_MAINLAND_SECRET": "s" * 32}
        environment |= {f"DUTYDESK_{name}": value for name, value in given.items()}
        command = [sys.executable, "-m", "dutydesk", "serve", "--demo"]
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=environment, stdout=pipe, stderr=DEVNULL)
        self._process, said = process, ""
        assert process.stdout
        async with asyncio.timeout(60):
            while "DutyDesk http" not in said:
                line = (await process.stdout.readline()).decode()
                assert line, said
                said += line
        return said.split("password: ")[1].split()[0]

    async def kill(self) -> None:
        if self._process and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()


async def test_what_was_typed_outlives_a_hub_that_is_killed(
    browser: Browser, tmp_path: Path, complaints: Complaints
) -> None:
    lives = Lives(tmp_path)
    try:
        page = await console(browser, lives.url, "officer", complaints, await lives.begin())
        await expect(page.get_by_test_id("health")).to_contain_text("已连接")
        await page.keyboard.press("/")
        await page.keyboard.insert_text("市北区大港街道仓库冒烟")
        await expect(page.locator(".callbox")).to_contain_text("已存到值班台")
        await lives.kill()
        await expect(page.get_by_test_id("health")).not_to_contain_text("已连接")
        await page.keyboard.insert_text(",2人被困")
        await page.keyboard.press("Control+Enter")
        await expect(page.get_by_test_id("act-unsent")).to_contain_text("冒烟,2人被困")
        await page.keyboard.insert_text("第二个电话,还在说")
        await lives.begin()
        await page.evaluate("dispatchEvent(new Event('online'))")
        await expect(page.get_by_test_id("health")).to_contain_text("已连接")
        await expect(page.get_by_test_id("unsent")).to_be_hidden()
        await page.reload()
        await expect(page.get_by_test_id("call-box")).to_have_value("第二个电话,还在说")
        kept = await page.evaluate("fetch('/api/message').then((answer) => answer.json())")
        assert [row["text"] for row in kept["rows"]] == ["市北区大港街道仓库冒烟,2人被困"]
        assert complaints.beside_the_line() == []
        await page.context.close()
    finally:
        await lives.kill()


async def sign_all(page: Page, here: Town) -> None:
    """What nobody has stands on top: found by the palette, opened by Enter, signed for by one key."""
    for row in [row for row in await here.rows("incident") if row["open"] and not row["signed_by"]]:
        await page.keyboard.press("Escape")
        await page.keyboard.press(".")
        await expect(page.get_by_test_id("palette").get_by_role("combobox")).to_be_focused()
        await page.keyboard.insert_text(row["number"])
        await expect(page.get_by_role("option").first).to_contain_text(row["number"])
        await page.keyboard.press("Enter")
        await expect(page.get_by_test_id("palette")).to_be_hidden()  # until then a key is a letter typed into it
        await expect(page.get_by_test_id("detail")).to_contain_text(row["number"])
        await expect(page.get_by_test_id("sign-for")).to_be_enabled()
        await page.keyboard.press("a")
        await expect(page.get_by_test_id("sign-for")).to_have_count(0)
    await here.telco.settle()


async def type_a_call(page: Page, n: int) -> str:
    text = f"第{n}通电话:市北区某处积水{n}"
    await page.keyboard.press("Escape")
    await page.keyboard.press("/")
    await page.keyboard.insert_text(text)
    await page.keyboard.press("Control+Enter")
    await page.keyboard.press("Escape")
    return text


async def heal(page: Page, line: Proxy) -> None:
    line.heal()
    await page.evaluate("dispatchEvent(new Event('online'))")
    await expect(page.get_by_test_id("health")).to_contain_text("已连接")


@pytest.mark.parametrize("cuts", [(), (3, 7)], ids=["on a good line", "cut twice"])
async def test_an_officer_alone_in_a_storm_by_the_keyboard(
    browser: Browser, tmp_path: Path, complaints: Complaints, cuts: Any
) -> None:
    async with behind_a_line(tmp_path) as (here, line):
        storm, typed = Storm(here), []
        page = await console(browser, here.url, "officer", complaints)
        await expect(page.get_by_test_id("health")).to_contain_text("已连接")
        for n in range(MINUTES):
            if n in cuts:
                line.cut()
                await expect(page.get_by_test_id("health")).not_to_contain_text("已连接")
            await storm.minute(n)
            typed.append(await type_a_call(page, n))
            if n in cuts:
                await expect(page.get_by_test_id("act-unsent").first).to_be_visible()
                await heal(page, line)
            await expect(page.get_by_test_id("unsent")).to_be_hidden()
            await here.telco.settle()
            await sign_all(page, here)
            await here.advance(0.9)
        await _nothing_lost_or_doubled(page, here, storm, typed)
        assert complaints.beside_the_line() == []
        await page.context.close()


async def _nothing_lost_or_doubled(page: Page, here: Town, storm: Storm, typed: list[str]) -> None:
    messages = await here.rows("message")
    assert storm.sent == MESSAGES
    assert len(messages) == MESSAGES + len(typed)
    texts = Counter(row["text"] for row in messages)
    assert [texts[text] for text in (*typed, *storm.told)] == [1] * (MINUTES + REAL)
    incidents = {row["id"]: row for row in await here.rows("incident")}
    for text in storm.told:
        (message,) = (row for row in messages if row["text"] == text)
        assert incidents[message["incident"]]["signed_by"] == "user:officer"
    for row in incidents.values():
        assert (await here.types(f"incident/{row['id']}")).count("IncidentSigned") == 1
    late = [row for row in await here.rows("page") if row["incident"] in incidents and row["step"] > 0]
    assert late == []  # each within the minute that the first step has
    held: dict[str, list[dict[str, Any]]] = await page.evaluate(BOARD)
    shown = {(kind, row["id"]): row["seq"] for kind, rows in held.items() for row in rows}
    for kind in ("message", "incident", "page", "delivery", "submission"):
        stored = {(kind, row["id"]): row["seq"] for row in await here.rows(kind) if row["open"]}
        assert {key: seq for key, seq in shown.items() if key[0] == kind} == stored
