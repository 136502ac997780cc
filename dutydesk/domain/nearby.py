"""What stands open around a message: its sender's recent ones, pages that wait for that number, incidents near it. Only looks."""

from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from dutydesk.clock import HOUR, day
from dutydesk.domain import papers
from dutydesk.domain.asking import truth_of
from dutydesk.domain.messages import MessageRecorded, Option, Proposal
from dutydesk.domain.readings import Reading
from dutydesk.domain.senders import place
from dutydesk.domain.verbs import Found, Look

# Only these prove the number they come from; elsewhere a sender is a claim, and a claim answers nothing for anybody.
ANSWERING = frozenset({"sms", "voice"})


class Near(NamedTuple):
    """What stands open around a message: its sender's recent messages, pages waiting for that number, incidents near it."""

    recent: tuple[Found, ...] = ()
    pages: tuple[Found, ...] = ()
    incidents: tuple[Found, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    callees: tuple[tuple[str, str], ...] = ()  # page → whom it called at this number
    user: Found | None = None  # somebody of the desk itself
    over: tuple[Found, ...] = ()  # today's pages to this number that are over: a late answer still belongs to one
    receipted: tuple[Found, ...] = ()
    papers: tuple[Found, ...] = ()  # incidents that another duty room's paper continues

    def receipts(self, at: int) -> int:
        """Receipts this sender was sent within the last hour."""
        return sum(1 for m in self.receipted if m.body["receipted_at"] > at - HOUR)

    def side(self, drill: bool) -> "Near":
        """What a real message, or one of a drill, may touch: incidents of its own kind; only a real answer crosses."""
        incidents = tuple(f for f in self.incidents if f.drill == drill)
        pages = tuple(p for p in self.pages if p.drill or not drill)
        recent = tuple(m for m in self.recent if m.drill or not drill)
        over = tuple(p for p in self.over if p.drill or not drill)
        continued = tuple(f for f in self.papers if f.drill == drill)
        return self._replace(incidents=incidents, pages=pages, recent=recent, over=over, papers=continued)


NOBODY = Near()


def sender_day(sender: str, at: int) -> str:
    """The word by which a sender's messages of one day are found; by day, so that a busy sender stays cheap."""
    return f"{sender}|{day(at)}"


@lru_cache(maxsize=64)  # a text may be a megabyte; asked three times of each report: foreseen, looked for, shown
def same_words(sender: str, text: str) -> str:
    """The word by which a sender's messages of the same words are found, however much else the sender wrote."""
    return f"{sender}|{sha256(text.encode(errors='surrogatepass')).hexdigest()[:16]}"


def near_arrival(look: Look, sender: str, text: str) -> Near:
    """What recording needs: the sender's last messages of the same words, and who of the desk has that number."""
    if not sender:
        return NOBODY
    same = look.by_ref("said", same_words(sender, text), 5)
    own = next(iter(look.by_ref("user.phone", sender, 1)), None)
    return Near(recent=tuple(same), user=own)


def _recent_of(look: Look, sender: str) -> tuple[Found, ...]:
    """The sender's messages of today, and of yesterday in the first hour."""
    return tuple(found for word in _days(look, sender) for found in look.by_ref("sender", word, 20))


def _days(look: Look, sender: str) -> list[str]:
    return list(dict.fromkeys((sender_day(sender, look.at), sender_day(sender, look.at - HOUR))))


def _receipted(look: Look, sender: str) -> tuple[Found, ...]:
    """Found by a word of their own: a chatty sender's later messages must not push them out of sight."""
    return tuple(found for word in _days(look, sender) for found in look.by_ref("receipted", word, 200))


def words_of_arrival(sender: str, text: str) -> tuple[tuple[str, str], ...]:
    """The words that `near_arrival` looks for."""
    return (("said", same_words(sender, text)), ("user.phone", sender)) if sender else ()


def words_of_routing(recorded: MessageRecorded, at: int) -> list[tuple[str, str]]:
    """Words that `near` will look for, and those of where the answer goes, as far as the message says them."""
    sender, unit = recorded.sender, recorded.unit
    days = dict.fromkeys((sender_day(sender, at), sender_day(sender, at - HOUR))) if sender else ()
    words = [(name, word) for word in days for name in ("sender", "receipted")]
    words += [(name, sender) for name in ("page.address", "drill.address") if sender]
    words += [("incident.unit", unit)] if unit else []
    return [*words, ("incident.town", recorded.division)]


def near_options(look: Look, recorded: MessageRecorded, options: tuple[Option, ...]) -> Near:
    """For an answered question: whom the pages among its options called at the sender's number."""
    pages = [o.id for o in options if o.kind == "page"]
    return Near(callees=tuple((id, callee) for id in pages if (callee := _callee(look, id, recorded.sender))))


def near(look: Look, recorded: MessageRecorded, reading: Reading, proposals: tuple[Proposal, ...]) -> Near:
    """Everything open that a message may belong to."""
    recent = _recent_of(look, recorded.sender) if recorded.sender else ()
    answers_may = recorded.channel in ANSWERING and bool(recorded.sender)
    pages = look.by_ref("page.address", recorded.sender) if answers_may else []
    waiting = tuple(p for p in pages if p.open)
    if recorded.page and (named := look.row("page", recorded.page)):
        waiting = (*(p for p in waiting if p.id != named.id), named)
    spot = place(recorded, reading, look.directory)
    words = [("incident.unit", spot.unit)] if spot.unit else []
    if len(spot.division) > 6:
        words.append(("incident.town", spot.division))
    same = papers.incidents(look, recorded.exchange)
    found = {f.id: f for f in same} | {f.id: f for name, word in words for f in look.by_ref(name, str(word), 20)}
    said = (recorded.incident, spoken_number(recorded.text), *(p.incident for p in proposals))
    for id in (*said, *_own(recent), *(p.body["incident"] for p in waiting)):
        if id and id not in found and (known := look.row("incident", id)):
            found[id] = known
    incidents = tuple(f for f in found.values() if f.open)
    over = _over(look, recorded.sender) if answers_may and not waiting and _short(recorded.text) else ()
    called = (*waiting, *over)
    callees = tuple((p.id, callee) for p in called if (callee := _callee(look, p.id, recorded.sender)))
    receipted = _receipted(look, recorded.sender) if recorded.channel == "sms" and recorded.sender else ()
    continued = tuple(f for f in same if f.open)
    return Near(recent, waiting, incidents, proposals, callees, None, over, receipted, continued)


def _short(text: str) -> bool:
    """Short enough for a late answer to a page that is over, or one that says whether something is so."""
    return len(text) < 20 or truth_of(text) is not None


def _over(look: Look, number: str) -> tuple[Found, ...]:
    return tuple(look.by_ref("page.over", sender_day(number, look.at), 3))


def _callee(look: Look, page: str, number: str) -> str:
    """Whom a page called at a number."""
    sent = look.by_ref("about", f"page/{page}", 50)
    return next((str(d.body["callee"]) for d in sent if d.kind == "delivery" and d.body["to"] == number), "")


def _own(recent: tuple[Found, ...]) -> list[str]:
    return [str(m.body["incident"]) for m in recent if m.body["incident"]][:3]


def spoken_number(text: str) -> str | None:
    """An incident's number that a text begins with."""
    head = text.strip()[:12].replace("#", "").replace("事件", "")
    return head if len(head) == 12 and head[8:9] == "-" and head.replace("-", "").isdigit() else None
