"""Configuration: settings from the environment, policy from config/*.toml. Both frozen; unknown keys are errors; all problems at once."""

from dutydesk.config.files import load_rules, rules_digest
from dutydesk.config.settings import Settings

__all__ = ["Settings", "load_rules", "rules_digest"]
