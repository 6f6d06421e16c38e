"""Valid queries over any schema, drawn by hypothesis: arguments, aliases, fragments, directives."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
    is_required_argument,
    is_required_input_field,
)
from hypothesis import strategies as st

CONDITIONS = {"yes": True, "no": False}
# Texts of GraphQL for the values of a scalar.
Literals = Mapping[str, st.SearchStrategy[str]]


class Queries:
    """Draws queries.

    `literals` has the values of scalars, `often` and `without` name root fields that each query
    has one of, and that none has.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        literals: Literals,
        often: Sequence[str],
        without: Collection[str] = (),
        deepest: int = 5,
    ) -> None:
        self._schema = schema
        self._often = often
        self._literals = literals
        self._without = without
        self._deepest = deepest

    def documents(self) -> st.SearchStrategy[str]:
        """Return texts with one query that has the variables `CONDITIONS`."""
        return st.composite(self._document)()

    def _document(self, draw: Callable[[Any], Any]) -> str:
        root = self._schema.query_type
        assert root is not None
        drawing = _Drawing(draw, self._schema, self._literals, self._deepest)
        fields = {name: of for name, of in root.fields.items() if name not in self._without}
        first = draw(st.sampled_from(self._often))
        body = drawing.fields(root, {first: fields[first]}, self._deepest, "")
        body += " " + drawing.fields(root, fields, self._deepest, "")
        body += " yes: __typename @include(if: $yes) no: __typename @skip(if: $no)"
        fragments = "\n".join(drawing.fragments)
        return f"query Q($yes: Boolean! = true, $no: Boolean!) {{ {body} }}\n{fragments}"


class _Drawing:
    """One query that is being drawn."""

    def __init__(
        self, draw: Callable[[Any], Any], schema: GraphQLSchema, literals: Literals, deepest: int
    ) -> None:
        self._draw = draw
        self._schema = schema
        self._literals = literals
        self._deepest = deepest
        self._named = 0
        self.fragments: list[str] = []

    def _one_in(self, times: int) -> bool:
        return bool(self._draw(st.integers(0, times - 1)) == times - 1)

    def _name(self, prefix: str) -> str:
        self._named += 1
        return f"{prefix}{self._named}"

    def _condition(self) -> str:
        if not self._one_in(8):
            return ""
        kind = self._draw(st.sampled_from(["include", "skip"]))
        return f" @{kind}(if: {self._draw(st.sampled_from(['$yes', '$no', 'true', 'false']))})"

    def selection(self, kind: GraphQLNamedType, depth: int, alias: str) -> str:
        """Return the selection of a type, in braces; `alias` begins the names of its fields."""
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            body = self.fields(kind, kind.fields, depth, alias)
        else:
            body = "__typename"
        if isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
            possible = self._schema.get_possible_types(kind)
            for one in self._draw(st.lists(st.sampled_from(possible), max_size=3)):
                body += " " + self._spread(one, self.fields(one, one.fields, depth, "on"))
        return f"{{ {body} }}"

    def fields(
        self, kind: GraphQLNamedType, fields: Mapping[str, GraphQLField], depth: int, alias: str
    ) -> str:
        """Return some fields of a type, at times in fragments, at times twice."""
        shown = {
            name: of
            for name, of in fields.items()
            if depth > 0 or (is_leaf_type(get_named_type(of.type)) and not _required(of))
        }
        names = self._draw(
            st.lists(st.sampled_from(["__typename", *shown]), min_size=1, max_size=6)
        )
        parts = []
        for name in names:
            text = self._field(name, shown.get(name), depth, alias)
            if self._one_in(8):
                text = self._spread(kind, text)
            parts += [text, text] if self._one_in(10) else [text]
        return " ".join(parts)

    def _spread(self, kind: GraphQLNamedType, body: str) -> str:
        if self._one_in(3):
            name = self._name("F")
            self.fragments.append(f"fragment {name} on {kind.name} {{ {body} }}")
            return f"...{name}{self._condition()}"
        on = self._draw(st.sampled_from([f" on {kind.name}", ""]))
        on = on or self._condition()
        return f"...{on or f' on {kind.name}'} {{ {body} }}"

    def _field(self, name: str, of: GraphQLField | None, depth: int, alias: str) -> str:
        if of is None:
            return name
        arguments = self._arguments(of)
        own = arguments or alias or self._one_in(4)
        called = f"{self._name(alias or 'a')}: " if own else ""
        kind = get_named_type(of.type)
        below = "" if is_leaf_type(kind) else self.selection(kind, depth - 1, "")
        return f"{called}{name}{arguments}{self._condition()} {below}".strip()

    def _arguments(self, of: GraphQLField) -> str:
        given = [
            f"{name}: {self._value(slot.type, 2)}"
            for name, slot in of.args.items()
            if is_required_argument(slot) or self._one_in(4)
        ]
        return f"({', '.join(given)})" if given else ""

    def _value(self, of: Any, depth: int) -> str:
        of = get_nullable_type(of)
        if is_list_type(of):
            many = self._draw(st.integers(0, 2))
            return f"[{', '.join(self._value(of.of_type, depth) for _ in range(many))}]"
        if isinstance(of, GraphQLEnumType):
            return str(self._draw(st.sampled_from([*of.values])))
        if isinstance(of, GraphQLInputObjectType):
            return f"{{{', '.join(self._slots(of, depth))}}}"
        return str(self._draw(self._literals[of.name]))

    def _slots(self, of: GraphQLInputObjectType, depth: int) -> list[str]:
        # Strawberry checks by itself what graphql-core would know as `is_one_of`.
        if of.extensions["strawberry-definition"].is_one_of:
            chosen = [self._draw(st.sampled_from([*of.fields]))]
        else:
            chosen = [
                name
                for name, slot in of.fields.items()
                if is_required_input_field(slot) or (depth > 0 and self._one_in(5))
            ]
        return [f"{name}: {self._value(of.fields[name].type, depth - 1)}" for name in chosen]


def _required(of: GraphQLField) -> bool:
    return any(is_required_argument(one) for one in of.args.values())
