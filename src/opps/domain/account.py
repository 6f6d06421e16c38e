"""An account: the buying organisation, as its commands, state, decisions and changes."""

from typing import Annotated, assert_never
from uuid import UUID

from msgspec import Struct

from opps.domain.describe import Code, Title, doc
from opps.domain.errors import AlreadyExists, UnknownAccount
from opps.domain.events import AccountEvent, AccountRegistered, AccountRenamed, Event
from opps.domain.recorded import Recorded
from opps.domain.words import not_blank


class RegisterAccount(Struct, frozen=True, kw_only=True):
    """Make a buying organisation known."""

    account_id: Annotated[UUID, doc("The account.")]
    name: Annotated[Title, doc("Its name.")]
    external_id: Annotated[Code | None, doc("Its id in the source system.")] = None


class RenameAccount(Struct, frozen=True, kw_only=True):
    """Give a buying organisation another name."""

    account_id: Annotated[UUID, doc("The account.")]
    name: Annotated[Title, doc("The new name.")]


AnyAccountCommand = RegisterAccount | RenameAccount


class Account(Struct, frozen=True, kw_only=True):
    """A buying organisation."""

    account_id: UUID
    name: str
    version: int
    position: int
    external_id: str | None = None


def decide(state: Account | None, command: AnyAccountCommand) -> list[AccountEvent]:
    """Return the events that a command leads to; none when nothing changes.

    Raises:
        AlreadyExists: the account is registered already.
        UnknownAccount: it is not registered yet.
        Blank: the name says nothing.
    """
    not_blank("name", command.name)
    match command:
        case RegisterAccount():
            if state is not None:
                raise AlreadyExists(id=command.account_id)
            return [AccountRegistered(name=command.name, external_id=command.external_id)]
        case RenameAccount():
            if state is None:
                raise UnknownAccount(account_id=command.account_id)
            return [] if state.name == command.name else [AccountRenamed(name=command.name)]
        case _:
            assert_never(command)


def evolve(state: Account | None, recorded: Recorded[Event]) -> Account | None:
    """Return the account after one more event of its stream."""
    match recorded.event:
        case AccountRegistered(name=name, external_id=external_id):
            return Account(
                account_id=recorded.stream,
                name=name,
                version=recorded.version,
                position=recorded.position,
                external_id=external_id,
            )
        case AccountRenamed(name=name) if state is not None:
            return Account(
                account_id=recorded.stream,
                name=name,
                version=recorded.version,
                position=recorded.position,
                external_id=state.external_id,
            )
        case _:
            return state
