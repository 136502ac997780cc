"""LibreOffice and poppler, which only these tests drive; what is not installed is a skip. Pages are measured in millimetres."""

import asyncio
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from dutydesk.documents.content import Document
from dutydesk.documents.fonts import office
from dutydesk.documents.press import Press

MM = 25.4 / 72  # of a point
DOTS = 120  # an inch
WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')


@dataclass(frozen=True)
class Word:
    """A word on a page, in millimetres from its top left corner."""

    left: float
    top: float
    right: float
    bottom: float
    text: str


@dataclass(frozen=True)
class Pdf:
    """A PDF with its pages measured."""

    path: Path

    @cached_property
    def pages(self) -> list[list[Word]]:
        told = subprocess.run(["pdftotext", "-bbox", self.path, "-"], check=True, capture_output=True, text=True).stdout
        return [[_word(*found) for found in WORD.findall(page)] for page in told.split("<page ")[1:]]

    @cached_property
    def text(self) -> str:
        told = subprocess.run(["pdftotext", "-raw", self.path, "-"], check=True, capture_output=True, text=True).stdout
        return "".join(told.split())

    def ink(self, page: int, is_ink: Callable[[bytes], bool]) -> list[tuple[float, float, float, float]]:
        """Bands of ink down a page as (top, bottom, left, right) in millimetres; a pixel is three bytes."""
        command: list[str | Path] = ["pdftoppm", "-r", str(DOTS), "-f", str(page), "-l", str(page), self.path]
        raw = subprocess.run(command, check=True, capture_output=True).stdout
        _magic, size, _most, pixels = raw.split(b"\n", 3)
        width, height = map(int, size.split())
        rows = []
        for y in range(height):
            line = pixels[3 * width * y : 3 * width * (y + 1)]
            found = [x for x in range(width) if is_ink(line[3 * x : 3 * x + 3])] if line.strip(b"\xff") else []
            if found:
                rows.append((y, found[0], found[-1]))
        return list(_bands(rows))


def _word(left: str, top: str, right: str, bottom: str, text: str) -> Word:
    return Word(float(left) * MM, float(top) * MM, float(right) * MM, float(bottom) * MM, text)


def _bands(rows):
    scale = 25.4 / DOTS
    start = 0
    for n, row in enumerate(rows):
        if n + 1 == len(rows) or rows[n + 1][0] > row[0] + 4:
            band = rows[start : n + 1]
            yield (
                band[0][0] * scale,
                (row[0] + 1) * scale,
                min(b[1] for b in band) * scale,
                max(b[2] for b in band) * scale,
            )
            start = n + 1


@pytest.fixture(scope="session")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Document], Pdf]]:
    """Prints a document as the desk does, with the shipped templates."""
    if office() is None or shutil.which("pdftotext") is None:
        pytest.skip("LibreOffice or poppler-utils is not installed")
    folder = tmp_path_factory.mktemp("printed")
    press = Press(folder / "no-templates")

    def print_(document: Document) -> Pdf:
        path = folder / f"{document.kind}-{len(list(folder.glob('*.pdf')))}.pdf"
        path.write_bytes(asyncio.run(Press.pdf(press, document)).data)
        return Pdf(path)

    yield print_
    press.close()
