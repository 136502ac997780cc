"""What each answer of Twilio means for a message: the one table of error codes, and the reading of everything else.

Source: https://www.twilio.com/docs/api/errors (meaning of the codes). It holds no connection and remembers nothing.
"""

import aiohttp
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException

from dutydesk.channels.wire import without_numbers
from dutydesk.domain.outcomes import Busy, Outcome, Rejected, Remedy, Unknown

REMEDY: dict[str, Remedy] = {
    # credentials, account, configuration: every further send would end the same way
    "20003": "stop_channel",  # wrong credentials
    "20404": "stop_channel",  # the messaging service or account does not exist
    "21609": "stop_channel",  # our status callback address is not valid: sent without one we would be blind
    "30034": "stop_channel",  # the sending number is not registered where it has to be
    # the number called
    "21211": "give_up",  # not a telephone number
    "21217": "give_up",  # cannot be called
    "21408": "give_up",  # its country is not enabled for this account
    "21610": "give_up",  # its owner sent STOP: only START undoes it, a call is the other way
    "21614": "give_up",  # not a mobile
    "30005": "give_up",  # unknown handset
    "30006": "give_up",  # a landline, or a carrier that cannot be reached
    # the number we send from
    "21212": "other_sender",  # not a valid sender
    "21606": "other_sender",  # cannot send to this number
    "21611": "other_sender",  # its queue holds more than ten hours (comes as HTTP 429, yet waiting does not help)
    "21612": "other_sender",  # no route from it to this number
    "21659": "other_sender",  # not a number of this account
    "30001": "other_sender",  # queue overflow, by callback
    "30036": "other_sender",  # validity period over before it was sent, by callback
    # the way between: the same text the same way would end the same
    "30004": "other_sender",  # blocked
    "30007": "other_sender",  # filtered by the carrier
    # passing
    "30003": "retry",  # handset off or out of reach
    "30008": "retry",  # the carrier gave no reason
    # our own mistakes: another try changes nothing, the log must be read
    "21220": "give_up",  # the call is not in a state for this
    "21602": "give_up",  # no text
    "21617": "give_up",  # longer than 1,600 characters
    "90007": "give_up",  # validity period out of bounds
}


class TooManyRequests(Exception):
    """HTTP 429: not processed. `retry_after` in microseconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("HTTP 429")
        self.retry_after = retry_after


# What a request to Twilio may end with besides an answer. ValueError: the answer is not JSON.
FAILURES = (
    TwilioException,
    TooManyRequests,
    aiohttp.ClientError,
    TimeoutError,
    OSError,
    ValueError,
)


def outcome_of(error: BaseException) -> Outcome:
    """What a failed request to send means. Nothing was sent only where that is certain."""
    match error:
        case TooManyRequests():
            return Busy(retry_after=error.retry_after)
        case TwilioRestException() | TwilioServiceException():
            return _refusal(int(error.status), str(error.code or error.status), _detail(error))
        case aiohttp.ClientConnectorError():
            return Busy()  # no connection came about: it was never asked
        case _:
            return Unknown(detail=f"{type(error).__name__}: {without_numbers(str(error))}"[:200])


def _refusal(status: int, code: str, detail: str) -> Outcome:
    if status >= 500:
        return Unknown(detail=f"HTTP {status} {code}")
    if code in REMEDY:
        return Rejected(code=code, detail=detail, remedy=REMEDY[code])
    if status == 429:
        return Busy()
    return Rejected(code=code, detail=detail, remedy="stop_channel" if status in (401, 403) else "give_up")


def _detail(error: TwilioRestException | TwilioServiceException) -> str:
    said = error.msg if isinstance(error, TwilioRestException) else error.detail or error.title
    return without_numbers(str(said))
