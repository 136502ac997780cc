"""Ways of proof and administration: the journal's chain, users, sessions, and the lock of a console that was left alone."""

from typing import Final

from dutydesk.web import admin, audit, idle
from dutydesk.web.people import ALL, CHIEFS
from dutydesk.web.ways import Way

PROVERS: Final = CHIEFS | {"auditor"}
ADMINS: Final = frozenset({"administrator"})


def chief() -> list[Way]:
    """Their part of the table."""
    user = "/api/admin/users/{username}"
    return [
        Way("GET", "/api/audit/checkpoint", audit.checkpoint, "The journal's head", PROVERS),
        Way("POST", "/api/audit/verify", audit.verify, "Walk a slice of the chain", PROVERS, "csrf", audit.Start),
        Way("POST", "/api/audit/compare", audit.compare, "Compare a checkpoint", PROVERS, "csrf", audit.Checkpoint),
        Way("GET", "/api/admin", admin.show, "Factors, sessions, policy", ADMINS, read=True),
        Way("POST", user, admin.save_user, "Add or change a user", ADMINS, "csrf", admin.Changed, True),
        Way("POST", f"{user}/remove", admin.remove_user, "Take away access", ADMINS, "csrf", keyed=True),
        Way("POST", f"{user}/password", admin.reset_password, "Another password", ADMINS, "csrf", admin.Password),
        Way("POST", f"{user}/factors", admin.reset_factors, "Forget the second factors", ADMINS, "csrf", keyed=True),
        Way("POST", "/api/admin/sessions/{session}/end", admin.end_session, "End a session", ADMINS, "csrf"),
        Way("POST", "/api/lock", idle.lock, "This console was left alone", ALL, "csrf", locked_too=True),
        Way("POST", "/api/unlock", idle.unlock, "Somebody is back", ALL, "csrf", idle.Again, locked_too=True),
    ]
