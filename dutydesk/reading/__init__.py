"""From what people write to figures one can stand by: reading texts and proposing which incident they belong to.

Everything here is pure but `worker`, which runs the reader in a process of its own. It must never decide: it proposes.
"""

from dutydesk.reading.gazetteer import Gazetteer
from dutydesk.reading.levels import LevelTable, load_levels
from dutydesk.reading.reader import read

__all__ = ["Gazetteer", "LevelTable", "load_levels", "read"]
