"""Scalars and enums written as graphql-core writes them, the usual values without asking it."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from math import isfinite
from typing import Any, NamedTuple, TypeGuard, cast
from uuid import UUID

from graphql import GraphQLLeafType, Undefined
from strawberry.execution.is_awaitable import optimized_is_awaitable

# Tells whether a value is to be awaited; it does not say what it guards.
is_awaitable: Callable[[object], TypeGuard[Awaitable[Any]]] = cast(Any, optimized_is_awaitable)

_SIMPLE = frozenset({str, int, float, bool, datetime, date, UUID, Decimal})
# What is written as it is; of numbers not each.
_AS_IT_IS = {
    "String": "type({0}) is str",
    "ID": "type({0}) is str",
    "Boolean": "type({0}) is bool",
    "Int": "type({0}) is int and -2147483648 <= {0} <= 2147483647",
    "Float": "type({0}) is float and isfinite{1}({0})",
    "Position": "type({0}) is int",
    "ScoreCursor": "type({0}) is str",
    # `scalars.encoded` writes these.
    "DateTime": "type({0}) is datetime{1} and {0}.tzinfo is utc{1}",
    "Date": "type({0}) is date{1}",
    "UUID": "type({0}) is uuid{1}",
}
_KNOWN = {"isfinite": isfinite, "datetime": datetime, "utc": UTC, "date": date, "uuid": UUID}


class Unexpected(Exception):
    """A value is not as a shape expects it."""


class Leaf(NamedTuple):
    """How the values of a scalar or an enum are written.

    `usual` is the text of a condition under which a value is written as `written` says, and
    `known` is what both speak of; any other value is for `complete`. What is written is there for
    sure, or is looked at.
    """

    complete: Callable[[Any, Any], Any]
    usual: str = ""
    written: str = ""
    known: dict[str, Any] = {}  # noqa: RUF012 - nobody writes to it
    sure: bool = True

    def text(self, name: str, number: int) -> list[str]:
        """Return the statements that write a variable in place of what it holds."""
        complete = f"{name} = complete{number}({name}, run)"
        usual, written = self.usual.format(name, number), self.written.format(name, number)
        if not usual:
            return [complete]
        if written == name:
            return [f"if not ({usual}): {complete}"]
        write = f"{name} = {written} if {usual} else complete{number}({name}, run)"
        return [write] if self.sure else [write, f"if {name} is None: raise Unexpected"]


@cache
def leaf_of(kind: GraphQLLeafType) -> Leaf:
    """Return how the values of a type are written."""
    coerce = kind.coerce_output_value
    enum = getattr(kind, "wrapped_cls", None)
    if isinstance(enum, type) and issubclass(enum, StrEnum):
        names = {one.value: coerce(one) for one in enum}
        known = {"enum": enum, "names": names}
        complete = _complete(lambda one: names[one] if type(one) is enum else coerce(one))
        return Leaf(complete, "type({0}) is enum{1}", "names{1}[{0}._value_]", known)
    if kind.name in _AS_IT_IS:
        return Leaf(_complete(coerce), _AS_IT_IS[kind.name], "{0}", _KNOWN)
    known = {"simple": _SIMPLE, "coerce": coerce}
    return Leaf(_complete(coerce), "type({0}) in simple{1}", "coerce{1}({0})", known, sure=False)


def checked(value: object) -> type:
    """Return the class of a value that graphql-core would go on with.

    Raises:
        Unexpected: it would not: there is none, it is an error, or it is to be awaited.
    """
    if value is None or value is Undefined or isinstance(value, Exception) or is_awaitable(value):
        raise Unexpected
    return type(value)


def _complete(coerce: Callable[[Any], Any]) -> Callable[[Any, Any], Any]:
    def complete(value: Any, _: Any) -> Any:
        if type(value) not in _SIMPLE:
            checked(value)
        written = coerce(value)
        if written is None or written is Undefined:
            raise Unexpected
        return written

    return complete
