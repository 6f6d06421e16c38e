"""Accounts and persons in the schema."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, cast
from uuid import UUID

import strawberry

from opps.api.connections import After, First
from opps.api.context import Context, Info
from opps.api.customer_kind import customer_kind_of
from opps.api.entries import absorbed, account_entries, goes_on, known
from opps.api.errors import node_argument
from opps.api.ids import NodeType, to_global
from opps.api.loaders import NOT_LOADED, NotLoaded
from opps.api.moments import At
from opps.api.outputs import PersonalText, personal_text
from opps.api.scalars import Position
from opps.api.timelines import (
    Along,
    TimelineConnection,
    Told,
    Wanted,
    timeline_of,
    told_until,
)
from opps.domain import account, person
from opps.domain.events import CustomerKind
from opps.projections.accounts import AccountRow
from opps.projections.scopes import of_account
from opps.projections.views import Axis

NodeId = Annotated[
    strawberry.ID,
    strawberry.argument(description="The global id, or the UUID of what you gave an id of yours."),
]


@strawberry.interface(description="Anything with a global id: `node` finds it again.")
class Node:
    id: strawberry.ID = strawberry.field(description="Its global id, opaque.")


# The global id of a node, as the schema's type.
node_id: Callable[[NodeType, UUID], strawberry.ID] = cast(Any, to_global)


@strawberry.type(description="An account that was merged, as it had been told.")
class MergedAccount:
    id: strawberry.ID = strawberry.field(description="Its id; asked for, it answers who goes on.")
    name: str = strawberry.field(description="Its name.")
    external_id: str | None = strawberry.field(description="Its id in the source system.")
    into: strawberry.ID = strawberry.field(description="Which account it was merged into.")


@strawberry.type(description="A buying organisation.")
class Account(Node):
    name: str = strawberry.field(description="Its name.")
    external_id: str | None = strawberry.field(description="Its id in the source system.")
    version: int = strawberry.field(description="How often it has changed, from 0 on.")
    position: Position = strawberry.field(description="Place in the log of its last change.")
    merged_from: strawberry.ID | None = strawberry.field(
        description="The account that was asked for, where that one was merged into this; else "
        "null.",
        default=None,
    )

    @strawberry.field(description="Those that were merged into it, directly or not.")
    async def duplicates(self, info: Info) -> list[MergedAccount]:
        found = await absorbed(info.context.reading.accounts, self.uuid)
        return [
            MergedAccount(
                id=node_id(NodeType.ACCOUNT, one.account_id),
                name=one.name,
                external_id=one.external_id,
                into=node_id(NodeType.ACCOUNT, one.merged_into or one.account_id),
            )
            for one in found
        ]

    @strawberry.field(
        description="Whether it is a new or an existing customer, by its history: existing once an "
        "opportunity of it, or of one merged into it, stands as won."
    )
    async def customer_kind(self, info: Info, as_of: At = None) -> CustomerKind:
        return await customer_kind_of(info, self.asked_for, as_of)

    @strawberry.field(
        description="What happened to it, and what we learned of all its opportunities."
    )
    async def timeline(
        self,
        info: Info,
        axis: Along = Axis.RECORDED,
        filter: Wanted = None,
        told_by: Told = None,
        first: First = None,
        after: After = None,
    ) -> TimelineConnection:
        until = await told_until(info, told_by)
        entries = await account_entries(info, self.asked_for, until.position)
        return await timeline_of(info, of_account(entries), axis, filter, until, first, after)

    @property
    def uuid(self) -> UUID:
        """Its id within opps."""
        return node_argument(NodeType.ACCOUNT, self.id)

    @property
    def asked_for(self) -> UUID:
        """The one that was asked for: before the merge, another one."""
        return node_argument(NodeType.ACCOUNT, self.merged_from or self.id)


def account_of(state: account.Account | AccountRow) -> Account:
    """Return an account for the schema, from its state or its row."""
    return Account(
        id=node_id(NodeType.ACCOUNT, state.account_id),
        name=state.name,
        external_id=state.external_id,
        version=state.version,
        position=Position(state.position),
    )


@strawberry.type(description="A person who was merged, as had been told.")
class MergedPerson:
    id: strawberry.ID = strawberry.field(description="The id; asked for, it answers who goes on.")
    name: PersonalText = strawberry.field(description="Full name.")
    email: PersonalText | None = strawberry.field(description="E-mail address.")
    into: strawberry.ID = strawberry.field(description="Which person it was merged into.")


@strawberry.type(description="A person, of the buyer or on our side.")
class Person(Node):
    name: PersonalText = strawberry.field(description="Full name.")
    email: PersonalText | None = strawberry.field(description="E-mail address.")
    phone: PersonalText | None = strawberry.field(description="Telephone number.")
    account_id: strawberry.ID | None = strawberry.field(
        description="The organisation the person works for."
    )
    version: int = strawberry.field(description="How often it has changed, from 0 on.")
    position: Position = strawberry.field(description="Place in the log of its last change.")
    merged_from: strawberry.ID | None = strawberry.field(
        description="The person who was asked for, where that one was merged into this; else null.",
        default=None,
    )

    @strawberry.field(description="Those who were merged into this one, directly or not.")
    async def duplicates(self, info: Info) -> list[MergedPerson]:
        id_ = node_argument(NodeType.PERSON, self.id)
        return [
            MergedPerson(
                id=node_id(NodeType.PERSON, one.person_id),
                name=personal_text(one.name),
                email=personal_text(one.email) if one.email else None,
                into=node_id(NodeType.PERSON, one.merged_into or one.person_id),
            )
            for one in await absorbed(info.context.reading.persons, id_)
        ]


def person_of(state: person.Person) -> Person:
    """Return a person for the schema."""
    return Person(
        id=node_id(NodeType.PERSON, state.person_id),
        name=personal_text(state.name),
        email=personal_text(state.email) if state.email else None,
        phone=personal_text(state.phone) if state.phone else None,
        account_id=node_id(NodeType.ACCOUNT, state.account_id) if state.account_id else None,
        version=state.version,
        position=Position(state.position),
    )


def account_shown(info: Info, account_id: UUID) -> Account | Awaitable[Account | None] | None:
    """Return what `read_account` does, at once where it was loaded ahead."""
    there = account_there(info.context, account_id)
    return read_account(info, account_id) if there is NOT_LOADED else there


def account_there(context: Context, account_id: UUID) -> Account | NotLoaded | None:
    """Return what `read_account` does, as far as it was loaded ahead."""
    state = known(context.reading.accounts, account_id)
    return NOT_LOADED if state is NOT_LOADED else _account(state, account_id)


def person_shown(info: Info, person_id: UUID) -> Person | Awaitable[Person | None] | None:
    """Return what `read_person` does, at once where it was loaded ahead."""
    there = person_there(info.context, person_id)
    return read_person(info, person_id) if there is NOT_LOADED else there


def person_there(context: Context, person_id: UUID) -> Person | NotLoaded | None:
    """Return what `read_person` does, as far as it was loaded ahead."""
    state = known(context.reading.persons, person_id)
    return NOT_LOADED if state is NOT_LOADED else _person(state, person_id)


async def read_account(info: Info, account_id: UUID) -> Account | None:
    """Return an account, or the one that goes on for it, once a request."""
    return _account(await goes_on(info.context.reading.accounts, account_id), account_id)


def _account(state: account.Account | None, account_id: UUID) -> Account | None:
    if state is None:
        return None
    found = account_of(state)
    if state.account_id != account_id:
        found.merged_from = node_id(NodeType.ACCOUNT, account_id)
    return found


async def read_person(info: Info, person_id: UUID) -> Person | None:
    """Return a person, or the one who goes on for them, once a request."""
    return _person(await goes_on(info.context.reading.persons, person_id), person_id)


def _person(state: person.Person | None, person_id: UUID) -> Person | None:
    if state is None:
        return None
    found = person_of(state)
    if state.person_id != person_id:
        found.merged_from = node_id(NodeType.PERSON, person_id)
    return found
