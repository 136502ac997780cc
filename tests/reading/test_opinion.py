"""The second opinion: where it may overrule the words, where it must not, and what it is made of."""

import hashlib
import json
import math
from datetime import datetime
from pathlib import Path

import pytest

from dutydesk.clock import BEIJING
from dutydesk.domain.readings import Category
from dutydesk.reading import read
from dutydesk.reading.events import Event, weighed
from dutydesk.reading.opinion import CLASSES, grams, opinion
from dutydesk.reading.text import prepare, resource

AT = datetime(2026, 11, 23, 14, 50, tzinfo=BEIJING)
CORPUS = Path(__file__).parent / "corpus"


def test_every_number_is_one_gram() -> None:
    assert grams("死3人 伤15人") == grams("死28人 伤4人") == {"死", "0", "人", "伤", "死0", "0人", "人伤", "伤0"}


def test_the_chances_of_the_classes_make_a_whole() -> None:
    said = opinion("食堂吃完饭几十个学生上吐下泻").classes
    assert set(said) == set(CLASSES)
    assert sum(math.exp(chance) for chance in said.values()) == pytest.approx(1.0)
    assert max(said, key=lambda name: said[name]) == "public_health"


@pytest.mark.parametrize("text", ["", ",", "\n", "😀", "9" * 10_000, "埋了近百" * 1_000])
def test_it_has_an_opinion_of_anything(text: str) -> None:
    assert opinion(prepare(text).plain).report == pytest.approx(opinion(prepare(text).plain).report)


def test_a_cry_that_no_rule_knows_is_a_report() -> None:
    found = read("两村为争滩涂 上百人拿铁锨竹竿在打 已经倒下好几个 派出所就俩人压不住 速派警", AT)
    assert (found.is_emergency, found.category) == (True, "social_security")


def test_a_long_text_is_left_to_the_rules() -> None:
    chat = "今天天气真好,大家一起吃饭看电影。" * 6
    text = f"11月23日9时许,宣威市龙场镇一烟花厂发生爆炸,造成3人死亡。{chat}"
    assert opinion(prepare(chat).plain).report < 0
    assert read(text, AT).is_emergency


def test_it_weighs_causes_and_makes_none() -> None:
    found = [Event("14A04", 18.1, 0, 2), Event("12N02", 17.9, 4, 6)]
    chances: dict[Category, float] = {
        "natural_disaster": -4.0,
        "accident": -0.1,
        "public_health": -4.0,
        "social_security": -3.0,
    }
    assert [e.code for e in weighed(found, chances)] == ["12N02", "14A04"]
    assert weighed([], chances) == []


def test_the_table_is_fitted_without_the_kept_texts() -> None:
    """A gram that stands only in kept texts has no weight: their characters were never counted."""

    def kept(name: str) -> bool:
        return int(hashlib.sha256(name.encode()).hexdigest(), 16) % 3 == 0

    split = {"texts", "field", "public", "fresh", "wide", "broad", "streams"}
    work: set[str] = set()
    apart: set[str] = set()
    for path in CORPUS.glob("*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            name = str(row.get("stream") or row["id"])
            (apart if path.stem in split and kept(name) else work).update(grams(prepare(row["text"]).plain))
    weighed_grams = {line.rsplit(",", 8)[0] for line in resource("opinion.csv").splitlines()[2:]}
    assert weighed_grams
    assert not weighed_grams & (apart - work)
