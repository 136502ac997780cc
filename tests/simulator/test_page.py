"""The page of telephones by its JSON door, in a browser, and the command that starts it all."""

import asyncio
import json
import os
import shutil
import signal
import sys

import aiohttp
import pytest

from tests.simulator.conftest import ABROAD, MAINLAND

CHROMIUM = shutil.which("chromium")
WRONG: tuple[object, ...] = ([{"number": "110"}], [{"number": MAINLAND, "nmae": "x"}], {})


def asking(desk, words):
    action = f"{desk.url}/hooks/twilio/voice"
    return f'<Response><Gather numDigits="1" action="{action}"><Say>{words}</Say></Gather></Response>'


async def test_the_page_is_strict_and_its_files_are_there(telco):
    async with aiohttp.ClientSession(telco.url) as session:
        for path in ("/", "/static/phones.js", "/static/phones.css"):
            async with session.get(path) as answer:
                assert answer.status == 200
                assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        for path in ("/static/..%2ftelco.py", "/static/nothing.js", "/phones/+86"):
            async with session.get(path) as answer:
                assert answer.status == 404


async def test_phones_are_preloaded_and_act(telco, desk):
    async with aiohttp.ClientSession(telco.url) as session:
        async with session.post("/phones", json=[{"number": MAINLAND, "name": "张海生", "unit": "化工园"}]) as answer:
            assert answer.status == 200
        for wrong in WRONG:
            async with session.post("/phones", json=wrong) as answer:
                assert answer.status == 422
        async with session.post(f"/phones/{MAINLAND}", json={"do": "send", "text": "起火"}) as answer:
            version = (await answer.json())["version"]
        await telco.settle()
        assert desk.seen("mainland-sms", "text") == ["起火"]
        async with session.get(f"/phones/{MAINLAND}") as answer:
            phone = await answer.json()
        assert (phone["name"], [t["body"] for t in phone["thread"]]) == ("张海生", ["起火"])
        news = asyncio.create_task(session.get(f"/phones?since={telco.network.version}").__aenter__())
        await desk.sms(ABROAD, "来信")
        answer = await asyncio.wait_for(news, 30)
        changed = await answer.json()
        assert changed["version"] > version
        assert ABROAD in [p["number"] for p in changed["phones"]]


async def test_a_person_answers_on_the_page(telco, desk):
    script = (
        f'<Response><Gather numDigits="1" action="{desk.url}/hooks/twilio/voice"><Say>请按1</Say></Gather></Response>'
    )
    desk.scripts = {"1": "<Say>好</Say>"}
    await desk.call(ABROAD, twiml=script)
    await telco.settle()

    async def act(**what):
        async with session.post(f"/phones/{ABROAD}", json=what) as answer:
            assert answer.status == 200
        await telco.settle()
        async with session.get(f"/phones/{ABROAD}") as answer:
            return (await answer.json())["calls"][-1]

    async with aiohttp.ClientSession(telco.url) as session:
        async with session.post(f"/phones/{MAINLAND}", json={"do": "answer", "call": "CA0"}) as answer:
            assert answer.status == 404
        sid = telco.phone(ABROAD).calls[0].sid
        call = await act(do="answer", call=sid)
        assert (call["said"], call["waiting"]) == (["请按1"], True)
        call = await act(do="press", call=sid, text="1")
        assert (call["said"], call["digits"], call["status"]) == (["请按1", "好"], "1", "completed")


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
async def test_the_page_in_a_browser(telco, desk):
    from playwright.async_api import async_playwright

    telco.connect(desk.url)
    script = asking(desk, "收到请按1")
    desk.scripts = {"1": "<Say>已记录</Say>"}
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = await browser.new_page()
        page.set_default_timeout(5000)
        complaints = []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(telco.url)
        await page.get_by_test_id("phone-filter").fill(ABROAD)
        await page.get_by_test_id("phone-add").click()
        await page.get_by_test_id("sms-input").fill("罐区起火")
        await page.get_by_test_id("sms-send").click()
        await page.get_by_test_id("sms-mine").wait_for()
        await desk.sms(ABROAD, "<b>请点</b> http://127.0.0.1:1/r/abc 查看")
        assert await page.get_by_test_id("sms-link").get_attribute("href") == "http://127.0.0.1:1/r/abc"
        assert "<b>" in await page.get_by_test_id("sms-theirs").inner_text()
        await desk.call(ABROAD, twiml=script)
        await page.get_by_test_id("call-answer").click()
        await page.get_by_text("收到请按1").wait_for()
        await page.get_by_test_id("key-1").click()
        await page.get_by_text("已记录").wait_for()
        await browser.close()
    assert complaints == []
    assert desk.seen("voice", "Digits") == ["1"]
    assert desk.seen("sms", "Body") == ["罐区起火"]


async def test_the_command_starts_keeps_and_stops(tmp_path):
    state = tmp_path / "telephones.json"
    listed = tmp_path / "phones.json"
    listed.write_text(json.dumps([{"number": ABROAD, "name": "李敏", "unit": "区应急局"}]), "utf-8")
    state.write_text(json.dumps({"phones": [{"number": MAINLAND}], "texts": [], "calls": [], "mails": []}), "utf-8")
    command = [sys.executable, "-m", "dutydesk.simulator", "--port", "0"]
    command += ["--state", str(state), "--phones", str(listed)]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, env=environment)
    assert process.stdout is not None
    line = (await asyncio.wait_for(process.stdout.readline(), 60)).decode()
    url = line.split()[1].rstrip("/")
    named = [{"number": MAINLAND, "name": "张海生"}]
    async with aiohttp.ClientSession(url) as session, session.post("/phones", json=named) as answer:
        assert answer.status == 200
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 60) == 0
    process._transport.close()  # type: ignore[attr-defined]
    kept = {row["number"]: row["name"] for row in json.loads(state.read_text("utf-8"))["phones"]}
    assert kept == {MAINLAND: "张海生", ABROAD: "李敏"}
