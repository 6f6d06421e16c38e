"""Resolvers called as they were written, without what Strawberry would look up each time."""

from collections.abc import Callable
from functools import cache
from types import FunctionType
from typing import Any

from graphql import GraphQLField, GraphQLObjectType, GraphQLResolveInfo, GraphQLSchema
from strawberry import Info
from strawberry.types.field import StrawberryField

from opps.api.loaders import Ahead

DEFINITION = "strawberry-definition"
_MADE_BY = "GraphQLCoreConverter.from_resolver.<locals>."
_RESOLVERS = ("_resolver", "_async_resolver")

Resolve = Callable[..., Any]


class Directly:
    """The resolvers of a schema, without what is made around them."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._direct: dict[Resolve, Resolve] = {}
        for kind in schema.type_map.values():
            for field in kind.fields.values() if isinstance(kind, GraphQLObjectType) else ():
                direct = _direct(field)
                if direct is not None and field.resolve is not None:
                    self._direct[field.resolve] = direct

    def get_field_resolver(self, resolve: Resolve) -> Resolve:
        """Return what resolves a field in place of what Strawberry made."""
        return self._direct.get(resolve, resolve)


@cache
def directly(schema: GraphQLSchema) -> Directly:
    """Return the direct resolvers of a schema, looked up once."""
    return Directly(schema)


def definition_of(field: GraphQLField) -> tuple[str, StrawberryField] | None:
    """Return which function of Strawberry resolves a field, and its definition.

    None where another does, such as one that notes who was shown, or where more is to be done.
    """
    of, resolve = field.extensions.get(DEFINITION), field.resolve
    name = getattr(resolve, "__qualname__", "")
    if not isinstance(of, StrawberryField) or of.extensions or hasattr(resolve, "__wrapped__"):
        return None
    return (name.removeprefix(_MADE_BY), of) if name.startswith(_MADE_BY) else None


def ahead_of(field: GraphQLField) -> Ahead | None:
    """Return what loads for many objects what a field finds for each, as `loaders.ahead` says."""
    load: Ahead | None = _said_of(field, "ahead")
    return load


def at_once_of(field: GraphQLField) -> Callable[[Any, Any], Any] | None:
    """Return what finds a value where it need not be awaited, as `loaders.at_once` says."""
    find: Callable[[Any, Any], Any] | None = _said_of(field, "at_once")
    return find


def _said_of(field: GraphQLField, name: str) -> Any:
    found = definition_of(field)
    resolver = None if found is None else found[1].base_resolver
    return getattr(resolver and resolver.wrapped_func, name, None)


def _direct(field: GraphQLField) -> Resolve | None:
    found = definition_of(field)
    if found is None or found[0] not in _RESOLVERS or found[1].base_resolver is None:
        return None
    of, resolver, stock = found[1], found[1].base_resolver, field.resolve
    function, wants = resolver.wrapped_func, resolver.info_parameter
    others = resolver.root_parameter or resolver.parent_parameter
    if others or not resolver.self_parameter or not isinstance(function, FunctionType):
        return None
    if stock is None or (wants is not None and wants.name != "info"):
        return None

    def alone(source: Any, info: GraphQLResolveInfo[Any], **given: Any) -> Any:
        return stock(source, info, **given) if given else function(source)

    def informed(source: Any, info: GraphQLResolveInfo[Any], **given: Any) -> Any:
        if given:
            return stock(source, info, **given)
        return function(source, info=Info(_raw_info=info, _field=of))

    return informed if wants is not None else alone
