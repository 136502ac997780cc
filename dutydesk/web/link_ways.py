"""The ways of what is exchanged with other systems and duty rooms: CAP in and out, and how each line stands."""

from dutydesk.web import alerts, heard
from dutydesk.web.people import ALL, DESK
from dutydesk.web.ways import Way


def exchanged() -> list[Way]:
    """Their part of the table."""
    cap = "/api/incident/{id}/cap"
    return [
        Way("POST", "/api/cap", alerts.take, "A CAP alert of another system, as XML", bearer=True),
        Way("GET", cap, alerts.give, "An incident as CAP 1.2", DESK | {"leader"}, read=True),
        Way("GET", "/api/links", heard.show, "When each linked duty room was last heard", ALL - {"unit"}),
    ]
