"""Where a message belongs: an open page, an open question, an incident, a new one, or a person. Pure, small, explainable.

Three ways in for a text (peers: "where does a reply go?"): an answer, more about something open, something new. Doubt never
drops: the sender is asked back with numbered choices, or a person decides.
"""

from dutydesk.clock import SECOND
from dutydesk.domain import answers, pairs, papers
from dutydesk.domain.asking import truth_of
from dutydesk.domain.joining import same_or_new
from dutydesk.domain.messages import MessageRecorded, Option
from dutydesk.domain.nearby import ANSWERING, Near, spoken_number
from dutydesk.domain.readings import Reading, tells
from dutydesk.domain.routes import AskBack, Route, ToAsker, ToIncident, ToPage, ToPerson, ToQuestion, WantsLink
from dutydesk.domain.senders import author
from dutydesk.domain.verbs import Context, Found

LINK_WORDS = frozenset({"链接", "上报链接", "网页", "link"})


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
    if (spoken := spoken_number(recorded.text)) and any(f.id == spoken for f in around.incidents):
        return ToIncident(spoken, "number_in_text")
    if reading.reader.startswith("failed"):
        return ToPerson("unread")
    if reading.nature in ("greeting", "advertisement", "notice", "tip", "rumour_denied"):
        return ToPerson(f"reads_as_{reading.nature}")
    return same_or_new(recorded, reading, around, context)
