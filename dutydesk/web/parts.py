"""What the web is made of, handed in by the composition root."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import web

from dutydesk.clock import Clock
from dutydesk.config.settings import Settings
from dutydesk.domain.readings import Reading
from dutydesk.hub import Hub
from dutydesk.links import Signer
from dutydesk.store.search import SearchIndex
from dutydesk.web.live import Live
from dutydesk.web.presence import Presence


@dataclass(frozen=True)
class Parts:
    """Everything the web needs. `read_text(text, at)` reads a text as of an instant; `ready()` says how the desk is: a JSON object
    whose `ok` decides between 200 and 503. `secure_cookies` where the desk is reached by https."""

    hub: Hub
    settings: Settings
    clock: Clock
    signer: Signer
    live: Live
    read_text: Callable[[str, int], Awaitable[Reading]]
    ready: Callable[[], Awaitable[dict[str, object]]]
    presence: Presence
    index: SearchIndex
    reader_restarts: Callable[[], int] = lambda: 0
    extra_routes: list[web.RouteDef] = field(default_factory=list)
    demo: bool = False
    secure_cookies: bool = False


PARTS = web.AppKey("parts", Parts)
