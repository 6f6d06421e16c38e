"""What an operation's answer looks like: its fields, merged over fragments as GraphQL does it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    GraphQLString,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    get_named_type,
    is_abstract_type,
)
from graphql.type.definition import GraphQLInterfaceType, GraphQLUnionType

TYPENAME = "__typename"
Composite = GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType


@dataclass(frozen=True)
class Part:
    """A selection of a field's own fields, and whether only some types have it."""

    parent: Composite
    selections: SelectionSetNode
    sometimes: bool


@dataclass
class Answered:
    """A field of an answer; `sometimes` says that it may be absent."""

    name: str
    kind: GraphQLOutputType
    sometimes: bool
    parts: list[Part] = field(default_factory=list)


@dataclass(frozen=True)
class Shapes:
    """Reads answers off selections, with the schema and the fragments of one document."""

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]

    def fields(self, parts: Sequence[Part]) -> list[Answered]:
        """Return the fields of an object, in the order they were asked for."""
        always = [part for part in parts if not part.sometimes]
        found: dict[str, Answered] = {}
        seen: list[set[str]] = []
        for part in parts:
            own = self._selected(part.parent, part.selections.selections, False)
            seen.append({one.name for one in own.values() if not one.sometimes})
            for one in own.values():
                one.sometimes = one.sometimes or (bool(always) and part.sometimes)
                _merge(found, one)
        if not always:
            for one in found.values():
                one.sometimes = not all(one.name in names for names in seen)
        return list(found.values())

    def _selected(
        self, parent: Composite, selections: Iterable[SelectionNode], sometimes: bool
    ) -> dict[str, Answered]:
        found: dict[str, Answered] = {}
        for one in selections:
            maybe = sometimes or any(
                d.name.value in ("skip", "include") for d in one.directives or ()
            )
            match one:
                case FieldNode():
                    _merge(found, self._answered(parent, one, maybe))
                case InlineFragmentNode(type_condition=condition, selection_set=inner):
                    name = condition.name.value if condition else parent.name
                    self._enter(found, parent, name, inner, maybe)
                case FragmentSpreadNode(name=spread):
                    fragment = self.fragments[spread.value]
                    name = fragment.type_condition.name.value
                    self._enter(found, parent, name, fragment.selection_set, maybe)
        return found

    def _enter(
        self,
        found: dict[str, Answered],
        parent: Composite,
        name: str,
        inner: SelectionSetNode,
        maybe: bool,
    ) -> None:
        condition = self.schema.type_map[name]
        assert isinstance(condition, Composite)
        some = maybe or not self._possible(parent) <= self._possible(condition)
        for one in self._selected(condition, inner.selections, some).values():
            _merge(found, one)

    def _possible(self, kind: GraphQLNamedType) -> set[str]:
        if is_abstract_type(kind):
            return {one.name for one in self.schema.get_possible_types(kind)}
        return {kind.name}

    def _answered(self, parent: Composite, node: FieldNode, sometimes: bool) -> Answered:
        name = node.alias.value if node.alias else node.name.value
        if node.name.value == TYPENAME:
            return Answered(name, GraphQLNonNull(GraphQLString), sometimes)
        assert not isinstance(parent, GraphQLUnionType)
        kind = parent.fields[node.name.value].type
        if node.selection_set is None:
            return Answered(name, kind, sometimes)
        below = get_named_type(kind)
        assert isinstance(below, Composite)
        return Answered(name, kind, sometimes, [Part(below, node.selection_set, sometimes)])


def _merge(found: dict[str, Answered], one: Answered) -> None:
    known = found.setdefault(one.name, one)
    if known is not one:
        known.sometimes = known.sometimes and one.sometimes
        known.parts.extend(one.parts)
