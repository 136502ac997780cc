"""Names of places and what they mean: the nation's provinces, cities and counties, and the desk's own units.

Finds names in a text and keeps every meaning of an ambiguous one. It must never choose between two meanings that
the text leaves open: both stay candidates.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Self

from dutydesk.domain.directory import Directory
from dutydesk.domain.readings import Candidate
from dutydesk.reading.text import prepare, resource
from dutydesk.reading.vocabulary import alternatives

_PEOPLES = alternatives("gazetteer", "peoples")
_TAIL = re.compile(
    rf"(?:(?:{_PEOPLES})*(?:自治区|自治州|自治县|自治旗|联合旗)|特别行政区|特区|林区|地区|街道办事处|街道|省|市|区|县|旗|州|盟|镇|乡)$"
)
_TOWN_KIND = re.compile(r"镇(?!定|静|压)|乡|街道办事处|街道办|街道|街办|苏木")
_UNLISTED = re.compile(r"[市州盟]?(?:[\u4e00-\u9fff]{2,3}族自治州)?([\u4e00-\u9fff]{1,3}县)(?!城|级|委|长|政府)")
_LONGER = re.compile(
    r"时间|[一二三四五六七八九十东西南北中]?(?:路|大道|大街)|乡|镇|街道|村|[日晚晨]报|籍|森林公园|风景区|水库|大厦|酒店|花园|小区"
)
_MOST = 32  # names looked at in one text: a list of every county hit by one storm has fewer; weighing them is quadratic
_WATERS = frozenset("镇乡街村桥河江溪山湖庄屯港岛寺卫湾坝坪岭峡洞塘寨沟垸坳冲畈圩滩洲洼")
_COUNTY_WORD = re.compile(r"(?<![\u4e00-\u9fff])[\u4e00-\u9fff]{2,3}县(?!城|级|委|长|政府)")


@dataclass(frozen=True, slots=True)
class Place:
    """A place that has a name: GB/T 2260 code (6 or 9 digits) or unit code, and its full name."""

    code: str
    name: str
    full: str
    division: str

    @property
    def tier(self) -> int:
        """1 province, 2 city, 3 county, 4 below or a unit."""
        if len(self.code) != 6 or not self.code.isdigit():
            return 4
        return 1 if self.code.endswith("0000") else 2 if self.code.endswith("00") else 3


@dataclass(frozen=True, slots=True)
class Hit:
    """A name found in a plain text, with all that it may mean; `short` when it was written without 市, 县, 区 …"""

    start: int
    end: int
    name: str
    meanings: tuple[Place, ...]
    short: bool

    @property
    def is_division(self) -> bool:
        """Whether every meaning is a province, city, county or town, not a unit of the desk."""
        return all(place.code.isdigit() for place in self.meanings)


_TOWN_PARTS = frozenset({"城区", "郊区", "矿区", "市区"})


class Gazetteer:
    """Names → places. Build with `national()` or `of(directory)`; immutable afterwards."""

    def __init__(self, places: Iterable[tuple[str, Place, bool]], home: frozenset[str] = frozenset()) -> None:
        names: dict[str, list[tuple[Place, bool]]] = {}
        for name, place, short in places:
            meanings = names.setdefault(name, [])
            if all(place.code != known.code for known, _ in meanings):
                meanings.append((place, short))
        self._names = {n: tuple(p for p, _ in m) for n, m in names.items()}
        self._short = frozenset(n for n, m in names.items() if all(short for _, short in m))
        self._lengths: dict[str, tuple[int, ...]] = {}
        for name in self._names:
            self._lengths[name[0]] = tuple(sorted({len(name), *self._lengths.get(name[0], ())}, reverse=True))
        self._by_code = {p.code: p for m in self._names.values() for p in m}
        self._home = tuple(sorted(home))
        for stem, town in _home_towns(self._home):
            self._add_home_town(stem, town)

    @classmethod
    def national(cls, home: str | None = None) -> Self:
        """Provinces, cities, counties and towns of the country, with short forms and names no longer in use.

        `home` is the code of the desk's own city (its first four digits count): its towns go before their namesakes.
        """
        return cls(_national(), frozenset({home[:4]} if home else ()))

    @classmethod
    def of(cls, directory: Directory) -> Self:
        """The national list and the desk's own divisions and units, with their short names and aliases."""
        cities = Counter(unit.division[:4] for unit in directory.units if unit.kind in {"town", "district"})
        home = frozenset(city for city, _ in cities.most_common(1))
        return cls([*_of_directory(directory), *_national()], home)

    def name_of(self, code: str) -> str | None:
        """The name of a division code, or None."""
        place = self._by_code.get(code)
        return place.name if place else None

    def _add_home_town(self, stem: str, town: Place) -> None:
        """A town of the desk's own city is known by its bare name too: 夏庄 is 夏庄街道."""
        if len(stem) >= 2 and stem not in self._names and stem not in _common():
            self._names[stem] = (town,)
            self._short |= {stem}
            self._lengths[stem[0]] = tuple(sorted({len(stem), *self._lengths.get(stem[0], ())}, reverse=True))

    def find(self, plain: str) -> list[Hit]:
        """The longest name at each position, left to right; `plain` as `text.prepare` gives it."""
        hits: list[Hit] = []
        at, end = 0, len(plain)
        while at < end and len(hits) < _MOST:
            hit = self._at(plain, at)
            if hit is None or (hit.short and self._part_of_longer(plain, hit)):
                hit = self._town_at(plain, at, hits)
            if hit is not None:
                hits.append(hit)
                at = hit.end
            else:
                at += 1
        return hits

    def _at(self, plain: str, at: int) -> Hit | None:
        for length in self._lengths.get(plain[at], ()):
            name = plain[at : at + length]
            meanings = self._names.get(name)
            if meanings is not None and len(name) == length:
                return Hit(at, at + length, name, meanings, name in self._short)
        return None

    def _part_of_longer(self, plain: str, hit: Hit) -> bool:
        """The short name of a county inside another name: 灵山|镇, 黄埔|大道, 北京|时间."""
        if plain[hit.start - 1 : hit.start] in {"大", "小"} and plain[hit.end - 1] in _WATERS:  # 大沽河 is not 沽河
            return True
        if _LONGER.match(plain, hit.end):
            return plain[hit.end] in "时东西南北中一二三四五六七八九十日晚晨籍" or self._at(plain, hit.end) is None
        if min(p.tier for p in hit.meanings) < 3 or plain[hit.end : hit.end + 1] not in _WATERS:
            return False
        return self._town_at(plain, hit.end, [hit]) is None

    def _town_at(self, plain: str, at: int, hits: list[Hit]) -> Hit | None:
        """A town: with its 镇, 乡 or 街道 anywhere; by its bare name only right behind the county or city that has it."""
        before = hits[-1] if hits and hits[-1].end == at else None
        for length in _town_lengths().get(plain[at], ()):
            rows = _towns().get(plain[at : at + length])
            if rows is None or not (before or (length > 1 and _TOWN_KIND.match(plain, at + length))):
                continue
            towns = [_town(county, town) for county, town in rows]
            kind = _TOWN_KIND.match(plain, at + length)
            inside = [t for t in towns if before and any(_holds(outer, t) for outer in before.meanings)]
            if kind and (inside or length > 1):
                return Hit(at, kind.end(), plain[at : kind.end()], tuple(inside or towns), False)
            if inside and length > 1:
                return Hit(at, at + length, plain[at : at + length], tuple(inside), True)
        return None

    def resolve(self, text: str) -> tuple[Candidate, ...]:
        """What the names in a text may mean, the most specific and most certain first; at most 8."""
        return self.candidates(self.find(prepare(text).plain))

    def candidates(self, hits: list[Hit]) -> tuple[Candidate, ...]:
        """Candidates for names already found, weighed by the other names beside them."""
        scored: dict[str, Candidate] = {}
        tiers: dict[str, int] = {}
        frames = _frames(hits)
        for hit in {hit.name: hit for hit in hits}.values():
            fitting = self._fitting(hit, frames)
            for place in fitting:
                tiers[place.code] = place.tier
                sure = (0.6 if hit.short else 0.9) / len(fitting) + (0.1 if _held(place, hit, frames) else 0.0)
                known = scored.get(place.code)
                if known is None or known.score < sure:
                    scored[place.code] = Candidate(code=place.code, name=place.full, score=round(min(1.0, sure), 2))
        return tuple(sorted(scored.values(), key=lambda c: (-tiers[c.code], -c.score, c.code))[:8])

    def _fitting(self, hit: Hit, frames: dict[str, set[str]]) -> list[Place]:
        """The meanings that lie inside another name of the text; else those at home; else all."""
        inside = [p for p in hit.meanings if _held(p, hit, frames)]
        at_home = [p for p in hit.meanings if self._home and p.division.startswith(self._home)]
        return inside or at_home or list(hit.meanings)

    def county(self, plain: str, hits: list[Hit]) -> str | None:
        """The county-level name that `plain` says or implies; None when none is certain enough."""
        for place, hit in enumerate(hits):
            if hit.name in _TOWN_PARTS and place and hits[place - 1].end == hit.start:
                continue  # 仁怀|城区: a part of the town, not the district of that name
            county = next((p for p in hit.meanings if p.tier == 3), None)
            if not hit.short and county is not None:
                official = self.name_of(county.code) or hit.name
                return official if hit.name.endswith("新区") or official.endswith(("自治县", "旗")) else hit.name
        frames = _frames(hits)
        for place, hit in enumerate(hits):
            if name := self._implied(plain, hit, frames, hits[place - 1] if place else None):
                return name
        found = _COUNTY_WORD.search(plain)
        return found.group() if found else None

    def _implied(self, plain: str, hit: Hit, frames: dict[str, set[str]], before: Hit | None) -> str | None:
        places = [p for p in self._fitting(hit, frames) if p.tier >= 3]
        if len({p.division[:6] for p in places}) != 1:
            return self._unlisted(plain, hit)
        if hit.short and not _held(places[0], hit, frames) and any(names - {hit.name} for names in frames.values()):
            return None  # 三亚|凤凰机场: the county of that name lies elsewhere
        follows = plain[hit.end : hit.end + 1]
        if hit.short and follows and follows in "县市区旗":
            return hit.name + follows
        joined = before is not None and before.end == hit.start
        opens = (
            hit.start == 0
            or plain[hit.start - 1] in ",。:;!?([]\n"
            or plain.startswith(("境内", "段", "市", "县", "区"), hit.end)
        )
        only = all(p.tier >= 3 for p in self._fitting(hit, frames))
        at_home = bool(self._home) and places[0].division.startswith(self._home)
        if places[0].tier == 4 or (joined and only) or (opens and all(p.tier >= 3 for p in hit.meanings)) or at_home:
            code = places[0].division[:6]
            return None if code.endswith("00") else self.name_of(code)
        return self._unlisted(plain, hit)

    def _unlisted(self, plain: str, hit: Hit) -> str | None:
        """A county that the list no longer has, behind a name that it has: 高雄|旗山县."""
        match = _UNLISTED.match(plain, hit.end)
        return match[1] if match else None


