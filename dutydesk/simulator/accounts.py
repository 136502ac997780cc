"""Who the simulated provider's customer is: one account, its keys, its numbers. No other module invents a credential
or a number.

The defaults are for the sample city only; none of them opens anything outside this process.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Account:
    """The desk's account with both providers: Twilio-like (`sid` … `services`) and the mainland gateway."""

    sid: str = "AC" + "0" * 32
    auth_token: str = "simulated-auth-token"
    api_key: str = "SK" + "0" * 32
    api_secret: str = "simulated-api-secret"
    # +15005550006 is the sender Twilio itself reserves for its test credentials.
    number: str = "+15005550006"
    other_numbers: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset({"MG" + "0" * 32})
    mainland_secret: str = "simulated-gateway-secret"
    mainland_number: str = "+8612000009000"

    @property
    def numbers(self) -> frozenset[str]:
        """Every number the account may send and call from through Twilio."""
        return self.other_numbers | {self.number}

    def opens_with(self, user: str, password: str) -> bool:
        """Whether this basic-auth pair is the account's token or its API key."""
        return (user, password) in ((self.sid, self.auth_token), (self.api_key, self.api_secret))
