"""The policy of every field: looked up by `Type.field`, and none where nobody wrote one down."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from graphql import GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema

from opps.api.policies import deals, facts, people, records, roots
from opps.api.policies.audiences import AUDIENCES, Audience

WRITTEN = (roots.TABLE, records.TABLE, people.TABLE, facts.TABLE, deals.TABLE)
REFUSALS = "UserError"


def read(text: str) -> Iterator[tuple[str, Audience]]:
    """Yield the coordinates that a table names, each with whom it is for.

    A line `[AUDIENCE]` begins a part, a line `Type: field field` names fields, and one that is
    indented goes on with the line before it.
    """
    audience, of = None, ""
    for line in text.strip().splitlines():
        if line.startswith("["):
            audience = AUDIENCES[line.strip("[]")]
            continue
        head, _, rest = line.rpartition(":")
        of = head or of
        assert audience is not None, "a part has begun"
        for field in rest.split():
            yield f"{of}.{field}", audience


def written(tables: Iterable[str] = WRITTEN) -> Mapping[str, Audience]:
    """Return what tables say.

    Raises:
        ValueError: they name a field twice.
    """
    found: dict[str, Audience] = {}
    for coordinate, audience in (one for text in tables for one in read(text)):
        if coordinate in found:
            raise ValueError(f"{coordinate} has two policies")
        found[coordinate] = audience
    return found


@lru_cache(maxsize=8)
def policies(schema: GraphQLSchema) -> Mapping[str, Audience]:
    """Return the policies of a schema; what is not in it has none.

    A refusal is told to whoever sent the command: its parts are open as those of every refusal are.
    A new kind of fact has the policies of the others, unless its own are written down.
    """
    known = {**dict(facts.of_kinds(schema)), **written()}
    told = known[f"{REFUSALS}.message"]
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLObjectType) and _is_refusal(kind):
            known |= {f"{kind.name}.{field}": told for field in kind.fields}
    return known


def coordinates(schema: GraphQLSchema) -> Iterator[str]:
    """Yield every field that can be asked for, as `Type.field`."""
    for kind in schema.type_map.values():
        if kind.name.startswith("__"):
            continue
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            yield from (f"{kind.name}.{field}" for field in kind.fields)


def _is_refusal(kind: GraphQLObjectType) -> bool:
    return any(one.name == REFUSALS for one in kind.interfaces)
