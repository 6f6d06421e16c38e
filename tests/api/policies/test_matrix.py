"""Who sees what, field by field: written down, so that whoever changes it sees what changes."""

import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from graphql import GraphQLInterfaceType, GraphQLObjectType, GraphQLUnionType, get_named_type

from opps.api.policies.audiences import Audience, Relation
from opps.api.policies.table import REFUSALS, coordinates, policies
from opps.api.schema import schema
from opps.domain.access.decide import FOR_PEOPLE
from opps.domain.roles import ActorRole

SCHEMA = schema()._schema
POLICIES = policies(SCHEMA)
GOLDEN = Path(__file__).parent / "golden" / "who-sees-what.txt"
REWRITE = bool(os.environ.get("OPPS_WRITE_GOLDEN"))
HEAD = """Who sees what. A row of marks, one for each role, and the fields that it is of:
  a  whomever it is about      l  their own, and of those whom they lead
  -  not at all                o  their own alone
"""
MARKS = {
    frozenset[Relation](): "-",
    frozenset({Relation.SELF}): "o",
    frozenset({Relation.SELF, Relation.LEADS}): "l",
    frozenset(Relation): "a",
}
WIDTH = 100
STATES = {
    one.name
    for one in SCHEMA.get_possible_types(cast("GraphQLUnionType", SCHEMA.type_map["FactContent"]))
}
STANDS = {
    one.name
    for one in SCHEMA.get_possible_types(cast("GraphQLInterfaceType", SCHEMA.type_map["Stated"]))
}


def row(audience: Audience) -> str:
    """Return how each role stands to a field."""
    return "  ".join(
        f"{role} " + MARKS[frozenset(one for one in Relation if audience.admits_as(role, one))]
        for role in ActorRole
    )


def matrix() -> str:
    """Return who sees what, fields of one row together, alike ones of many types as one."""
    rows: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for coordinate in sorted(coordinates(SCHEMA)):
        of, name = heading(coordinate)
        fields = rows[row(POLICIES[coordinate])][of]
        if name not in fields:
            fields.append(name)
    parts = [
        "\n".join([told, *(line for kind in found for line in lines(kind, found[kind]))])
        for told, found in sorted(rows.items())
    ]
    return "\n\n".join([HEAD.rstrip(), *parts]) + "\n"


def heading(coordinate: str) -> tuple[str, str]:
    """Return the type and the field of a coordinate, as the matrix names them."""
    kind, _, field = coordinate.partition(".")
    if is_refusal(kind):
        return "every refusal", "every field"
    if kind in STATES:
        return "every kind of fact", coordinate if is_personal(coordinate) else "every other field"
    if kind in STANDS:
        return "what stands of every kind of fact", "every field"
    return kind, field


def is_personal(coordinate: str) -> bool:
    kind, _, field = coordinate.partition(".")
    of = SCHEMA.type_map[kind]
    assert isinstance(of, GraphQLObjectType | GraphQLInterfaceType)
    return get_named_type(of.fields[field].type).name in ("PersonalText", "JSON")


def lines(kind: str, fields: list[str]) -> Iterator[str]:
    """Yield the fields of a type, in lines that are not too long."""
    line = f"  {kind}:"
    for field in fields:
        if len(line) + len(field) >= WIDTH:
            yield line
            line = "   "
        line += f" {field}"
    yield line


def is_refusal(kind: str) -> bool:
    found = SCHEMA.type_map[kind]
    return isinstance(found, GraphQLObjectType) and any(
        one.name == REFUSALS for one in found.interfaces
    )


def test_who_sees_what_is_as_it_was_written_down() -> None:
    if REWRITE:
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(matrix())

    assert matrix() == GOLDEN.read_text()


def roles_of(coordinate: str) -> set[str]:
    return {role for role in ActorRole if POLICIES[coordinate].admits(role)}


def test_what_an_interface_shows_its_types_show_to_the_same() -> None:
    for kind in SCHEMA.type_map.values():
        for of in kind.interfaces if isinstance(kind, GraphQLObjectType) else ():
            for field in of.fields:
                assert roles_of(f"{of.name}.{field}") <= roles_of(f"{kind.name}.{field}")


def test_no_program_reads_what_is_personal() -> None:
    personal = {one for one in coordinates(SCHEMA) if is_personal(one)}

    assert {"Person.name", "Evidence.quote", "Event.content"} <= personal
    assert [one for one in sorted(personal) if ActorRole.INTEGRATOR in roles_of(one)] == []
    assert ActorRole.INTEGRATOR not in roles_of("PersonalText.text")


def mutations_of(role: ActorRole) -> set[str]:
    mutation = SCHEMA.mutation_type
    assert mutation is not None
    return {one for one in mutation.fields if role in roles_of(f"Mutation.{one}")}


def test_auditors_change_nothing() -> None:
    assert mutations_of(ActorRole.AUDITOR) == set()


def test_whoever_answers_for_personal_data_changes_nothing_else() -> None:
    assert mutations_of(ActorRole.DPO) == {
        "requestErasure",
        "withdrawErasure",
        "approveErasure",
        "placeLegalHold",
        "liftLegalHold",
        "setRetention",
        "correctPerson",
    }


def test_programs_decide_nothing_and_administrators_may_do_everything() -> None:
    mutation = SCHEMA.mutation_type
    assert mutation is not None

    assert mutations_of(ActorRole.INTEGRATOR) < mutations_of(ActorRole.SELLER)
    assert mutations_of(ActorRole.SELLER) < mutations_of(ActorRole.MANAGER)
    assert mutations_of(ActorRole.ADMIN) == set(mutation.fields)


def test_roles_for_people_alone_are_those_who_grant_access_and_erase() -> None:
    alone = {"Mutation.issueApiKey": {"ADMIN"}, "Mutation.approveErasure": {"ADMIN", "DPO"}}

    assert {one: roles_of(one) for one in alone} == alone
    assert {role for roles in alone.values() for role in roles} == set(FOR_PEOPLE)


def reached_by(role: ActorRole) -> set[str]:
    """Return the fields that a role can come to, from the roots on through what it may ask."""
    roots = [SCHEMA.query_type, SCHEMA.mutation_type, SCHEMA.subscription_type]
    left, seen = [root.name for root in roots if root is not None], set[str]()
    found: set[str] = set()
    while left:
        name = left.pop()
        if name in seen:
            continue
        seen.add(name)
        kind = SCHEMA.type_map[name]
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for field, of in kind.fields.items():
                if role in roles_of(f"{name}.{field}"):
                    found.add(f"{name}.{field}")
                    left.append(get_named_type(of.type).name)
        if isinstance(kind, GraphQLUnionType | GraphQLInterfaceType):
            left += [one.name for one in SCHEMA.get_possible_types(kind)]
    return found


@pytest.mark.parametrize("role", ActorRole)
def test_what_is_for_a_role_can_be_come_to_in_it(role: ActorRole) -> None:
    own = {
        f"{kind.name}.{field}"
        for kind in SCHEMA.type_map.values()
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__")
        for field in kind.fields
        if not is_refusal(kind.name) and role in roles_of(f"{kind.name}.{field}")
    }

    assert sorted(own - reached_by(role)) == []