def _frames(hits: list[Hit]) -> dict[str, set[str]]:
    """Code prefixes of the provinces, cities and counties named, each with the names that say it."""
    out: dict[str, set[str]] = {}
    for hit in hits:
        for place in hit.meanings:
            if place.tier < 4:
                out.setdefault(place.code[: 2 * place.tier], set()).add(hit.name)
    return out


def _held(place: Place, hit: Hit, frames: dict[str, set[str]]) -> bool:
    """Whether another name of the text says a division that this place lies in."""
    return any(frames.get(place.division[: 2 * tier], set()) - {hit.name} for tier in range(1, min(place.tier, 4)))


def _holds(outer: Place, inner: Place) -> bool:
    if outer.code == inner.code or not outer.code.isdigit():
        return False
    stem = outer.code.rstrip("0")
    stem += "0" * (len(stem) % 2)
    return len(outer.code) == 6 and outer.tier < inner.tier and inner.division.startswith(stem)


@cache
def _common() -> frozenset[str]:
    """Short forms that are common words, parts of newspapers' names or of other places: never names by themselves."""
    return frozenset(resource("common_words.txt").split())


def short_of(name: str) -> str:
    """The name as people say it: 密云区 → 密云, 德宏傣族景颇族自治州 → 德宏; itself when nothing sensible is left."""
    stem = _TAIL.sub("", name)
    return stem if len(stem) >= 2 else name


