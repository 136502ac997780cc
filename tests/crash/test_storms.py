"""kill -9 at random instants under mixed load, with a provider that loses answers; a judge that knows nothing of the desk."""

from pathlib import Path

import pytest

from tests.crash.life import Nursery
from tests.crash.plants import PLANTS
from tests.crash.storm import kill_at_random, on_postgres, on_sqlite


def test_one_hub_killed_at_random_instants(nursery: Nursery, furnished: Path, tmp_path: Path) -> None:
    storm = on_sqlite(nursery, furnished, tmp_path / "desk", faults=1)
    kill_at_random(storm, 8, 1)


def test_two_hubs_killed_at_random_instants(
    nursery: Nursery, tmp_path: Path, fresh_postgres: str, fresh_redis: str
) -> None:
    storm = on_postgres(nursery, fresh_postgres, tmp_path, faults=2, redis=fresh_redis)
    kill_at_random(storm, 6, 2, ("a", "b"))


@pytest.mark.long
@pytest.mark.parametrize("piece", range(100))
def test_one_hub_killed_two_thousand_times(nursery: Nursery, furnished: Path, tmp_path: Path, piece: int) -> None:
    storm = on_sqlite(nursery, furnished, tmp_path / "desk", faults=100 + piece)
    kill_at_random(storm, 20, piece)
    storm.log(f"one hub, SQLite, piece {piece}")


@pytest.mark.long
@pytest.mark.parametrize("piece", range(100))
def test_two_hubs_killed_two_thousand_times(
    nursery: Nursery, tmp_path: Path, fresh_postgres: str, fresh_redis: str, piece: int
) -> None:
    storm = on_postgres(nursery, fresh_postgres, tmp_path, faults=200 + piece, redis=fresh_redis)
    kill_at_random(storm, 20, piece, ("a", "b"))
    storm.log(f"two hubs, PostgreSQL and Redis, piece {piece}")


# -- the judge finds what was broken on purpose

BROKEN = {
    "answer before commit": ("commit:0", "acknowledged and lost"),
    "resend once": ("sent once:0", "took it 2 times"),
    "drop the timer": ("fire:1", "has no timer"),
}


@pytest.mark.parametrize("fault", PLANTS)
@pytest.mark.parametrize("planted", [True, False])
def test_a_build_broken_on_purpose_is_found(
    nursery: Nursery, furnished: Path, tmp_path: Path, fault: str, planted: bool
) -> None:
    """The same death with and without the fault: only the fault is complained of. `-s` shows the judge's words."""
    die_at, said = BROKEN[fault]
    storm = on_sqlite(nursery, furnished, tmp_path / "desk", plant=fault if planted else "")
    dead = storm.begin(load=24, die_at=die_at)
    storm.end(dead)
    assert dead.wait() == -9
    if fault == "resend once":  # the next hub takes the message again when the lease of the dead one has run out
        storm.end(storm.begin(load=4, ahead=60))
    found = storm.judge()
    print(f"\n{fault}, {'planted' if planted else 'not planted'}: {len(found)} complaints", *found[:2], sep="\n  ")
    assert any(said in line for line in found) is planted
