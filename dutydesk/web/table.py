"""All ways into the web, in one list: what the guard enforces, the description describes and the role test walks."""

from typing import Final

from dutydesk.web import (
    account,
    attachments,
    circulars,
    commands,
    contact,
    coverage,
    drills,
    feed,
    handovers,
    health,
    oidc,
    openapi,
    readlog,
    reads,
    reporting,
    reports,
    rosters,
    schematic,
    second,
    submissions,
    verifications,
    views,
)
from dutydesk.web.acts import CALLERS
from dutydesk.web.chief_ways import chief
from dutydesk.web.frames import BOARD
from dutydesk.web.link_ways import exchanged
from dutydesk.web.paper_ways import papers
from dutydesk.web.people import ALL, CHIEFS, DESK
from dutydesk.web.sheets import FORMATS
from dutydesk.web.ways import Handler, Way

READERS: Final = ALL - {"unit"}  # circulars are about the whole desk
OPENERS: Final = DESK | {"leader"}  # an attachment cannot be masked, so those who see masked numbers do not get it
AUDITORS: Final = frozenset({"administrator", "auditor"})
_KINDS: Final = tuple(kind for kind in BOARD if kind not in ("user", "tally"))  # those two have ways of their own
_KIND: Final = f"{{kind:{'|'.join(_KINDS)}}}"
_ID = "{id}"


def ways() -> list[Way]:
    """The table."""
    known = [*_views(), *_account(), *_feed(), *_watch(), *_reading(), *_writing(), *_outside()]
    return [*papers(), *chief(), *exchanged(), *known]


def _views() -> list[Way]:
    return [
        Way("GET", "/sign-in", views.sign_in_view, "The sign-in form"),
        Way("POST", "/sign-in", views.sign_in, "Sign in with a form; checks the origin itself", query=()),
        Way("GET", "/sign-in/second", views.second_view, "The form for the second factor", query=("next",)),
        Way("POST", "/sign-in/second", views.second_code, "A one-time code; checks the origin itself", query=("next",)),
        Way("POST", "/sign-in/second/ask", second.key_asked, "What a security key is asked; checks the origin itself"),
        Way("POST", "/sign-in/second/key", second.key_answered, "A security key's answer; checks the origin itself"),
        Way("GET", "/sign-in/oidc", oidc.go, "To the city's identity service"),
        Way("GET", "/sign-in/oidc/back", oidc.back, "Back from it", query=("code", "state")),
        Way("POST", "/sign-out", views.sign_out, "End the session", ALL, "csrf", unproven=True, locked_too=True),
        Way("GET", "/", views.console, "The console's shell", ALL),
        Way("GET", "/submissions/{id}", submissions.view, "A report upward as it is printed", OPENERS),
        Way("GET", "/circulars/{id}", circulars.view, "A circular as a page", READERS, query=("export",), read=True),
        Way(
            "GET",
            "/blobs/{digest}",
            attachments.download,
            "What came along with a message, to be saved",
            OPENERS,
            read=True,
        ),
        Way("GET", "/plain.css", views.stylesheet, "Stylesheet of the light views"),
    ]


def _account() -> list[Way]:
    def own(method: str, path: str, handler: Handler, says: str) -> Way:
        return Way(method, path, handler, says, ALL, "csrf" if method == "POST" else "none", unproven=True)

    return [
        own("GET", "/account", account.view, "One's own second factors"),
        own("POST", "/account/code", account.add_code, "Begin to add an authenticator app"),
        own("POST", "/account/confirm", account.confirm_code, "The first code of a new app"),
        own("POST", "/account/remove", account.remove, "Take a factor away"),
        own("POST", "/account/key", account.begin_key, "Begin to add a security key"),
        own("POST", "/account/key/done", account.add_key, "The new key's answer"),
        Way("GET", "/api/proof", second.proof_asked, "Which proofs one can give before a signature", ALL),
        Way("POST", "/api/proof", second.prove, "Give a proof before a signature", ALL, "csrf"),
    ]


def _feed() -> list[Way]:
    return [
        Way("GET", "/live", feed.live, "The feed, a websocket", ALL, "origin", query=("since",)),
        Way(
            "GET",
            "/api/board",
            reads.board,
            "The feed as one JSON object, or as of an instant",
            ALL,
            query=("since", "at"),
        ),
    ]


