"""OpenTelemetry traces, off by default: each message is a trace, each entry that it led to a span, told to a collector by OTLP over HTTP
(JSON). Made from the journal alone, so nothing else of the desk knows of it; no text, name, number or id of a person leaves.
"""

import logging
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import groupby
from typing import Any

import aiohttp

from dutydesk.clock import Clock
from dutydesk.domain.verbs import split
from dutydesk.hub import Hub
from dutydesk.store.connection import Params
from dutydesk.store.store import head

AT_ONCE = 500  # entries told in one request
KNOWN = 20_000  # streams whose trace is remembered: some hours of a storm
LONGEST = 5.0  # seconds a collector may take
NANOS = 1_000  # in a microsecond
log = logging.getLogger("dutydesk.tracer")


class Paths:
    """Which trace a stream belongs to: that of the message whose input first touched it."""

    def __init__(self) -> None:
        # trace, its first span, instant of the last entry
        self._of: OrderedDict[str, tuple[str, str, int]] = OrderedDict()

    def spans(self, records: Iterable[Params]) -> Iterator[dict[str, Any]]:
        """Spans of entries in order: each lasts from the entry before it on its stream until it was written."""
        for _, group in groupby(records, key=lambda record: (record[1], record[6], record[7])):  # one input
            entries = list(group)
            trace = next((known[:2] for known in map(self._trace, entries) if known), None)
            if trace:
                yield from (self._span(entry, trace) for entry in entries)

    def _trace(self, entry: Params) -> tuple[str, str, int] | None:
        stream: str = entry[2]
        if stream not in self._of and split(stream)[0] == "message":
            self._of[stream] = (trace_of(stream), _span_id(entry), entry[1])
        return self._of.get(stream)

    def _span(self, entry: Params, trace: tuple[str, str]) -> dict[str, Any]:
        seq, at, stream, _version, type_, drill, *_ = entry
        own, first, before = self._of.pop(stream, (*trace, at))
        self._of[stream] = (own, first, at)
        while len(self._of) > KNOWN:
            self._of.popitem(last=False)
        id, kind = _span_id(entry), split(stream)[0]
        span = {"traceId": own, "spanId": id, "name": type_, "kind": 1}
        span |= {"startTimeUnixNano": str(before * NANOS), "endTimeUnixNano": str(at * NANOS)}
        said = (("dutydesk.kind", {"stringValue": kind}), ("dutydesk.seq", {"intValue": str(seq)}))
        also = (("dutydesk.drill", {"boolValue": bool(drill)}),)
        span["attributes"] = [{"key": key, "value": value} for key, value in (*said, *also)]
        return span if id == first else span | {"parentSpanId": first}


def trace_of(stream: str) -> str:
    """The trace of a message, so that one can be looked up from the other: the first half of the digest of its stream's name."""
    return sha256(stream.encode()).hexdigest()[:32]


def _span_id(entry: Params) -> str:
    return f"{entry[0]:016x}"


class Tracer:
    """The worker that tells a collector what was written since it started. What it cannot tell is dropped: the journal has it."""

    name = "tracer"

    def __init__(self, hub: Hub, clock: Clock, collector: str, service: str) -> None:
        """`collector`: the base address of OTLP over HTTP, as `http://127.0.0.1:4318`."""
        self._hub, self._clock, self._url = hub, clock, f"{collector.rstrip('/')}/v1/traces"
        self._resource = {"attributes": [{"key": "service.name", "value": {"stringValue": service}}]}
        self._paths = Paths()
        self._seq: int | None = None

    async def run_once(self) -> int | None:
        """Returns when to go on (None: nothing is left)."""
        if self._seq is None:
            self._seq = (await self._hub.read(head)).seq
        first = self._seq + 1
        records = await self._hub.read(lambda c: c.all("entries_between", first, first + AT_ONCE - 1))
        if not records:
            return None
        self._seq = int(records[-1][0])
        if spans := list(self._paths.spans(records)):
            await self._tell(spans)
        return self._clock.now() if len(records) == AT_ONCE else None

    async def _tell(self, spans: list[dict[str, Any]]) -> None:
        told = {"resource": self._resource, "scopeSpans": [{"scope": {"name": "dutydesk"}, "spans": spans}]}
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=LONGEST)) as http,
                http.post(self._url, json={"resourceSpans": [told]}) as answer,
            ):
                answer.raise_for_status()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("%d spans were not told to the collector: %s", len(spans), type(error).__name__)
