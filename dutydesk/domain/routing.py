"""Where a message belongs: an open page, an open question, an incident, a new one, or a person. Pure, small, explainable.

Three ways in for a text (peers: "where does a reply go?"): an answer, more about something open, something new. Doubt never
drops: the sender is asked back with numbered choices, or a person decides.
"""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from dutydesk.clock import HOUR, MINUTE, SECOND, day
from dutydesk.domain import answers, pairs, papers
from dutydesk.domain.asking import truth_of
from dutydesk.domain.messages import MessageRecorded, Option, Proposal
from dutydesk.domain.readings import Reading, tells
from dutydesk.domain.rules import Rules
from dutydesk.domain.senders import author, place
from dutydesk.domain.verbs import Context, Found, Look


@dataclass(frozen=True, slots=True)
class ToPage:
    """`incident`: the page asked about it, and what else the answer says belongs there too."""

    page: str
    who: str
    text: str
    minutes: int | None = None
    incident: str = ""


@dataclass(frozen=True, slots=True)
class ToAsker:
    """An answer over a link to what a stream of ours asked."""

    asker: str
    who: str
    text: str
    incident: str = ""


@dataclass(frozen=True, slots=True)
class ToQuestion:
    message: str
    choice: int


@dataclass(frozen=True, slots=True)
class ToIncident:
    incident: str
    why: str


@dataclass(frozen=True, slots=True)
class AskBack:
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class ToPerson:
    reason: str


@dataclass(frozen=True, slots=True)
class ToNew:
    maybe: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WantsLink:
    """A contact asks for the address of their reporting page."""


# Only these prove the number they come from; elsewhere a sender is a claim, and a claim answers nothing for anybody.
ANSWERING = frozenset({"sms", "voice"})
LINK_WORDS = frozenset({"链接", "上报链接", "网页", "link"})

Route = WantsLink | ToPage | ToAsker | ToQuestion | ToIncident | AskBack | ToPerson | ToNew


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


@lru_cache(maxsize=256)  # asked three times of each report: foreseen, looked for, shown
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
    said = (recorded.incident, _spoken_number(recorded.text), *(p.incident for p in proposals))
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


def _spoken_number(text: str) -> str | None:
    head = text.strip()[:12].replace("#", "").replace("事件", "")
    return head if len(head) == 12 and head[8:9] == "-" and head.replace("-", "").isdigit() else None


def repeated(around: Near, text: str, sender: str, context: Context[object]) -> Found | None:
    """The same text of the same sender within the window: a nervous thumb, or a gateway that re-issues."""
    since = context.at - context.rules.intake.repeat_window_s * SECOND
    alike = [m for m in around.recent if m.body["text"] == text and m.body["received_at"] >= since]
    same = [m for m in alike if m.drill == context.drill]
    if not (same and sender and text.strip()):
        return None
    answer = answers.parse(text).kind != "text" or (len(text) < 20 and truth_of(text))
    return None if answer else same[0]


def route(recorded: MessageRecorded, reading: Reading, around: Near, context: Context[object]) -> Route:
    """Decide where a read message goes. The order of the questions is the policy."""
    around = around.side(context.drill)
    if recorded.page:
        return answer_page(recorded, recorded.page, around)
    if recorded.asker:
        return ToAsker(recorded.asker, author(recorded), recorded.text, recorded.incident or "")
    if recorded.incident and any(f.id == recorded.incident for f in around.incidents):
        return ToIncident(recorded.incident, "named")
    below = any(peer.name == recorded.via and peer.side == "below" for peer in context.rules.peers)
    incident, reason = papers.settles(recorded.exchange, around.papers, context.drill, below=below)
    if incident or reason:
        return ToIncident(incident, "same_event") if incident else ToPerson(reason)
    if recorded.contact and recorded.channel == "sms" and recorded.text.strip().lower() in LINK_WORDS:
        return WantsLink()
    said = answers.parse(recorded.text)
    if said.kind == "more_time" and reading.is_emergency:
        said = answers.Answer("text")
    asked = [m for m in around.recent if m.body["status"] == "asked"] if recorded.channel in ANSWERING else []
    if asked and said.number and said.kind in ("ack", "choice"):
        return ToQuestion(asked[0].id, said.number)
    if around.pages and said.kind != "text":
        return _answer_by_number(recorded, around, said)
    if said.kind != "text":
        return answer_page(recorded, around.over[0].id, around) if around.over else ToPerson("answer_to_nothing")
    answer = _answers_question(recorded, reading, around) or _beside_pairs(recorded, reading, around)
    return answer or _route_report(recorded, reading, around, context)


