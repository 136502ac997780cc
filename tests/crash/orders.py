"""What a life of a hub is told to do."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Orders:
    """`die_at` is a point's name and how many passings it survives, `commit:3`. `faults`: the provider loses answers, is busy, refuses.
    Its clock runs `speed` times as fast since `base` (microseconds), `ahead` seconds ahead; at half the load it is stepped by `step`.
    `plant` names a fault to be made on purpose; `newer`: a build whose schema number is one higher.
    With a `port` it serves consoles there, and without load nothing else until it is killed."""

    url: str
    sent: str  # the provider's log
    name: str = "a"
    first: int = 0
    load: int = 8
    die_at: str = ""
    die_by: int = 9
    furnish: bool = False
    mixed: bool = False
    faults: int = 0  # a seed; 0: none
    speed: int = 1
    base: int = 0
    ahead: int = 0
    step: int = 0
    plant: str = ""
    redis: str = ""
    newer: bool = False
    port: int = 0
