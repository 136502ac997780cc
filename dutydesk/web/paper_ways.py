"""The ways to what is printed, read and counted: documents, the duty log, full text, statistics. All of it is sensitive."""

from dutydesk.web import documents, duty_log, figures, searching
from dutydesk.web.people import ALL
from dutydesk.web.sheets import FORMATS
from dutydesk.web.ways import Handler, Way

_FILE = ".{format:docx|pdf}"
_ONE = "/documents/{kind:submission|phone|proof|roster}/{id}"
_LOG = duty_log.FILTERS


def papers() -> list[Way]:
    """Their part of the table."""
    log, one, circular = documents.log, documents.one, documents.circular
    card = documents.file(documents.handover)
    return [
        _way(f"/circulars/{{id}}{_FILE}", documents.file(circular), "A circular as docx or PDF", roles=ALL - {"unit"}),
        _way(f"/handovers/{{id}}{_FILE}", card, "A handover's card as docx or PDF", roles=ALL - {"unit"}),
        _way(f"/documents/log{_FILE}", documents.file(log), "The duty log as docx or PDF", _LOG[:6]),
        _way("/documents/log", documents.screen(log), "The duty log of a period, to be printed", _LOG[:6]),
        _way(f"{_ONE}{_FILE}", documents.file(one), "A document as docx or PDF"),
        _way(_ONE, documents.screen(one), "A document on the screen"),
        _way(
            "/api/search/count",
            searching.count,
            "How many entries full text finds, up to a thousand",
            searching.FILTERS,
        ),
        _way("/api/search", searching.search, "Full text over the log, newest first", searching.FILTERS),
        _way("/api/log", duty_log.page, "The duty log, newest first", _LOG),
        _way("/api/log/{seq}", duty_log.entry, "One entry as it is kept, with its hash"),
        _way("/api/statistics", figures.show, "Charts of a period beside the one before", ("from", "to")),
        _way(f"/statistics.{FORMATS}", figures.give, "The same figures for a spreadsheet", ("from", "to")),
    ]


def _way(path: str, handler: Handler, says: str, query: tuple[str, ...] = (), roles: frozenset[str] = ALL) -> Way:
    return Way("GET", path, handler, says, roles, query=query, read=True)
