"""Reads TwiML: the verbs a duty desk's call uses, with every misspelt verb or attribute reported. It performs nothing.

Source: https://www.twilio.com/docs/voice/twiml (verbs, attributes, defaults).
"""

from dataclasses import dataclass, field
from xml.etree import ElementTree

from dutydesk.simulator.twilio_errors import TwilioError


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ATTRIBUTES = {
    "Say": frozenset({"voice", "language", "loop"}),
    "Play": frozenset({"loop", "digits"}),
    "Pause": frozenset({"length"}),
    "Redirect": frozenset({"method"}),
    "Hangup": frozenset(),
    "Reject": frozenset({"reason"}),
    "Gather": _names(
        "input action method timeout finishOnKey numDigits actionOnEmptyResult language hints "
        "speechTimeout speechModel bargeIn profanityFilter partialResultCallback "
        "partialResultCallbackMethod enhanced debug"
    ),
}
_MAY_BE_GATHERED = frozenset({"Say", "Play", "Pause"})


@dataclass(frozen=True, slots=True)
class Speech:
    """Something the person hears: a text, a recording's address in brackets, or silence of `pause` seconds."""

    text: str = ""
    language: str = ""
    pause: float = 0.0


@dataclass(frozen=True, slots=True)
class Gather:
    """Waits for keys while `prompts` are heard; `digits` None means until the finishing key or silence."""

    prompts: tuple[Speech, ...]
    action: str
    method: str
    timeout: float
    digits: int | None
    finish: str
    even_when_empty: bool


@dataclass(frozen=True, slots=True)
class Redirect:
    """Goes on with another document."""

    url: str
    method: str


@dataclass(frozen=True, slots=True)
class Hangup:
    """Ends the call."""


Verb = Speech | Gather | Redirect | Hangup


@dataclass(frozen=True, slots=True)
class Document:
    """The verbs in order; `url` is where it came from; `faults` what Twilio would log as a warning (12200)."""

    verbs: tuple[Verb, ...]
    url: str = ""
    faults: list[str] = field(default_factory=list)


def read_twiml(text: str, url: str) -> Document:
    """The document; raises TwilioError 12100 when it is no XML or its root is not <Response>."""
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise TwilioError(12100, f"{error}: {text[:120]!r}") from None
    if root.tag != "Response":
        raise TwilioError(12100, f"root is <{root.tag}>")
    faults: list[str] = []
    verbs = tuple(verb for element in root if (verb := _verb(element, faults)) is not None)
    return Document(verbs, url, faults)


def _verb(element: ElementTree.Element, faults: list[str]) -> Verb | None:
    known = _ATTRIBUTES.get(element.tag)
    if known is None:
        faults.append(f"unknown verb <{element.tag}>")
        return None
    faults += [f"unknown attribute {name} on <{element.tag}>" for name in sorted(set(element.keys()) - known)]
    get = element.get
    match element.tag:
        case "Redirect":
            return Redirect((element.text or "").strip(), get("method", "POST"))
        case "Hangup" | "Reject":
            return Hangup()
        case "Gather":
            return _gather(element, faults)
        case _:
            return _speech(element)


def _speech(element: ElementTree.Element) -> Speech:
    text = "".join(element.itertext()).strip()
    if element.tag == "Pause":
        return Speech(pause=_number(element, "length", 1.0))
    return Speech(f"[{text}]" if element.tag == "Play" else text, element.get("language", ""))


def _gather(element: ElementTree.Element, faults: list[str]) -> Gather:
    get = element.get
    faults += [f"<{child.tag}> inside <Gather>" for child in element if child.tag not in _MAY_BE_GATHERED]
    prompts = tuple(_speech(child) for child in element if child.tag in _MAY_BE_GATHERED)
    digits = round(_number(element, "numDigits", 0)) or None
    return Gather(
        prompts,
        get("action", ""),
        get("method", "POST"),
        _number(element, "timeout", 5.0),
        digits,
        get("finishOnKey", "#"),
        get("actionOnEmptyResult") == "true",
    )


def _number(element: ElementTree.Element, name: str, default: float) -> float:
    try:
        return float(element.get(name, default))
    except ValueError:
        raise TwilioError(12200, f"{name} of <{element.tag}> is not a number") from None
