"""涉密不上网: what carries a mark of classification is refused where a person types, and recorded with a flag where a phone sent it."""

import pytest

from dutydesk.domain.messages import RecordMessage
from dutydesk.domain.rules import Security
from dutydesk.domain.secrecy import mark
from dutydesk.errors import Refused
from tests.kit import World, rules, town_phone

MARKS = ("机密★", "密级:机密")


@pytest.mark.parametrize("text", ["机密★一年 关于…", "机密*一年", "【机密 ☆】", "密级:机密", "密 级 : 机 密"])
def test_a_mark_is_found_however_it_is_spaced(text: str) -> None:
    assert mark(text, MARKS)


@pytest.mark.parametrize("text", ["商业机密被盗,警方到场", "机密文件柜起火", "", "★"])
def test_the_word_alone_is_no_mark(text: str) -> None:
    assert mark(text, MARKS) == ""


def _desk() -> World:
    return World(rules(security=Security(classified=MARKS)))


@pytest.mark.parametrize("channel", ["web", "call", "api"])
def test_shandong_2012_article_30_classified_text_is_not_taken_in_where_it_is_typed(channel: str) -> None:
    desk = _desk()
    wish = RecordMessage.model_validate({"channel": channel, "via": "console", "sender": "", "text": "机密★ 内容"})
    with pytest.raises(Refused, match="机要渠道"):
        desk.handle("message/m1", wish)


def test_what_a_phone_sent_is_kept_and_flagged() -> None:
    desk = _desk()
    desk.handle("message/m1", RecordMessage(channel="sms", via="main", sender=town_phone(1), text="机密★ 内容"))
    assert desk.row("message/m1")["classified"] == "机密★"
