"""Configuration: settings from the environment, policy from config/*.toml. Both frozen; unknown keys are errors; all problems at once.

Whoever asks only for the settings (`dutydesk read`) does not wait for the policy's models: those are loaded when first named.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from dutydesk.config.settings import Settings

if TYPE_CHECKING:
    from dutydesk.config.files import load_rules, rules_digest

__all__ = ["Settings", "load_rules", "rules_digest"]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(name)
    return getattr(import_module("dutydesk.config.files"), name)
