"""`dutydesk mail`: one e-mail from standard input becomes a message of the desk (a fax machine's mails too).

For a mail server's pipe: `dutydesk: "|/opt/dutydesk/.venv/bin/dutydesk mail"`. Exit status 75 (EX_TEMPFAIL) makes the server try again.
"""

import hashlib
import logging
import sys
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from email.utils import parseaddr

import typer

from dutydesk.channels.inbound import clean, text_of
from dutydesk.cli.door import with_hub
from dutydesk.domain.messages import Media, RecordMessage
from dutydesk.errors import NotFound, Refused, Unavailable
from dutydesk.hub import Hub
from dutydesk.store.connection import Connection

MOST_BYTES = 25 * 1024 * 1024  # a mail larger than this is cut: its words are kept, its attachments are named only
EMPTY = "(空邮件)"
EX_TEMPFAIL = 75  # sysexits.h: the mail server keeps the mail and tries again
log = logging.getLogger("dutydesk.mail")
Blob = tuple[str, str, bytes]


def add(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(mail)


def mail() -> None:
    """Take in one e-mail (RFC 5322) from standard input, attachments kept."""
    raw = sys.stdin.buffer.read()
    command, blobs, key = read_mail(raw)
    try:
        number = with_hub(lambda hub: _record(hub, command, blobs, key))
    except (Unavailable, NotFound) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(EX_TEMPFAIL) from None
    except Refused as error:
        typer.echo(f"没有登记:{error}", err=True)
        return
    typer.echo(f"来报号 {number}")


def read_mail(raw: bytes) -> tuple[RecordMessage, list[Blob], str]:
    """A mail as a command, its attachments as (digest, type, bytes), and its key: the digest of all of it. The mail itself is kept too.

    Of a mail that Python's library trips over, all that came is the text: it is never lost to a broken header.
    """
    digest = hashlib.sha256(raw).hexdigest()
    try:
        command, blobs = _read(raw)
    except Exception:  # whatever the library's slip is: IndexError, AttributeError, UnicodeError …
        log.warning("mail %s is broken, kept as it came", digest[:16], exc_info=True)
        command, blobs = RecordMessage(channel="mail", via="mail", text=text_of(raw).strip() or EMPTY), []
    # fax machines send one Message-ID for ever: only the same bytes are the same mail
    return command, [(digest, "message/rfc822", raw), *blobs], f"mail:{digest}"


def _read(raw: bytes) -> tuple[RecordMessage, list[Blob]]:
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    blobs = _attachments(message) if len(raw) <= MOST_BYTES else []
    body = message.get_body(("plain", "html"))
    words = _words(body or message)  # one that says to have parts and has none: all of it
    command = RecordMessage(
        channel="mail",
        via="mail",
        sender=parseaddr(_header(message, "From"))[1].lower()[:200],
        recipient=parseaddr(_header(message, "To"))[1].lower()[:200],
        text="\n".join(filter(None, (_header(message, "Subject").strip(), words))) or EMPTY,
        media=tuple(
            Media(url=f"blob:{name}", media_type=kind, digest=name, size=len(raw)) for name, kind, raw in blobs
        ),
        provider_id=_header(message, "Message-ID")[:200],
    )
    return command, blobs


def _header(message: EmailMessage, name: str) -> str:
    """As the library reads it; as it stands there when the library trips over it."""
    try:
        return clean(str(message.get(name, "")))
    except Exception:
        found = next((value for said, value in message.raw_items() if said.lower() == name.lower()), "")
        return text_of(str(found).encode("utf-8", "surrogateescape"))


def _words(body: MIMEPart) -> str:
    payload = body.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    for charset in (body.get_content_charset() or "utf-8", "utf-8", "gb18030"):
        try:
            return clean(payload.decode(charset)).strip()
        except (LookupError, ValueError):  # a charset nobody knows, or not the one it claims
            continue
    return clean(payload.decode("utf-8", "backslashreplace")).strip()


def _attachments(message: EmailMessage) -> list[Blob]:
    found = []
    for part in message.iter_attachments():
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes) and payload:
            found.append((hashlib.sha256(payload).hexdigest(), part.get_content_type(), payload))
    return found


async def _record(hub: Hub, command: RecordMessage, blobs: list[Blob], key: str) -> str:
    await hub.beside(lambda connection: _keep(connection, blobs))
    stream = f"message/{hashlib.sha256(key.encode()).hexdigest()[:16]}"
    entries = await hub.handle(stream, command, key=key, by="mail")
    return str(getattr(entries[0].event, "number", "")) if entries else ""


def _keep(connection: Connection, blobs: list[Blob]) -> None:
    if blobs:
        connection.many("put_blob", blobs)
