"""The journal is evidence: any change of any stored field is found, a cut tail is caught by a checkpoint, and erasure leaves it whole."""

import asyncio
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dutydesk.domain.desks import Redact
from dutydesk.domain.messages import AttachMessage, InterpretMessage
from dutydesk.domain.verbs import ERASED
from dutydesk.errors import ChainBroken, Refused
from dutydesk.hub import Hub
from dutydesk.store import chain
from dutydesk.store.remaking import rebuild, rebuilt_rows
from dutydesk.store.store import Head, Store, entries, head
from dutydesk.store.verify import check_checkpoint, verify
from tests.kit import check_whole, hub_on, phone, report, sms, sqlite, town_phone


async def filled(url: str) -> None:
    async with hub_on(url, furnished=True) as hub:
        await hub.handle("message/a", sms("仓库着火,1人死亡", phone(1)), key="k1", by="t")
        await hub.handle("message/a", InterpretMessage(reading=report(deaths=1)), key="", by="t")


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Any, ...]]:
    url = sqlite(tmp_path_factory.mktemp("chain"))
    asyncio.run(filled(url))
    store = Store(url)
    found: list[tuple[Any, ...]] = store.read(lambda c: list(entries(c, 1, 1000)))
    store.close()
    return found


@given(data=st.data())
@settings(max_examples=200, deadline=None)
def test_any_change_of_any_field_of_any_entry_is_found(records: list[tuple[Any, ...]], data: st.DataObject) -> None:
    n = data.draw(st.integers(0, len(records) - 1))
    column = data.draw(st.integers(0, 12).filter(lambda c: records[n][c] is not None))
    value = records[n][column]
    if isinstance(value, int):
        changed: Any = data.draw(st.integers(-(2**62), 2**62).filter(lambda v: v != value))
    else:
        raw = value.encode()
        where = data.draw(st.integers(0, max(len(raw) - 1, 0)))
        byte = bytes([data.draw(st.integers(0, 255))])
        changed = (raw[:where] + byte + raw[where + 1 :]).decode("utf-8", "replace")
        if changed == value:
            changed = value + "x"
    forged = [*records[:n], (*records[n][:column], changed, *records[n][column + 1 :]), *records[n + 1 :]]
    try:
        found = chain.check(forged, chain.GENESIS, 0, frozenset())
    except ChainBroken:
        return
    assert found != (len(records), records[-1][12])  # the last hash itself: the pen does not agree


def test_a_missing_swapped_or_added_entry_is_found(records: list[tuple[Any, ...]]) -> None:
    for forged in (
        records[1:],
        [*records[:3], *records[4:]],
        [records[1], records[0], *records[2:]],
        [*records, records[-1]],
    ):
        with pytest.raises(ChainBroken):
            chain.check(forged, chain.GENESIS, 0, frozenset())
    assert chain.check(records, chain.GENESIS, 0, frozenset())[0] == len(records)


def _sql(store: Store, statement: str) -> None:
    connection = store.connect()
    connection.script([statement])
    connection.close()


async def test_rule_19_the_log_is_append_only_and_verify_sees_a_change_a_cut_and_an_addition(database: str) -> None:
    await filled(database)
    store = Store(database)
    now = store.read(verify)
    checkpoint = {"seq": now.seq, "hash": now.hash}
    _sql(store, f"UPDATE entries SET at = at + 1 WHERE seq = {now.seq}")
    with pytest.raises(ChainBroken, match=f"entry {now.seq}"):
        store.read(verify)
    _sql(store, f"UPDATE entries SET at = at - 1 WHERE seq = {now.seq}")
    store.read(verify)
    store.read(lambda c: check_checkpoint(c, checkpoint))
    _sql(store, f"DELETE FROM entries WHERE seq = {now.seq}")
    with pytest.raises(ChainBroken, match="cut off"):
        store.read(verify)
    before = store.read(lambda c: c.one("entry_hash", now.seq - 1))
    assert before
    _sql(store, f"UPDATE pen SET seq = {now.seq - 1}, hash = '{before[0]}'")
    store.read(verify)  # a cut with the pen moved back looks whole from inside
    with pytest.raises(ChainBroken, match="cut off"):
        store.read(lambda c: check_checkpoint(c, checkpoint))
    _sql(store, f"UPDATE entries SET hash = '{'1' * 64}' WHERE seq = {now.seq - 1}")
    with pytest.raises(ChainBroken, match="rewritten"):
        store.read(lambda c: check_checkpoint(c, {"seq": now.seq - 1, "hash": before[0]}))
    store.close()


