"""A CAP 1.2 alert as a value: every element of the standard, in its order, and whatever else stood there as XML text.

Texts are kept as they were written; nothing is interpreted here.
"""

from pydantic import Field

from dutydesk.domain.readings import Value


class Pair(Value):
    """valueName and value: a parameter, an event code or a geocode."""

    name: str
    value: str


class Resource(Value):
    description: str
    media_type: str = ""
    size: str = ""
    uri: str = ""
    content: str = ""  # derefUri: base64
    digest: str = ""
    others: tuple[str, ...] = ()


class Area(Value):
    """`polygons` are "lat,lon lat,lon …", `circles` "lat,lon radius in km"."""

    description: str
    polygons: tuple[str, ...] = ()
    circles: tuple[str, ...] = ()
    geocodes: tuple[Pair, ...] = ()
    altitude: str = ""
    ceiling: str = ""
    others: tuple[str, ...] = ()


class Info(Value):
    language: str = ""
    categories: tuple[str, ...] = ()
    event: str = ""
    response_types: tuple[str, ...] = ()
    urgency: str = ""
    severity: str = ""
    certainty: str = ""
    audience: str = ""
    event_codes: tuple[Pair, ...] = ()
    effective: str = ""
    onset: str = ""
    expires: str = ""
    sender_name: str = ""
    headline: str = ""
    description: str = ""
    instruction: str = ""
    web: str = ""
    contact: str = ""
    parameters: tuple[Pair, ...] = ()
    resources: tuple[Resource, ...] = ()
    areas: tuple[Area, ...] = ()
    others: tuple[str, ...] = ()

    def parameter(self, name: str) -> str:
        """The first parameter of a name; empty when there is none."""
        return next((pair.value for pair in self.parameters if pair.name == name), "")


class Alert(Value):
    """`others` holds what the schema does not name, signatures included, as XML."""

    identifier: str
    sender: str
    sent: str
    status: str
    message_type: str
    source: str = ""
    scope: str
    restriction: str = ""
    addresses: str = ""
    codes: tuple[str, ...] = ()
    note: str = ""
    references: str = ""
    incidents: str = ""
    infos: tuple[Info, ...] = ()
    others: tuple[str, ...] = ()
    version: str = Field(default="1.2")  # 1.1 and 1.0 are read, 1.2 is written
