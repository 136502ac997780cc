"""Two hubs are upgraded one after the other under load, to a build whose schema number is one higher, as docs/runbook.md says."""

from pathlib import Path

from scripts.simulations.witness import rows
from tests.crash.life import Nursery
from tests.crash.storm import Storm, on_postgres


def _of(name: str, storm: Storm) -> set[str]:
    return {key for key in storm.acknowledged if key.startswith(f"{name}-")}


def test_two_hubs_are_upgraded_one_after_the_other(nursery: Nursery, tmp_path: Path, fresh_postgres: str) -> None:
    storm = on_postgres(nursery, fresh_postgres, tmp_path, faults=12)
    number = rows(fresh_postgres, "SELECT schema FROM pen")[0][0]
    old = storm.begin(name="a"), storm.begin(name="b")
    for life in old:
        storm.until(life, "ok", 20)
    storm.kill(old[0])
    new = storm.begin(name="a", newer=True)
    storm.until(new, "ok", 20)
    assert rows(fresh_postgres, "SELECT schema FROM pen")[0][0] == number + 1

    storm.until(old[1], "no", 20)  # the older one steps back: every input is refused, none is written
    answered = _of("b", storm)
    storm.until(new, "ok", 20)
    storm.kill(old[1])
    assert _of("b", storm) == answered

    refused = storm.begin(name="b")  # started again by mistake
    assert (refused.rest(), refused.wait()) == ([], 1)
    second = storm.begin(name="b", newer=True)
    for life in (new, second):
        storm.until(life, "ok", 20)
    storm.kill(new, second)
    assert storm.judge() == []
