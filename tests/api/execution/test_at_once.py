"""What may be there without waiting is answered as if it had been waited for."""

import asyncio
from typing import Any

import pytest
import strawberry

from opps.api.loaders import NOT_LOADED, at_once
from tests.api.execution.compared import both


@strawberry.type
class Seller:
    name: str


@strawberry.type
class Deal:
    title: str
    held: strawberry.Private[Any]
    away: strawberry.Private[bool]

    @strawberry.field
    @at_once(lambda of, _: NOT_LOADED if of.away else of.held)
    async def seller(self) -> Seller | None:
        found: Seller | None = self.held
        return found


@strawberry.type
class Query:
    @strawberry.field
    def deals(self, info: strawberry.Info) -> list[Deal]:
        found: list[Deal] = info.context
        return found

    @strawberry.field
    def first(self, info: strawberry.Info) -> Deal | None:
        found: Deal = info.context[0]
        return found


SCHEMA = strawberry.Schema(Query)._schema
SHOWN = "{ title seller { name } }"


NUMBER: Any = 7
HELD = [Seller(name="Ada"), None, Seller(name=NUMBER), ValueError("lost"), "text"]


@pytest.mark.parametrize("away", [True, False])
@pytest.mark.parametrize("held", HELD)
def test_whatever_is_there_or_is_waited_for_the_answer_is_that_of_graphql_core(
    held: Any, away: bool
) -> None:
    ada = Seller(name="Ada")
    deals = [
        Deal(title="Line 4", held=held, away=away),
        Deal(title="Line 5", held=ada, away=False),
        Deal(title="Line 6", held=ada, away=True),
    ]

    for text in (f"{{ deals {SHOWN} }}", f"{{ first {SHOWN} }}"):
        ours, theirs = asyncio.run(both(SCHEMA, text, {}, lambda: deals, in_order=False))

        assert ours == theirs
