"""`dutydesk archive`: a package for the archive, and the proof that one is whole."""

import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import typer

from dutydesk.cli.door import known_store
from dutydesk.clock import BEIJING, from_datetime, to_datetime
from dutydesk.config import Settings
from dutydesk.documents.words import minute
from dutydesk.domain.directory import Directory
from dutydesk.errors import Refused
from dutydesk.store import archive as packages
from dutydesk.store.connection import Connection
from dutydesk.store.journal import seq_at
from dutydesk.store.tx import Folds, read_policy
from dutydesk.store.whole_file import whole_file
from dutydesk.web import printing
from dutydesk.web.frames import audience

README = """这是 {desk} 的值班日志归档包,{first} 至 {last}。

entries.jsonl   日志各条,一行一条,原样
attachments/    来报、报告、申诉等所附文件,文件名即其散列值
documents/      这段时间的通报和值班日志
manifest.json   每个文件的散列值(SHA-256{sm3}),日志链起点和日志头

核验:dutydesk archive --verify 本文件。任何一个文件、任何一条日志改动过,都会指出来。
"""


def add(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(archive)


def archive(
    file: Path,
    first: datetime | None = typer.Option(None, "--from", formats=["%Y-%m-%d"], help="First day."),
    last: datetime | None = typer.Option(None, "--to", formats=["%Y-%m-%d"], help="Last day, whole."),
    verify: bool = typer.Option(False, "--verify", help="Verify a package instead of making one."),
) -> None:
    """Make a package of a period for the archive: entries, attachments, documents, a manifest with digests."""
    if verify:
        manifest = packages.check(file)
        typer.echo(f"归档包完好:第 {manifest['first']} 至 {manifest['last']} 条,{len(manifest['files'])} 个文件")
        return
    if first is None or last is None:
        raise typer.BadParameter("请写明 --from 和 --to", param_hint="--from / --to")
    if file.exists():
        raise Refused(f"{file} 已经存在,不覆盖")
    period = _instant(first), _instant(last + timedelta(days=1))
    store = known_store()
    with store.reader() as connection, whole_file(file) as part:
        manifest = packages.pack(connection, part, period, _documents(connection, period))
    typer.echo(f"已归档到 {file}:第 {manifest['first']} 至 {manifest['last']} 条,{len(manifest['files'])} 个文件")
    for kind in packages.DIGESTS:
        typer.echo(f"{kind} {packages.digest(file, kind)}")


def _instant(day: datetime) -> int:
    return from_datetime(day.replace(tzinfo=BEIJING))


def _documents(connection: Connection, period: tuple[int, int]) -> Iterator[tuple[str, bytes]]:
    """What a person reads: a word about the package, the circulars of the period as docx, the whole log as text."""
    policy = Folds()
    read_policy(connection, policy)
    desk = policy.rules.desk.name
    reader = printing.Reader(audience("administrator", ""), desk, policy.directory, period[1])
    sm3 = "、SM3" if "sm3" in packages.DIGESTS else ""
    told = README.format(desk=desk, first=minute(period[0]), last=minute(period[1]), sm3=sm3)
    yield "README.txt", told.encode()
    yield "documents/log.txt", _log(connection, policy.directory, period)
    for record in connection.all("rows_of_kind", "circular"):
        ends_at = printing.circular_ends_at(record)
        if period[0] <= ends_at < period[1]:
            yield f"documents/circular-{record[1]}.docx", _docx(connection, reader, str(record[1]))


def _docx(connection: Connection, reader: printing.Reader, id: str) -> bytes:
    from dutydesk.documents.fill import fill  # the word processor's library: only this command needs it here
    from dutydesk.documents.press import SHIPPED

    document = printing.circular(connection, reader, id)
    own = Settings.from_environment().config / "templates" / "circular.docx"
    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder) / "made.docx"
        fill(document, own if own.is_file() else SHIPPED / "circular.docx", into)
        return into.read_bytes()


def _log(connection: Connection, directory: Directory, period: tuple[int, int]) -> bytes:
    first, last = seq_at(connection, period[0]), seq_at(connection, period[1]) - 1
    lines = printing.whole_log(connection, directory, first, last)
    return "".join(
        f"{line.seq}\t{to_datetime(line.at):%Y-%m-%d %H:%M:%S}\t{line.who}\t{line.what}\n" for line in lines
    ).encode()