def _watch() -> list[Way]:
    in_person = f"/api/handover/{_ID}/in-person"
    return [
        Way("GET", "/api/scripts", drills.scripts, "Scenarios of drills that can be played", CHIEFS),
        Way("GET", "/drills/{id}/report", drills.view, "What a drill showed", READERS, read=True),
        Way("GET", "/handovers/{id}", handovers.view, "A handover as a card to print", READERS, read=True),
        Way("GET", "/handovers/{id}/code.svg", handovers.code, "Its checkpoint as a QR code", READERS),
        Way("GET", "/handovers/{id}/checkpoint.json", handovers.checkpoint, "Its checkpoint as a file", READERS),
        Way("GET", "/api/on-watch", rosters.on_duty, "Who should be on watch at an instant", READERS, query=("at",)),
        Way("GET", "/api/calendar-link", rosters.link, "The address of one's own duties as a calendar", DESK),
        Way("GET", "/calendar/{token}", rosters.calendar, "One person's duties, iCalendar"),
        Way("POST", "/api/roster-file", rosters.upload, "A roster from a file", CHIEFS, "csrf", query=("name",)),
        Way("POST", in_person, handovers.in_person, "One side confirms here", DESK, "csrf", handovers.InPerson),
    ]


def _reading() -> list[Way]:
    return [
        Way("GET", "/api/me", reads.me, "Who is signed in and what they may do", ALL),
        Way("GET", "/api/entries", reads.entries, "Chosen journal entries", ALL, query=("seqs",), read=True),
        Way("GET", "/api/phone-script/{id}", submissions.phone_script, "What is read out about an incident", OPENERS),
        Way("GET", "/api/directory", reads.directory, "Find units, contacts, leaders", ALL, query=("q",), read=True),
        Way(
            "GET",
            f"/api/proposals/{{kind:incident|message}}/{_ID}",
            verifications.proposal,
            "Whom to ask",
            DESK,
            read=True,
        ),
        Way("GET", "/api/map", schematic.show, "Districts and towns of the schematic map", ALL),
        Way("GET", "/api/coverage", coverage.show, "Units without a proven A and B contact", DESK, read=True),
        Way(
            "GET",
            "/api/pairs",
            coverage.show_pairs,
            "How towns and units confirm one another's contacts",
            DESK,
            read=True,
        ),
        Way(
            "GET", f"/coverage.{FORMATS}", coverage.give, "Every town and enterprise with its contacts", DESK, read=True
        ),
        Way("GET", f"/pairs.{FORMATS}", coverage.give_pairs, "Every pair of a town and a unit", DESK, read=True),
        Way("GET", "/api/groups", verifications.groups, "Units often asked together", DESK),
        Way(
            "GET", "/api/above", verifications.above, "The duty rooms above us, for a question about no incident", DESK
        ),
        Way("GET", "/api/drafts/{name}", reads.read_draft, "A draft of one's own", ALL),
        Way("GET", "/api/openapi.json", openapi.describe, "This description", ALL),
        Way("GET", "/api/reads", readlog.show, "Who looked at what, newest first", AUDITORS, query=("before",)),
        Way("GET", "/api/tally/{id}", circulars.tally, "A circular's figures for each unit", READERS, read=True),
        Way(
            "GET",
            f"/api/{_KIND}",
            reads.older,
            "Rows of a kind, newest first",
            ALL,
            query=("before", "limit"),
            read=True,
        ),
        Way("GET", f"/api/{_KIND}/{_ID}", reads.row, "One row with its timeline", ALL, query=("at",), read=True),
    ]


def _writing() -> list[Way]:
    return [
        Way("POST", "/api/calls", commands.call, "Type in a telephone call", CALLERS, "csrf", commands.Call, True),
        Way(
            "POST",
            f"/api/files/{_ID}",
            attachments.attach,
            "Put photos and PDF beside an incident's messages",
            DESK,
            "csrf",
        ),
        Way("POST", "/api/blobs", attachments.put, "Keep files for what is about to be sent", DESK, "csrf"),
        Way("POST", "/api/preview", reads.preview, "Read a text without recording it", CALLERS, "csrf", reads.Text),
        Way("PUT", "/api/drafts/{name}", reads.write_draft, "Keep a draft", ALL, "csrf"),
        Way("DELETE", "/api/drafts/{name}", reads.drop_draft, "Throw a draft away", ALL, "csrf"),
        Way("POST", f"/api/{_KIND}/{_ID}/{{command}}", commands.command, "Give a command", ALL, "csrf", keyed=True),
    ]


def _outside() -> list[Way]:
    return [
        Way(
            "POST",
            "/api/reports",
            reports.report,
            "A report of another system",
            None,
            "none",
            commands.Report,
            True,
            bearer=True,
        ),
        Way("GET", "/r/{token}", contact.show, "A contact's own page"),
        Way("POST", "/r/{token}", contact.answer, "A contact answers, acknowledges or reports"),
        Way("GET", "/r/{token}/files/{digest}", contact.file, "A file of a report, for whoever signs or receives it"),
        Way("GET", "/r/{token}/manifest", reporting.manifest, "A contact's page on the first screen of a phone"),
        Way("GET", "/contact-worker.js", reporting.worker, "Keeps a contact's page while there is no network"),
        Way("GET", "/healthz", health.alive, "The process answers"),
        Way("GET", "/readyz", health.ready, "Whether the desk can work"),
        Way("GET", "/metrics", health.metrics, "Figures for Prometheus"),
    ]
