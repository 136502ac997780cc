"""What the desk may say instead of yes. Three answers, three HTTP statuses, one base.

The docstring of a class is its default message; `detail` carries what a person needs to mend it.
"""


class DeskError(Exception):
    """The desk could not do this."""

    status = 500

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (self.__doc__ or "").strip())


class Refused(DeskError):
    """The desk says no: the command does not fit the present state. Nothing was recorded."""

    status = 409


class KeyReused(Refused):
    """This key was already used for another body. Nothing was recorded."""


class NotFound(DeskError):
    """There is no such thing here."""

    status = 404


class Unavailable(DeskError):
    """The store does not take writes just now. Nothing was recorded; try again."""

    status = 503


class Invalid(DeskError):
    """What arrived cannot be understood. Nothing was recorded."""

    status = 422


class ConfigError(DeskError):
    """Configuration or directory files are wrong; `problems` lists every one of them at once."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class ChainBroken(DeskError):
    """The journal's hash chain does not verify."""
