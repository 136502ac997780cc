"""The heart: one input under the pen. Decide, write entries, set timers, queue messages, update rows; then ask others.

Only this module calls the four verbs; only the hub calls this module. `tx` buffers; the hub flushes and commits. A refusal raises and
leaves nothing behind: the hub throws the input's buffer away.
"""

from collections import deque
from collections.abc import Sequence
from typing import Any, NamedTuple

from dutydesk.domain.catalogue import catalogue
from dutydesk.domain.directory import Directory
from dutydesk.domain.rules import Rules
from dutydesk.domain.verbs import (
    Act,
    Ask,
    Book,
    CancelTimer,
    Command,
    Context,
    Fire,
    Send,
    SetTimer,
    Withdraw,
    split,
)
from dutydesk.errors import NotFound
from dutydesk.store.buffers import Fold
from dutydesk.store.entries import Entry
from dutydesk.store.tx import Author, Tx


class Work(NamedTuple):
    """One input: a command for a stream, by whom, under which key. An empty key is for inputs that cannot repeat by nature.

    `digest` guards a key against another body (empty: not guarded). `drill` marks a stream that this input begins.
    """

    stream: str
    command: Command
    key: str
    by: str
    digest: str = ""
    drill: bool = False


def transact(tx: Tx, work: Work) -> list[Entry]:
    """Handle one input. Returns its entries; a key handled before returns the entries of the first time.

    Raises Refused (the command does not fit), KeyReused (same key, another body), NotFound (no such kind of stream).
    """
    if work.key and (earlier := tx.earlier(work.key, work.digest)) is not None:
        return earlier
    if isinstance(work.command, Fire) and not tx.take_timer(work.stream, work.command.name, work.command.due_at):
        return []
    first, entries = tx.seq + 1, list[Entry]()
    queue: deque[tuple[str, Command, bool]] = deque([(work.stream, work.command, work.drill)])
    while queue:
        stream, command, drill = queue.popleft()
        book = _book(stream)
        fold = tx.fold(stream, book, begins=command.begins())
        drill = fold.drill if fold.version else drill
        events = book.decide(fold.state, command, _context(tx, work, book, fold, command, drill))
        if events:
            entries += tx.append(stream, book, fold, events, Author(work.by, work.key, drill))
            id = split(stream)[1]
            for event in events:
                for act in book.follow_up(id, event):
                    _do(tx, stream, act, drill, queue)
    if work.key:
        tx.remember(work.key, work.digest, first)
    return entries


def foresee(tx: Tx, inputs: Sequence[Work], at: int) -> None:
    """Before several inputs share a pen: have the store asked once for what each of them would ask on its own."""
    words, timers = dict[tuple[str, str], None](), dict[tuple[str, str], None]()
    for work in inputs:
        if isinstance(work.command, Fire):
            timers[(work.stream, work.command.name)] = None
        elif book := catalogue.get(split(work.stream)[0]):
            words |= dict.fromkeys(book.words(tx.remembered(work.stream, book), work.command, at))
    tx.foresee(list({work.key: None for work in inputs if work.key}), list(words), list(timers))


def _book(stream: str) -> Book:
    book = catalogue.get(split(stream)[0])
    if book is None:
        raise NotFound(f"没有这一类:{stream}")
    return book


def _context(tx: Tx, work: Work, book: Book, fold: Fold, command: Command, drill: bool) -> Context[Any]:
    """Facts are read here, inside the loop, so that each command sees what the ones before it wrote."""
    facts = book.facts(tx, fold.state, command)
    if book.policy:  # policy is decided without policy
        return Context(tx.at, work.by, drill, facts, Rules(), Directory())
    return Context(tx.at, work.by, drill, facts, tx.rules, tx.directory)


def _do(tx: Tx, stream: str, act: Act, drill: bool, queue: deque[tuple[str, Command, bool]]) -> None:
    match act:
        case Ask(target, command):
            queue.append((target, command, drill))
        case SetTimer():
            tx.set_timer(stream, act, drill)
        case CancelTimer(name):
            tx.cancel_timer(stream, name)
        case Send():
            tx.post(stream, act, drill)
        case Withdraw():
            tx.withdraw(stream)
