"""Settings of one installation, from the environment only. Secrets never stand in a file of the project."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from dutydesk.config.environment import environment as process_environment
from dutydesk.errors import ConfigError

TWILIO_API = "https://api.twilio.com"
_NAMED = re.compile(r'"((?:DUTYDESK|TWILIO)_[A-Z0-9_]+)"')
_BESIDE = ("DUTYDESK_TEST_", "DUTYDESK_FUZZ_", "DUTYDESK_CRASH_", "DUTYDESK_PASSWORD", "DUTYDESK_RIVALS")


class Settings(BaseModel):
    """Built once in the command line and handed down. Names are the environment's without DUTYDESK_."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    database: str = "sqlite:///data/dutydesk.db"
    redis: str = ""
    config: Path = Path("config")
    contacts: Path = Path("contacts")
    public_url: str = "http://127.0.0.1:8080"
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    log: Literal["text", "json"] = "text"
    traces: str = ""  # OpenTelemetry: the collector's address for OTLP over HTTP; empty: none
    secret: SecretStr = SecretStr("")  # signs links and sessions; the same on every hub
    twilio_account_sid: str = ""
    twilio_auth_token: SecretStr = SecretStr("")
    twilio_auth_token_next: SecretStr = SecretStr("")  # the second token while one is being rotated
    twilio_api_key: str = ""
    twilio_api_secret: SecretStr = SecretStr("")
    twilio_api_url: str = ""
    smtp_url: SecretStr = SecretStr("")  # smtp://user:password@host:port or smtps://…
    mail_from: str = ""
    trusted_proxies: str = ""  # addresses of our own proxies, with commas: only they may say whom they speak for
    oidc_issuer: str = ""  # the city's identity service; empty: passwords only
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_claim: str = "preferred_username"  # which claim is our user name

    @property
    def real_twilio(self) -> bool:
        """Whether messages would go to the real provider: an account is set, and no other API address."""
        api = self.twilio_api_url.rstrip("/")
        return bool(self.twilio_account_sid) and api in ("", TWILIO_API)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None, **given: object) -> "Settings":
        """Read the environment and the files that `…_FILE` names; `given` (command-line options) wins.

        Raises ConfigError naming each wrong variable."""
        env = process_environment(environment)
        found: dict[str, object] = {}
        for name in cls.model_fields:
            variable = _variable(name)
            if env.get(variable):
                found[name] = env[variable]
        found |= {name: value for name, value in given.items() if value is not None}
        try:
            return cls.model_validate(found)
        except ValidationError as error:
            problems = [f"{_variable(str(e['loc'][0]))}: {_said(e['type'], e['msg'])}" for e in error.errors()]
            raise ConfigError(problems) from None

    def problems(self) -> list[str]:
        """What has the right type and cannot be meant, in the words of whoever set it."""
        found = []
        if urlsplit(self.public_url).scheme not in ("http", "https") or not urlsplit(self.public_url).hostname:
            found.append("DUTYDESK_PUBLIC_URL: 应写成 https://值班台的域名,联络员的链接从它开头")
        if self.redis and urlsplit(self.redis).scheme not in ("redis", "rediss", "unix"):
            found.append("DUTYDESK_REDIS: 应写成 redis://主机:6379/0")
        return found


def strangers(folder: Path, environment: Mapping[str, str] | None = None) -> list[str]:
    """Names in the environment that look like ours and that nothing asks for: a misspelt one is an empty store at the next start."""
    known = {_variable(name) for name in Settings.model_fields}
    for path in folder.glob("*.toml"):  # gateways and peers name the variables that hold their secrets
        known.update(_NAMED.findall(path.read_text("utf-8", errors="replace")))
    given = os.environ if environment is None else environment
    ours = [name for name in given if name.lstrip("\ufeff\"'").startswith(("DUTYDESK_", "TWILIO_"))]
    return sorted(name for name in ours if name.removesuffix("_FILE") not in known and not name.startswith(_BESIDE))


def _said(kind: str, message: str) -> str:
    match kind:
        case "int_parsing":
            return "应是数字"
        case "greater_than_equal" | "less_than_equal":
            return "应在 0 到 65535 之间"
        case "literal_error":
            return "只能是 text 或 json"
    return message


def _variable(name: str) -> str:
    own = name.startswith("twilio_") and name not in ("twilio_api_url", "twilio_auth_token_next")
    return name.upper() if own else f"DUTYDESK_{name.upper()}"
