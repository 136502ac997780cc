"""An e-mail through the pipe: words, attachments, odd charsets, the same mail twice, a store that is away."""

import os
import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path

import pytest

from dutydesk.cli.mailing import EX_TEMPFAIL, read_mail
from dutydesk.store.store import Store

FAX = b"%PDF-1.4 a fax page"


def _mail(sender: str = "zhiban370202@qd.example") -> bytes:
    message = EmailMessage()
    message["From"] = f"值班室 <{sender}>"
    message["To"] = "zhiban@qd.example"
    message["Subject"] = "关于澄湾路燃气泄漏的情况"
    message["Message-ID"] = "<1@qd.example>"
    message.set_content("21日14时48分,澄湾路发生燃气泄漏,无人员伤亡。")
    message.add_attachment(FAX, maintype="application", subtype="pdf", filename="fax.pdf")
    return message.as_bytes()


def _pipe(folder: Path, raw: bytes, database: str = "", *, prepared: bool = True) -> "subprocess.CompletedProcess[str]":
    if prepared and not database:
        Store(f"sqlite:///{folder}/desk.sqlite").prepare()
    environment = os.environ | {"DUTYDESK_DATABASE": database or f"sqlite:///{folder}/desk.sqlite"}
    command = [sys.executable, "-m", "dutydesk", "mail"]
    done = subprocess.run(command, input=raw, env=environment, capture_output=True, timeout=60)
    return subprocess.CompletedProcess(command, done.returncode, done.stdout.decode(), done.stderr.decode())


def test_words_and_attachments_are_kept_and_a_second_arrival_changes_nothing(tmp_path: Path) -> None:
    raw = _mail()
    first, second = _pipe(tmp_path, raw), _pipe(tmp_path, raw)
    assert first.returncode == second.returncode == 0, first.stderr
    assert first.stdout == second.stdout
    assert "来报号" in first.stdout
    store = Store(f"sqlite:///{tmp_path}/desk.sqlite")
    (row,) = store.read(lambda c: c.all("rows_of_kind", "message"))
    assert "澄湾路发生燃气泄漏" in row[6]
    command, blobs, _key = read_mail(raw)
    assert [(kind, content) for _, kind, content in blobs] == [("message/rfc822", raw), ("application/pdf", FAX)]
    assert store.read(lambda c: c.one("blob", blobs[1][0])) == ("application/pdf", FAX)
    assert command.media[0].digest in row[6]
    store.close()


@pytest.mark.parametrize("charset", ["gb2312", "gb18030", "x-unknown", "utf-8"])
def test_the_words_of_an_old_fax_gateway_are_read(charset: str) -> None:
    encoded = "胶州市发生火灾".encode("gb18030" if charset != "utf-8" else "utf-8")
    head = f"From: a@b.example\nSubject: fax\nContent-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit\n\n"
    command, _blobs, key = read_mail(head.encode() + encoded)
    assert "胶州市发生火灾" in command.text
    assert key.startswith("mail:")


def test_an_empty_mail_is_still_a_message() -> None:
    command, blobs, key = read_mail(b"")
    assert (command.text, command.sender, command.media) == ("(空邮件)", "", ())
    assert blobs[0][2] == b""
    assert key == f"mail:{blobs[0][0]}"


def test_a_fax_machine_that_repeats_its_message_id_loses_nothing(tmp_path: Path) -> None:
    first, second = _pipe(tmp_path, _mail()), _pipe(tmp_path, _mail("zhiban370203@qd.example"))
    assert first.returncode == second.returncode == 0
    assert first.stdout != second.stdout


@pytest.mark.parametrize(
    "header",
    ["To: duty@", "Message-ID: <: <: <1@qd.example>", "From: a:b:;", "Content-Type: multipart/mixed; boundary*=x''%"],
)
def test_a_header_that_the_library_trips_over_loses_no_mail(header: str) -> None:
    raw = f"{header}\nSubject: fax\n\n胶州市发生火灾".encode()
    command, blobs, _key = read_mail(raw)
    assert "胶州市发生火灾" in command.text
    assert blobs[0][2] == raw
    command.model_dump_json()


def test_utf8_words_without_a_charset_are_read() -> None:
    command, _blobs, _key = read_mail("Subject: x\n\n胶州市发生火灾".encode())
    assert "胶州市发生火灾" in command.text


def test_without_a_store_the_mail_stays_at_the_server_and_no_store_is_made(tmp_path: Path) -> None:
    done = _pipe(tmp_path, _mail(), f"sqlite:///{tmp_path}/nowhere.sqlite", prepared=False)
    assert done.returncode == EX_TEMPFAIL, done.stderr
    assert not (tmp_path / "nowhere.sqlite").exists()


def test_the_store_away_keeps_the_mail_at_the_server(tmp_path: Path) -> None:
    done = _pipe(tmp_path, _mail(), "postgresql://nobody@127.0.0.1:1/none")
    assert done.returncode == EX_TEMPFAIL, done.stderr
