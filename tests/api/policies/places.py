"""Every place of the schema that takes an id, and an operation that puts one there."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple
from uuid import uuid4

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
)

IDS = ("ID", "UUID")
# Each thing that is done has an id of its own: it names nothing that there is.
NO_PLACES = ("commandId",)
WORDS = {"currency": "EUR", "zone": "UTC", "period": "2026-03-01", "indicator": "RETRACTIONS"}
VALUES: Mapping[str, Any] = {
    "String": "MAP",
    "Int": 1,
    "Float": 0.5,
    "Boolean": True,
    "Decimal": "1",
    "Date": "2027-01-04",
    "DateTime": "2027-01-04T08:00:00Z",
    "Position": 1,
    "ScoreCursor": "1",
}


class Place(NamedTuple):
    """A field with an argument, and the way through it to where an id stands."""

    kind: str
    field: str
    argument: str
    members: tuple[str, ...]
    takes: str

    @property
    def name(self) -> str:
        """What the id is called there."""
        return (self.members or (self.argument,))[-1]

    def __str__(self) -> str:
        return ".".join((self.kind, self.field, self.argument, *self.members))


def places(schema: GraphQLSchema) -> Iterator[Place]:
    """Yield each argument, and each member of an input, that takes an id: each once."""
    seen: set[tuple[str, str]] = set()
    for kind in schema.type_map.values():
        if not isinstance(kind, GraphQLObjectType) or kind.name.startswith("__"):
            continue
        for name, field in kind.fields.items():
            for argument, of in field.args.items():
                for members, owner, takes in _ids(of.type, (), f"{kind.name}.{name}", argument):
                    last = members[-1] if members else argument
                    if (owner, last) not in seen:
                        seen.add((owner, last))
                        yield Place(kind.name, name, argument, members, takes)


def _ids(
    of: GraphQLInputType, members: tuple[str, ...], owner: str, name: str
) -> Iterator[tuple[tuple[str, ...], str, str]]:
    named = get_named_type(of)
    if named.name in IDS and name not in NO_PLACES:
        yield members, owner, named.name
    if isinstance(named, GraphQLInputObjectType):
        for member, part in named.fields.items():
            yield from _ids(part.type, (*members, member), named.name, member)


def smallest(schema: GraphQLSchema, kind: str, field: str) -> "Operation":
    """Return an operation that asks for a field of a root, and for as little of it as there is."""
    held = schema.type_map[kind]
    assert isinstance(held, GraphQLObjectType)
    leaf = is_leaf_type(get_named_type(held.fields[field].type))
    shown = " " if leaf else "{ __typename }"
    return operation(schema, Place(kind, field, "", (), ""), "", lambda _: str(uuid4()), shown)


class Operation(NamedTuple):
    """A document with its variables."""

    document: str
    variables: dict[str, Any]


def operation(
    schema: GraphQLSchema,
    place: Place,
    id_: str,
    own: Callable[[str], str],
    shown: str | None = None,
) -> Operation:
    """Return an operation that puts an id into a place, and own ones where some must be."""
    roots = {
        "mutation": schema.mutation_type,
        "subscription": schema.subscription_type,
        "query": schema.query_type,
    }
    kind = next((one for one, root in roots.items() if root and root.name == place.kind), "query")
    held = schema.type_map[place.kind]
    assert isinstance(held, GraphQLObjectType)
    field = held.fields[place.field]
    variables = {
        name: _filled(of.type, name, place.members, id_ if name == place.argument else None, own)
        for name, of in field.args.items()
        if name == place.argument or is_required_argument(of)
    }
    if kind == "subscription":
        named = get_named_type(field.args["after"].type).name
        variables["after"] = 0 if named == "Position" else "0"
    declared = ", ".join(f"${name}: {field.args[name].type}" for name in variables)
    given = ", ".join(f"{name}: ${name}" for name in variables)
    asked = f"{place.field}{given and f'({given})'} {shown or _shown(schema, field.type)}"
    for name in _way(schema, place.kind):
        asked = f"{name} {{ {asked} }}"
    return Operation(f"{kind} {declared and f'({declared})'} {{ {asked} }}", variables)


def _filled(
    of: GraphQLInputType,
    name: str,
    members: tuple[str, ...],
    id_: str | None,
    own: Callable[[str], str],
) -> Any:
    """Return a value of a type: as little as there must be, with the id where the members lead."""
    if isinstance(of, GraphQLNonNull):
        return _filled(of.of_type, name, members, id_, own)
    if isinstance(of, GraphQLList):
        return [_filled(of.of_type, name, members, id_, own)]
    if isinstance(of, GraphQLEnumType):
        return next(iter(of.values))
    if isinstance(of, GraphQLInputObjectType):
        wanted = members[:1] if id_ is not None else ()
        must = {one for one, part in of.fields.items() if is_required_input_field(part)}
        if _is_one_of(of) and not wanted:
            must = {next(iter(of.fields))}
        if "expectedVersion" in of.fields:
            must.add("expectedVersion")
        return {
            one: _filled(part.type, one, members[1:], id_ if one in wanted else None, own)
            for one, part in of.fields.items()
            if one in must or one in wanted
        }
    if name == "commandId":
        return str(uuid4())
    if name == "expectedVersion":
        return None
    if of.name in IDS:
        return own(name) if id_ is None else id_
    if name == "name":
        return str(uuid4())  # of which there may be one
    return WORDS.get(name, VALUES[of.name]) if of.name == "String" else VALUES[of.name]


def _is_one_of(of: GraphQLInputObjectType) -> bool:
    return bool(of.extensions["strawberry-definition"].is_one_of)


def _way(schema: GraphQLSchema, kind: str) -> list[str]:
    """Return the fields that lead from a type up to the query, through what takes no arguments."""
    query = schema.query_type
    assert query is not None
    if kind in ("Query", "Mutation", "Subscription"):
        return []
    left: list[tuple[GraphQLObjectType, list[str]]] = [(query, [])]
    seen = set[str]()
    while left:
        at, way = left.pop(0)
        for name, field in at.fields.items():
            found = get_named_type(field.type)
            if any(is_required_argument(one) for one in field.args.values()):
                continue
            if found.name == kind:
                return [name, *way]
            if isinstance(found, GraphQLObjectType) and found.name not in seen:
                seen.add(found.name)
                left.append((found, [name, *way]))
    raise AssertionError(f"nothing leads to {kind}: say how to come to it")


def _shown(schema: GraphQLSchema, of: GraphQLOutputType) -> str:
    """Return what to show of an answer: why it was refused, or whatever is a value."""
    kind = get_named_type(of)
    if is_leaf_type(kind):
        return ""
    if not isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
        return "{ __typename ... on StreamCaughtUp { position } }"
    fields: dict[str, GraphQLField] = kind.fields
    if "userErrors" in fields:
        return "{ userErrors { __typename code message path } }"
    shown = [
        name
        for name, field in fields.items()
        if is_leaf_type(get_named_type(field.type)) and not field.args
    ]
    if "nodes" in fields:
        shown.append(f"nodes {_shown(schema, fields['nodes'].type)}")
    return f"{{ __typename {' '.join(shown)} }}"
