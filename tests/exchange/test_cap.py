"""CAP 1.2: alerts of others come in without loss, ours go out valid and come back exactly, and hostile XML is refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from dutydesk.domain.exchanges import Exchange, ExchangeFile, ExchangePlace
from dutydesk.domain.readings import FIGURES
from dutydesk.errors import Invalid
from dutydesk.exchange import cap_papers, cap_xml
from dutydesk.exchange.cap import Alert
from tests.domain.test_exchanges import paper
from tests.exchange.samples import ALL, CANADA, CHINA, ITALY, NWS, VALID

SECOND = 1_000_000


def words_of(raw: bytes) -> list[str]:
    """Every element's name and text, in order, whatever it is."""
    return [f"{etree.QName(e).localname}={e.text or ''}" for e in etree.fromstring(raw).iter() if not len(e)]


@pytest.mark.parametrize("name", ALL)
def test_an_alert_of_others_comes_in_without_loss_of_a_field(name: str) -> None:
    raw = ALL[name]
    alert = cap_xml.read_alert(raw)
    again = cap_xml.write_alert(alert, strict=False)
    assert sorted(words_of(again)) == sorted(words_of(raw))
    assert cap_xml.read_alert(again).model_copy(update={"version": alert.version}) == alert


@pytest.mark.parametrize("name", VALID)
def test_samples_of_valid_publishers_fit_the_schema_and_are_written_again_valid(name: str) -> None:
    assert cap_xml.problems(VALID[name]) == []
    assert cap_xml.problems(cap_xml.write_alert(cap_xml.read_alert(VALID[name]))) == []


def test_elements_of_a_publishers_own_and_signatures_are_kept() -> None:
    assert "APS 1" in cap_xml.read_alert(ITALY).infos[0].others[0]
    assert 'turno="B"' in cap_xml.read_alert(ITALY).infos[0].others[0]
    assert "c2FtcGxl" in cap_xml.read_alert(CANADA).others[0]
    assert cap_xml.problems(ITALY), "the deviation is said, and the alert taken all the same"


def test_what_a_strangers_alert_says_is_in_the_paper() -> None:
    said = cap_papers.from_alert(cap_xml.read_alert(CHINA))
    assert (said.kind, said.number, said.desk) == ("alert", "37020041600000_20260601080000_0", "37020041600000")
    assert (said.title, said.category, said.code) == ("样例市气象台发布暴雨橙色预警", "natural_disaster", "11B03")
    assert said.place == ExchangePlace(text="青岛市市南区", division="370202", latitude=36.06, longitude=120.38)
    assert "橙色" in said.text
    assert "50毫米" in said.text
    update = cap_papers.from_alert(cap_xml.read_alert(NWS))
    assert update.references == ("urn:oid:2.49.0.1.840.0.0a1b2c.000.1",)
    assert cap_papers.from_alert(cap_xml.read_alert(CANADA)).event_status == "closed"


@pytest.mark.parametrize("name", ALL)
def test_every_text_of_an_alert_is_in_the_papers_text(name: str) -> None:
    alert = cap_xml.read_alert(ALL[name])
    text = cap_papers.from_alert(alert).text
    for info in alert.infos:
        for word in (info.headline, info.description, info.instruction, *(p.value for p in info.parameters)):
            assert word in text


def test_an_exercise_is_a_drill_and_a_test_too() -> None:
    assert cap_papers.from_alert(cap_xml.read_alert(ITALY)).drill
    assert cap_papers.from_alert(cap_xml.read_alert(ALL["old"])).drill
    assert not cap_papers.from_alert(cap_xml.read_alert(NWS)).drill


@pytest.mark.parametrize(
    ("changed", "status", "kind", "severity"),
    [
        ({}, "Actual", "Alert", "Unknown"),
        ({"drill": True}, "Exercise", "Alert", "Unknown"),
        ({"references": ("a/1",), "reference_times": (0,), "level": "重大"}, "Actual", "Update", "Severe"),
        ({"event_status": "false", "references": ("a/1",)}, "Actual", "Cancel", "Unknown"),
        ({"kind": "reply", "references": ("a/1",), "level": "特别重大"}, "Actual", "Ack", "Extreme"),
    ],
)
def test_status_message_type_and_severity_follow_the_paper(
    changed: dict[str, object], status: str, kind: str, severity: str
) -> None:
    alert = cap_papers.to_alert(paper(**changed))
    assert (alert.status, alert.message_type, alert.infos[0].severity) == (status, kind, severity)
    assert alert.scope == "Restricted"
    assert alert.infos[0].language == "zh-CN"


