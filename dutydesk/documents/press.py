"""Makes the files: docx from a template, PDF by LibreOffice from that same docx, each in a process of its own with bounded time and memory.

One job at a time: two cores belong to the desk first. A template of the office that cannot be filled is said by tag and file, and the
shipped one is used.
"""

import asyncio
import contextlib
import logging
import os
import re
import signal
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from dutydesk.documents.bounded import WRONG_TEMPLATE
from dutydesk.documents.content import Document, Kind, imprinted
from dutydesk.documents.fonts import office, write_substitutes
from dutydesk.errors import DeskError, Unavailable

SHIPPED = Path(__file__).parent / "templates"
MEMORY = {
    "fill": 1_500_000_000,
    "office": 4_000_000_000,
}  # bytes of address space; LibreOffice maps much and uses 300 MB
SECONDS = 60  # of CPU and of the wall, for one file
PATIENCE = 30.0  # seconds a job waits for those before it
log = logging.getLogger("dutydesk.documents")


class NoOffice(DeskError):
    """这台服务器没有安装 LibreOffice,不能生成 PDF;请下载 docx,用 Word 或 WPS 打开。"""

    status = 503


class NotPrinted(DeskError):
    """排版没有成功,请重试;仍不行请告知管理员。"""

    status = 500


@dataclass(frozen=True, slots=True)
class Printed:
    """A file, and what was wrong with the office's own template (empty: nothing)."""

    data: bytes
    problem: str = ""


@dataclass(slots=True)
class Press:
    """`overrides` is the folder of the office's own templates; it need not exist."""

    overrides: Path
    seconds: float = SECONDS
    problems: dict[Kind, str] = field(default_factory=dict)  # of the office's own templates, as last seen
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _home: "tempfile.TemporaryDirectory[str] | None" = None

    async def docx(self, document: Document) -> Printed:
        """The docx. Raises NotPrinted, Unavailable when too many wait."""
        async with self._in_turn():
            return await self._docx(document)

    async def pdf(self, document: Document) -> Printed:
        """The PDF, made from the docx. Raises NoOffice, NotPrinted, Unavailable when too many wait."""
        program = office()
        if program is None:
            raise NoOffice()
        async with self._in_turn():
            made = await self._docx(document)
            return Printed(await self._evened(program, document, made), made.problem)

    def close(self) -> None:
        """Throw LibreOffice's profile away."""
        if self._home is not None:
            self._home.cleanup()
            self._home = None

    @contextlib.asynccontextmanager
    async def _in_turn(self):  # type: ignore[no-untyped-def]
        try:
            async with asyncio.timeout(PATIENCE):
                await self._turn.acquire()
        except TimeoutError:
            raise Unavailable("正在排版别的文件,请稍后再试") from None
        try:
            yield
        finally:
            self._turn.release()

    async def _evened(self, program: str, document: Document, made: Printed) -> bytes:
        """The PDF whose 版记 stands on an even page: it is printed again with a page turned before it, or two where it spilled over."""
        first = data = await self._convert(program, made.data)
        for turns in (1, 2):
            if not imprinted(document) or pages(data) % 2 == 0:
                return data
            data = await self._convert(program, (await self._docx(document, turns)).data)
        return data if pages(data) % 2 == 0 else first

    async def _docx(self, document: Document, turns: int = 0) -> Printed:
        own = self.overrides / f"{document.kind}.docx"
        self.problems.pop(document.kind, None)
        if not own.is_file():
            return Printed(await self._fill(document, SHIPPED / own.name, turns))
        try:
            return Printed(await self._fill(document, own, turns))
        except WrongTemplate as problem:
            log.warning("%s; the shipped one is used", problem)
            told = self.problems[document.kind] = f"{problem};用的是自带模板"
            return Printed(await self._fill(document, SHIPPED / own.name, turns), told)

    async def _fill(self, document: Document, template: Path, turns: int) -> bytes:
        with tempfile.TemporaryDirectory(prefix="dutydesk-") as folder:
            into = Path(folder) / "document.docx"
            job = orjson.dumps(
                {
                    "document": document.model_dump(mode="json"),
                    "template": str(template),
                    "into": str(into),
                    "turns": turns,
                }
            )
            command = [sys.executable, "-m", "dutydesk.documents.fill"]
            code, said = await self._run(MEMORY["fill"], command, job)
            if code == WRONG_TEMPLATE:
                raise WrongTemplate(said.decode("utf-8", "replace").strip())
            if code != 0 or not into.exists():
                raise NotPrinted()
            return into.read_bytes()

    async def _convert(self, program: str, docx: bytes) -> bytes:
        home = self._office_home()
        with tempfile.TemporaryDirectory(prefix="dutydesk-") as folder:
            source = Path(folder) / "document.docx"
            source.write_bytes(docx)
            command = [
                program,
                f"-env:UserInstallation=file://{home}/profile",
                "--headless",
                "--norestore",
                "--convert-to",
                "pdf",
            ]
            command += ["--outdir", folder, str(source)]
            surroundings = {"FONTCONFIG_FILE": str(write_substitutes(home)), "HOME": str(home)}
            code, _said = await self._run(MEMORY["office"], command, b"", surroundings)
            made = source.with_suffix(".pdf")
            if code != 0 or not made.exists():
                raise NotPrinted()
            return made.read_bytes()

    def _office_home(self) -> Path:
        if self._home is None:
            self._home = tempfile.TemporaryDirectory(prefix="dutydesk-office-")
        return Path(self._home.name)

    async def _run(
        self, memory: int, command: list[str], given: bytes, surroundings: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        """Run a program within bounds. Its whole group ends with it, also when the waiting is cancelled."""
        bounds = [sys.executable, "-m", "dutydesk.documents.bounded", str(memory), str(int(self.seconds) + 1)]
        process = await asyncio.create_subprocess_exec(
            *bounds, *command,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
            start_new_session=True, env={**_plain(), **(surroundings or {})},
        )  # fmt: skip
        try:
            async with asyncio.timeout(self.seconds):
                said, wrong = await process.communicate(given)
        except TimeoutError:
            log.error("%s took longer than %.0f s", command[0], self.seconds)
            raise NotPrinted() from None
        finally:
            await _end(process)
        if process.returncode not in (0, WRONG_TEMPLATE):
            log.error("%s ended with %s: %s", command[0], process.returncode, wrong.decode("utf-8", "replace")[-2000:])
        return process.returncode or 0, said


def pages(pdf: bytes) -> int:
    """How many pages a PDF of LibreOffice has; 0 where it does not say so."""
    told = re.search(rb"/Type\s*/Pages\b.*?/Count\s+(\d+)", pdf, re.DOTALL)
    return int(told[1]) if told else 0


class WrongTemplate(Exception):
    """An office's template cannot be filled; says which tag of which file."""


def _plain() -> dict[str, str]:
    """The environment without anybody's secrets."""
    kept = ("PATH", "LANG", "LC_ALL", "HOME", "PYTHONPATH", "TMPDIR", "SYSTEMROOT")
    return {name: os.environ[name] for name in kept if name in os.environ}


async def _end(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()
