"""The merge of a duplicate and its undoing: one append in the streams of both."""

from collections.abc import Callable, Sequence
from typing import Any, Generic
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace
from uuid_utils.compat import uuid7

from opps.application.aggregates import ACCOUNT, PERSON, Aggregate, S
from opps.application.entries import entries_of
from opps.application.executing import RETRIES, Executed, Executing
from opps.application.planning import Request, metadata_of, new_event, plan
from opps.domain import account as accounts
from opps.domain import person as persons
from opps.domain.account import Account, AnyAccountMerge, MergeAccount
from opps.domain.errors import Refusal, UnknownAccount, UnknownPerson
from opps.domain.events import Event
from opps.domain.merging import Two
from opps.domain.person import AnyPersonMerge, MergePerson, Person
from opps.eventstore import Append, VersionConflict
from opps.recording import codec
from opps.recording.keyring import Keyring

_Decided = Sequence[tuple[UUID, Event]]


class _Kind(Struct, Generic[S], frozen=True):
    """What is merged: how it folds, how it is decided, and what says that there is none."""

    aggregate: Aggregate[S]
    decide: Callable[[Any, Any], _Decided]
    unknown: Callable[[UUID], Refusal]


_ACCOUNTS = _Kind[Account](
    ACCOUNT, accounts.decide_merge, lambda id_: UnknownAccount(account_id=id_)
)
_PERSONS = _Kind[Person](PERSON, persons.decide_merge, lambda id_: UnknownPerson(person_id=id_))


class Merging(Executing):
    """Carries out the commands that are on two streams at once."""

    async def account_merge(self, command: AnyAccountMerge, request: Request) -> Executed[Account]:
        """Merge an account into another, or undo that; raises what `opportunity` raises."""
        into = command.into_account if isinstance(command, MergeAccount) else None
        return await self._merge(_ACCOUNTS, command.account_id, into, command, request)

    async def person_merge(self, command: AnyPersonMerge, request: Request) -> Executed[Person]:
        """Merge a person into another, or undo that; raises what `opportunity` raises."""
        into = command.into_person if isinstance(command, MergePerson) else None
        return await self._merge(_PERSONS, command.person_id, into, command, request)

    async def _merge(
        self, kind: _Kind[S], id_: UUID, into: UUID | None, command: Struct, request: Request
    ) -> Executed[S]:
        for _ in range(RETRIES):
            try:
                two = await self._two(kind, request.tenant, id_, into)
                decided = kind.decide(two, command)
            except Refusal:
                if await self._done(request):
                    return await self._repeat(kind.aggregate, id_, command, request)
                raise
            if request.expected_version not in (None, two.duplicate.version):
                if await self._done(request):
                    return await self._repeat(kind.aggregate, id_, command, request)
                assert request.expected_version is not None
                raise VersionConflict(id_, request.expected_version, two.duplicate.version)
            keyring = self.keyring_of(request.tenant)
            append = await self.log.aside(_planned, keyring, two, decided, command, request)
            try:
                appended = await self.log.append(append)
            except VersionConflict as conflict:  # one of them changed meanwhile: look again
                last_conflict = conflict
                continue
            for stream in (two.duplicate_id, two.survivor_id):
                self._memory.drop(request.tenant, stream)
            done = await self._replayed(kind.aggregate, id_, request, appended)
            return replace(done, replayed=appended.replayed)
        raise last_conflict

    async def _two(self, kind: _Kind[S], tenant: UUID, id_: UUID, into: UUID | None) -> Two[Any]:
        duplicate = await self._there(kind, tenant, id_)
        other = into or duplicate.merged_into or id_
        survivor = duplicate if other == id_ else await self._there(kind, tenant, other)
        entries = await self.log.aside(entries_of, self.log, tenant, other)
        return Two(
            duplicate_id=id_,
            duplicate=duplicate,
            survivor_id=other,
            survivor=survivor,
            goes_on=entries.goes_on,
        )

    async def _there(self, kind: _Kind[S], tenant: UUID, id_: UUID) -> Any:
        found = await self.load(kind.aggregate, tenant, id_)
        if found is None:
            raise kind.unknown(id_)
        return found


def _planned(
    keyring: Keyring, two: Two[Any], decided: _Decided, command: Struct, request: Request
) -> Append:
    """Return the append of a merge; it holds for both of them as they were seen."""
    metadata = codec.encode_metadata(metadata_of(request))
    events = tuple(
        new_event(stream, event, uuid7(), metadata, keyring) for stream, event in decided
    )
    seen = max(two.duplicate.position, two.survivor.position)
    append = plan(keyring, two.duplicate_id, two.duplicate.version, command, request, (), seen)
    expected = {two.survivor_id: two.survivor.version, two.duplicate_id: two.duplicate.version}
    return replace(append, expected=expected, events=events)
