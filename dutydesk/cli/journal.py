"""`verify`, `checkpoint`, `rebuild`, `export`, `import`, `backup`, `restore`: the journal from the outside."""

import json
import shutil
import sys
from pathlib import Path

import typer

from dutydesk.cli.door import known_store, reading, with_hub
from dutydesk.clock import to_datetime
from dutydesk.config import Settings
from dutydesk.domain.desks import Redact
from dutydesk.errors import Refused
from dutydesk.store import readlog, transfer
from dutydesk.store.lock import served
from dutydesk.store.sqlite import SqliteConnection, is_store
from dutydesk.store.store import Store
from dutydesk.store.store import head as read_head
from dutydesk.store.verify import check_checkpoint, second_digest
from dutydesk.store.verify import rebuild as rebuild_rows
from dutydesk.store.verify import verify as verify_chain


def add(app: typer.Typer) -> None:
    """Add the commands to the application."""
    for command in (verify, checkpoint, rebuild, export, backup, restore, redact):
        app.command()(command)
    app.command("import")(import_)


def verify(checkpoint: Path | None = typer.Option(None, help="A checkpoint kept elsewhere.")) -> None:
    """Check the hash chain of the whole journal, and that a checkpoint still fits."""
    head = reading(verify_chain)
    if checkpoint:
        kept = json.loads(checkpoint.read_text("utf-8"))
        reading(lambda c: check_checkpoint(c, kept))
    seen = reading(readlog.verify)
    typer.echo(f"日志完好:{head.seq} 条,头 {head.token};查阅记录完好:{seen} 条")


def checkpoint() -> None:
    """Print the journal's head as JSON: keep it outside the building."""
    head = reading(read_head)
    at = to_datetime(head.at).isoformat() if head.at else None
    sm3 = reading(lambda connection: second_digest(connection, head.seq))
    typer.echo(json.dumps({"seq": head.seq, "hash": head.hash, "at": at} | ({"sm3": sm3} if sm3 else {})))


def rebuild() -> None:
    """Make the board's rows anew from the journal (the desk must not be serving)."""
    store = known_store()
    with served(store):
        store.prepare()
        connection = store.connect()
        typer.echo(f"重建 {rebuild_rows(connection)} 行")
        connection.close()


def redact(seq: int, ground: str = typer.Option(..., help="Why: the article or the request.")) -> None:
    """Erase the private part of an entry; who did it and why stays, and the chain still verifies."""
    with_hub(lambda hub: hub.handle("desk/main", Redact(seq=seq, ground=ground), key="", by="cli"))
    typer.echo(f"第 {seq} 条的原文已抹除;日志链不受影响")


def export() -> None:
    """Write the whole journal as JSON Lines to standard output."""
    store = known_store()
    with store.reader() as connection:
        for line in transfer.export(connection):
            sys.stdout.buffer.write(line + b"\n")


def import_(file: Path) -> None:
    """Fill an empty store from an exported journal (SQLite to PostgreSQL, or back)."""
    store = _store()
    with served(store), file.open("rb") as lines:
        store.prepare()
        connection = store.connect()
        seq = transfer.load(connection, (line.rstrip(b"\n") for line in lines))
        connection.close()
    typer.echo(f"导入完成:{seq} 条,日志完好")


def backup(file: Path) -> None:
    """Copy an SQLite store while the desk serves. PostgreSQL has its own tools (pg_basebackup; see the README)."""
    store = known_store()
    if store.path is None:
        raise Refused("PostgreSQL 请用 pg_basebackup 或 pg_dump 备份,见 README")
    if file.exists():
        raise Refused(f"{file} 已经存在,不覆盖")
    source = SqliteConnection(store.path, readonly=True)
    source.backup(file)
    source.close()
    typer.echo(f"已备份到 {file}")


def restore(file: Path) -> None:
    """Put a backup in place of an SQLite store, after verifying it. The former store is kept beside it."""
    store = _store()
    if store.path is None:
        raise Refused("PostgreSQL 请用它自己的工具恢复,见 README")
    if not is_store(file):
        raise Refused(f"{file} 不是 SQLite 数据库")
    copy = Store(f"sqlite:///{file}")
    head = copy.read(verify_chain)
    copy.close()
    with served(store):
        _put_aside(store.path)
        shutil.copyfile(file, store.path)
    typer.echo(f"已恢复:{head.seq} 条,头 {head.token};原库改名为 {store.path.name}.before-restore")


def _put_aside(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        old = path.with_name(path.name + suffix)
        if old.exists():
            old.rename(path.with_name(path.name + ".before-restore" + suffix))


def _store() -> Store:
    return Store(Settings.from_environment().database)
