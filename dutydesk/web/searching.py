"""GET /api/search: full text over the journal, in Chinese too, within what each may see and as masked as they see it."""

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice

from aiohttp import web

from dutydesk.store import grams
from dutydesk.store.connection import Connection, Params
from dutydesk.store.journal import backwards, seq_at
from dutydesk.store.search import SearchIndex
from dutydesk.store.store import head
from dutydesk.web import bodies, duty_log, sight
from dutydesk.web.frames import Audience, mask
from dutydesk.web.parts import PARTS
from dutydesk.web.people import BadRequest, person
from dutydesk.web.period import period

MOST_LOOKED_AT = 2_000  # entries that one answer looks up in the journal
MOST_COUNTED = 1_000  # finds that are counted; then it is said that there are more
MOST_SCANNED = 5_000  # entries read one by one for a single character, which no pair can find
AT_ONCE = 64
FILTERS = ("q", "from", "to", "kind", "person", "before", "limit")


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for: words that must all stand in an entry, where and by whom, below which seq, how many."""

    words: tuple[str, ...]
    wanted: duty_log.Filter
    between: tuple[int, int] | None  # instants
    before: int
    limit: int

    @property
    def pairs(self) -> tuple[str, ...]:
        return tuple(word for word in self.words if len(word) > 1)


async def search(request: web.Request) -> web.Response:
    """Entries that hold every word, newest first; `next` is where to go on, `indexed` how far the index has come."""
    parts, whom = request.app[PARTS], person(request).audience
    ask = partial(_answer, index=parts.index, whom=whom, question=_question(request))
    return bodies.json_text(await parts.hub.read(ask))


async def count(request: web.Request) -> web.Response:
    """How many entries hold every word, as far as its reader may see them: `{"count": n, "more": bool}`. Counting stops at a thousand, or
    where as many were looked at as one answer looks at."""
    parts, whom, asked = request.app[PARTS], person(request).audience, replace(_question(request), limit=MOST_COUNTED)
    found, following = await parts.hub.read(partial(find, index=parts.index, whom=whom, question=asked))
    return bodies.json({"count": len(found), "more": following is not None})


def _question(request: web.Request) -> Question:
    words = tuple(grams.runs(grams.plain(request.query.get("q", "")[:200])))
    if not words:
        raise BadRequest("请写要找的字")
    when = period(request) if request.query.get("from") or request.query.get("to") else None
    limit = min(max(bodies.integer(request, "limit", 50), 1), 500)
    wanted = duty_log.asked(request).model_copy(update={"all": True})
    return Question(words, wanted, when, bodies.integer(request, "before", 2**62), limit)


def _answer(connection: Connection, index: SearchIndex, whom: Audience, question: Question) -> str:
    found, following = find(connection, index, whom, question)
    shown = ",".join(sight.entry_text(record, whom.masked) for record in found)
    following_text = "null" if following is None else str(following)
    place, now = index.place(), head(connection).seq
    return f'{{"entries":[{shown}],"next":{following_text},"indexed":{place},"head":{now}}}'


def find(
    connection: Connection, index: SearchIndex, whom: Audience, question: Question
) -> tuple[list[Params], int | None]:
    """The entries an audience may see that hold every word, and the seq to go on before (None: nowhere)."""
    first, before = _bounds(connection, question)
    most = MOST_LOOKED_AT if question.pairs else MOST_SCANNED
    found: list[Params] = []
    with closing(_candidates(connection, index, question, before, first)) as candidates:
        for looked, record in enumerate(candidates):
            if len(found) == question.limit or looked == most:
                return found, int(record[0]) + 1
            fits = _holds(record, whom, question.words) and question.wanted.wants(record)
            if fits and sight.may_read(connection, whom, record[2]):
                found.append(record)
    return found, None


def _bounds(connection: Connection, question: Question) -> tuple[int, int]:
    first, last = 1, head(connection).seq + 1
    if question.between is not None:
        first, last = (seq_at(connection, at) for at in question.between)
    return first, min(last, question.before)


def _candidates(
    connection: Connection, index: SearchIndex, question: Question, before: int, first: int
) -> Generator[Params, None, None]:
    """Raw entries that may hold the words, newest first; without a pair to look for, simply the newest."""
    if not question.pairs:
        yield from backwards(connection, before, first)
        return
    with closing(index.find(question.pairs, before, first)) as seqs:
        while some := list(islice(seqs, AT_ONCE)):
            records = connection.among("entry_numbered", [(seq,) for seq in some])
            yield from sorted(records, key=lambda record: -int(record[0]))


def _holds(record: Params, whom: Audience, words: tuple[str, ...]) -> bool:
    """Whether the entry as this audience is shown it says every word: a number that is masked is not found."""
    text = grams.searched(record)
    shown = mask(text) if whom.masked else text
    return all(word in shown for word in words)
