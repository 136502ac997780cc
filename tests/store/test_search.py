"""The search index: two-character words on both engines, behind the journal and never before it, and nothing erased in it."""

from collections.abc import AsyncIterator, Iterable
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dutydesk.domain.desks import Redact
from dutydesk.errors import Unavailable
from dutydesk.hub import Hub
from dutydesk.store import grams
from dutydesk.store.search import SearchIndex
from dutydesk.store.store import head
from tests.kit import hub_on, phone, sms


@pytest.fixture
async def hub(database: str) -> AsyncIterator[Hub]:
    async with hub_on(database, furnished=True) as made:
        yield made


@pytest.fixture
def index(hub: Hub) -> SearchIndex:
    return SearchIndex(hub.store)


async def say(hub: Hub, number: int, text: str) -> int:
    entries = await hub.handle(f"message/m{number}", sms(text, phone(1)), key=f"m{number}", by="main")
    return entries[0].seq


def found(index: SearchIndex, *words: str, before: int = 2**62, first: int = 1) -> list[int]:
    return list(index.find(words, before, first))


def catch_up(index: SearchIndex) -> None:
    while index.follow(7):
        pass


async def test_words_of_two_characters_are_found_and_others_are_not(hub: Hub, index: SearchIndex):
    one = await say(hub, 1, "化工厂爆炸,3人受伤")
    two = await say(hub, 2, "山体滑坡堵路")
    three = await say(hub, 3, "又一起爆炸")
    catch_up(index)
    assert found(index, "爆炸") == [three, one]
    assert found(index, "滑坡") == [two]
    assert found(index, "爆炸", "化工厂") == [one]
    assert found(index, "炸爆") == []
    assert found(index, "爆炸", before=three) == [one]
    assert found(index, "爆炸", first=two) == [three]
    index.close()


async def test_a_connection_that_broke_is_asked_once_more_and_then_no_more(hub: Hub, index: SearchIndex):
    one = await say(hub, 1, "化工厂爆炸,3人受伤")
    catch_up(index)
    assert found(index, "爆炸") == [one]
    index._readers.put(broken := index._readers.get())
    broken.close()  # as when the server was started anew
    with pytest.raises(Unavailable):
        found(index, "爆炸")
    assert found(index, "爆炸") == [one]
    assert index.place() >= one
    index.close()


async def test_the_index_follows_the_journal_slice_by_slice_to_its_head(hub: Hub, index: SearchIndex):
    for number in range(30):
        await say(hub, number, f"第{number}次巡查发现裂缝")
    catch_up(index)
    assert index.place() == (await hub.read(head)).seq
    assert len(found(index, "裂缝")) == 30
    last = await say(hub, 99, "裂缝扩大")
    assert last not in found(index, "裂缝")
    catch_up(index)
    assert found(index, "裂缝")[0] == last
    index.close()


async def test_an_erased_text_is_in_no_list_of_the_index(hub: Hub, index: SearchIndex):
    await say(hub, 1, "普通来报")
    note = await hub.handle("message/m2", sms("张三家中自缢", phone(1)), key="m2", by="main")
    catch_up(index)
    assert found(index, "自缢") == [note[0].seq]
    await hub.handle("desk/main", Redact(seq=note[0].seq, ground="本人申请"), key="", by="user:officer")
    catch_up(index)
    assert found(index, "自缢") == []
    connection = hub.store.connect_index()
    assert connection.all("places_of", "自缢", 0, 10) == []
    assert connection.all("places_of", "来报", 0, 10) != []
    connection.close()
    index.close()


async def test_an_index_of_another_journal_is_made_anew(hub: Hub, index: SearchIndex):
    await say(hub, 1, "爆炸")
    catch_up(index)
    connection = hub.store.connect_index()
    connection.begin_beside()
    connection.run("put_indexed", 3, "f" * 64)
    connection.commit()
    connection.close()
    catch_up(index)
    assert len(found(index, "爆炸")) == 1
    index.rebuild()
    assert len(found(index, "爆炸")) == 1
    index.close()


async def test_two_hubs_that_follow_index_each_entry_once(hub: Hub, index: SearchIndex):
    other = SearchIndex(hub.store)
    for number in range(20):
        await say(hub, number, "裂缝")
    while index.follow(3) | other.follow(3):
        pass
    assert len(found(index, "裂缝")) == len(set(found(index, "裂缝"))) == 20
    index.close()
    other.close()


async def test_a_long_index_is_searched_block_by_block(hub: Hub, index: SearchIndex, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(grams, "BLOCK", 4)
    monkeypatch.setattr("dutydesk.store.search.WINDOW", 2)
    wanted = [await say(hub, number, "裂缝" if number % 5 == 0 else "其他") for number in range(40)][::5]
    catch_up(index)
    assert found(index, "裂缝") == wanted[::-1]
    index.close()


async def test_the_machines_codes_are_not_searched(hub: Hub, index: SearchIndex):
    await say(hub, 1, "爆炸")
    catch_up(index)
    assert found(index, "sms") == []
    index.close()


async def test_of_a_common_word_only_the_newest_block_is_read(
    hub: Hub, index: SearchIndex, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(grams, "BLOCK", 4)
    newest = [await say(hub, number, "裂缝") for number in range(40)][-1]
    catch_up(index)
    read = list[list[str]]()
    common = grams.common

    def counted(lists: Iterable[str]) -> list[int]:
        read.append(list(lists))
        return common(read[-1])

    monkeypatch.setattr(grams, "common", counted)
    with closing(index.find(("裂缝",), 2**62, 1)) as seqs:
        assert next(seqs) == newest
    assert len(read) == 1
    index.close()


@given(st.text(max_size=60), st.lists(st.sets(st.integers(0, 4095), max_size=30), min_size=1, max_size=3))
def test_places_are_read_as_they_were_written_and_a_text_holds_its_own_words(text: str, several: list[set[int]]):
    shared = set[int].intersection(*several)
    assert grams.common(map(grams.written, several)) == sorted(shared, reverse=True)
    plain = grams.plain(text)
    whole = grams.grams(plain)
    for run in grams.runs(plain):
        assert run in plain
        assert grams.grams(run) <= whole


@pytest.mark.parametrize(
    ("text", "word"),
    [("ＡＢＣ１２３", "abc"), ("Ｆ-16 坠落", "16"), ("１３８００００１１１１", "0000"), ("香港中路8号", "路8号")],
)
def test_width_and_case_do_not_matter(text: str, word: str):
    assert grams.grams(grams.plain(word)) <= grams.grams(grams.plain(text))
