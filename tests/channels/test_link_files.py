"""Files fetched over a line: whole or not at all, by their digest, once, bounded, and only what was named to that peer."""

import hashlib

import pytest

from dutydesk.channels.link_files import MOST_FILE, PIECE, Files, Piece
from dutydesk.domain.rules import Peer

PEER = Peer(name="below", unit="T1", side="below", secret_env="S")
PHOTO = bytes(range(256)) * 4_000  # three pieces
DIGEST = hashlib.sha256(PHOTO).hexdigest()


class Desk:
    """The files of one side, and what it was told of them."""

    def __init__(self, wanted: tuple[str, ...] = (), named: dict[str, bytes] | None = None) -> None:
        self.want, self.named = list(wanted), named or {}
        self.kept: dict[str, bytes] = {}
        self.given_up: dict[str, str] = {}
        self.size = 0

    async def wanted(self, peer: Peer) -> str:
        return next((one for one in self.want if one not in self.kept and one not in self.given_up), "")

    async def piece(self, peer: Peer, digest: str, offset: int) -> Piece | None:
        content = self.named.get(digest)
        if content is None:
            return None
        return Piece(content[offset : offset + PIECE], self.size or len(content), "image/jpeg")

    async def keep(self, peer: Peer, digest: str, media_type: str, content: bytes) -> None:
        assert digest not in self.kept, "once"
        self.kept[digest] = content

    async def give_up(self, peer: Peer, digest: str, why: str) -> None:
        self.given_up[digest] = why


async def fetched(here: Desk, there: Desk, *, lose_after: int = 10_000) -> int:
    """Until nothing is on the line. Returns how many frames it took; the line breaks after `lose_after` of them."""
    line: list[tuple[Files, str, dict[str, object]]] = []

    async def to_there(kind: str, said: dict[str, object]) -> None:
        line.append((theirs, kind, said))

    async def to_here(kind: str, said: dict[str, object]) -> None:
        line.append((ours, kind, said))

    ours, theirs = Files(PEER, here, to_there), Files(PEER, there, to_here)
    await ours.ask()
    await ours.ask()
    count = 0
    while line and count < lose_after:
        to, kind, said = line.pop(0)
        count += 1
        await to.hear(kind, said)
    return count


async def test_a_file_comes_in_pieces_and_is_kept_whole_once() -> None:
    here, there = Desk((DIGEST, DIGEST)), Desk(named={DIGEST: PHOTO})
    assert await fetched(here, there) == 6, "three pieces, each asked for"
    assert here.kept == {DIGEST: PHOTO}


async def test_a_line_that_breaks_keeps_nothing_half_and_the_next_one_fetches_it() -> None:
    here, there = Desk((DIGEST,)), Desk(named={DIGEST: PHOTO})
    await fetched(here, there, lose_after=3)
    assert (here.kept, here.given_up) == ({}, {})
    await fetched(here, there)
    assert here.kept == {DIGEST: PHOTO}


@pytest.mark.parametrize(
    ("named", "size", "why"),
    [({}, 0, "gone"), ({DIGEST: PHOTO[:-1]}, 0, "differs"), ({DIGEST: PHOTO}, MOST_FILE + 1, "too_big")],
)
async def test_what_is_not_had_not_itself_or_too_big_stays_named_with_the_reason(
    named: dict[str, bytes], size: int, why: str
) -> None:
    other = hashlib.sha256(b"x").hexdigest()
    here, there = Desk((DIGEST, other)), Desk(named=named | {other: b"x"})
    there.size = size
    await fetched(here, there)
    assert here.given_up[DIGEST] == why
    assert size or here.kept == {other: b"x"}, "the next file comes all the same"


async def test_a_piece_nobody_asked_for_is_no_file() -> None:
    here = Desk()
    said: dict[str, object] = {"digest": DIGEST, "offset": 0, "size": 1, "data": "eA=="}
    await Files(PEER, here, _nowhere).hear("piece", said)
    assert here.kept == {}


async def _nowhere(_kind: str, _said: dict[str, object]) -> None:
    raise AssertionError("nothing is to be said")
