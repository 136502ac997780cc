"""Both languages say everything: the same keys, the same places to fill in, and no key in the code without words."""

import json
import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from dutydesk.domain.catalogue import catalogue
from dutydesk.domain.summaries import NAMES
from dutydesk.web.table import ways

APP = Path(__file__).parents[2] / "dutydesk" / "web" / "static" / "app"
LINE = re.compile(r'^  ("(?:[^"\\]|\\.)*"): ("(?:[^"\\]|\\.)*"),$', re.MULTILINE)
USED = re.compile(r'\bt\(\s*"([^"]+)"')
EITHER = re.compile(r'\bt\([^"`()]*\? "([^"]+)" : "([^"]+)"')
GROUPS = {
    "view": ("desk", "messages", "incidents", "circulars", "watches", "channels", "directory"),
    "line": ("connecting", "live", "away", "signed_out"),
    "act": ("sending", "unsent", "refused"),
    "form": ("occurred", "place", "told", "caller_unit", "caller_name", "caller_post"),
    "paper": ("submission", "phone", "proof"),
    "log": ("from", "to"),
    "chart": ("days", "incidents", "hours", "kinds", "categories", "districts", "answers", "lateness"),
    "statistics": ("MessageRecorded", "IncidentOpened", "PageAcknowledged", "PageExhausted", "ObligationMissed"),
    "entry": ("seq", "at", "by", "stream", "type", "hash", "previous"),
    "empty": ("messages", "messages.hint", "incidents", "incidents.hint"),
}


def words(language: str) -> dict[str, str]:
    texts = [path.read_text() for path in sorted((APP / "words").glob(f"{language}_*.js"))]
    return {json.loads(key): json.loads(value) for text in texts for key, value in LINE.findall(text)}


def code() -> str:
    return "\n".join(path.read_text() for path in APP.rglob("*.js") if path.parent.name != "words")


def test_both_languages_have_the_same_keys():
    zh, en = words("zh"), words("en")
    assert len(zh) > 400
    assert zh.keys() == en.keys()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_part_takes_another_part_s_words(language):
    keys = [key for path in (APP / "words").glob(f"{language}_*.js") for key, _ in LINE.findall(path.read_text())]
    assert [key for key, times in Counter(keys).items() if times > 1] == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_is_empty(language):
    assert [key for key, value in words(language).items() if not value.strip()] == []


def test_both_fill_in_the_same_things():
    zh, en = words("zh"), words("en")
    holes = {key: set(re.findall(r"\{(\w+)\}", text)) for key, text in zh.items()}
    assert {key for key, text in en.items() if set(re.findall(r"\{(\w+)\}", text)) != holes[key]} == set()


def test_every_key_in_the_code_has_words():
    text = code()
    used = {*USED.findall(text), *(key for pair in EITHER.findall(text) for key in pair)}
    used |= {f"{group}.{name}" for group, names in GROUPS.items() for name in names}
    assert len(used) > 200
    assert used - words("zh").keys() == set()


def test_chinese_has_no_latin_words():
    allowed = {"config/shifts.toml", "config/roster.toml", "Enter", "Esc", "A"}
    found = {
        key: set(re.findall(r"[A-Za-z][\w/.]{3,}", re.sub(r"\{\w+\}", "", text))) - allowed
        for key, text in words("zh").items()
    }
    assert {key: latin for key, latin in found.items() if latin} == {}


def test_every_figure_of_a_circular_has_words():
    zh = words("zh")
    assert [name for name in NAMES if f"counted.{name}" not in zh] == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_event_that_can_be_recorded_has_words_and_the_log_offers_its_kind(language):
    known = words(language)
    assert {name for book in catalogue.values() for name in book.types if f"event.{name}" not in known} == set()
    assert {kind for kind in catalogue if f"seen.{kind}" not in known} == set()
    offered = re.search(r"const KINDS = \[(.*?)\n\];", (APP / "views" / "log.js").read_text(), re.DOTALL)
    assert offered
    assert sorted(re.findall(r'"(\w+)"', offered[1])) == sorted(catalogue)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_policy_of_calls_that_is_shipped_has_a_name(language):
    policies = tomllib.loads((APP.parents[3] / "config" / "escalation.toml").read_text())["policies"]
    assert {name for name in policies if f"policy.{name}" not in words(language)} == set()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_whatever_the_audit_of_reads_can_name_has_words(language):
    known = words(language)
    first = {way.path.removeprefix("/api").strip("/").split("/")[0].partition(".")[0] for way in ways() if way.read}
    kinds = {kind for one in first for kind in re.findall(r"\w+", one.removeprefix("{kind:"))}
    assert len(kinds) > 30
    assert {kind for kind in kinds if f"seen.{kind}" not in known} == set()
