"""Selected fields that are only read, as one function that was written for them.

What a shape makes is what graphql-core would have made. Where a value is not as expected it makes
nothing and raises, and graphql-core goes over the same values to tell what is wrong: reading them
twice changes nothing.
"""

from collections.abc import Callable
from functools import cached_property
from types import FunctionType
from typing import Any, NamedTuple, Protocol

from graphql import (
    GraphQLAbstractType,
    GraphQLField,
    GraphQLList,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    GraphQLSchema,
    get_nullable_type,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)
from graphql.execution.collect_fields import CollectedFields, FieldDetails, GroupedFieldSet
from strawberry.types.cast import get_strawberry_type_cast

from opps.api.execution.direct import DEFINITION, ahead_of, at_once_of, definition_of
from opps.api.execution.leaves import Leaf, Unexpected, checked, leaf_of
from opps.api.loaders import NOT_LOADED


class Run(Protocol):
    """What a shape needs of the execution that it works for."""

    schema: GraphQLSchema
    context_value: Any

    @property
    def info(self) -> GraphQLResolveInfo[Any]:
        """What a type is told of the execution when it is asked whether a value is of it."""

    def collect_subfields(
        self, return_type: GraphQLObjectType, field_details_list: list[FieldDetails]
    ) -> CollectedFields:
        """Return the fields that are selected of a type."""


Complete = Callable[[Any, Run], Any]


class _Part(NamedTuple):
    """One field: its name in the answer, how it is read, and what becomes of what was read."""

    key: str
    read: str | Callable[..., Any]
    leaf: Leaf
    nullable: bool
    at_once: bool = False

    @property
    def known(self) -> dict[str, Any]:
        """What its text speaks of."""
        return {**self.leaf.known, "complete": self.leaf.complete, "read": self.read}

    def text(self, name: str, number: int) -> list[str]:
        """Return the statements that give a variable its value."""
        if self.at_once:
            read = f"read{number}(o, run.context_value)"
        elif isinstance(self.read, str):
            held, _, attribute = self.read.rpartition(".")
            read = f"{_variable(held)}.{attribute}"
        else:
            read = f"read{number}(o)"
        write = self.leaf.text(name, number)
        if self.nullable:
            write = [f"if {name} is not None:", *(f"    {one}" for one in write)]
        if self.at_once:
            write = [f"if {name} is not_loaded: raise Unexpected", *write]
        return [f"{name} = {read}", *write]


class Shape:
    """The fields that are selected of a type: those only read, and the rest.

    With `at_once` those are read too that may be there without waiting.
    """

    def __init__(
        self, run: Run, kind: GraphQLObjectType, selected: GroupedFieldSet, *, at_once: bool
    ) -> None:
        found = {key: _part(run, kind, key, of, at_once) for key, of in selected.items()}
        self._parts = [one for one in found.values() if one is not None]
        self._keys = list(selected)
        self.rest = {key: of for key, of in selected.items() if found[key] is None}
        self.is_read = bool(self._parts)
        fields = [kind.fields.get(of[0].node.name.value) for of in selected.values()]
        found_ahead = [None if one is None else ahead_of(one) for one in fields]
        self.ahead = [one for one in found_ahead if one is not None]

    @cached_property
    def make(self) -> Complete:
        """What reads an object: a dictionary with the rest still to be filled in."""
        return _written(self._keys, self._parts)


def completion(
    run: Run, of: GraphQLOutputType, details: list[FieldDetails], *, at_once: bool = True
) -> Complete | None:
    """Return what completes a value of a type; None where more is to be done than to read it."""
    if is_non_null_type(of):
        return _completion(run, of.of_type, details, at_once)
    complete = _completion(run, of, details, at_once)
    if complete is None:
        return None
    return lambda value, run: None if value is None else complete(value, run)


def _completion(run: Run, of: Any, details: list[FieldDetails], at_once: bool) -> Complete | None:
    if is_leaf_type(of):
        return leaf_of(of).complete
    if is_list_type(of):
        return _list(run, of, details, at_once)
    if is_object_type(of):
        selected = run.collect_subfields(of, details).grouped_field_set
        shape = Shape(run, of, selected, at_once=at_once)
        return None if shape.rest else _object(of, shape)
    return _abstract(run, of, details, at_once) if is_abstract_type(of) else None


def _list(
    run: Run, of: GraphQLList[Any], details: list[FieldDetails], at_once: bool
) -> Complete | None:
    complete = completion(run, of.of_type, details, at_once=at_once)
    if complete is None:
        return None

    def each(value: Any, run: Run) -> list[Any]:
        if type(value) is not list and type(value) is not tuple:
            raise Unexpected
        return [complete(one, run) for one in value]

    return each


