"""Which parameters Twilio's Messages and Calls take, and which values it refuses. A misspelt name is an error here,
never ignored.

Source of the names: twilio/twilio-oai, spec/json/twilio_api_v2010.json; of the magic numbers:
https://www.twilio.com/docs/iam/test-credentials.
"""

import re

from multidict import MultiDict, MultiMapping

from dutydesk.simulator.carrier import is_http
from dutydesk.simulator.network import Network
from dutydesk.simulator.twilio_errors import TwilioError


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


SEND_TEXT = _names(
    "To From Body MessagingServiceSid MediaUrl StatusCallback ApplicationSid MaxPrice ProvideFeedback "
    "Attempt ValidityPeriod ForceDelivery ContentRetention AddressRetention SmartEncoded "
    "PersistentAction TrafficType ShortenUrls ScheduleType SendAt SendAsMms ContentVariables "
    "MessageIntent RiskCheck FallbackFrom ContentSid"
)
LIST_TEXTS = _names("To From DateSent DateSent< DateSent> PageSize Page PageToken")
START_CALL = _names(
    "To From Method FallbackUrl FallbackMethod StatusCallback StatusCallbackEvent "
    "StatusCallbackMethod SendDigits Timeout Record RecordingChannels RecordingStatusCallback "
    "RecordingStatusCallbackMethod RecordingConfigurationId SipAuthUsername SipAuthPassword "
    "MachineDetection MachineDetectionTimeout RecordingStatusCallbackEvent Trim CallerId "
    "MachineDetectionSpeechThreshold MachineDetectionSpeechEndThreshold "
    "MachineDetectionSilenceTimeout AsyncAmd AsyncAmdStatusCallback AsyncAmdStatusCallbackMethod "
    "Passports Byoc CallReason CallToken RecordingTrack TimeLimit ClientNotificationUrl Url Twiml "
    "ApplicationSid"
)
LIST_CALLS = _names(
    "To From ParentCallSid Status StartTime StartTime< StartTime> EndTime EndTime< EndTime> PageSize Page PageToken"
)
UPDATE_CALL = _names("Url Method Status FallbackUrl FallbackMethod StatusCallback StatusCallbackMethod Twiml TimeLimit")
CALL_EVENTS = _names("initiated ringing answered completed")
LONGEST_BODY = 1600

_E164 = re.compile(r"\+[1-9]\d{6,14}")
_ALPHANUMERIC = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}")
_MAGIC_TO = {
    "+15005550001": 21211,
    "+15005550002": 21612,
    "+15005550003": 21408,
    "+15005550004": 21610,
    "+15005550009": 21614,
}
_MAGIC_FROM = {"+15005550007": 21606, "+15005550008": 21611, "+15005550001": 21212}


def check_names(params: MultiMapping[str], known: frozenset[str]) -> None:
    """Refuses a parameter Twilio does not know."""
    if strange := sorted(set(params) - known):
        raise TwilioError(20001, ", ".join(strange))


def check_text(network: Network, form: MultiDict[str]) -> None:
    """Refuses a text Twilio would refuse at once; says nothing about whether it will arrive."""
    check_names(form, SEND_TEXT)
    if not (to := form.get("To")):
        raise TwilioError(21604)
    _check_sender(network, form)
    if to in _MAGIC_TO or not _E164.fullmatch(to):
        raise TwilioError(_MAGIC_TO.get(to, 21211), to)
    _check_body(form)
    card = network.card(to)
    if card.stopped:
        raise TwilioError(21610, to)
    if card.landline:
        raise TwilioError(21614, to)


def _check_sender(network: Network, form: MultiDict[str]) -> None:
    sender, service = form.get("From"), form.get("MessagingServiceSid")
    if not sender and not service:
        raise TwilioError(21603)
    if service and service not in network.account.services:
        raise TwilioError(20404, service)
    if not sender or sender in network.account.numbers:
        return
    if sender in _MAGIC_FROM:
        raise TwilioError(_MAGIC_FROM[sender], sender)
    if _E164.fullmatch(sender):
        raise TwilioError(21606, sender)
    if not _ALPHANUMERIC.fullmatch(sender):
        raise TwilioError(21212, sender)


def _check_body(form: MultiDict[str]) -> None:
    body = form.get("Body", "")
    if not body and "MediaUrl" not in form:
        raise TwilioError(21602)
    if len(body) > LONGEST_BODY:
        raise TwilioError(21617, f"{len(body)} characters")
    if (callback := form.get("StatusCallback")) and not is_http(callback):
        raise TwilioError(21609, callback)
    validity = form.get("ValidityPeriod", "36000")
    if not validity.isascii() or not validity.isdigit() or not 1 <= int(validity) <= 36000:
        raise TwilioError(90007, validity)


def check_call(network: Network, form: MultiDict[str]) -> None:
    """Refuses a call Twilio would refuse at once."""
    check_names(form, START_CALL)
    if not (to := form.get("To")):
        raise TwilioError(21201)
    if not (sender := form.get("From")):
        raise TwilioError(21213)
    if sender not in network.account.numbers:
        raise TwilioError(21212, sender)
    if to in _MAGIC_TO or not _E164.fullmatch(to):
        raise TwilioError(21217 if to == "+15005550001" else _MAGIC_TO.get(to, 21211), to)
    check_script(form, needed=True)
    if strange := sorted(set(form.getall("StatusCallbackEvent", [])) - CALL_EVENTS):
        raise TwilioError(20001, f"StatusCallbackEvent {', '.join(strange)}")
    timeout = form.get("Timeout", "60")
    if not timeout.isascii() or not timeout.isdigit() or int(timeout) > 600:
        raise TwilioError(20001, f"Timeout {timeout}")


def check_script(form: MultiDict[str], *, needed: bool) -> None:
    """Refuses a call without words to speak, or with addresses nobody can reach."""
    if needed and not form.get("Url") and not form.get("Twiml"):
        raise TwilioError(21205)
    for name in ("Url", "FallbackUrl", "StatusCallback"):
        if (url := form.get(name)) and not is_http(url):
            raise TwilioError(21609 if name == "StatusCallback" else 21205, url)
