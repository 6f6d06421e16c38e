"""No answer differs from that of graphql-core, whatever a field finds."""

import asyncio
from collections.abc import Callable, Generator, Iterator
from dataclasses import fields
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from random import Random
from typing import Annotated, Any, Optional, TypeVar, Union
from uuid import UUID

import pytest
import strawberry
from graphql import Undefined
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from strawberry.schema.config import StrawberryConfig

from opps.api.documents import read
from opps.api.limits import ANSWERED_BEFORE
from opps.api.scalars import SCALARS
from opps.api.shown import shown
from tests.api.execution.compared import both
from tests.api.execution.generated import CONDITIONS, Queries


@strawberry.enum
class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@strawberry.interface
class Named:
    name: str


@strawberry.type
class Simple(Named):
    """Fields of every kind that are only read."""

    none: str | None
    number: int
    ratio: float
    flag: bool | None
    colour: Colour
    hues: list[Colour | None]
    when: datetime
    day: date | None
    worth: Decimal | None
    place: UUID
    rows: list[list[int] | None] | None
    inner: Optional["Simple"]
    sure: "Simple"
    several: list["Simple"]
    few: list[Optional["Simple"]] | None
    named: Named | None
    either: Annotated[Union["Simple", "Other"], strawberry.union("Either")] | None
    title: str | None = shown("inner.name", "Of what is inside.")

    @strawberry.field
    def loud(self) -> str:
        return self.name.upper()


@strawberry.type
class Other(Named):
    """Fields that take more than to be read."""

    name: str
    later_held: strawberry.Private[Callable[[], Any]]
    with_info_held: strawberry.Private[Callable[[], Any]]
    inner: Simple | None
    simple: list[Simple]

    @strawberry.field
    async def later(self) -> str:
        text: str = self.later_held()
        return text

    @strawberry.field
    async def required(self) -> Simple:
        found: Simple = self.later_held()
        return found

    @strawberry.field
    def with_info(self, info: strawberry.Info, times: int = 1) -> str | None:
        text: str = self.with_info_held()
        return text * times


@strawberry.type
class Query:
    @strawberry.field
    def given(self, info: strawberry.Info) -> Simple | None:
        found: Simple | None = info.context
        return found

    @strawberry.field
    def simple(self, info: strawberry.Info) -> Simple | None:
        return an_object(Simple, info.context)

    @strawberry.field
    async def other(self, info: strawberry.Info) -> Other | None:
        return an_object(Other, info.context)

    @strawberry.field
    def others(self, info: strawberry.Info) -> list[Other | None]:
        return [an_object(Other, info.context) for _ in range(3)]


SCHEMA = strawberry.Schema(Query, config=StrawberryConfig(scalar_map=SCALARS))
OF = SCHEMA._schema
QUERIES = Queries(
    OF, {"Int": st.integers(0, 2).map(str)}, ["simple", "other", "others"]
).documents()


T = TypeVar("T")


class Later:
    """A value to be awaited; unlike a coroutine it may as well be forgotten."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __await__(self) -> Generator[None, None, Any]:
        yield
        return self.value


WRONG: list[Any] = [
    None,
    None,
    Undefined,
    ValueError("found an error"),
    object(),
    2**40,
    float("nan"),
    "",
    "text",
    "red",
    True,
    [],
    ["a", None, 1],
    ("tuple",),
    {"a": 1},
    Later(None),
    Later("text"),
]
RIGHT: dict[str, Any] = {
    "name": "name",
    "none": "some",
    "number": 3,
    "ratio": 0.5,
    "flag": True,
    "colour": Colour.BLUE,
    "hues": [Colour.RED, None],
    "when": datetime(2026, 3, 1, tzinfo=UTC),
    "day": date(2026, 3, 1),
    "worth": Decimal("1.50"),
    "place": UUID(int=7),
    "rows": [[1, 2], None],
}


def an_object(kind: type[T], chance: Random, depth: int = 3) -> T:
    """Return an object of a type, at times with what is wrong in a field."""
    return kind(**{one: _value(one, chance, depth) for one in _names(kind)})


BELOW = ("inner", "sure", "several", "few", "named")


def _names(kind: Any) -> list[str]:
    return [one.name for one in fields(kind) if one.init]


def _simple(found: dict[str, Any]) -> Simple:
    below: dict[str, Any] = {**dict.fromkeys([*BELOW, "either"]), "several": []}
    inner = Simple(**RIGHT, **below)
    return Simple(**{**RIGHT, **below, "inner": inner, "sure": inner, **found})


def _value(name: str, chance: Random, depth: int) -> Any:
    if chance.random() < 0.04:
        return chance.choice(WRONG)
    if name.endswith("held"):
        return lambda: "late" if chance.random() < 0.9 else chance.choice(WRONG)
    if name in RIGHT:
        return RIGHT[name]
    if name in ("several", "few", "simple"):
        return [
            an_object(Simple, chance, depth - 1) for _ in range(chance.randrange(3) if depth else 0)
        ]
    if name == "either" and depth and chance.random() < 0.3:
        return an_object(Other, chance, depth - 1)
    return an_object(Simple, chance, depth - 1) if depth else None


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as opened:
        yield opened


@given(text=QUERIES, seed=st.integers(0, 2**32), no=st.booleans())
@settings(max_examples=60)
def test_whatever_a_field_finds_graphql_core_would_have_said_the_same(
    runner: asyncio.Runner, text: str, seed: int, no: bool
) -> None:
    assume(not read(OF, text, ANSWERED_BEFORE).faults)

    # Each of the two finds the same, in objects of its own.
    ours, theirs = runner.run(both(OF, text, {**CONDITIONS, "no": no}, lambda: Random(seed)))

    assert ours == theirs


@pytest.mark.parametrize("name", [*RIGHT, *BELOW, "either"])
def test_nothing_that_a_field_may_find_is_told_otherwise_than_by_graphql_core(
    runner: asyncio.Runner, name: str
) -> None:
    below = "" if name in RIGHT else "{ ... on Named { name } }"
    shown = f"flag loud title {name} {below}"
    text = f"{{ given {{ {shown} several {{ {shown} }} }} }}"
    for wrong in WRONG:
        for value in (wrong, [wrong]):
            strange = _simple({name: value})
            found = _simple({"several": [_simple({}), strange, _simple({})], name: value})

            ours, theirs = runner.run(both(OF, text, {}, lambda found=found: found))

            assert ours == theirs
