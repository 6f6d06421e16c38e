"""Accounts and persons in the schema."""

from typing import Annotated
from uuid import UUID

import strawberry

from opps.api.connections import After, First
from opps.api.context import Info
from opps.api.errors import node_argument
from opps.api.ids import NodeType, to_global
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


def node_id(node: NodeType, id_: UUID) -> strawberry.ID:
    """Return the global id of a node, as the schema's type."""
    return strawberry.ID(to_global(node, id_))


@strawberry.type(description="A buying organisation.")
class Account(Node):
    name: str = strawberry.field(description="Its name.")
    external_id: str | None = strawberry.field(description="Its id in the source system.")
    version: int = strawberry.field(description="How often it has changed, from 0 on.")
    position: Position = strawberry.field(description="Place in the log of its last change.")

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
        account_id = node_argument(NodeType.ACCOUNT, self.id)
        until = await told_until(info, told_by)
        return await timeline_of(info, of_account(account_id), axis, filter, until, first, after)


def account_of(state: account.Account | AccountRow) -> Account:
    """Return an account for the schema, from its state or its row."""
    return Account(
        id=node_id(NodeType.ACCOUNT, state.account_id),
        name=state.name,
        external_id=state.external_id,
        version=state.version,
        position=Position(state.position),
    )


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


async def read_account(info: Info, account_id: UUID) -> Account | None:
    """Return an account, once a request."""
    state = await info.context.reading.accounts.load(account_id)
    return None if state is None else account_of(state)


async def read_person(info: Info, person_id: UUID) -> Person | None:
    """Return a person, once a request."""
    state = await info.context.reading.persons.load(person_id)
    return None if state is None else person_of(state)
