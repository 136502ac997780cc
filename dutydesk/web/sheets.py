"""A table as a file for a spreadsheet: csv or xlsx."""

import asyncio
import csv
import io
from collections.abc import Sequence

from aiohttp import web

Row = Sequence[str | int]
FORMATS = "{format:csv|xlsx}"
TYPES = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


async def given(table: Sequence[Row], name: str, format_: str, widths: Sequence[int]) -> web.Response:
    """The file as an answer; `widths` of its columns in characters, the first row are their headings."""
    rows = [[_harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in table]
    data = _csv(rows) if format_ == "csv" else await asyncio.to_thread(_xlsx, rows, widths)
    headers = {"Content-Disposition": f'attachment; filename="{name}.{format_}"', "Cache-Control": "no-store"}
    return web.Response(body=data, content_type=TYPES[format_], headers=headers)


def _harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _csv(table: Sequence[Row]) -> bytes:
    """With a byte order mark: without it Excel reads UTF-8 as GBK."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(table)
    return text.getvalue().encode("utf-8-sig")


def _xlsx(table: Sequence[Row], widths: Sequence[int]) -> bytes:
    from openpyxl import Workbook  # 0.1 s and 10 MB, and the desk starts without it
    from openpyxl.utils import get_column_letter

    book, made = Workbook(), io.BytesIO()
    sheet = book.active
    for row in table:
        sheet.append(row)
    for n, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(n)].width = width
    book.save(made)
    return made.getvalue()
