"""What all tests share: the services, a skip is a failure where CI says so, and no property is judged by the clock on the wall."""

import gc
import sys

from argon2 import PasswordHasher, profiles
from hypothesis import HealthCheck, settings

pytest_plugins = ("tests.services",)

settings.register_profile("shared machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared machine")

EASED = [
    ("dutydesk.hub", "PATIENCE", 10.0),  # s; that a busy hub turns somebody away has its own test
    ("dutydesk.store.postgres", "_IDLE", 30),  # s; a frozen hub loses the pen: tests/crash
    ("dutydesk.web.auth", "HASHER", PasswordHasher.from_parameters(profiles.CHEAPEST)),  # what ships has its own test
]


def pytest_collection_finish() -> None:
    """Eases what only makes a slow machine slower.

    Thousands of collected tests are no garbage: a collector that walks them each time would hold up every clock under test.
    """
    for module, name, value in EASED:
        if loaded := sys.modules.get(module):
            setattr(loaded, name, value)
    gc.collect()
    gc.freeze()
