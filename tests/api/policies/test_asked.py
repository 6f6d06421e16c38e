"""Who may ask what: told for a whole operation, before any of it is carried out."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from graphql import (
    FieldNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    build_schema,
    parse,
    visit,
)

from opps.api.identity import Viewer
from opps.api.policies import Forbidden, may, scope_of
from opps.api.policies.asked import coordinates as asked_for
from opps.api.policies.table import coordinates, policies, written
from opps.api.schema import schema
from opps.domain.recorded import Actor, Via
from opps.domain.roles import ActorRole

SCHEMA = schema()._schema
OPERATIONS = Path(__file__).parents[3] / "operations"


def asked(document: str, role: str, name: str | None = None) -> str | None:
    """Return which field a role may not ask for."""
    found = may(SCHEMA, parse(document), name, role)
    return None if found is None else found.field


def test_every_field_has_a_policy() -> None:
    assert sorted(set(coordinates(SCHEMA)) - set(policies(SCHEMA))) == []


def test_no_policy_is_for_a_field_that_is_gone() -> None:
    assert sorted(set(written()) - set(coordinates(SCHEMA))) == []


def test_a_field_that_nobody_wrote_a_policy_for_is_named_and_refused_to_everybody() -> None:
    added = build_schema("type Query { viewer: Viewer } type Viewer { role: String mood: String }")

    assert set(coordinates(added)) - set(policies(added)) == {"Viewer.mood"}
    for role in ActorRole:
        refused = may(added, parse("{ viewer { role mood } }"), None, role)
        assert refused == Forbidden("Viewer.mood", role)
        assert may(added, parse("{ viewer { role } }"), None, role) is None


def test_a_type_that_nobody_wrote_a_policy_for_is_refused_to_everybody() -> None:
    added = build_schema(
        "type Query { viewer: Viewer weather: Weather } "
        "type Viewer { role: String } type Weather { rain: Boolean }"
    )

    assert [may(added, parse("{ weather { rain } }"), None, role) for role in ActorRole] == [
        Forbidden("Query.weather", role) for role in ActorRole
    ]


def test_a_field_has_one_policy() -> None:
    with pytest.raises(ValueError, match="title has two policies"):
        written(["[DEALS]\nOpportunity: title", "[STAFF]\nOpportunity: title"])


@pytest.mark.parametrize(
    "document",
    [
        "{ persons { nodes { name { text } } } }",
        "{ viewer { person { ...Named } } } fragment Named on Person { name { text } }",
        '{ node(id: "p_1") { ... on Person { name { text } } } }',
        "{ shown: viewer { role shown: person { called: name { redacted } } } }",
        "{ viewer { role person { ... { name { text } } } } }",
    ],
)
def test_a_program_reads_no_names_however_it_asks(document: str) -> None:
    assert asked(document, "INTEGRATOR") in ("Query.persons", "Person.name")
    assert asked(document, "SELLER") is None


def test_only_the_operation_that_is_carried_out_counts() -> None:
    both = "query Mine { viewer { role } } query Keys { apiKeys { name } }"

    assert asked(both, "SELLER", "Mine") is None
    assert asked(both, "SELLER", "Keys") == "Query.apiKeys"


def test_what_tells_of_the_schema_is_no_field_of_ours() -> None:
    document = "{ __typename __schema { types { name } } viewer { __typename } }"

    assert asked(document, "DPO") is None


def test_an_answer_is_shared_unless_it_goes_by_who_asks() -> None:
    viewers = [
        Viewer(
            tenant=uuid4(),
            slug="acme",
            actor=Actor(principal=uuid4(), role="SELLER", via=Via.GRAPHQL),
        )
        for _ in range(2)
    ]

    def scopes(text: str) -> int:
        document = parse(text)
        return len({scope_of(SCHEMA, document, None, one) for one in viewers})

    assert scopes("subscription { scoreChanged { ... on ScoreChanged { points } } }") == 1
    assert scopes("{ opportunities { nodes { title wrongBeliefs { nodes { key } } } } }") == 1
    assert scopes("{ viewer { role } }") == 2
    assert scopes('{ coaching(seller: "p_1") { openGaps } }') == 2
    assert scopes("{ calibration { sellers { sellerId } } }") == 2
    assert scopes("{ events { nodes { tag } } }") == 2


@pytest.mark.parametrize("path", sorted(OPERATIONS.glob("*.graphql")), ids=lambda one: one.stem)
def test_what_an_operation_asks_for_is_what_a_walk_through_its_types_finds(path: Path) -> None:
    document = parse(path.read_text())
    found, types = set(), TypeInfo(SCHEMA)

    class Noting(Visitor):
        def enter_field(self, node: FieldNode, *_: Any) -> None:
            kind = types.get_parent_type()
            if kind is not None and not node.name.value.startswith("__"):
                found.add(f"{kind.name}.{node.name.value}")

    visit(document, TypeInfoVisitor(types, Noting()))

    assert set(asked_for(SCHEMA, document, None)) == found


def test_fragments_that_spread_each_other_are_looked_at_once() -> None:
    chain = [
        f"fragment F{n} on Person {{ ...F{n + 1} ...F{n + 1} name {{ ...G }} }}" for n in range(40)
    ]
    ends = ["fragment F40 on Person { id }", "fragment G on PersonalText { text }"]
    document = "\n".join(["{ viewer { person { ...F0 } } }", *chain, *ends])

    assert asked(document, "INTEGRATOR") == "Person.name"
    assert asked(document, "SELLER") is None
