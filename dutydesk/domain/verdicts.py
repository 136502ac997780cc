"""What a verdict of the desk on a unit (a failed spot check, a fault) tells the unit: once, with the page on which it may object, and once
more when its appeal is decided.

By the unit's duty telephone, else its A contact's, else by mail; a number that has just proved wrong is passed over.
"""

from typing import Any, ClassVar

from pydantic import Field

from dutydesk.domain.deliveries import How, QueueDelivery
from dutydesk.domain.directory import Directory
from dutydesk.domain.readings import Value
from dutydesk.domain.verbs import Act, Ask, Event, Promise

MOST_FILES = 6


class Evidence(Value):
    """A picture that came with an appeal, by the SHA-256 of its bytes; `size` in bytes."""

    digest: str = Field(pattern=r"^[0-9a-f]{64}$")
    media_type: str = Field(default="", max_length=100)
    size: int = Field(default=0, ge=0)

    @property
    def shown(self) -> dict[str, Any]:
        """As rows show what came along with a message."""
        return {"url": f"blob:{self.digest}", **self.model_dump()}


class Verdict(Event):
    """An event that its unit is told; `how` None: nobody can be reached."""

    private: ClassVar[frozenset[str]] = frozenset({"address", "words"})
    how: How | None = None
    callee: str = ""
    address: str = ""
    words: str = ""


def told(unit: str, words: str, directory: Directory, *, wrong: str = "") -> dict[str, Any]:
    """The fields of a verdict on a unit. `wrong`: a number not to be used."""
    for how, callee, address in _ways(unit, directory):
        if address and address != wrong:
            return {"how": how, "callee": callee, "address": address, "words": words}
    return {}


def _ways(code: str, directory: Directory) -> list[tuple[How, str, str]]:
    unit = directory.unit_by_code.get(code)
    if unit is None:
        return []
    contact = next((one for one in directory.contacts_of.get(code, ()) if one.role == "A"), None)
    ways: list[tuple[How, str, str]] = [("sms", f"unit:{code}", unit.phone or "")]
    if contact:
        ways.append(("sms", f"contact:{contact.id}", contact.phones[0] if contact.phones else ""))
    return [*ways, ("mail", f"unit:{code}", unit.email or "")]


def tell(kind: str, id: str, turn: str, event: Verdict) -> list[Act]:
    """The message of a verdict; `turn` names it, so that it goes once."""
    if event.how is None:
        return []
    queue = QueueDelivery(
        how=event.how,
        to=event.address,
        text=event.words,
        purpose="verdict",
        about=f"{kind}/{id}",
        promise=Promise.REPEATABLE,
        subject="值班情况认定",
        callee=event.callee,
    )
    return [Ask(f"delivery/v{kind}-{id}.{turn}", queue)]
