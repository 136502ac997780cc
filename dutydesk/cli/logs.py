"""How the desk logs: lines of text, or of JSON for a collector (DUTYDESK_LOG=json). Telephone numbers are masked in both.

Personal data is kept out of log calls in the first place; the mask is for what a library or a database says in an error.
"""

import logging
from datetime import UTC, datetime

import orjson
from aiohttp.http import HttpProcessingError
from aiohttp.web import RequestPayloadError

from dutydesk.clock import BEIJING
from dutydesk.web.frames import mask

NOISY = ("apscheduler", "aiohttp.access", "twilio", "httpx")


class Masked(logging.Formatter):
    """A line of text, with the hour that the screens show, wherever the machine thinks it stands."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        return datetime.fromtimestamp(record.created, BEIJING).isoformat(" ", "milliseconds")

    def format(self, record: logging.LogRecord) -> str:
        return mask(super().format(record))


class JsonLines(Masked):
    """One JSON object a line: `at` (UTC), `level`, `logger`, `thread`, `message`, and `error` with its traceback."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "thread": record.threadName,
            "message": mask(record.getMessage()),
        }
        if record.exc_info:
            line["error"] = mask(self.formatException(record.exc_info))
        return orjson.dumps(line).decode()


class NoHttp(logging.Filter):
    """Drops what aiohttp says of a request that is no HTTP or packed wrongly: its 400 is logged, and its bytes may hold a cookie."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not (record.exc_info and isinstance(record.exc_info[1], (HttpProcessingError, RequestPayloadError)))


def begin(form: str) -> None:
    """Log from now on as text or as JSON; libraries that say much are heard from a warning on."""
    handler = logging.StreamHandler()
    text = Masked("%(asctime)s %(levelname)s %(name)s %(message)s")
    handler.setFormatter(JsonLines() if form == "json" else text)
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.getLogger("aiohttp.server").addFilter(NoHttp())
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
