"""Twilio's error numbers that matter to a duty desk, with the HTTP status and the JSON they come in. Knows nothing
else.

Source: https://www.twilio.com/docs/api/errors (numbers and meaning; the wording here is our own).
"""

from aiohttp import web

_ERRORS: dict[int, tuple[int, str]] = {
    20001: (400, "Unknown parameter"),
    20003: (401, "Authenticate"),
    20004: (405, "Method not allowed"),
    20404: (404, "The requested resource was not found"),
    20429: (429, "Too many requests"),
    20500: (500, "An internal server error has occurred"),
    20503: (503, "Service unavailable"),
    21201: (400, "No 'To' number is specified"),
    21205: (400, "Url parameter is required or not valid"),
    21211: (400, "The 'To' number is not a valid phone number"),
    21212: (400, "The 'From' number is not valid"),
    21213: (400, "'From' phone number is required"),
    21217: (400, "The 'To' phone number cannot be called"),
    21220: (400, "The call is not in a state that allows this"),
    21408: (403, "Permission to send to this region is not enabled"),
    21602: (400, "Message body is required"),
    21603: (400, "A 'From' phone number or messaging service is required"),
    21604: (400, "A 'To' phone number is required"),
    21606: (400, "The 'From' number cannot send to this 'To' number"),
    21609: (400, "The 'StatusCallback' is not a valid URL"),
    21610: (400, "The recipient has opted out"),
    21611: (429, "The queue of this 'From' number is full"),
    21612: (400, "The 'To' number cannot be reached from this 'From' number"),
    21614: (400, "The 'To' number is not a mobile number"),
    21617: (400, "The message body is longer than 1600 characters"),
    21659: (400, "The 'From' number is not a Twilio number of this account"),
    30001: (400, "Queue overflow"),
    30003: (400, "Unreachable destination handset"),
    30004: (400, "Message blocked"),
    30005: (400, "Unknown destination handset"),
    30006: (400, "Landline or unreachable carrier"),
    30007: (400, "Carrier violation"),
    30008: (400, "Unknown error"),
    30036: (400, "Validity period expired"),
    90007: (400, "ValidityPeriod must lie between 1 and 36000 seconds"),
}


class TwilioError(Exception):
    """Twilio says no, with this number; `detail` says what about."""

    def __init__(self, code: int, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


def message_of(code: int) -> str:
    """The sentence that goes with a number."""
    return _ERRORS.get(code, (400, "Error"))[1]


def status_of(code: int) -> int:
    """The HTTP status that goes with a number; a number below 600 is a status itself."""
    return code if code < 600 else _ERRORS.get(code, (400, ""))[0]


def error_response(code: int, detail: str = "") -> web.Response:
    """The error as Twilio's JSON: code, message, more_info, status."""
    text = message_of(code) + (f": {detail}" if detail else "")
    more = f"https://www.twilio.com/docs/errors/{code}"
    body = {"code": code, "message": text, "more_info": more, "status": status_of(code)}
    headers = {"Retry-After": "1"} if status_of(code) == 429 else {}
    return web.json_response(body, status=status_of(code), headers=headers)
