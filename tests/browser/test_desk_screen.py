"""The desk screen with the keyboard, at every width, in both themes and languages."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser import samples
from tests.browser.conftest import Complaints
from tests.browser.stand_in import StandIn
from tests.browser.test_feed import opened

VIEWS = (
    "desk",
    "messages",
    "incidents",
    "instructions",
    "submissions",
    "dispatches",
    "checks",
    "circulars",
    "log",
    "statistics",
    "watches",
    "channels",
    "directory",
    "map",
    "audit",
    "admin",
    "wall",
)
RAW_KEY = re.compile(
    r"\b(?:act|map|wall|present|audit|admin|view|event|field|figure|counted|state|empty|key|code|policy|called|how)\.[a-z_A-Z]+\b"
)


MARKS = {
    "wall": ".wall",
    "audit": "[data-testid=verify-journal]",
    "admin": "[data-testid=add-user]",
}  # not in every rail


async def shown(page: Page, view: str) -> None:
    """Open a view and wait until it is the one that is drawn."""
    await page.evaluate(f"location.hash = '#/{view}'")
    await expect(page.locator(MARKS.get(view, f"[data-testid=view-{view}][aria-current]"))).to_be_attached()
    await expect(page.locator("main:empty")).to_have_count(0)


async def filled(desk: StandIn) -> None:
    now = desk.clock.now()
    await desk.board(samples.small(now) | {"circular": [samples.circular(now)]})


async def wearing(page: Page, language: str, theme: str) -> None:
    """Before the first load: what an officer chose before."""
    chosen = {"dutydesk.language": language, "dutydesk.theme": theme}
    await page.add_init_script("".join(f"localStorage.setItem('{key}', '{value}');" for key, value in chosen.items()))


@pytest.mark.parametrize(
    ("language", "theme", "widths"),
    [("zh", "night", (390, 1024, 1440)), ("zh", "day", (1440, 1024, 390)), ("en", "night", (1024, 390, 1280, 1440))],
)
async def test_every_view_is_whole(
    page: Page, desk: StandIn, complaints: Complaints, language: str, theme: str, widths: tuple[int, ...]
):
    """Each is drawn at the first width and then made wider and narrower before one's eyes."""
    await filled(desk)
    await wearing(page, language, theme)
    await page.set_viewport_size({"width": widths[0], "height": 844})
    await page.goto(desk.url)
    for view in VIEWS:
        for n, width in enumerate(widths):
            await page.set_viewport_size({"width": width, "height": 844})
            if n == 0:
                await shown(page, view)
            text = await page.locator("body").inner_text()
            assert RAW_KEY.findall(text) == [], view
            whole = await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            assert whole, f"{view} is wider than {width}"
    assert await page.evaluate("document.documentElement.dataset.theme") == theme
    assert complaints == []


async def test_on_a_phone_what_is_late_stands_before_the_messages(page: Page, desk: StandIn):
    now = desk.clock.now()
    given_up, late = (samples.incident(n, now) for n in (1, 2))
    calm = samples.incident(3, now, signed_by="user:officer")
    await desk.board(samples.small(now))
    await desk.put("incident", given_up, late, calm)
    pages = (samples.page(given_up, now, 0, status="exhausted", answer_by=None), samples.page(late, now, -2, 5))
    await desk.put("page", *pages, samples.page(calm, now, 50, 60))
    await page.set_viewport_size({"width": 390, "height": 844})
    await opened(page, desk)
    first = page.get_by_test_id("late-first")
    await expect(first.get_by_role("link").nth(0)).to_contain_text("无人应答")
    await expect(page.get_by_test_id(f"late-{late['id']}").get_by_role("timer")).to_have_class(re.compile("late"))
    await expect(page.get_by_test_id(f"late-{calm['id']}")).to_have_count(0)
    head = await page.get_by_test_id("waiting").bounding_box()
    late_box = await first.bounding_box()
    assert head is not None
    assert late_box is not None
    assert late_box["y"] < head["y"]
    await page.get_by_test_id(f"late-{late['id']}").click()
    await expect(page.get_by_test_id("detail")).to_contain_text(late["title"])
    await page.set_viewport_size({"width": 1280, "height": 800})
    await expect(first).to_be_hidden()


OVERFLOWS = """() => [...document.querySelectorAll('.strip-told > span')].filter(
  (line) => [...line.children].some((part) => part.getBoundingClientRect().right > line.getBoundingClientRect().right + 1)).length"""


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_at_1280_no_line_of_a_strip_runs_under_its_clocks(page: Page, desk: StandIn, language: str):
    await filled(desk)
    await wearing(page, language, "night")
    await page.set_viewport_size({"width": 1280, "height": 800})
    await page.goto(desk.url)
    await expect(page.locator(".strip .strip-clocks .countdown").first).to_be_visible()
    assert await page.evaluate(OVERFLOWS) == 0


