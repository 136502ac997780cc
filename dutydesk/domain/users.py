"""Who may sign in: role, scope and number. The password is beside the journal, never in it."""

from dataclasses import dataclass
from typing import ClassVar

from dutydesk.domain.rules import UserRole
from dutydesk.domain.verbs import Book, Command, Context, Event, Row
from dutydesk.errors import Refused


class AddUser(Command):
    """Add a user, or change one. `division` is the prefix of GB/T 2260 they may see; empty sees all."""

    name: str
    role: UserRole
    division: str = ""
    phone: str | None = None
    email: str | None = None


class RemoveUser(Command):
    pass


class NoteSignIn(Command):
    """Somebody signed in, or failed to."""

    ok: bool
    address: str = ""
    how: str = "password"


class NoteFactor(Command):
    """A second factor was added to the name, or taken away. `what`: totp, key or all."""

    added: bool
    what: str
    label: str = ""


class UserAdded(Event):
    private: ClassVar[frozenset[str]] = frozenset({"name", "phone", "email"})
    name: str
    role: UserRole
    division: str = ""
    phone: str | None = None
    email: str | None = None
    by: str = ""


class UserRemoved(Event):
    by: str = ""


class UserSignedIn(Event):
    """`how`: password, password+totp, password+key, or oidc."""

    private: ClassVar[frozenset[str]] = frozenset({"address"})
    address: str = ""
    how: str = "password"


class SignInFailed(Event):
    private: ClassVar[frozenset[str]] = frozenset({"address"})
    address: str = ""


class FactorAdded(Event):
    what: str
    label: str = ""
    by: str = ""


class FactorRemoved(Event):
    what: str
    label: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class User:
    added: UserAdded | None = None
    active: bool = False


def decide(state: User, command: Command, context: Context[None]) -> list[Event]:
    match command:
        case AddUser():
            return [UserAdded(**command.model_dump(), by=context.by)]
        case RemoveUser():
            if not state.active:
                raise Refused("没有这个用户")
            return [UserRemoved(by=context.by)]
        case NoteSignIn(ok=True):
            return [UserSignedIn(address=command.address, how=command.how)]
        case NoteSignIn():
            return [SignInFailed(address=command.address)]
        case NoteFactor():
            made = FactorAdded if command.added else FactorRemoved
            return [made(what=command.what, label=command.label, by=context.by)]
    return []


def evolve(state: User, event: Event) -> User:
    match event:
        case UserAdded():
            return User(event, True)
        case UserRemoved():
            return User(state.added, False)
    return state


def project(id: str, state: User) -> Row | None:
    if state.added is None:
        return None
    body = state.added.model_dump(mode="json", exclude={"by"}) | {"username": id}
    refs = (("user.phone", state.added.phone),) if state.active and state.added.phone else ()
    return Row(body, open=state.active, refs=refs)


book = Book(
    kind="user",
    blank=User(),
    events=(UserAdded, UserRemoved, UserSignedIn, SignInFailed, FactorAdded, FactorRemoved),
    decide=decide,
    evolve=evolve,
    project=project,
)
