"""Two whole desks, a district and its city, joined by a real websocket; the line can be cut, either desk killed and started again."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from dutydesk.app import Desk, build
from dutydesk.channels.link import Links
from dutydesk.clock import MINUTE, SECOND, ManualClock
from dutydesk.domain.deliveries import QueueDelivery
from dutydesk.domain.exchanges import Exchange
from dutydesk.domain.verbs import Promise
from dutydesk.reading.worker import ReaderPool
from tests.desk.town import NOON, ROOT, Town, town

SECRET = "a secret of both desks, long enough for everybody"
CITY, DISTRICT = "U-370200", "370202"
SECRETS = {"DUTYDESK_PEER_SECRET": SECRET}


def paper(n: int, *, desk: str = DISTRICT, kind: str = "submission", **changed: object) -> Exchange:
    """The n-th paper of a desk about one event."""
    said = {
        "kind": kind,
        "number": f"20261123-001/{n}",
        "desk": desk,
        "event": "37020200000000_20261123120000_0",
        "stage": "首报" if n == 1 else "续报",
        "ordinal": n,
        "references": [f"20261123-001/{n - 1}"] if n > 1 else [],
        "title": "香港中路8号写字楼火灾",
        "text": f"香港中路8号写字楼起火,死亡{n}人。(第{n}报)",
        "issued_at": NOON,
        "category": "accident",
        "figures": {"deaths": n},
        "place": {"text": "香港中路8号", "division": "370202001"},
    }
    return Exchange.model_validate(said | changed)


def configure(folder: Path, *, unit: str, peer: str, peer_unit: str, side: str, url: str = "") -> None:
    """The shipped configuration with one peer, and for a district its own name."""
    shutil.copytree(ROOT / "config", folder / "config")
    shutil.copytree(ROOT / "contacts", folder / "contacts")
    desk = folder / "config" / "desk.toml"
    named = desk.read_text().replace(CITY, unit).replace("青岛市政府总值班室", f"{unit}值班室")
    tier = "district" if unit == DISTRICT else "city"
    named = named.replace('tier = "city"', f'tier = "{tier}"')
    desk.write_text(named.replace('division = "370200"', f'division = "{unit[-6:]}"'))
    (folder / "config" / "security.toml").write_text("second_factor = []\n")
    routes = folder / "config" / "submissions.toml"
    old = 'to = ["office", "duty-head", "province-safety"]\ncopies = ["emergency"]'
    city = f'[[addressees]]\nid = "city"\nlabel = "市政府总值班室"\nunit = "{CITY}"\nhow = ["link"]\ntier = "city"\nreceiver = "city"\n\n'
    text = routes.read_text()
    assert old in text
    if unit == DISTRICT:
        larger = '"province", "province-safety"]\ncopies'
        assert larger in text
        text = text.replace(old, 'to = ["city"]').replace(larger, '"city"]\ncopies')
    routes.write_text(text.replace("[[addressees]]", city + "[[addressees]]", 1))
    dial = f'url = "{url}"\n' if url else ""
    (folder / "config" / "peers.toml").write_text(
        f'page_on_link = "held-message"\n[[peers]]\nname = "{peer}"\nunit = "{peer_unit}"\nside = "{side}"\n{dial}'
        'secret_env = "DUTYDESK_PEER_SECRET"\nsilent_after_s = 60\n'
    )


class Pair:
    """The two desks. Each keeps its own clock; `settle` lets both and the line come to rest."""

    def __init__(self, city: Town, district: Town) -> None:
        self.city, self.district = city, district

    async def connect(self) -> None:
        """Have the district dial until the line is proven at both ends."""
        async with asyncio.timeout(90):
            while not self._proven():
                self.district.clock.advance(SECOND)
                await self.district.desk.lines.run_once()
                dial = self.district.desk.lines._dialling["city"].task
                while dial and not dial.done() and not self._proven():  # noqa: ASYNC110  # one dial costs one second
                    await asyncio.sleep(0)

    def _proven(self) -> bool:
        return bool(self._links(self.district).best("city") and self._links(self.city).best("shinan"))

    async def cut(self) -> None:
        """The line breaks, at both ends."""
        for town_, peer in ((self.district, "city"), (self.city, "shinan")):
            await self._links(town_).hang_up(peer)

    async def settle(self) -> None:
        """Until neither desk has anything to do and nothing is on its way."""
        async with asyncio.timeout(120):
            before: object = None
            while before != (now := await self._state()):
                before = now
                for town_ in (self.district, self.city):
                    await town_.telco.settle()
                for town_, peer in ((self.district, "city"), (self.city, "shinan")):
                    while (line := self._links(town_).best(peer)) and not line.quiet:  # noqa: ASYNC110  # not a wait for time
                        await asyncio.sleep(0)

    async def _state(self) -> tuple[int, ...]:
        heads = [await t.desk.hub.read(lambda c: c.one("head")) for t in (self.city, self.district)]
        return tuple(int(row[0]) for row in heads if row)

    async def advance(self, minutes: float, step: int = 10) -> None:
        """Time passes at both, in steps of so many minutes."""
        left = int(minutes * MINUTE)
        while left > 0:
            passed = min(left, step * MINUTE)
            left -= passed
            for town_ in (self.city, self.district):
                town_.clock.advance(passed)
            await self.settle()

    async def up(self, number: int, wish: Exchange | None = None, *, id: str = "") -> None:
        """The district hands a paper to its outbox."""
        await queue(self.district, wish or paper(number), CITY, id or f"s{number:04d}")

    @staticmethod
    def _links(town_: Town) -> Links:
        return town_.desk.links


async def queue(town_: Town, wish: Exchange, to: str, id: str) -> None:
    send = QueueDelivery(
        how="link", to=to, text=wish.to_text(), purpose="paper", about=f"paper/{id}", promise=Promise.ONCE
    )
    await town_.desk.hub.handle(f"delivery/{id}", send, key=f"test:{id}", by="test")


async def revive(town_: Town, reader: ReaderPool) -> None:
    """Kill a desk without a word, and start it again on the same store and port."""
    old = town_.desk
    await kill(old)
    settings = old.settings.model_copy(update={"port": int(town_.url.rpartition(":")[2])})
    town_.desk = build(settings, clock=town_.clock, environment=town_.gateway, reader=reader)
    await town_.desk.open()
    await town_.desk.serve()


async def kill(desk: Desk) -> None:
    """Everything it holds in memory is gone; only what is committed stays."""
    await desk.stop()


@asynccontextmanager
async def pair(
    folder: Path,
    reader: ReaderPool,
    city_store: str = "",
    district_store: str = "",
    skew: int = 0,
    *,
    mail: bool = False,
) -> AsyncIterator[Pair]:
    """A city and a district on stores of their own. `skew`: how much the district's clock is ahead; `mail`: the city writes mail."""
    configure(folder / "city", unit=CITY, peer="shinan", peer_unit=DISTRICT, side="below")
    async with town(
        folder / "city", reader, city_store, environment=SECRETS, clock=ManualClock(NOON), mail=mail
    ) as city:
        url = city.url.replace("http", "ws") + "/link"
        configure(folder / "district", unit=DISTRICT, peer="city", peer_unit=CITY, side="above", url=url)
        clock = ManualClock(type(NOON)(NOON + skew))
        async with town(folder / "district", reader, district_store, environment=SECRETS, clock=clock) as district:
            made = Pair(city, district)
            yield made
            await made.settle()
            await city.whole()  # whom the incidents' own calls reach is other tests' matter
            await district.whole()
