"""The witness of the simulations is a check that fails: each fault it looks for is planted once."""

from pathlib import Path

import orjson
import pytest

from dutydesk.clock import Instant, ManualClock
from dutydesk.domain.messages import RecordMessage
from dutydesk.hub import Hub
from dutydesk.store.sqlite import SqliteConnection
from dutydesk.store.store import Store
from scripts.simulations.witness import Findings, judge

NAME, WORDS, NUMBER = "SM01", "仓库起火", "+8612000020000"


@pytest.fixture
async def url(tmp_path: Path) -> str:
    """A store with one text from the provider."""
    hub = Hub(Store(f"sqlite:///{tmp_path}/desk.sqlite"), ManualClock(Instant(1_795_700_000_000_000)))
    hub.start()
    text = RecordMessage(channel="sms", via="twilio", sender="+8612000001000", text=WORDS)
    await hub.handle("message/a", text, key=f"twilio:{NAME}", by="twilio")
    await hub.beside(lambda c: c.run("cancel_timer", "message/a", "read"))
    await hub.beside(lambda c: c.run("put_row", "message", "a", 1, 0, 0, "", '{"status":"attached"}'))
    await hub.stop()
    return hub.store.url


def looked(url: str, answered: dict[str, str] | None = None, reached: dict[str, str] | None = None) -> Findings:
    return judge(url, answered or {NAME: WORDS}, reached or {"SMx": NUMBER}, [NUMBER], 0)


def spoil(url: str, statement: str) -> None:
    db = SqliteConnection(Path(url.removeprefix("sqlite:///")))
    db._execute(statement)
    db.close()


def test_a_whole_store_is_found_whole(url: str) -> None:
    found = looked(url)
    assert found.broken == []
    assert found.counts["texts recorded"] == 1


def test_a_lost_text_is_found(url: str) -> None:
    assert any("SM02" in line for line in looked(url, {NAME: WORDS, "SM02": "x"}).broken)


def test_other_words_are_found(url: str) -> None:
    assert any(NAME in line for line in looked(url, {NAME: "别的"}).broken)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE entries SET private = replace(private, '仓库', '厂房')", "private part changed"),
        ("UPDATE entries SET author = 'someone'", "the chain breaks"),
        ("UPDATE rows SET body = '{\"status\":\"recorded\"}' WHERE kind = 'message'", "still unread"),
        ("INSERT INTO outbox VALUES ('delivery/x', 'repeatable', 'twilio:sms', 'x', 1, 0, 0, 0, 0)", "in the outbox"),
        ("INSERT INTO timers VALUES ('page/far1', 'answer', 'fire', 1, 1, 1, 0, 0)", "far timers"),
    ],
)
def test_a_planted_fault_is_found(url: str, statement: str, said: str) -> None:
    spoil(url, statement)
    assert any(said in line for line in looked(url).broken)


def test_a_text_that_never_left_and_one_that_came_twice_are_found(url: str) -> None:
    body = orjson.dumps({"how": "sms", "provider_id": "SMy", "status": "delivered"}).decode()
    spoil(url, f"INSERT INTO rows VALUES ('delivery', 'd', 9, 0, 0, '', '{body}')")
    assert any("never came in" in line for line in looked(url).broken)
    twice = looked(url, reached={"SMx": NUMBER, "SMy": NUMBER})
    assert any("twice" in line for line in twice.broken)
    assert any("no circular" in line for line in looked(url, reached={"SMy": "+1"}).broken)
