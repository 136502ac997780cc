"""Files that officers attach: part of the version that is signed, gone with the report, taken back with a reason, told as a change."""

import pytest

from dutydesk.documents.official import submission as printed
from dutydesk.domain.exchanges import Exchange, ExchangeFile
from dutydesk.domain.messages import InterpretMessage, Media
from dutydesk.domain.papers import MOST_FILES
from dutydesk.domain.readings import Reading
from dutydesk.domain.reporting import AttachFiles, DetachFile
from dutydesk.domain.rules import Peer
from dutydesk.domain.submission_document import submission_document
from dutydesk.domain.submissions import SignSubmission
from dutydesk.domain.verbs import split
from tests.domain.upward import INCIDENT, blast, check, city, delivery, draft, report_up, send, sign, version
from tests.kit import World, phone, refused, report, sms

PHOTO = ExchangeFile(digest="a" * 64, name="现场.jpg", media_type="image/jpeg", size=1_500_000)
PAPER = ExchangeFile(digest="b" * 64, name="伤员名单.pdf", media_type="application/pdf", size=40_000)
ABOUT = f"incident/{INCIDENT}"


def spoken(_group: str, value: str) -> str:
    return value


def attach(w: World, *files: ExchangeFile) -> None:
    w.handle(ABOUT, AttachFiles(files=files))


def test_they_make_another_version_of_the_draft_and_void_its_check() -> None:
    w = blast()
    stream = draft(w)
    read = version(w, stream)
    check(w, stream)
    attach(w, PHOTO)
    assert w.row(stream)["status"] == "draft"
    with refused("附件由无改为现场.jpg"):
        w.handle(stream, SignSubmission(version=read, who="user:chief"))


def test_what_is_attached_after_the_signature_shows_and_does_not_go() -> None:
    w = linked()
    stream = draft(w)
    check(w, stream)
    w.handle(stream, SignSubmission(version=version(w, stream), who="user:chief", leader="L3"))
    attach(w, PHOTO)
    assert [c["now"] for c in w.row(stream)["outdated"]] == ["现场.jpg"]
    send(w, stream)
    assert not gone(w, stream).files


def linked() -> World:
    """The province takes papers over a line; a photo came along with the first report."""
    w = city(peers=(Peer(name="province", unit="PROV", side="above", url="wss://x", secret_env="X"),))
    known = w.policy.submissions
    above = tuple(
        one.model_copy(update={"how": ("link",)}) if one.id == "province" else one for one in known.addressees
    )
    w.policy = w.policy.model_copy(update={"submissions": known.model_copy(update={"addressees": above})})
    w.say("m", "某化工厂爆炸", phone(1), report(code="12D01", level="较大", deaths=3))
    return w


def gone(w: World, stream: str) -> Exchange:
    return Exchange.from_text(w.states[delivery(stream, "province")].queued.text)


def test_they_go_over_the_line_with_their_names_beside_what_came_with_messages_each_once() -> None:
    w = linked()
    came = Media(url="blob:x", media_type="image/png", digest="c" * 64, size=9)
    again = Media(url="blob:y", media_type="image/jpeg", digest=PHOTO.digest, size=PHOTO.size)
    w.handle("message/m2", sms("现场照片", phone(1), media=(came, again), incident=INCIDENT))
    w.handle("message/m2", InterpretMessage(reading=Reading()), by="reader")
    attach(w, PHOTO, PAPER)
    attach(w, PHOTO)
    stream = report_up(w)
    assert [(f.name, f.digest[0]) for f in gone(w, stream).files][:2] == [("现场.jpg", "a"), ("伤员名单.pdf", "b")]
    assert len({f.digest for f in gone(w, stream).files}) == len(gone(w, stream).files)


def test_the_documents_annex_lists_them_with_the_digits_that_prove_them() -> None:
    w = blast()
    attach(w, PHOTO, PAPER)
    stream = draft(w)
    content = submission_document(split(stream)[1], w.row(stream))
    document = printed("市总值班室", content, spoken, drill=False)
    (annex,) = document.annexes
    assert annex.caption == "随附文件清单"
    assert annex.rows == (
        ("1", "现场.jpg", "JPEG", "1.5 MB", "a" * 12),
        ("2", "伤员名单.pdf", "PDF", "40 KB", "b" * 12),
    )
    w = blast()
    assert not printed("x", submission_document(*_of(w)), spoken, drill=False).annexes


def _of(w: World) -> tuple[str, dict[str, object]]:
    stream = draft(w)
    return split(stream)[1], w.row(stream)


def test_one_is_taken_back_with_a_reason_and_no_longer_listed() -> None:
    w = blast()
    attach(w, PHOTO)
    with refused("为什么"):
        w.handle(ABOUT, DetachFile(digest=PHOTO.digest, reason=" "))
    w.handle(ABOUT, DetachFile(digest=PHOTO.digest, reason="附错了"))
    assert w.row(ABOUT)["files"] == []
    with refused("没有附过"):
        w.handle(ABOUT, DetachFile(digest=PHOTO.digest, reason="附错了"))


@pytest.mark.parametrize("many", [MOST_FILES, MOST_FILES + 1])
def test_an_incident_holds_so_many_and_no_more(many: int) -> None:
    w = blast()
    files = tuple(PHOTO.model_copy(update={"digest": f"{n:064}"}) for n in range(many))
    if many > MOST_FILES:
        with refused("最多附"):
            attach(w, *files)
    else:
        attach(w, *files)
        assert len(w.row(ABOUT)["files"]) == MOST_FILES


def test_a_check_that_stands_is_not_voided_by_what_is_there_already() -> None:
    w = blast()
    attach(w, PHOTO)
    stream = draft(w)
    check(w, stream)
    attach(w, PHOTO)
    assert w.row(stream)["status"] == "checked"
    sign(w, stream)
