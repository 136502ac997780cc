"""The network itself swallows one direction between a hub and its database: the kernel gives the connection up in seconds.

Long form, as root: a network namespace, and a neighbour entry with an address that nobody has.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import pytest

from dutydesk.store.store import Store
from tests.crash.life import ROOT
from tests.crash.proxy import between

pytestmark = pytest.mark.long
NAMESPACE, OURS, THEIRS, NOBODY = f"desk{os.getpid()}", "10.77.0.1", "10.77.0.2", "02:00:00:00:00:99"
HUB = """
import sys, time
from dutydesk.store.postgres import PostgresConnection
hub = PostgresConnection(sys.argv[1])
hub.begin(), hub.rollback()
print("connected", flush=True)
sys.stdin.readline()
since = time.monotonic()
try:
    hub.begin()
except hub.failures:
    print(time.monotonic() - since)
"""
WITHIN = ("ip", "-n", NAMESPACE)
CUTS = {
    "questions": (*WITHIN, "neigh", "replace", OURS, "lladdr", NOBODY, "dev", "desk1", "nud", "permanent"),
    "answers": ("ip", "neigh", "replace", THEIRS, "lladdr", NOBODY, "dev", "desk0", "nud", "permanent"),
}


@pytest.fixture
def other_machine() -> Iterator[None]:
    """A network namespace at the end of a cable; our end is `desk0`."""
    if os.geteuid() != 0 or subprocess.run(["ip", "netns", "add", NAMESPACE], check=False).returncode:
        pytest.skip("network namespaces are not allowed here")
    try:
        for command in (
            ("ip", "link", "add", "desk0", "type", "veth", "peer", "name", "desk1", "netns", NAMESPACE),
            ("ip", "addr", "add", f"{OURS}/24", "dev", "desk0"),
            ("ip", "link", "set", "desk0", "up"),
            (*WITHIN, "addr", "add", f"{THEIRS}/24", "dev", "desk1"),
            (*WITHIN, "link", "set", "desk1", "up"),
        ):
            subprocess.run(command, check=True)
        yield
    finally:
        subprocess.run(["ip", "netns", "del", NAMESPACE], check=True)
        subprocess.run(["ip", "link", "del", "desk0"], check=False, capture_output=True)


@pytest.mark.usefixtures("other_machine")
@pytest.mark.parametrize("swallowed", CUTS)
def test_a_hub_that_is_not_heard_or_does_not_hear_gives_up_soon(fresh_postgres: str, swallowed: str) -> None:
    Store(fresh_postgres).prepare()
    address = urlsplit(fresh_postgres)
    with between(address.hostname or "", address.port or 5432, OURS) as way:
        url = fresh_postgres.replace(f"{address.hostname}:{address.port}", f"{OURS}:{way.port}")
        command = ["ip", "netns", "exec", NAMESPACE, sys.executable, "-c", HUB, url]
        with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as hub:
            assert hub.stdout
            assert hub.stdout.readline() == "connected\n"
            subprocess.run(CUTS[swallowed], check=True)
            with suppress(subprocess.TimeoutExpired):
                said, _ = hub.communicate("go\n", timeout=60)
                assert float(said) < 30
                return
            hub.kill()
    raise AssertionError("it still waits after a minute")
