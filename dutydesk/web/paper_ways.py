"""The ways to what is printed and read: documents, the duty log."""

from dutydesk.web import documents, duty_log
from dutydesk.web.people import ALL
from dutydesk.web.ways import Way


def papers() -> list[Way]:
    """Their part of the table."""
    return [*_documents(), *_log()]


def _documents() -> list[Way]:
    log, one, circular = documents.log, documents.one, documents.circular
    some, as_file = "/documents/{kind:handover|phone|proof|brief}/{id}", ".{format:docx|pdf}"
    query = duty_log.FILTERS[:6]
    return [
        Way(
            "GET", f"/circulars/{{id}}{as_file}", documents.file(circular), "A circular as docx or PDF", ALL - {"unit"}
        ),
        Way("GET", f"/documents/log{as_file}", documents.file(log), "The duty log as docx or PDF", ALL, query=query),
        Way(
            "GET", "/documents/log", documents.screen(log), "The duty log of a period, to be printed", ALL, query=query
        ),
        Way("GET", f"{some}{as_file}", documents.file(one), "A document as docx or PDF", ALL),
        Way("GET", some, documents.screen(one), "A document on the screen", ALL),
    ]


def _log() -> list[Way]:
    return [
        Way("GET", "/api/log", duty_log.page, "The duty log, newest first", ALL, query=duty_log.FILTERS),
        Way("GET", "/api/log/{seq}", duty_log.entry, "One entry as it is kept, with its hash", ALL),
    ]
