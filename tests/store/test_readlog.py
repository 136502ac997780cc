"""The log of reads has a chain of its own, and two hubs may write it at once. On both engines."""

import threading

import pytest

from dutydesk.errors import ChainBroken
from dutydesk.store import readlog
from dutydesk.store.store import Store


@pytest.fixture
def store(database: str) -> Store:
    made = Store(database)
    made.prepare()
    return made


def test_reads_stand_in_order_and_their_chain_holds(store: Store) -> None:
    connection = store.connect()
    readlog.append(connection, [(n, "user:officer", f"/api/incident/{n}") for n in range(150)])
    assert readlog.verify(connection) == 150
    assert [row[3] for row in connection.all("reads_before", 2**62, 2)] == ["/api/incident/149", "/api/incident/148"]
    connection.close()


@pytest.mark.parametrize(
    "change", ["UPDATE reads SET author = 'user:x' WHERE seq = 7", "DELETE FROM reads WHERE seq = 7"]
)
def test_a_read_changed_or_taken_out_is_found(store: Store, change: str) -> None:
    connection = store.connect()
    readlog.append(connection, [(n, "user:officer", "/api/me") for n in range(10)])
    connection.script([change])
    with pytest.raises(ChainBroken):
        readlog.verify(connection)
    connection.close()


def test_reads_past_their_time_may_go_and_the_rest_still_holds(store: Store) -> None:
    connection = store.connect()
    readlog.append(connection, [(n, "user:officer", "/api/me") for n in range(10)])
    connection.run("drop_reads_before", 4)
    assert readlog.verify(connection) == 6
    connection.close()


def test_four_hubs_write_at_once_and_none_is_lost(store: Store) -> None:
    def write(name: str) -> None:
        connection = store.connect()
        for n in range(20):
            readlog.append(connection, [(n, name, "/x"), (n, name, "/y")])
        connection.close()

    threads = [threading.Thread(target=write, args=(f"hub{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    connection = store.connect()
    assert readlog.verify(connection) == 160
    connection.close()