def _object(kind: GraphQLObjectType, shape: Shape) -> Complete:
    is_type_of, known, own = kind.is_type_of, set[type](), own_class(kind)

    def strange(value: Any, run: Run) -> None:
        if type(value) not in known:
            known.add(checked(value))
        if is_type_of is not None and is_type_of(value, run.info) is not True:
            raise Unexpected

    def read(value: Any, run: Run) -> Any:
        if type(value) is not own or get_strawberry_type_cast(value):
            strange(value, run)
        return shape.make(value, run)

    return read


def own_class(kind: GraphQLObjectType) -> type | None:
    """Return the class whose objects are of a type; None where the type brings its own way."""
    definition: Any = kind.extensions.get(DEFINITION)
    if definition is None or definition.is_type_of:
        return None
    own: type = definition.origin
    return None if hasattr(own, "__await__") or issubclass(own, Exception) else own


def _abstract(
    run: Run, of: GraphQLAbstractType, details: list[FieldDetails], at_once: bool
) -> Complete | None:
    resolve_type: Callable[[Any, Any, Any], Any] | None = of.resolve_type
    made: dict[str, Complete] = {}
    for one in run.schema.get_possible_types(of):
        complete = _completion(run, one, details, at_once)
        if complete is None or resolve_type is None:
            return None
        made[one.name] = complete
    assert resolve_type is not None, "a type has others that it stands for"

    def read(value: Any, run: Run) -> Any:
        checked(value)
        return made[resolve_type(value, run.info, of)](value, run)

    return read


def _part(
    run: Run, kind: GraphQLObjectType, key: str, details: list[FieldDetails], at_once: bool
) -> _Part | None:
    node = details[0].node
    if node.name.value == "__typename":
        return _Part(key, lambda _: kind.name, Leaf(lambda name, _: name), False)
    field = kind.fields.get(node.name.value)
    if field is None or node.arguments:
        return None
    find = at_once_of(field) if at_once else None
    read = find or _read(field)
    if read is None:
        return None
    nullable = not is_non_null_type(field.type)
    of: Any = get_nullable_type(field.type)
    if is_leaf_type(of):
        return _Part(key, read, leaf_of(of), nullable, find is not None)
    complete = _completion(run, of, details, at_once)
    return (
        None if complete is None else _Part(key, read, Leaf(complete), nullable, find is not None)
    )


def _read(field: GraphQLField) -> str | Callable[[Any], Any] | None:
    """Return the attribute that a field shows, or what works it out of its object and no more."""
    if attribute := getattr(field.resolve, "reads", ""):
        return _attribute(attribute)
    found = definition_of(field)
    if found is None:
        return None
    made_by, of = found
    if made_by == "_get_basic_result" and of.default_resolver is getattr:
        return _attribute(of.python_name)
    resolver = of.base_resolver
    if made_by != "_resolver" or resolver is None or field.args:
        return None
    alone = resolver.self_parameter is not None and len(resolver.signature.parameters) == 1
    function = resolver.wrapped_func
    if not alone or not isinstance(function, FunctionType):
        return None
    return _attribute(function.reads) if hasattr(function, "reads") else function


def _variable(held: str) -> str:
    """Return what holds the attribute of an object that others are read from, or the object."""
    return f"o_{held.replace('.', '_')}" if held else "o"


def _attribute(path: str) -> str:
    assert all(one.isidentifier() for one in path.split(".")), "it becomes part of a program"
    return path


def _written(keys: list[str], parts: list[_Part]) -> Complete:
    """Return the function that reads some fields; nothing that a client sent is in its text."""
    known: dict[str, Any] = {"Unexpected": Unexpected, "not_loaded": NOT_LOADED}
    held = {part.read.rpartition(".")[0] for part in parts if isinstance(part.read, str)} - {""}
    lines, values = ["def make(o, run):"], dict.fromkeys(keys, "None")
    lines += [f"    {_variable(one)} = o.{one}" for one in sorted(held)]
    for number, part in enumerate(parts):
        name = values[part.key] = f"v{number}"
        known |= {f"{one}{number}": held for one, held in part.known.items()}
        lines += [f"    {one}" for one in part.text(name, number)]
    known |= {f"key{number}": key for number, key in enumerate(keys)}
    pairs = ", ".join(f"key{number}: {values[key]}" for number, key in enumerate(keys))
    exec("\n".join([*lines, f"    return {{{pairs}}}"]), known)
    made: Complete = known["make"]
    return made
