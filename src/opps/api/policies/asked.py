"""Whether a role may ask what a document asks, told before any of it is carried out."""

from collections import OrderedDict
from collections.abc import Hashable, Iterator, Mapping
from uuid import UUID

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
)
from msgspec import Struct

from opps.api.identity import Viewer
from opps.api.policies.audiences import Audience
from opps.api.policies.table import policies
from opps.domain.privacy.state import whoever

REMEMBERED = 512
# Fields that tell different people different things, beside those whose policies go by person.
TOLD_BY_PERSON = frozenset({"Query.viewer", "Query.events", "Subscription.events"})


class Forbidden(Struct, frozen=True):
    """What a role may not ask for: the field, and the role."""

    field: str
    role: str

    @property
    def message(self) -> str:
        """Why the operation was not carried out, in one sentence."""
        return f"{self.field} is not for the role {self.role}: leave it out, or act in another."


class _Told:
    """What one document asks for, and what was told of it."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode) -> None:
        self.of = schema, document
        self.verdicts: dict[tuple[str | None, str], Forbidden | None] = {}
        self.by_person: dict[str | None, bool] = {}


# By schema and document, the last ones; each holds both, so that no others have their ids.
_TOLD: OrderedDict[tuple[int, int], _Told] = OrderedDict()


def may(
    schema: GraphQLSchema, document: DocumentNode, operation_name: str | None, role: str
) -> Forbidden | None:
    """Return what a role may not ask for of an operation; None where it may be carried out.

    The document is valid. A field without a policy is nobody's.
    """
    verdicts = _told(schema, document).verdicts
    key = operation_name, role
    if key not in verdicts:
        verdicts[key] = _forbidden(schema, document, operation_name, role)
    return verdicts[key]


def scope_of(
    schema: GraphQLSchema, document: DocumentNode, operation_name: str | None, viewer: Viewer
) -> Hashable:
    """Return what an answer depends on beside tenant, role and variables: equal ones share it."""
    told = _told(schema, document).by_person
    if operation_name not in told:
        told[operation_name] = _by_person(schema, document, operation_name)
    return _person(viewer) if told[operation_name] else None


def about_people(
    schema: GraphQLSchema, document: DocumentNode, operation_name: str | None
) -> Mapping[str, Audience]:
    """Return the fields of an operation that go by whom they are about, with whom they are for."""
    known = policies(schema)
    asked = (one for one in coordinates(schema, document, operation_name) if one in known)
    return {one: known[one] for one in asked if known[one].goes_by_person}


def _told(schema: GraphQLSchema, document: DocumentNode) -> _Told:
    key = id(schema), id(document)
    found = _TOLD.get(key)
    if found is None:
        found = _TOLD[key] = _Told(schema, document)
        while len(_TOLD) > REMEMBERED:
            _TOLD.popitem(last=False)
    return found


def _forbidden(
    schema: GraphQLSchema, document: DocumentNode, name: str | None, role: str
) -> Forbidden | None:
    known = policies(schema)
    for coordinate in coordinates(schema, document, name):
        audience = known.get(coordinate)
        if audience is None or not audience.admits(role):
            return Forbidden(coordinate, role)
    return None


def _by_person(schema: GraphQLSchema, document: DocumentNode, name: str | None) -> bool:
    known = policies(schema)
    return any(
        one in TOLD_BY_PERSON or (one in known and known[one].goes_by_person)
        for one in coordinates(schema, document, name)
    )


def _person(viewer: Viewer) -> tuple[UUID, UUID]:
    return viewer.actor.principal, whoever(viewer.actor)


def coordinates(schema: GraphQLSchema, document: DocumentNode, name: str | None) -> Iterator[str]:
    """Yield the fields that an operation asks for, those of its fragments too.

    Each fragment is looked at once, so this takes no longer than the document is long.
    """
    fragments: Mapping[str, FragmentDefinitionNode] = {
        one.name.value: one
        for one in document.definitions
        if isinstance(one, FragmentDefinitionNode)
    }
    seen: set[str] = set()
    left: list[tuple[GraphQLNamedType | None, SelectionSetNode]] = [
        (schema.get_root_type(one.operation), one.selection_set)
        for one in document.definitions
        if isinstance(one, OperationDefinitionNode) and _is(one, name)
    ]
    while left:
        kind, selection = left.pop()
        for node in selection.selections:
            if isinstance(node, FieldNode):
                coordinate, of = _field(kind, node)
                if coordinate is not None:
                    yield coordinate
                if node.selection_set is not None and of is not None:
                    left.append((of, node.selection_set))
            elif isinstance(node, InlineFragmentNode):
                condition = node.type_condition
                on = kind if condition is None else schema.type_map.get(condition.name.value)
                left.append((on, node.selection_set))
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in seen:
                seen.add(node.name.value)
                fragment = fragments[node.name.value]
                on = schema.type_map.get(fragment.type_condition.name.value)
                left.append((on, fragment.selection_set))


def _field(
    kind: GraphQLNamedType | None, node: FieldNode
) -> tuple[str | None, GraphQLNamedType | None]:
    """Return the coordinate of a field and its type; neither of what only tells of the schema."""
    name = node.name.value
    if kind is None or name.startswith("__"):
        return None, None
    found = getattr(kind, "fields", {}).get(name)
    return f"{kind.name}.{name}", None if found is None else get_named_type(found.type)


def _is(node: OperationDefinitionNode, name: str | None) -> bool:
    return name is None or (node.name is not None and node.name.value == name)
