"""A desk filled once, as the tests of the web have it."""

from tests.web.conftest import desk, filled

__all__ = ["desk", "filled"]
