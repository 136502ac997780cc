"""What came along with messages, handed out to be saved and never to be shown by us: a stranger chose every byte of it; and what officers
put beside it."""

import re
from functools import partial
from urllib.parse import quote

from aiohttp import web

from dutydesk.channels.link_files import MOST_FILE
from dutydesk.domain.exchanges import ExchangeFile
from dutydesk.domain.reporting import AttachFiles
from dutydesk.errors import NotFound
from dutydesk.store.connection import Connection
from dutydesk.web import bodies, forms, sight
from dutydesk.web.parts import PARTS
from dutydesk.web.people import BadRequest, person

ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/heic": "heic",
    "application/pdf": "pdf",
    "text/plain": "txt",
    "audio/mpeg": "mp3",
    "audio/amr": "amr",
    "video/mp4": "mp4",
    "application/msword": "doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}
_DIGEST = re.compile(r"[0-9a-f]{64}")


async def download(request: web.Request) -> web.Response:
    """One attachment by the SHA-256 of its bytes. Types we do not know go as bytes; nothing of it runs as ours."""
    return await handed_out(request, request.match_info["digest"])


async def handed_out(request: web.Request, digest: str, name: str = "") -> web.Response:
    """The bytes of a digest, to be saved under a name. Whether this reader may have them was judged before. Raises NotFound."""
    if not _DIGEST.fullmatch(digest):
        raise NotFound("没有这个附件")
    found = await request.app[PARTS].hub.read(partial(_read, digest))
    if found is None:
        raise NotFound("没有这个附件")
    media_type, content = found
    ending = ENDINGS.get(media_type, "bin")
    named = f"; filename*=UTF-8''{quote(name, safe='')}" if name else ""
    return web.Response(
        body=content,
        content_type=media_type if media_type in ENDINGS else "application/octet-stream",
        headers={
            "Content-Disposition": f'attachment; filename="{digest[:12]}.{ending}"{named}',
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "private, max-age=3600",
        },
    )


async def attach(request: web.Request) -> web.Response:
    """Photos and PDF of an officer beside an incident's messages: 200 `{"files", "seq"}`. Raises NotFound, TooLarge, BadRequest."""
    hub, who, id = request.app[PARTS].hub, person(request), bodies.path_id(request)
    key = f"web:{who.username}:{bodies.idempotency_key(request)}"
    if await hub.read(lambda connection: sight.see(connection, who.audience, "incident", id)) is None:
        raise NotFound("没有这个事件,或不在您的范围内")
    files = await _kept(request)
    entries = await hub.handle(f"incident/{id}", AttachFiles(files=files), key=key, by=who.by, guarded=True)
    return bodies.json({"files": [one.digest for one in files], "seq": entries[-1].seq if entries else None})


async def put(request: web.Request) -> web.Response:
    """Photos and PDF for something that is about to be sent: 200 `{"files"}`, to be named in its command. Raises TooLarge, BadRequest."""
    return bodies.json({"files": [file.model_dump() for file in await _kept(request)]})


async def _kept(request: web.Request) -> tuple[ExchangeFile, ...]:
    """The files of a form, once their bytes are in the store."""
    sent = await forms.read(request, papers=True)
    if not sent.photos:
        raise BadRequest("没有选文件")
    if any(len(one.content) > MOST_FILE for one in sent.photos):
        raise bodies.TooLarge("一个文件最多 20 MB,经直连送不出更大的")
    await request.app[PARTS].hub.beside(partial(forms.keep, sent.photos))
    return tuple(
        ExchangeFile(digest=one.digest, name=one.name, media_type=one.media_type, size=len(one.content))
        for one in sent.photos
    )


def _read(digest: str, connection: Connection) -> tuple[str, bytes] | None:
    row = connection.one("blob", digest)
    return (str(row[0]).lower(), bytes(row[1])) if row else None
