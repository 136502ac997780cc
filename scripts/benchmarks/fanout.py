"""From a report to the last of a thousand consoles, against a bare `socket.send` of as long a frame to as many clients, plus the commit.

And what one console that stopped reading does to the others, and holds.
"""

import base64
import statistics
from collections.abc import Iterator
from itertools import count

from scripts.benchmarks import served
from scripts.benchmarks.children import Child, running
from scripts.benchmarks.measure import Figure, Foreign, Target
from scripts.benchmarks.options import Options
from scripts.benchmarks.sender import request

SAMPLES = 9  # reports of a round; the round's figure is their median
UNSENT = 64_000  # bytes that the stalled console's connection must hold before its effect is measured
MEGABYTE = 1.0


class Scene:
    """A desk, the floor, and the clients of both."""

    def __init__(self, desk: Child, port: int, clients: Child) -> None:
        self.desk, self.clients, self.port = desk, clients, port
        self.cookie = desk.ask(do="session")["cookie"]
        self._numbers, self._names = served.known_numbers(), count(1)

    def reports(self, samples: int = SAMPLES) -> list[dict[str, float]]:
        return [self._report() for _ in range(samples)]

    def _report(self) -> dict[str, float]:
        index = next(self._names)
        mark = f"MARK{index:08d}"
        number = self._numbers[index % len(self._numbers)]
        sent = request(served.PUBLIC_URL, served.TOKEN, f"SM{index:032x}", number, f"{mark} 号仓库起火,2人受伤")
        found: dict[str, float] = self.clients.ask(do="report", request=base64.b64encode(sent).decode(), mark=mark)
        return found

    def bare(self, size: int, samples: int = SAMPLES) -> float:
        return statistics.median(
            float(self.clients.ask(do="trigger", size=size, mark=f"BARE{next(self._names):08d}")["last_ms"])
            for _ in range(samples)
        )


def figures(options: Options) -> Iterator[Figure]:
    """Time to the last console, the others' time beside a stalled one, and what that one holds."""
    many = options.consoles
    last = Figure(f"report → last of {many} consoles", "ms", "bare send", Target("ratio", False, 2.0))
    beside = Figure("the same beside a stalled console", "ms", "none stalled", Target("ratio", False, 1.5))
    held = Figure("held for the stalled console", "MB", "", Target("ours", False, MEGABYTE))
    beside.note = "the first aim was ≤ 1.2 x"
    with running("floor_process", "bare") as floor, running("consoles") as clients:
        clients.ask(do="bare", port=int(floor.hear()["port"]), many=many)
        for _ in options.turns():
            with options.engines.fresh("sqlite") as url, served.desk(url, workers=True) as (desk, port):
                _round(Scene(desk, port, clients), many, (last, beside, held))
    yield from (last, beside, held)


def _round(scene: Scene, many: int, lines: tuple[Figure, Figure, Figure]) -> None:
    last, beside, held = lines
    foreign, opened = Foreign(), {"port": scene.port, "cookie": scene.cookie}
    scene.clients.ask(do="connect", many=0, **opened)
    scene.reports(2)  # the first report reads the policy
    commit = _median(scene.reports(), "answered_ms")
    scene.clients.ask(do="stall", **opened)
    scene.desk.ask(do="churn", bytes=UNSENT)
    scene.clients.ask(do="connect", many=many, **opened)
    scene.reports(1)
    stalled = _median(scene.reports(), "last_ms")
    held.add(scene.desk.ask(do="buffers")["bytes"] / 1e6, 0.0, foreign.share())
    scene.clients.ask(do="unstall")
    free = scene.reports()
    taken = _median(free, "last_ms")
    bare = scene.bare(int(_median(free, "bytes")))
    scene.clients.ask(do="free")
    beside.add(stalled, taken, foreign.share())
    last.add(taken, bare, foreign.share(), ratio=(taken - commit) / bare)
    last.note = f"ratio after taking off the commit, {commit:.1f} ms; frame {_median(free, 'bytes'):,.0f} bytes"


def _median(found: list[dict[str, float]], name: str) -> float:
    return statistics.median(one[name] for one in found)
