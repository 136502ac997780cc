"""Settings of one installation, from the environment only. Secrets never stand in a file of the project."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from dutydesk.config.environment import environment as process_environment
from dutydesk.errors import ConfigError

TWILIO_API = "https://api.twilio.com"


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
            problems = [f"{_variable(str(e['loc'][0]))}: {e['msg']}" for e in error.errors()]
            raise ConfigError(problems) from None


def _variable(name: str) -> str:
    own = name.startswith("twilio_") and name not in ("twilio_api_url", "twilio_auth_token_next")
    return name.upper() if own else f"DUTYDESK_{name.upper()}"
