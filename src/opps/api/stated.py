"""What stands: one type for each kind of fact, with its content and the facts behind it."""

from functools import cache
from typing import Any, Optional

import strawberry

from opps.api.derive import class_of
from opps.api.facts import FactType, facts_of
from opps.api.outputs import output_of
from opps.api.picture import Stated
from opps.domain.credence import Freshness
from opps.domain.facts import Fact


@strawberry.interface(
    name="Stated",
    description="What stands for one key, and why: each kind of fact has a type with its content.",
)
class StatedType:
    key: str = strawberry.field(description="The key: facts that share it compete.")
    contested: bool = strawberry.field(
        description="Facts contradict each other: none of them is believed."
    )

    credence: float | None = strawberry.field(
        description="How far it is believed, from 0 to 0.95; null while contested."
    )
    freshness: Freshness | None = strawberry.field(
        description="Whether it is fresh, ageing or stale; null while contested."
    )

    @strawberry.field(description="The facts that stand behind it, the one believed first.")
    def facts(self: Any) -> list[FactType]:
        return facts_of(self.facts)


@cache
def stated(kind: type[Fact]) -> Any:
    """Return the type of what stands for a key of one kind of fact."""
    content: Any = Optional[output_of(kind, f"{kind.__name__}Fact")]  # noqa: UP045 - a derived type
    description = "What is believed; null while facts contradict each other."
    members = {"content": (content, strawberry.field(description=description))}
    name = f"Stated{kind.__name__}"
    made = class_of(name, members, bases=(StatedType,), is_type_of=staticmethod(_states(kind)))
    description = f"What stands for one key, and why. {(kind.__doc__ or '').strip()}"
    return strawberry.type(made, name=name, description=description)


def _states(kind: type[Fact]) -> Any:
    """Return what tells whether a value states something of one kind."""
    return lambda one, _: isinstance(one, Stated) and type(one.any_content) is kind


def stated_field(kind: type[Fact], description: str, resolver: Any, many: bool = False) -> Any:
    """Return a field that shows what stands for one kind of fact: one key, or many."""
    one = stated(kind)
    shape: Any = list[one] if many else Optional[one]  # type: ignore[valid-type]  # noqa: UP045 - derived
    return strawberry.field(resolver=resolver, graphql_type=shape, description=description)
