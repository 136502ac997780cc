"""A small SMTP server that takes every mail and forwards none (RFC 5321 without TLS). Each recipient's copy becomes a
`Mail`.

It refuses or breaks off where a fault says so; it never looks a domain up and never opens a connection.
"""

import asyncio
from dataclasses import dataclass, field
from email import message_from_bytes, policy

from dutydesk.simulator.faults import REQUEST_KINDS, Fault
from dutydesk.simulator.network import Network
from dutydesk.simulator.records import Mail, new_sid

_LARGEST_MAIL = 20 * 1024 * 1024
_LONGEST_LINE = 64 * 1024
_PLAIN_ANSWERS = {
    "HELO": "250 simulated",
    "NOOP": "250 ok",
    "VRFY": "252 perhaps",
    "AUTH": "235 accepted",
    "STARTTLS": "454 no TLS here",
}


@dataclass(slots=True)
class _Envelope:
    sender: str = ""
    recipients: list[str] = field(default_factory=list)


class SmtpSink:
    """Listens on 127.0.0.1; `port` is known once `open` returned."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self.port = 0

    async def open(self, host: str, port: int) -> None:
        """Starts listening; port 0 takes any free one."""
        self._server = await asyncio.start_server(self._serve, host, port, limit=_LONGEST_LINE)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Stops listening and breaks open connections."""
        if self._server:
            self._server.close()
            for writer in list(self._writers):
                writer.transport.abort()
            await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            if not self._network.faults.active("down"):
                await self._converse(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, ValueError):
            writer.transport.abort()
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        envelope = _Envelope()
        await _say(writer, "220 simulated ESMTP")
        while line := (await reader.readline()).decode("utf-8", "replace").strip():
            verb = line.split(" ", 1)[0].upper()
            match verb:
                case "EHLO":
                    await _say(writer, "250-simulated\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 AUTH PLAIN")
                case "MAIL" | "RSET":
                    envelope = _Envelope(sender=_address(line))
                    await _say(writer, "250 ok")
                case "RCPT":
                    envelope.recipients.append(_address(line))
                    await _say(writer, "250 ok")
                case "DATA":
                    await self._data(reader, writer, envelope)
                    envelope = _Envelope()
                case "QUIT":
                    await _say(writer, "221 bye")
                    return
                case _:
                    await _say(writer, _PLAIN_ANSWERS.get(verb, "500 unknown command"))

    async def _data(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, envelope: _Envelope) -> None:
        if not envelope.recipients:
            await _say(writer, "503 no recipient")
            return
        await _say(writer, "354 go on")
        raw = await _body(reader)
        fault = self._network.faults.take("smtp", REQUEST_KINDS, envelope.recipients[0])
        match fault:
            case None:
                self._keep(envelope, raw)
                await _say(writer, "250 accepted")
            case Fault(kind="refuse"):
                await _say(writer, f"{fault.code or 451} refused")
            case Fault(kind="slow" | "error_after"):
                self._keep(envelope, raw)
                await asyncio.sleep(fault.seconds if fault.kind == "slow" else 0)
                await _say(writer, "250 accepted" if fault.kind == "slow" else "451 try again")
            case Fault(kind=kind, seconds=seconds):
                if kind in ("reset_after", "hang_after"):
                    self._keep(envelope, raw)
                if kind in ("hang_before", "hang_after"):
                    await asyncio.wait_for(reader.read(), seconds or None)
                raise ConnectionResetError

    def _keep(self, envelope: _Envelope, raw: bytes) -> None:
        message = message_from_bytes(raw, policy=policy.default)
        part = message.get_body(("plain", "html"))
        text = str(part.get_content()).replace("\r\n", "\n") if part is not None else ""
        now = self._network.clock.now()
        for recipient in envelope.recipients:
            subject = str(message["Subject"] or "")
            mail = Mail(new_sid("ML"), envelope.sender, recipient, subject, text, raw.decode("utf-8", "replace"), now)
            self._network.mails.append(mail)
        self._network.touch()


def _address(line: str) -> str:
    return line.partition("<")[2].partition(">")[0]


async def _say(writer: asyncio.StreamWriter, text: str) -> None:
    writer.write(text.encode() + b"\r\n")
    await writer.drain()


async def _body(reader: asyncio.StreamReader) -> bytes:
    lines: list[bytes] = []
    size = 0
    while (line := await reader.readline()) not in (b".\r\n", b".\n"):
        if not line:
            raise ConnectionResetError
        lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        if (size := size + len(line)) > _LARGEST_MAIL:
            raise ValueError("mail too large")
    return b"".join(lines)
