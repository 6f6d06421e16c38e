"""The schema as a whole, and its printed form."""

from functools import cache

import strawberry
from graphql import GraphQLInputObjectType, GraphQLSchema, Undefined
from strawberry.printer import print_schema as printed
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.name_converter import NameConverter

from opps.api.errors import error_types
from opps.api.mutations import mutation_type
from opps.api.parties import Account, Person
from opps.api.queries import Query
from opps.api.scalars import SCALARS
from opps.api.subscriptions import Subscription
from opps.api.touched import notice_personal


class Names(NameConverter):
    """Names in camel case, each made once: Strawberry asks for all fields of an input each time."""

    @cache  # noqa: B019 - there is one for as long as the process lives
    def apply_naming_config(self, name: str) -> str:
        """Return a name as GraphQL writes it."""
        return super().apply_naming_config(name)


@cache
def schema() -> strawberry.Schema:
    """Return the schema, made once a process."""
    return _made()


def print_schema() -> str:
    """Return the schema in the schema definition language, sorted."""
    return printed(_made(sort=True)) + "\n"


def _made(*, sort: bool = False) -> strawberry.Schema:
    # A sorted schema is a copy in which unions no longer know their members: it is only printed.
    made = strawberry.Schema(
        query=Query,
        mutation=mutation_type(),
        subscription=Subscription,
        types=[*error_types(), Account, Person],
        config=StrawberryConfig(name_converter=Names(), scalar_map=SCALARS, sort_schema=sort),
    )
    _leave_out_null_defaults(made._schema)
    notice_personal(made._schema)
    return made


def _leave_out_null_defaults(made: GraphQLSchema) -> None:
    """Show what may be absent without a default: null and absent mean the same here."""
    for kind in made.type_map.values():
        fields = getattr(kind, "fields", {})
        slots = (
            fields.values()
            if isinstance(kind, GraphQLInputObjectType)
            else (slot for field in fields.values() for slot in getattr(field, "args", {}).values())
        )
        for slot in slots:
            if slot.default_value is None:
                slot.default_value = Undefined
