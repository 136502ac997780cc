"""Files that papers name, fetched over the line once by their SHA-256: the side that was told of one asks for it, piece by piece.

Control frames, beside the numbered ones: a file is no entry of the journal, and a line that breaks loses only what had come of it.
"""

import base64
import binascii
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from dutydesk.domain.rules import Peer

PIECE = 384 << 10  # bytes of a file in one frame; in base64 it stays far below the longest frame
MOST_FILE = 20 << 20  # bytes of one file; a larger one stays named, with its size and digest


@dataclass(frozen=True, slots=True)
class Piece:
    """Some bytes of a file from `offset` on, and how many it has altogether."""

    data: bytes
    size: int
    media_type: str


class Shelf(Protocol):
    """The desk's files, as a line sees them."""

    async def wanted(self, peer: Peer) -> str:
        """The digest of a file that the peer named and that is not here; empty when there is none."""
        ...

    async def piece(self, peer: Peer, digest: str, offset: int) -> Piece | None:
        """Some of a file that we named to the peer; None for anything else."""
        ...

    async def keep(self, peer: Peer, digest: str, media_type: str, content: bytes) -> None: ...

    async def give_up(self, peer: Peer, digest: str, why: str) -> None: ...


@dataclass(slots=True)
class _Coming:
    digest: str = ""
    content: bytearray = field(default_factory=bytearray)


class Files:
    """Both ends of fetching over one line."""

    def __init__(self, peer: Peer, shelf: Shelf, say: Callable[[str, dict[str, object]], Awaitable[None]]) -> None:
        self._peer, self._shelf, self._say = peer, shelf, say
        self._coming = _Coming()

    @property
    def busy(self) -> bool:
        """Whether a file is on its way to us."""
        return bool(self._coming.digest)

    async def ask(self) -> None:
        """Ask for the next file, unless one is under way."""
        if not self.busy and (digest := await self._shelf.wanted(self._peer)):
            self._coming = _Coming(digest)
            await self._say("want", {"digest": digest, "offset": 0})

    async def hear(self, kind: str, said: dict[str, object]) -> None:
        """A control frame about files."""
        digest = str(said.get("digest", ""))
        if kind == "want":
            await self._give(digest, said.get("offset"))
        elif kind == "piece" and digest and digest == self._coming.digest:
            await self._take(said)

    async def _give(self, digest: str, offset: object) -> None:
        at = offset if isinstance(offset, int) and offset >= 0 else 0
        found = await self._shelf.piece(self._peer, digest, at)
        if found is None:
            await self._say("piece", {"digest": digest, "gone": True})
            return
        said = {"digest": digest, "offset": at, "size": found.size, "type": found.media_type}
        await self._say("piece", said | {"data": base64.b64encode(found.data).decode()})

    async def _take(self, said: dict[str, object]) -> None:
        coming, size = self._coming, said.get("size")
        if said.get("offset") != len(coming.content) and not said.get("gone"):
            return
        if said.get("gone") or not isinstance(size, int):
            return await self._over("gone")
        if size > MOST_FILE:
            return await self._over("too_big")
        data = _bytes(said.get("data"))
        coming.content += data
        if data and len(coming.content) < size:
            await self._say("want", {"digest": coming.digest, "offset": len(coming.content)})
        elif hashlib.sha256(coming.content).hexdigest() != coming.digest:
            await self._over("differs")
        else:
            kind = str(said.get("type", ""))[:100]
            await self._shelf.keep(self._peer, coming.digest, kind, bytes(coming.content))
            self._coming = _Coming()
            await self.ask()

    async def _over(self, why: str) -> None:
        await self._shelf.give_up(self._peer, self._coming.digest, why)
        self._coming = _Coming()
        await self.ask()


def _bytes(said: object) -> bytes:
    try:
        return base64.b64decode(said, validate=True) if isinstance(said, str) else b""
    except (binascii.Error, ValueError):
        return b""
