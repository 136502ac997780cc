"""Who may sign in: role, scope and number. The password is beside the journal, never in it."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from dutydesk.domain.verbs import Book, Command, Context, Event, Row
from dutydesk.errors import Refused

UserRole = Literal["officer", "shift_leader", "administrator", "reader", "leader", "unit", "auditor"]


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
    private: ClassVar[frozenset[str]] = frozenset({"address"})
    address: str = ""


class SignInFailed(Event):
    private: ClassVar[frozenset[str]] = frozenset({"address"})
    address: str = ""


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
            return [UserSignedIn(address=command.address)]
        case NoteSignIn():
            return [SignInFailed(address=command.address)]
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
    events=(UserAdded, UserRemoved, UserSignedIn, SignInFailed),
    decide=decide,
    evolve=evolve,
    project=project,
)
