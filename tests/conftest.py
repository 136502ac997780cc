"""What all tests share: the services, a skip is a failure where CI says so, and no property is judged by the clock on the wall."""

from hypothesis import HealthCheck, settings

pytest_plugins = ("tests.services",)

settings.register_profile("shared machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared machine")
