"""What a browser loads of ours (modules, styles, icons): held in memory, pressed once, under addresses that say what they hold.

`/assets/{release}/…` never changes and is asked for once; `release` is the digest of all files, so that two hubs agree about it and an
upgrade is another address. `/static/…` is the same under a lasting name, asked for again each time. There is no build: an edited file
is read again at the next page.
"""

import gzip
import hashlib
import re
from dataclasses import dataclass, field
from functools import lru_cache
from mimetypes import guess_type
from pathlib import Path, PurePosixPath
from time import monotonic

from aiohttp import web

STATIC = Path(__file__).parent / "static"
STYLES = (
    *("base", "frame", "desk", "detail", "instructions", "links", "circulars"),
    *("plans", "asking", "room", "log", "submissions", "watch", "narrow"),
)
SHEET = "style/console.css"  # those, in this order, as one
MAIN = "app/main.js"
WORDS = ("app/words/zh.js", "app/words/en.js")  # each sent with its parts inside: one answer and not twenty
FOR_EVER = "public, max-age=31536000, immutable"
_IMPORT = re.compile(r'^(?:import|export)\b[^;"]*?"(\.[^"]+)";', re.MULTILINE)
_SMALL = 600  # bytes; less is not worth pressing


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent. `pressed` is gzip (RFC 1952), or empty where that gains nothing."""

    body: bytes
    pressed: bytes
    kind: str
    tag: str


@dataclass(frozen=True, slots=True)
class Assets:
    """All files of one moment, each pressed when it is first asked for."""

    release: str
    bodies: dict[str, bytes]
    ready: dict[str, Asset] = field(default_factory=dict)

    def find(self, path: str) -> Asset | None:
        """A file by its path under `static/`."""
        if path not in self.ready and path in self.bodies:
            self.ready[path] = _press(path, self.bodies[path])
        return self.ready.get(path)

    def eager(self) -> tuple[str, ...]:
        """Every module that the console needs before it draws: what its first one imports, and what those import."""
        found, left = dict.fromkeys([MAIN]), [MAIN]
        while left:
            here = left.pop()
            for name in _IMPORT.findall(self.bodies[here].decode()):
                path = _resolved(PurePosixPath(here).parent, name)
                if path not in found:
                    found[path] = None
                    left.append(path)
        return tuple(found)


def now() -> Assets:
    """The files as they stand; the folder is walked once a second at most, for a page asks for a hundred of them."""
    return _looked(int(monotonic()))


@lru_cache(maxsize=1)
def _looked(_second: int) -> Assets:
    found = sorted(path for path in STATIC.rglob("*") if path.is_file())
    return _read(tuple((path, (stat := path.stat()).st_mtime_ns, stat.st_size) for path in found))


@lru_cache(maxsize=1)
def _read(stamps: tuple[tuple[Path, int, int], ...]) -> Assets:
    bodies = {path.relative_to(STATIC).as_posix(): path.read_bytes() for path, _, _ in stamps}
    bodies[SHEET] = b"\n".join(bodies[f"style/{name}.css"] for name in STYLES)
    for index in WORDS:
        bodies[index] = _joined(bodies, index)
    whole = hashlib.sha256()
    for path, body in bodies.items():
        whole.update(path.encode() + b"\0" + hashlib.sha256(body).digest())
    return Assets(whole.hexdigest()[:16], bodies)


def _joined(bodies: dict[str, bytes], index: str) -> bytes:
    """A module of words with the modules it imports, which import nothing themselves, in front of it."""
    own, folder = bodies[index].decode(), PurePosixPath(index).parent
    parts = [bodies[_resolved(folder, name)].decode() for name in _IMPORT.findall(own)]
    return "\n".join([*parts, _IMPORT.sub("", own)]).encode()


def _press(path: str, body: bytes) -> Asset:
    pressed = gzip.compress(body, 6, mtime=0) if len(body) > _SMALL else b""
    kind = "text/javascript" if path.endswith(".js") else guess_type(path)[0] or "application/octet-stream"
    tag = hashlib.sha256(body).hexdigest()[:20]
    return Asset(body, pressed if len(pressed) < len(body) else b"", kind, tag)


def _resolved(folder: PurePosixPath, name: str) -> str:
    parts = list(folder.parts)
    for step in PurePosixPath(name).parts:
        if step == "..":
            parts.pop()
        elif step != ".":
            parts.append(step)
    return "/".join(parts)


@dataclass(frozen=True, slots=True)
class Shell:
    """What the console's first page names: its style, its first module, and the modules to ask for at once."""

    sheet: str
    main: str
    modules: tuple[str, ...]


def shell(prefix: str = "") -> Shell:
    """The console's files as they stand; under their release unless a lasting `prefix` is given."""
    files = now()
    root = prefix or f"/assets/{files.release}"
    return Shell(f"{root}/{SHEET}", f"{root}/{MAIN}", tuple(f"{root}/{path}" for path in files.eager()))


def routes() -> list[web.RouteDef]:
    """Both addresses of every file."""
    return [web.get("/static/{path:.+}", give), web.get("/assets/{release:[0-9a-f]{16}}/{path:.+}", give)]


async def give(request: web.Request) -> web.Response:
    """One file. An address of another release gets the file of this one, to be asked for again."""
    files = now()
    asset = files.find(request.match_info["path"])
    if asset is None:
        raise web.HTTPNotFound()
    lasting = request.match_info.get("release") == files.release
    headers = {
        "ETag": f'"{asset.tag}"',
        "Vary": "Accept-Encoding",
        "Cache-Control": FOR_EVER if lasting else "no-cache",
    }
    if any(tag.value == asset.tag for tag in request.if_none_match or ()):
        return web.Response(status=304, headers=headers)
    body = asset.body
    if asset.pressed and "gzip" in request.headers.get("Accept-Encoding", ""):
        body, headers["Content-Encoding"] = asset.pressed, "gzip"
    charset = "utf-8" if asset.kind.startswith("text/") else None
    return web.Response(body=body, headers=headers, content_type=asset.kind, charset=charset)
