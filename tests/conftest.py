"""What all tests share: the services, a skip is a failure where CI says so, and no property is judged by the clock on the wall."""

import gc

from hypothesis import HealthCheck, settings

from dutydesk import hub

pytest_plugins = ("tests.services",)

settings.register_profile("shared machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared machine")
hub.PATIENCE = 10.0  # s; on a busy machine nobody is turned away by the way: that it happens has its own test


def pytest_collection_finish() -> None:
    """Thousands of collected tests are no garbage: a collector that walks them each time holds up every clock under test."""
    gc.collect()
    gc.freeze()
