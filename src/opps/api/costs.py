"""What a document asks for, measured in one linear pass before anything is answered."""

from collections import Counter
from functools import cache
from typing import Any, NamedTuple

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    GraphQLSchema,
    IntValueNode,
    SelectionSetNode,
    get_nullable_type,
    is_list_type,
)

from opps.api.connections import DEFAULT_PAGE, LARGEST_PAGE

# Rows of the fields that answer with many, but not in pages.
ROWS = {"__schema": 50, "portfolioTrend": 1_000, "webhookEndpoints": 50, "namedTexts": 200}
# What is worked out anew each time counts for many fields.
COSTS = {
    "screenReplay": 10_000,
    "simulate": 1_000,
    "auditBundle": 1_000,
    "nextBestQuestions": 100,
    "groups": 200,
    "lagReport": 1_000,
    "leadingIndicators": 1_000,
    "indicators": 500,
    "ownEstimates": 200,
    "forecast": 2_000,
    "subjectExport": 5_000,
    "revertPreview": 5_000,
    "revertImport": 5_000,
    "erasurePreview": 5_000,
    "retentionDue": 5_000,
    "winLossReview": 300,
    "handoverBrief": 100,
    "proposalDraft": 100,
    "pingWebhookEndpoint": 2_000,
    "dangerZoneRules": 200,
    "exceptions": 200,
    "teams": 200,
    "coaching": 300,
    "performanceGaps": 100,
    "learningActivities": 100,
    "accountMap": 50,
    "markdown": 50,
    "dangerZones": 20,
    "customerKind": 20,
    "timeline": 10,
    "duplicates": 5,
    "wrongBeliefs": 10,
    "dangerZoneChanges": 10,
}
PAST_COST = 400


class Size(NamedTuple):
    """How large a selection is with its fragments spread out.

    `cost` is how many fields the answer has if every page is full, what is costly counted often;
    `each` is the part of it that a page has once for every row.
    """

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    cost: int = 0
    each: int = 0


class Paged(NamedTuple):
    """The names of the fields with `first`: those of connections, and those of plain lists."""

    connections: frozenset[str]
    lists: frozenset[str]


@cache
def paged(schema: GraphQLSchema) -> Paged:
    """Return the fields that answer in pages."""
    found: dict[bool, set[str]] = {True: set(), False: set()}
    for kind in schema.type_map.values():
        for name, field in kind.fields.items() if isinstance(kind, GraphQLObjectType) else ():
            if "first" in field.args:
                found[is_list_type(get_nullable_type(field.type))].add(name)
    return Paged(frozenset(found[False] - found[True]), frozenset(found[True]))


def _cost(node: FieldNode) -> int:
    """Return for how many fields of an answer a field counts, without what is below it."""
    past = any(one.name.value == "asOf" for one in node.arguments or ())
    return COSTS.get(node.name.value, 1) + PAST_COST * past


class Measure:
    """Measures selections; each fragment once, so that the work stays linear."""

    def __init__(self, fragments: dict[str, FragmentDefinitionNode], paged: Paged) -> None:
        self._fragments = fragments
        self._paged = paged
        self._sizes: dict[str, Size] = {}
        self._names: Counter[str] = Counter()

    def names(self) -> Counter[str]:
        """Return how often each name of an answer was met, in fragments that nobody spreads too."""
        for name in self._fragments:
            self._fragment(name)
        return self._names

    def of(self, selection: SelectionSetNode | None) -> Size:
        """Return the size of a selection."""
        if selection is None:
            return Size()
        sizes = [self._one(node) for node in selection.selections]
        return Size(
            depth=max((size.depth for size in sizes), default=0),
            fields=sum(size.fields for size in sizes),
            aliases=sum(size.aliases for size in sizes),
            cost=sum(size.cost for size in sizes),
            each=sum(size.each for size in sizes),
        )

    def _one(self, node: Any) -> Size:
        if isinstance(node, FragmentSpreadNode):
            return self._fragment(node.name.value)
        inner = self.of(node.selection_set)
        if not isinstance(node, FieldNode):
            return inner
        self._names[(node.alias or node.name).value] += 1
        cost, each = _cost(node), 0
        if _is_rows(node):
            each = inner.cost + inner.each
        elif node.name.value in self._paged.connections:
            cost += inner.cost + inner.each * _page(node)
        else:
            cost += (inner.cost + inner.each) * self._rows(node)
        aliases = inner.aliases + (node.alias is not None)
        return Size(inner.depth + 1, inner.fields + 1, aliases, cost, each)

    def _rows(self, node: FieldNode) -> int:
        """Return how many rows a field may answer with that is no connection."""
        if node.name.value in ROWS:
            return ROWS[node.name.value]
        if node.name.value == "nodes":
            return LARGEST_PAGE
        return _page(node) if node.name.value in self._paged.lists else 1

    def _fragment(self, name: str) -> Size:
        if name not in self._sizes:
            # A fragment that spreads itself is refused by the rules; until then it measures 0.
            self._sizes[name] = Size()
            fragment = self._fragments.get(name)
            self._sizes[name] = self.of(fragment.selection_set) if fragment else Size()
        return self._sizes[name]


def _is_rows(node: FieldNode) -> bool:
    """Tell whether a field holds the rows of a page."""
    return node.name.value in ("nodes", "edges") and not node.arguments


def _page(node: FieldNode) -> int:
    """Return how many rows are asked for; a variable may ask for the most."""
    given = next((one.value for one in node.arguments or () if one.name.value == "first"), None)
    if isinstance(given, IntValueNode) and len(given.value) <= len(str(LARGEST_PAGE)):
        return min(int(given.value), LARGEST_PAGE)
    return DEFAULT_PAGE if given is None else LARGEST_PAGE