async def test_at_night_it_is_printed_on_white_paper_and_whole(page: Page, desk: StandIn):
    await filled(desk)
    await wearing(page, "zh", "night")
    await page.goto(f"{desk.url}/#/desk/20261123-000")
    await expect(page.get_by_test_id("legal")).to_be_visible()
    await page.emulate_media(media="print")
    assert await page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--text')") == "#1b2025"
    await expect(page.locator(".rail")).to_be_hidden()
    await expect(page.get_by_test_id("strips")).to_be_hidden()
    whole = "(one) => one.scrollHeight <= one.clientHeight + 1"
    assert await page.locator(".detail > .scroll").evaluate(whole)
    assert await page.locator("main").evaluate("(one) => one.getBoundingClientRect().height > innerHeight / 2")


async def test_the_sign_in_page(page: Page, desk: StandIn, complaints: Complaints):
    await page.goto(f"{desk.url}/sign-in?failed")
    await expect(page.get_by_role("alert")).to_contain_text("用户名或密码不对")
    await expect(page.get_by_label("密码")).to_be_focused()
    assert complaints == []


async def test_empty_screens_teach(page: Page, desk: StandIn):
    await opened(page, desk)
    await expect(page.get_by_test_id("strips")).to_contain_text("没有未了的事件")
    await expect(page.get_by_test_id("waiting")).to_contain_text("接到电话按 / 登记")


async def test_strips_stand_by_their_next_deadline(page: Page, desk: StandIn):
    now = desk.clock.now()
    late, soon, calm, none = (samples.incident(n, now) for n in (4, 3, 2, 1))
    await desk.put("incident", none, calm, soon, late)
    await desk.put(
        "page", samples.page(calm, now, 50, 60), samples.page(soon, now, 0.9, 10), samples.page(late, now, -2, 5)
    )
    await opened(page, desk)
    strips = page.locator("[data-testid^='incident-']")
    await expect(strips).to_have_count(4)
    order = [await strip.get_attribute("data-testid") for strip in await strips.all()]
    assert order == [f"incident-20261123-00{n}" for n in (4, 3, 2, 1)]
    looks = [
        await timer.get_attribute("class") for timer in await page.get_by_test_id("strips").get_by_role("timer").all()
    ]
    assert [look.split()[1] for look in looks if look] == ["late", "red", "calm"]
    await expect(strips.first).to_contain_text("超")


async def test_a_page_nobody_answered_stands_first(page: Page, desk: StandIn):
    now = desk.clock.now()
    given_up, late = samples.incident(1, now), samples.incident(2, now)
    await desk.put("incident", given_up, late)
    await desk.put(
        "page", samples.page(late, now, -9), samples.page(given_up, now, 0, status="exhausted", answer_by=None)
    )
    await opened(page, desk)
    first = page.locator("[data-testid^='incident-']").first
    await expect(first).to_contain_text("无人应答")


async def test_three_faces_of_a_figure_and_a_disputed_one(page: Page, desk: StandIn):
    now = desk.clock.now()
    one = samples.incident(2, now, messages=["m1", "m2"])
    await desk.put("incident", one)
    first, second = samples.message(1, now, unit="D-1"), samples.message(2, now, unit="D-2")
    said = [("m1", first, {"injured": 5}), ("m2", second, {"injured": 7, "unknown": ["deaths"]})]
    desk.timelines[f"incident/{one['id']}"] = [
        {"seq": n, "at": now, "by": "", "drill": False, **entry}
        for n, (id, row, reading) in enumerate(said)
        for entry in (
            {"stream": f"message/{id}", "type": "MessageRecorded", "body": row},
            {"stream": f"message/{id}", "type": "MessageRead", "body": {"reading": reading}},
        )
    ]  # fmt: skip
    await page.goto(f"{desk.url}/#/desk/{one['id']}")
    strip = page.get_by_test_id(f"incident-{one['id']}")
    await expect(strip.locator("[data-figure=deaths]")).to_have_text(re.compile("死\\s*无"))
    await expect(strip.locator("[data-figure=missing]")).to_have_text(re.compile("失联\\s*不详"))
    await expect(strip.locator("[data-figure=evacuated]")).to_have_text(re.compile("转移\\s*127"))
    await expect(page.get_by_test_id("figure-injured")).to_have_text(re.compile("7 / 5"))
    await page.get_by_test_id("figure-deaths").click()
    await expect(page.get_by_test_id("detail")).to_contain_text("核实中")


