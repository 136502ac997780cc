"""A store goes out as lines and comes in on the other engine: everything equal; a damaged file is refused."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from dutydesk.errors import ChainBroken, Invalid, Refused
from dutydesk.store.sqlite import SqliteConnection
from dutydesk.store.store import Store
from dutydesk.store.transfer import export, load
from tests.kit import check_whole, hub_on, phone, sms, sqlite
from tests.store.test_chain import filled

TABLES = (
    "rows_all",
    "refs_all",
    "dump_timers",
    "dump_outbox",
    "dump_inputs",
    "dump_counters",
    "dump_credentials",
)


def whole(store: Store) -> dict[str, list[Any]]:
    tables = {name: store.read(lambda c, n=name: c.all(n)) for name in TABLES}  # type: ignore[misc]
    return tables | {"blobs": store.read(lambda c: [c.one("blob", digest) for (digest,) in c.all("blob_digests")])}


def loaded(url: str, lines: list[bytes]) -> int:
    store = Store(url)
    store.prepare()
    connection = store.connect()
    try:
        return load(connection, lines)
    finally:
        connection.close()


@pytest.mark.parametrize("way", ["there", "back"])
async def test_out_of_one_engine_into_the_other(fresh_postgres: str, tmp_path: Path, way: str) -> None:
    urls = (sqlite(tmp_path), fresh_postgres) if way == "there" else (fresh_postgres, sqlite(tmp_path))
    await filled(urls[0])
    async with hub_on(urls[0]) as hub:
        await hub.beside(lambda c: c.run("put_blob", "d1", "application/pdf", b"\x00a fax\xff"))
    source, target = Store(urls[0]), Store(urls[1])
    lines = source.read(lambda c: list(export(c)))
    assert loaded(urls[1], lines) == source.read(check_whole) == target.read(check_whole)
    assert whole(source) == whole(target)
    assert target.read(lambda c: c.one("head")) == source.read(lambda c: c.one("head"))
    assert target.read(lambda c: list(export(c))) == lines
    async with hub_on(urls[1]) as hub:  # and it goes on
        (entry,) = await hub.handle("message/b", sms("又着火了", phone(1)), key="", by="t")
        assert entry.event.contact == "A1"  # type: ignore[attr-defined]
        assert await hub.handle("message/a", sms("仓库着火,1人死亡", phone(1)), key="k1", by="t")
        await hub.read(check_whole)
    source.close()
    target.close()


async def test_a_damaged_file_leaves_the_target_empty(tmp_path: Path) -> None:
    await filled(sqlite(tmp_path))
    source = Store(sqlite(tmp_path))
    lines = source.read(lambda c: list(export(c)))
    source.close()
    changed = [line.replace("仓库".encode(), "车库".encode()) for line in lines]
    cut_entries = [line for line in lines if not line.startswith(b'["entries",20,')]
    wrong: list[tuple[list[bytes], type[Exception]]] = [
        (changed, ChainBroken), (cut_entries, ChainBroken), (lines[:-1], Invalid), (lines[:-3], Invalid),
        ([*lines[:5], lines[5][:40]], Invalid), ([b"{}"], Invalid), ([], Invalid), ([b"nonsense"], Invalid),
        ([lines[0], b'["pen",1]', lines[-1]], Invalid),
    ]  # fmt: skip
    url = sqlite(tmp_path / "target")
    for bad, error in wrong:
        with pytest.raises(error):
            loaded(url, bad)
        store = Store(url)
        assert store.read(lambda c: c.one("head"))[0] == 0  # type: ignore[index]
        assert not any(whole(store).values())
        store.close()
    assert loaded(url, lines)
    with pytest.raises(Refused, match="不是空的"):
        loaded(url, lines)


async def test_a_backup_is_a_store_of_that_moment(tmp_path: Path) -> None:
    async with hub_on(sqlite(tmp_path), furnished=True) as hub:
        await hub.handle("message/a", sms("着火", phone(1)), key="k", by="t")
        connection = hub.store.connect(readonly=True)
        assert isinstance(connection, SqliteConnection)
        (tmp_path / "copy").mkdir()
        connection.backup(tmp_path / "copy" / "desk.db")
        connection.close()
        await hub.handle("message/b", sms("又着火", phone(1)), key="", by="t")
        seq = await hub.read(check_whole)
    async with hub_on(sqlite(tmp_path / "copy")) as restored:
        assert await restored.read(check_whole) == seq - 1
        assert await restored.handle("message/a", sms("着火", phone(1)), key="k", by="t")
        assert await restored.read(check_whole) == seq - 1


def test_the_header_says_where_it_stands(tmp_path: Path) -> None:
    store = Store(sqlite(tmp_path))
    store.prepare()
    first, last = store.read(lambda c: list(export(c)))
    assert orjson.loads(first)["seq"] == 0
    assert last == b'["end"]'
    store.close()
