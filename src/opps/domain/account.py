"""An account: the buying organisation, as its commands, state, decisions and changes."""

from typing import Annotated, assert_never
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from opps.domain.describe import Code, Text, Title, doc
from opps.domain.errors import AlreadyExists, UnknownAccount
from opps.domain.events import (
    AccountAbsorbed,
    AccountEvent,
    AccountMerged,
    AccountMergeUndone,
    AccountRegistered,
    AccountRenamed,
    Event,
)
from opps.domain.merging import Two
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


class MergeAccount(Struct, frozen=True, kw_only=True):
    """Say that an account is another one: that one goes on, and both histories stay."""

    account_id: Annotated[UUID, doc("The duplicate.")]
    into_account: Annotated[UUID, doc("The account that goes on for both.")]
    reason: Annotated[Text, doc("How you know; it is kept, so name nobody in it.")]


class UndoAccountMerge(Struct, frozen=True, kw_only=True):
    """Say that an account is another one no longer: each stands for itself again."""

    account_id: Annotated[UUID, doc("The one that was merged.")]
    reason: Annotated[Text, doc("Why; it is kept, so name nobody in it.")]


AnyAccountCommand = RegisterAccount | RenameAccount
AnyAccountMerge = MergeAccount | UndoAccountMerge


class Account(Struct, frozen=True, kw_only=True):
    """A buying organisation; once merged, it goes on as another one.

    `absorbed` are those that go on as this one, without those that had been merged into them.
    """

    account_id: UUID
    name: str
    version: int
    position: int
    external_id: str | None = None
    merged_into: UUID | None = None
    absorbed: tuple[UUID, ...] = ()


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


def decide_merge(
    of: Two[Account], command: AnyAccountMerge
) -> list[tuple[UUID, AccountMerged | AccountAbsorbed | AccountMergeUndone]]:
    """Return the events that a command on a merge leads to, each with its stream.

    Raises:
        MergedWithItself, MergedAlready, MergedInACircle, GoesOnElsewhere: they cannot be merged.
        NotMerged: they are not merged.
        Blank: the reason says nothing.
    """
    not_blank("reason", command.reason)
    one, other, reason = of.duplicate_id, of.survivor_id, command.reason
    match command:
        case MergeAccount():
            if not of.to_be_merged():
                return []
            return [
                (one, AccountMerged(into_account=other, reason=reason)),
                (other, AccountAbsorbed(merged_account=one, reason=reason)),
            ]
        case UndoAccountMerge():
            of.check_merged()
            undone = AccountMergeUndone(merged_account=one, into_account=other, reason=reason)
            return [(one, undone), (other, undone)]
        case _:
            assert_never(command)


def evolve(state: Account | None, recorded: Recorded[Event]) -> Account | None:
    """Return the account after one more event of its stream."""
    event = recorded.event
    if isinstance(event, AccountRegistered):
        return Account(
            account_id=recorded.stream,
            name=event.name,
            version=recorded.version,
            position=recorded.position,
            external_id=event.external_id,
        )
    if state is None:
        return None
    after = _after(state, event)
    if after is state:
        return state
    return replace(after, version=recorded.version, position=recorded.position)


def _after(state: Account, event: Event) -> Account:
    match event:
        case AccountRenamed():
            return replace(state, name=event.name)
        case AccountMerged():
            return replace(state, merged_into=event.into_account)
        case AccountAbsorbed():
            return replace(state, absorbed=(*state.absorbed, event.merged_account))
        case AccountMergeUndone(merged_account=merged):
            if merged == state.account_id:
                return replace(state, merged_into=None)
            return replace(state, absorbed=tuple(one for one in state.absorbed if one != merged))
        case _:
            return state