async def test_a_drill_is_striped_and_says_so(page: Page, desk: StandIn):
    now = desk.clock.now()
    await desk.put("incident", samples.incident(1, now, drill=True))
    await desk.put("message", samples.message(1, now, drill=True))
    await opened(page, desk)
    for locator in (page.locator(".strip"), page.get_by_test_id("message-m1")):
        await expect(locator).to_contain_text("演练")
        ground = await locator.evaluate("(element) => getComputedStyle(element).backgroundImage")
        assert ground.startswith("repeating-linear-gradient")


async def test_words_are_marked_by_code_points(page: Page, desk: StandIn):
    text = "🔥𠮷镇起火,3人死亡"
    reading = {"nature": "report", "deaths": 3, "spans": {"deaths": [[6, 7]]}}
    await desk.put("message", samples.message(1, desk.clock.now(), text=text, reading=reading))
    await opened(page, desk)
    await expect(page.get_by_test_id("message-m1").locator("mark")).to_have_text("3")
    await expect(page.get_by_test_id("message-m1").locator(".text")).to_have_text(text)


async def test_the_third_column_covers_the_second_when_narrow(page: Page, desk: StandIn):
    await filled(desk)
    await page.set_viewport_size({"width": 1024, "height": 768})
    await opened(page, desk)
    await expect(page.get_by_test_id("strips")).to_be_visible()
    await page.get_by_test_id("incident-20261123-001").click()
    await expect(page.get_by_test_id("detail")).to_be_visible()
    await expect(page.get_by_test_id("strips")).to_be_hidden()
    await page.keyboard.press("Escape")
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("strips")).to_be_visible()


async def test_every_control_has_a_name(page: Page, desk: StandIn):
    await filled(desk)
    await opened(page, desk, "/#/desk/20261123-001")
    await expect(page.get_by_test_id("timeline")).to_be_visible()
    nameless = await page.evaluate(
        """() => [...document.querySelectorAll("button, a, input, textarea, select")].filter((one) =>
        !(one.innerText || "").trim() && !one.getAttribute("aria-label") && !one.labels?.length).map((one) => one.outerHTML)"""
    )
    assert nameless == []


@pytest.mark.parametrize(
    ("language", "unreached", "unanswered", "line"),
    [
        ("zh", "没送到:陈立新", "未接:张建国", "1 条没送到或存疑"),
        ("en", "Not reached: 陈立新", "Did not answer: 张建国", "1 undelivered or uncertain"),
    ],
)
async def test_who_was_not_reached_is_red_and_who_did_not_answer_is_not(
    page: Page, desk: StandIn, language: str, unreached: str, unanswered: str, line: str
):
    """A call that rang out asks nothing of the officer: it is no part of what went wrong, and has no buttons."""
    now = desk.clock.now()
    one = samples.incident(1, now)
    called = samples.page(one, now, 3, unreached=["user:chen"], unanswered=["user:zhang"])
    about = f"page/{called['id']}"
    rang = samples.delivery("p1.0", about, now, status="no-answer", how="voice", callee="user:zhang", open=False)
    lost = samples.delivery("p1.1", about, now, status="undelivered", code="30003", callee="user:chen")
    unsure = samples.delivery("p1.2", about, now, status="sending", uncertain=True, callee="user:li")
    await desk.board(samples.standing(now) | {"incident": [one], "page": [called], "delivery": [lost]})
    await wearing(page, language, "night")
    await page.goto(f"{desk.url}/#/desk/{one['id']}")
    await expect(page.get_by_test_id("page-unreached")).to_have_text(unreached)
    await expect(page.get_by_test_id("page-unanswered")).to_have_text(unanswered)
    await desk.put("delivery", rang)
    await expect(page.get_by_test_id("delivery-p1.0")).to_contain_text({"zh": "未接", "en": "not answered"}[language])
    await expect(page.get_by_test_id("delivery-p1.0").get_by_role("button")).to_have_count(0)
    await expect(page.get_by_test_id("delivery-p1.1").get_by_role("button")).to_have_count(3)
    await expect(page.locator(".health.bad")).to_contain_text(line)
    await desk.put("delivery", unsure)
    await shown(page, "channels")
    await expect(page.locator(".delivery.wrong")).to_have_count(2)
    await expect(page.locator(".delivery").first).to_have_attribute("data-testid", "delivery-p1.1")
    await desk.put("delivery", lost | {"open": False, "confirmed_by": "user:li"})
    await expect(page.locator(".health.unsure")).to_contain_text(line)