def _national() -> list[tuple[str, Place, bool]]:
    names = _division_names()
    known = {code: _place(code, name, names) for code, name in names.items()}
    out = [(place.name, place, False) for place in known.values()]
    for row in csv.DictReader(resource("retired.csv").splitlines()):
        place = _place(row["code"], row["name"], names)
        out.append((row["name"], place, False))
    shorts = [(short_of(place.name), place) for place in known.values()]
    for stem, place in shorts:
        name = place.name
        if name.endswith(("自治县", "自治旗")) and name[-1] != name[-3] and len(stem) >= 2:
            out.append((stem + name[-1], place, False))  # 紫云县
    out += [(stem, place, True) for stem, place in shorts if stem != place.name and stem not in _common()]
    return out


@cache
def _towns() -> dict[str, list[tuple[str, str]]]:
    """Bare name of a town → county and number with name of every town called so; places are made when one is met."""
    out: dict[str, list[tuple[str, str]]] = {}
    for line in resource("towns.csv").splitlines()[1:]:
        county, _, towns = line.partition(",")
        for town in towns.split(" "):
            stem = town[3:-2] if town.endswith(("街道", "苏木")) else town[3:-1]
            if stem in out:
                out[stem].append((county, town))
            else:
                out[stem] = [(county, town)]
    return out