def test_the_chain_of_references_names_sender_identifier_and_time() -> None:
    alert = cap_papers.to_alert(paper(references=("a/1", "a/2"), reference_times=(0, SECOND)))
    assert alert.references == "370202,a/1,1970-01-01T08:00:00+08:00 370202,a/2,1970-01-01T08:00:01+08:00"


def test_an_alert_that_says_to_be_ours_and_differs_from_what_everybody_reads_is_refused() -> None:
    alert = cap_papers.to_alert(paper())
    lie = alert.model_copy(update={"infos": (alert.infos[0].model_copy(update={"headline": "平安无事"}),)})
    with pytest.raises(Invalid, match="不一致"):
        cap_papers.from_alert(lie)


texts = st.text(max_size=60)
lines = st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=30)
instants = st.integers(0, 4_000_000_000).map(lambda s: s * SECOND)
figures = st.dictionaries(st.sampled_from(FIGURES), st.none() | st.integers(0, 10**6) | st.just({"min": 3}), max_size=5)
papers = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["submission", "question", "instruction", "document", "reply", "alert"]),
        "number": lines,
        "desk": lines,
        "desk_name": texts,
        "drill": st.booleans(),
        "event_status": st.sampled_from(["open", "false", "closed"]),
        "stage": st.sampled_from([None, "首报", "续报", "终报"]),
        "references": st.lists(lines, max_size=3),
        "title": texts,
        "text": texts,
        "issued_at": instants,
        "category": st.sampled_from([None, "natural_disaster", "accident", "public_health", "social_security"]),
        "code": st.sampled_from(["", "11B03", "12D01", "12G04", "13B03", "14A02"]),
        "subtype": texts,
        "level": st.sampled_from([None, "特别重大", "重大", "较大", "一般"]),
        "occurred_at": st.none() | instants,
        "place": st.builds(
            ExchangePlace,
            text=texts,
            division=st.sampled_from(["", "370202", "370202001"]),
            latitude=st.none() | st.floats(-90, 90),
            longitude=st.none() | st.floats(-180, 180),
        ),
        "figures": figures,
        "files": st.lists(
            st.builds(ExchangeFile, digest=st.just("0" * 64), name=texts, size=st.integers(0, 9)), max_size=2
        ),
    }
).map(Exchange.model_validate)


@settings(max_examples=150, deadline=None)
@given(papers)
def test_every_paper_of_ours_is_valid_cap_and_comes_back_as_it_went(wish: Exchange) -> None:
    raw = cap_xml.write_alert(cap_papers.to_alert(wish))
    assert cap_xml.problems(raw) == []
    back = cap_papers.from_alert(cap_xml.read_alert(raw))
    assert back.to_text() == cap_xml.printable(wish.to_text())


bomb = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;">'
    b'<!ENTITY z "&y;&y;&y;&y;&y;&y;&y;&y;">]><alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">'
    b"<identifier>&z;&z;</identifier></alert>"
)
thief = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    b'<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>&x;</identifier></alert>'
)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (bomb, "DOCTYPE"),
        (thief, "DOCTYPE"),
        (NWS.replace(b"?>\n", b'?><!DOCTYPE alert SYSTEM "http://example/x.dtd">', 1), "DOCTYPE"),
        (bomb.decode().replace('<?xml version="1.0"?>', "").encode("utf-16"), "DOCTYPE"),
        (b" " * (cap_xml.MOST_BYTES + 1), "太长"),
        (b"", "XML"),
        (b"<alert/>", "alert"),
        (b"<a>" * 5_000 + b"</a>" * 5_000, "XML"),
        (NWS.replace(b"<identifier>urn:oid:2.49.0.1.840.0.0a1b2c.001.1</identifier>", b""), "identifier"),
    ],
    ids=["bomb", "thief", "dtd", "bomb16", "long", "empty", "bare", "deep", "nameless"],
)
def test_hostile_or_nameless_xml_is_refused(raw: bytes, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        cap_xml.read_alert(raw)


def test_a_time_that_is_none_is_refused() -> None:
    with pytest.raises(Invalid, match="sent"):
        cap_papers.from_alert(cap_xml.read_alert(NWS.replace(b"2026-06-01T10:15:00-05:00</sent>", b"gestern</sent>")))


def test_what_does_not_fit_the_schema_is_not_written() -> None:
    alert = Alert(identifier="a", sender="b", sent="gestern", status="Actual", message_type="Alert", scope="Public")
    with pytest.raises(Invalid, match="不合标准"):
        cap_xml.write_alert(alert)


def test_an_alert_whose_sender_is_made_of_signs_nobody_sees_is_refused_in_words() -> None:
    alert = cap_xml.read_alert(CHINA)
    with pytest.raises(Invalid, match="desk"):
        cap_papers.from_alert(alert.model_copy(update={"sender": "\u202e"}))
