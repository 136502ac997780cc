"""Truth 6, by its own way: folding every stream and replaying its consequences gives exactly the timers and the outbox that stand."""

from dutydesk.domain.catalogue import catalogue
from dutydesk.domain.verbs import CancelTimer, Send, SetTimer, Withdraw, split
from dutydesk.store.connection import Connection
from dutydesk.store.entries import decode
from dutydesk.store.store import entries, head


def promises_kept(connection: Connection) -> None:
    """Raises AssertionError naming the promise that is missing or that nobody made. Timers that fired are told by `fired`."""
    timers: dict[tuple[str, str], int] = {}
    outbox: set[str] = set()
    for record in entries(connection, 1, head(connection).seq):
        entry = decode(record)
        kind, id = split(entry.stream)
        for act in catalogue[kind].follow_up(id, entry.event):
            match act:
                case SetTimer():
                    timers[entry.stream, act.name] = act.due_at
                case CancelTimer():
                    timers.pop((entry.stream, act.name), None)
                case Send():
                    outbox.add(entry.stream)
                case Withdraw():
                    outbox.discard(entry.stream)
    standing = {(s, n): due for s, n, due, _lane in connection.all("timers_all")}
    now = connection.one("head")
    assert now is not None
    gone = {key: due for key, due in timers.items() if key not in standing}
    assert all(due <= now[2] for due in gone.values()), f"timers lost before they were due: {gone}"
    assert standing == {key: timers.get(key) for key in standing}, "a timer stands that no event set"
    assert {s for s, _promise in connection.all("outbox_all")} == outbox