@cache
def _town(county: str, town: str) -> Place:
    """The place of 001大村镇 in its county."""
    names = _division_names()
    code, name = county + town[:3], town[3:]
    return Place(code, name, _place(county, names.get(county, ""), names).full + name, code)


@cache
def _town_lengths() -> dict[str, tuple[int, ...]]:
    """First character → how long the bare names of towns are that begin with it, the longest first."""
    out: dict[str, set[int]] = {}
    for name in _towns():
        if name:
            out.setdefault(name[0], set()).add(min(len(name), 6))
    return {first: tuple(sorted(lengths, reverse=True)) for first, lengths in out.items()}


def _home_towns(home: tuple[str, ...]) -> list[tuple[str, Place]]:
    if not home:
        return []
    return [
        (stem, _town(county, town))
        for stem, rows in _towns().items()
        for county, town in rows
        if county.startswith(home)
    ]


@cache
def _division_names() -> dict[str, str]:
    return dict(line.split(",") for line in resource("divisions.csv").splitlines()[1:])


def _place(code: str, name: str, names: dict[str, str]) -> Place:
    above = [names.get(code[:2] + "0000", ""), names.get(code[:4] + "00", "")]
    full = "".join(dict.fromkeys([part for part in above if part and part != name] + [name]))
    return Place(code, name, full, code)


def _of_directory(directory: Directory) -> list[tuple[str, Place, bool]]:
    out = []
    for unit in directory.units:
        place = Place(unit.code, unit.name, unit.name, unit.division)
        out.append((unit.name, place, False))
        if unit.kind in {"town", "district"} and short_of(unit.name) not in _common():
            out.append((short_of(unit.name), place, True))
        out += [(short, place, True) for short in unit.short_names if len(short) >= 2]
    return out
