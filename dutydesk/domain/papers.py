"""Where a paper that came from another duty room belongs: the incident of what it continues, or a person when it came from above."""

from dutydesk.domain.directory import Directory, Unit
from dutydesk.domain.exchanges import FROM_ABOVE, Exchange, ExchangeFile
from dutydesk.domain.verbs import Found, Look


def words(paper: Exchange) -> tuple[tuple[str, str], ...]:
    """By which words its message is found again: its own name, and the event it is about."""
    event = (("paper.event", paper.event),) if paper.event else ()
    return (("paper", name(paper.desk, paper.number)), *event)


def name(desk: str, number: str) -> str:
    """The word for one paper of one desk."""
    return f"{desk}|{number}"


def sent_to(unit: str, number: str) -> tuple[str, str]:
    """The word by which what we asked a desk over its link is found again: only that desk's answer finds it."""
    return ("paper.sent", name(unit, number))


MOST_FILES = 50  # that one paper names, and that officers attach to one incident
MOST_READ = 100  # messages of an incident in which files are looked for


def files_of(look: Look, incident: Found | None) -> tuple[ExchangeFile, ...]:
    """What came along with an incident's messages and is kept here, the newest last."""
    if incident is None:
        return ()
    told = [look.row("message", id) for id in incident.body["messages"][-MOST_READ:]]
    media = [one for message in told if message for one in message.body["media"] if one["digest"]]
    named = {
        one["digest"]: ExchangeFile(digest=one["digest"], media_type=one["media_type"], size=one.get("size", 0))
        for one in media
    }
    return tuple(named.values())[-MOST_FILES:]


def with_attached(came: tuple[ExchangeFile, ...], attached: tuple[ExchangeFile, ...]) -> tuple[ExchangeFile, ...]:
    """What came along with messages and what officers attached, each file once, as many as a paper names; theirs come first."""
    own = {file.digest for file in attached}
    return (*attached, *(file for file in came if file.digest not in own))[:MOST_FILES]


def going_along(
    look: Look, incident: Found | None, chosen: tuple[ExchangeFile, ...], *, attach: bool
) -> tuple[ExchangeFile, ...]:
    """The files that go with what is sent: those chosen for it, then with `attach` all that stand with the incident, each once."""
    own = {file.digest: file for file in chosen}
    if incident is None or not attach:
        return tuple(own.values())
    attached = (ExchangeFile.model_validate(file) for file in incident.body.get("files", ()))
    return with_attached(
        files_of(look, incident), tuple((own | {f.digest: f for f in attached if f.digest not in own}).values())
    )


def stated(paper: Exchange | None, directory: Directory) -> Unit | None:
    """The unit whose division a paper states."""
    return directory.unit_by_code.get(paper.place.division) if paper else None


def incidents(look: Look, paper: Exchange | None) -> list[Found]:
    """The incidents it may continue: of the same event, or of the papers it refers to. Ours first, then the sender's numbers."""
    if paper is None:
        return []
    found = look.by_ref("incident.event", paper.event, 3) if paper.event else []
    earlier = look.by_ref("paper.event", paper.event, 20) if paper.event else []
    for reference in paper.references[:20]:
        earlier += look.by_ref("paper", name(paper.desk, reference), 3)
    numbers = dict.fromkeys(str(m.body["incident"]) for m in earlier if m.kind == "message" and m.body["incident"])
    known = (look.row("incident", number) for number in numbers)
    return [*found, *(row for row in known if row)]


def settles(paper: Exchange | None, known: tuple[Found, ...], drill: bool, *, below: bool = False) -> tuple[str, str]:
    """The incident it continues, or why a person must look at it; two empty words when it is like any report.

    What comes from above is always for a person, at once, and so is a question from below; an exercise of theirs without a drill of ours
    is no incident, and whether another's alert is one, a person says.
    """
    if paper is None:
        return "", ""
    if paper.kind in FROM_ABOVE or paper.kind == "reply":
        asks = "from_below" if below else "from_above"
        return "", asks if paper.kind in FROM_ABOVE else "paper_reply"
    if paper.drill and not drill:
        return "", "their_drill"
    if known:
        return known[0].id, ""
    return "", "alert" if paper.kind == "alert" else ""