async def test_erasing_takes_the_private_part_and_the_chain_still_holds(database: str) -> None:
    async with hub_on(database, furnished=True) as hub, hub_on(database) as other:
        (recorded,) = await hub.handle("message/a", sms("身份证号在此", phone(1)), key="k", by="t")
        # the other hub remembers the stream
        await other.handle("message/a", InterpretMessage(reading=report()), key="", by="t")
        await hub.handle("desk/main", Redact(seq=recorded.seq, ground="当事人申请"), key="", by="user:officer")
        row = (await hub.read(lambda c: list(entries(c, recorded.seq, recorded.seq))))[0]
        assert (row[9], row[10]) == (None, None)
        assert "身份证" not in await _shown(hub)
        assert ERASED in await _shown(hub)
        await hub.read(check_whole)
        await other.handle("message/b", sms("又一句", phone(2)), key="", by="t")
        await other.handle("message/b", InterpretMessage(reading=report()), key="", by="t")
        number = (await hub.read(lambda c: c.all("rows_of_kind", "incident")))[-1][1]
        await other.handle("message/a", AttachMessage(incident=number), key="", by="t")
        assert "身份证" not in await _shown(hub)
        await hub.read(check_whole)


async def _shown(hub: Hub) -> str:
    row = await hub.read(lambda c: c.one("row", "message", "a"))
    assert row
    return str(row[4])


async def test_erasing_a_contact_takes_them_out_of_the_directory(database: str) -> None:
    async with hub_on(database, furnished=True) as hub:
        seq = (await hub.read(lambda c: c.all("entries_of", "contact/A1", 0)))[0][0]
        await hub.handle("desk/main", Redact(seq=seq, ground="离职"), key="", by="t")
        (entry,) = await hub.handle("message/a", sms("着火", phone(1)), key="", by="t")
        assert entry.event.contact is None  # type: ignore[attr-defined]
        await hub.read(check_whole)


async def test_what_cannot_be_erased_is_refused_and_an_unexplained_gap_is_found(database: str) -> None:
    async with hub_on(database, furnished=True) as hub:
        await hub.handle("message/a", sms("x着火", phone(1)), key="", by="t")
        now = await hub.read(head)
        for seq in (1, now.seq + 1, now.seq + 5, 0):
            with pytest.raises(Refused, match="没有"):
                await hub.handle("desk/main", Redact(seq=seq, ground="x"), key="", by="t")
        assert await hub.read(check_whole) == now.seq
        _sql(hub.store, f"UPDATE entries SET private = NULL, salt = NULL WHERE seq = {now.seq}")
        with pytest.raises(ChainBroken, match="no entry says"):
            await hub.read(verify)


async def test_a_stream_longer_than_a_slice_is_rebuilt(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk's own stream and a user's sign-ins grow for years; names sort by the collation of the database, whatever it is."""
    from dutydesk.domain.desks import NoteStart
    from dutydesk.store import remaking as module

    whole = module._streams
    monkeypatch.setattr(module, "_streams", lambda c, upto: whole(c, upto, 3))
    async with hub_on(database, furnished=True) as hub:
        for _ in range(10):
            await hub.handle("desk/main", NoteStart(version="1"), key="", by="t")
        await hub.handle("message/a", sms("x着火", town_phone(1)), key="", by="t")
        await hub.handle("message/aé", sms("y着火", town_phone(1)), key="", by="t")
        await hub.handle("message/A", sms("z着火", town_phone(1)), key="", by="t")
        await hub.read(check_whole)


async def test_rebuild_makes_the_same_rows(database: str) -> None:
    await filled(database)
    store = Store(database)
    before = store.read(lambda c: (c.all("rows_all"), c.all("refs_all")))
    _sql(store, "DELETE FROM rows WHERE kind = 'incident'")
    _sql(store, "UPDATE rows SET body = '{}' WHERE kind = 'message'")
    _sql(store, "DELETE FROM refs WHERE name = 'sender'")
    connection = store.connect()
    assert rebuild(connection) == len(before[0])
    connection.close()
    assert store.read(lambda c: (c.all("rows_all"), c.all("refs_all"))) == before
    assert store.read(lambda c: [r[:2] for r in rebuilt_rows(c, 3)])  # as of a past moment
    store.close()


def test_a_token_names_the_place() -> None:
    assert Head(5, "abcdef0123456789", 0, 1, 0).token == "5:abcdef01"
