"""Small readers: short replies, SMS parts, who a step means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dutydesk.domain.answers import Answer, parse
from dutydesk.domain.segments import count, units
from tests.kit import world


@pytest.mark.parametrize("text", ["1", "１", " 收到 ", "收到。", "OK", "好的!", "１收到", "是的", "知道了。。"])
def test_a_short_yes_is_an_acknowledgement(text: str) -> None:
    assert parse(text).kind == "ack"


@pytest.mark.parametrize(("text", "number"), [("2", 2), ("第3个", 3), ("选 12", 12), ("回复4。", 4), ("０", 0)])
def test_a_choice_is_a_number(text: str, number: int) -> None:
    assert parse(text)[:2] == ("choice", number)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("延时20 在路上", Answer("more_time", 20, "在路上")),
        ("延时", Answer("more_time", 10, "")),
        ("稍等5分钟,核实", Answer("more_time", 5, "核实")),
        ("延期１５分钟", Answer("more_time", 15, "")),
    ],
)
def test_a_wish_for_time_has_minutes_and_a_reason(text: str, wanted: Answer) -> None:
    assert parse(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "收到求救,3人被困",
        "您好,我正在开会,稍后回复",
        "1号仓库着火",
        "不是",
        "119",
        "100",
        "好的我不知道怎么回事",
        "",
        "1 2",
    ],
)
def test_anything_else_is_a_text(text: str) -> None:
    assert parse(text).kind == "text"


@given(st.text(max_size=400))
def test_no_text_breaks_it(text: str) -> None:
    assert parse(text).kind in ("ack", "choice", "more_time", "text")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 1), ("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3),
        ("{" * 80, 1), ("{" * 81, 2), ("火" * 70, 1), ("火" * 71, 2), ("火" * 134, 2), ("火" * 135, 3),
        ("😀" * 35, 1), ("😀" * 36, 2), ("😀" * 66, 2), ("😀" * 67, 3), ("火" * 69 + "😀", 2), ("𠮷" * 34 + "火火", 1),
    ],
)  # fmt: skip
def test_parts_are_counted_in_utf_16_units_and_no_pair_is_split(text: str, parts: int) -> None:
    assert count(text) == parts


@given(st.text(max_size=300))
def test_parts_hold_the_text_and_no_more_than_needed(text: str) -> None:
    assert units(text) == len(text.encode("utf-16-le", "surrogatepass")) // 2
    wide = -(-units(text) // 67)
    assert 1 <= count(text) <= max(1, -(-units(text) // 66))
    assert count(text) >= min(wide, -(-len(text) // 153)) or units(text) <= 70


@pytest.mark.parametrize(
    ("who", "people"),
    [
        ("contact", ["contact:A1"]), ("deputy", ["contact:B1"]), ("unit", ["unit:T1"]), ("province", ["unit:PROV"]),
        ("city_leader", ["leader:L1"]), ("watch", ["unit:DESK"]), ("watch_leader", []), ("state", []), ("department", []),
    ],
)  # fmt: skip
def test_who_a_role_means(who: str, people: list[str]) -> None:
    from dutydesk.domain import calling
    from dutydesk.domain.pages import PageStarted
    from dutydesk.domain.rules import Step
    from dutydesk.domain.verbs import Context
    from tests.kit import LADDER

    w = world()
    page = PageStarted(policy=LADDER, subject="x", unit="T1", division="370281001", started_at=0)
    step = Step.model_validate({"who": (who,), "how": ("sms",), "answer_within": 1})
    context = Context(w.at, "x", False, None, w.policy, w.listed)
    called = calling.resolve(step, page, calling.Desk(), context)
    assert [p.key for p in called.people] == people
    assert called.unreachable == (() if people else (who,))


@pytest.mark.parametrize(
    "text",
    ["延期交房引发200名业主聚集堵路", "延长线地铁站坍塌2人被埋", "稍等一下,火势很大,3人死亡", "延时摄影爱好者坠崖"],
)
def test_a_report_that_begins_like_a_wish_for_time_is_a_report(text: str) -> None:
    assert parse(text).kind == "text"