def _answers_question(recorded: MessageRecorded, reading: Reading, around: Near) -> Route | None:
    """A text in words that answers an open question: it says whether it is so, or what was asked for. News is never only that."""
    asks = ["truth"] if truth_of(recorded.text) else []
    asks += [] if reading.is_emergency else ["presence", "check"]
    asks += [] if _is_news(recorded, reading) else ["report", "guidance"]
    asks += ["pair"] if not tells(reading) and pairs.is_answer(recorded.text) else []
    open_ones = [p for p in around.pages if p.open and p.body.get("asks", "sign") in asks]
    if not open_ones and not reading.is_emergency:  # about a lead that is no incident yet, words are an answer too
        open_ones = [p for p in around.pages if p.open and p.body.get("asks") == "truth" and not p.body["incident"]]
    if len(open_ones) > 1:
        return _which_page(open_ones)
    if open_ones:
        return answer_page(recorded, open_ones[0].id, around)
    late = [p for p in around.over if p.body.get("asks", "sign") == "truth" and "truth" in asks]
    return answer_page(recorded, late[0].id, around) if late else None


def _beside_pairs(recorded: MessageRecorded, reading: Reading, around: Near) -> ToPerson | None:
    """A question about pairs waits for days: a few words that do not clearly answer it are a person's to judge, never swallowed."""
    asked = {p.body.get("asks") for p in around.pages if p.open} == {"pair"}
    own = {m.body["incident"] for m in around.recent} & {f.id for f in around.incidents}  # more about it goes there
    unclear = asked and not own and not tells(reading) and pairs.may_be_answer(recorded.text)
    return ToPerson("beside_pairs") if unclear else None


def _is_news(recorded: MessageRecorded, reading: Reading) -> bool:
    """An emergency that says it is a first report, or tells of people lost: a round's answer may name water in a street, not this."""
    lost = any(getattr(reading, name) for name in ("deaths", "missing", "trapped", "seriously_injured"))
    return reading.is_emergency and ("首报" in recorded.text or lost)


def _which_page(pages: list[Found]) -> AskBack:
    return AskBack(tuple(Option(kind="page", id=p.id, label=str(p.body["subject"])[:30]) for p in pages[:9]))


def answer_page(recorded: MessageRecorded, page: str, around: Near) -> ToPage:
    """A message as an answer to a page: an acknowledgement, or a wish for more time."""
    said = answers.parse(recorded.text)
    who = dict(around.callees).get(page) or author(recorded)
    if said.kind == "more_time":
        return ToPage(page, who, said.text or recorded.text, said.number)
    asked = next(
        (p.body for p in (*around.pages, *around.over) if p.id == page and p.body.get("asks", "sign") != "sign"), {}
    )
    return ToPage(page, who, recorded.text, incident=str(asked.get("incident") or ""))


def _answer_by_number(recorded: MessageRecorded, around: Near, said: answers.Answer) -> Route:
    """What waits a day for an answer (pairs) stands back behind a call: it comes last, and 收到 or more time is not meant for it."""
    calls = [p for p in around.pages if p.body.get("asks") != "pair"]
    pages = sorted(around.pages, key=calls.__contains__, reverse=True)
    if calls and (said.kind == "more_time" or not said.number):
        pages = calls
    return _which_page(pages) if len(pages) > 1 else answer_page(recorded, pages[0].id, around)


