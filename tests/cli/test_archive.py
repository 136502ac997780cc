"""The package for the archive: made from the command line, verified without the desk, and any change in it is found."""

import hashlib
import json
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dutydesk.cli.main import commands
from dutydesk.clock import ManualClock
from dutydesk.domain.circulars import DraftCircular, Figure, RequestCircular
from dutydesk.domain.desks import Redact
from dutydesk.domain.instructions import LogInstruction
from dutydesk.domain.messages import Media
from dutydesk.errors import ChainBroken, Invalid
from dutydesk.store import archive
from tests.kit import NOON, hub_on, phone, sms

DAY = ("--from", "2026-11-23", "--to", "2026-11-23")
PICTURE, PAPER = "d" * 64, "e" * 64


@pytest.fixture
async def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "desk.db"
    monkeypatch.setenv("DUTYDESK_DATABASE", f"sqlite:///{path}")
    async with hub_on(f"sqlite:///{path}", furnished=True) as hub:
        await hub.beside(lambda c: c.run("put_blob", PICTURE, "image/png", b"picture"))
        first = await hub.handle(
            "message/m1", sms("化工园区爆炸", phone(1), media=(Media(url="x", digest=PICTURE),)), key="m1", by="main"
        )
        await hub.handle("message/m2", sms("隐私", phone(1)), key="m2", by="main")
        await hub.beside(lambda c: c.run("put_blob", PAPER, "application/pdf", b"%PDF"))
        said = LogInstruction(text="速核实", leader="L1", said_at=NOON, incident="", original=PAPER)
        await hub.handle("instruction/i1", said, key="i1", by="main")
        asked = RequestCircular(watch="w", name="白班", starts_at=NOON - 10, ends_at=NOON)
        draft = DraftCircular(
            figures=(Figure(name="received", value=2, seqs=(first[0].seq,)),), items=(), summary="收到2条。"
        )
        for command in (asked, draft):
            await hub.handle("circular/c1", command, key="", by="desk")
    return path


def run(*words: str):
    return CliRunner().invoke(commands("archive"), ["archive", *words])


def packed(tmp_path: Path) -> Path:
    file = tmp_path / "archive.zip"
    made = run(str(file), *DAY)
    assert made.exit_code == 0, made.output
    return file


async def test_a_package_holds_entries_attachments_documents_and_their_digests(store: Path, tmp_path: Path):
    file = packed(tmp_path)
    manifest = archive.check(file)
    with zipfile.ZipFile(file) as package:
        names = package.namelist()
        entries = [json.loads(line) for line in package.read("entries.jsonl").splitlines()]
        assert package.read(f"attachments/{PICTURE}") == b"picture"
        assert package.read(f"attachments/{PAPER}") == b"%PDF"  # whatever names it
        assert "化工园区爆炸" in package.read("documents/log.txt").decode()
        assert package.read("documents/circular-c1.docx").startswith(b"PK")
        assert "核验" in package.read("README.txt").decode()
    assert [e[0] for e in entries] == list(range(manifest["first"], manifest["last"] + 1))
    assert {one["name"] for one in manifest["files"]} == set(names) - {"manifest.json"}
    assert all(set(archive.DIGESTS) <= set(one) for one in manifest["files"])
    assert run(str(file), "--verify").output.startswith("归档包完好")


async def test_a_package_is_there_whole_or_not_at_all_and_for_its_owner_alone(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    assert packed(tmp_path).stat().st_mode & 0o777 == 0o600
    monkeypatch.setattr(archive, "_attachments", lambda *_: 1 / 0)
    assert run(str(tmp_path / "half.zip"), *DAY).exit_code != 0
    assert not list(tmp_path.glob("half*"))


@pytest.mark.parametrize("name", ["entries.jsonl", "documents/log.txt", f"attachments/{PICTURE}"])
async def test_a_changed_file_is_found(store: Path, tmp_path: Path, name: str):
    file = packed(tmp_path)
    changed(file, lambda n, data: data.replace(b"1", b"2", 1) + b" " if n == name else data)
    with pytest.raises(ChainBroken, match=name):
        archive.check(file)
    assert run(str(file), "--verify").exit_code == 1


async def test_a_changed_entry_is_found_also_when_its_digest_is_made_to_fit(store: Path, tmp_path: Path):
    file = packed(tmp_path)

    def forge(name: str, data: bytes) -> bytes:
        if name == "entries.jsonl":
            return data.replace("化工园区".encode(), "农业园区".encode(), 1)
        return data

    changed(file, forge, fit=True)
    with pytest.raises(ChainBroken, match="entry"):
        archive.check(file)


async def test_a_file_put_in_or_left_out_is_found(store: Path, tmp_path: Path):
    file = packed(tmp_path)
    with zipfile.ZipFile(file, "a") as package:
        package.writestr("documents/extra.txt", "x")
    with pytest.raises(ChainBroken, match="other files"):
        archive.check(file)


async def test_a_package_of_part_of_the_journal_with_an_erased_text_verifies(tmp_path: Path, monkeypatch):
    path = tmp_path / "desk.db"
    monkeypatch.setenv("DUTYDESK_DATABASE", f"sqlite:///{path}")
    clock = ManualClock(NOON)
    async with hub_on(f"sqlite:///{path}", clock, furnished=True) as hub:
        made = await hub.handle("message/m1", sms("隐私的内容", phone(1)), key="m1", by="main")
        clock.advance(3 * 86_400_000_000)
        await hub.handle("desk/main", Redact(seq=made[0].seq, ground="本人申请"), key="", by="user:officer")
    file = packed(tmp_path)
    assert archive.check(file)["erased"] == [made[0].seq]
    with zipfile.ZipFile(file) as package:
        assert "隐私的内容" not in package.read("entries.jsonl").decode()
        assert "隐私的内容" not in package.read("documents/log.txt").decode()


async def test_what_cannot_be_archived_is_said(store: Path, tmp_path: Path):
    assert run(str(tmp_path / "x.zip"), "--from", "2020-01-01", "--to", "2020-01-02").exit_code == 1
    assert not (tmp_path / "x.zip").exists()
    assert run(str(tmp_path / "x.zip")).exit_code == 2
    file = packed(tmp_path)
    assert run(str(file), *DAY).exit_code == 1  # never over another
    (tmp_path / "no.zip").write_text("x")
    with pytest.raises(Invalid):
        archive.check(tmp_path / "no.zip")


def changed(file: Path, change, *, fit: bool = False) -> None:
    """The package with its files changed; `fit`: its manifest made to fit."""
    with zipfile.ZipFile(file) as package:
        found = {name: change(name, package.read(name)) for name in package.namelist()}
    if fit:
        manifest = json.loads(found["manifest.json"])
        for one in manifest["files"]:
            one.update({kind: hashlib.new(kind, found[one["name"]]).hexdigest() for kind in archive.DIGESTS})
        found["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(file, "w") as package:
        for name, data in found.items():
            package.writestr(name, data)
