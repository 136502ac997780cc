"""Settings of a desk that is measured from outside: the shipped configuration and sample city, a made-up account, no provider to reach."""

import csv
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from scripts.benchmarks.children import Child, running
from scripts.benchmarks.places import RESULTS, ROOT

TOKEN = "0" * 32
PUBLIC_URL = "http://desk.example"
NOBODY = "http://127.0.0.1:9"  # the discard port: nobody listens, what leaves fails at once and is tried again later


def environment(url: str, port: int = 0) -> Mapping[str, str]:
    """The environment of a desk on a store. Its Twilio account has no identifier, so it takes texts in and sends none."""
    strange = ("DUTYDESK_", "TWILIO_", "SIMULATOR_", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(strange)}
    return kept | {
        "PYTHONPYCACHEPREFIX": str(RESULTS / "bytecode"),  # an installed desk is compiled once, not at each start
        "DUTYDESK_DATABASE": url,
        "DUTYDESK_CONFIG": str(ROOT / "config"),
        "DUTYDESK_CONTACTS": str(ROOT / "contacts"),
        "DUTYDESK_PUBLIC_URL": PUBLIC_URL,
        "DUTYDESK_SECRET": "bench" * 8,
        "DUTYDESK_PORT": str(port),
        "DUTYDESK_GATEWAY_MAINLAND_URL": NOBODY,
        "DUTYDESK_GATEWAY_MAINLAND_SECRET": TOKEN,
        "TWILIO_AUTH_TOKEN": TOKEN,
    }


@contextmanager
def desk(url: str, *, workers: bool) -> Iterator[tuple[Child, int]]:
    """A desk and its port."""
    with running("desk_process", *([] if workers else ["--no-workers"]), environment=environment(url)) as child:
        yield child, int(child.hear()["port"])


def known_numbers() -> list[str]:
    """The telephones of the sample city's contacts."""
    with (ROOT / "contacts" / "contacts.csv").open(encoding="utf-8-sig", newline="") as file:
        found = [row["电话"].replace(" ", "") for row in csv.DictReader(file)]
    return [number for number in found if number]