def _route_report(recorded: MessageRecorded, reading: Reading, around: Near, context: Context[object]) -> Route:
    if not (recorded.contact or recorded.unit or recorded.channel in ("call", "api", "link")):
        return ToPerson("unknown_sender")
    if (spoken := _spoken_number(recorded.text)) and any(f.id == spoken for f in around.incidents):
        return ToIncident(spoken, "number_in_text")
    if reading.reader.startswith("failed"):
        return ToPerson("unread")
    if reading.nature in ("greeting", "advertisement", "notice", "tip", "rumour_denied"):
        return ToPerson(f"reads_as_{reading.nature}")
    return _same_or_new(recorded, reading, around, context)


def _same_or_new(recorded: MessageRecorded, reading: Reading, around: Near, context: Context[object]) -> Route:
    sure = [p for p in around.proposals if p.sure and any(f.id == p.incident for f in around.incidents)]
    if sure:
        return ToIncident(sure[0].incident, sure[0].why or "reader")
    if asked := _asked_about(reading, around):
        return ToIncident(asked, "answers_page")
    alike = [f for f in around.incidents if _alike(f, recorded, reading, context.at, context.rules)]
    if len(alike) == 1:
        return ToIncident(alike[0].id, "same_place_and_time")
    if len(alike) > 1:
        return _ask_which(alike)
    if follows := _continues(recorded, reading, around, context):
        return ToIncident(follows, "same_sender")
    maybe = {p.incident for p in around.proposals} | {f.id for f in around.incidents if _recent(f, context)}
    return ToNew(tuple(sorted(maybe)))


def _asked_about(reading: Reading, around: Near) -> str | None:
    """The incident of the one page that waits for this sender, when the text names no other place and no other kind."""
    about = {str(p.body["incident"]) for p in around.pages if p.body["incident"]}
    asked = [f for f in around.incidents if f.id in about]
    if len(asked) != 1 or not _kinds_agree(asked[0].body, reading):
        return None
    elsewhere = reading.places and asked[0].body["unit"] and reading.places[0].code != asked[0].body["unit"]
    return None if elsewhere else asked[0].id


def _ask_which(alike: list[Found]) -> Route:
    options = [Option(kind="incident", id=f.id, label=str(f.body["title"])[:30]) for f in alike[:8]]
    return AskBack((*options, Option(kind="new", label="另一件新情况")))


def _alike(found: Found, recorded: MessageRecorded, reading: Reading, at: int, rules: Rules) -> bool:
    """The same unit, a kind that does not contradict, last heard of within the window: the same incident."""
    body = found.body
    fresh = at - int(body["last_report_at"]) <= rules.intake.same_incident_minutes * MINUTE
    same_unit = bool(body["unit"]) and body["unit"] == (recorded.unit if not reading.places else reading.places[0].code)
    return fresh and same_unit and _kinds_agree(body, reading) and (_is_works(body) or _groups_agree(body, reading))


def _kinds_agree(body: dict[str, object], reading: Reading) -> bool:
    if not body["category"] or not reading.category:
        return True
    return body["category"] == reading.category


def _is_works(body: dict[str, object]) -> bool:
    """An enterprise is one place; a town is many, so there the kind must be the same, not only the category."""
    return str(body["unit"]).startswith("E-")


def _groups_agree(body: dict[str, object], reading: Reading) -> bool:
    known = str(body.get("code") or "")
    return not known or not reading.code or known[:3] == reading.code[:3]


def _continues(recorded: MessageRecorded, reading: Reading, around: Near, context: Context[object]) -> str | None:
    """The sender's own incident of a moment ago, when this text names no other place, or says it is a follow-up."""
    open_ids = {f.id for f in around.incidents}
    window = context.rules.intake.join_window_s * SECOND
    for earlier in around.recent:
        incident, age = earlier.body["incident"], context.at - int(earlier.body["received_at"])
        if incident not in open_ids or recorded.sender[:1] != "+":
            continue
        cut = bool((earlier.body["reading"] or {}).get("cut_off"))
        asked = bool(earlier.body["asked"]) and age <= context.rules.intake.choice_window_s * SECOND
        if asked and not reading.places:
            return str(incident)
        if reading.kind in ("续报", "终报") or (age <= window and (cut or not reading.is_emergency)):
            return str(incident)
    return None


def _recent(found: Found, context: Context[object]) -> bool:
    return context.at - int(found.body["last_report_at"]) <= context.rules.intake.same_incident_minutes * MINUTE
