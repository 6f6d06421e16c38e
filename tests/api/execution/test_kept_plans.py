"""What is known of operations serves the next request, and takes no more room than there is."""

from itertools import product
from typing import Any

from opps.api.documents import read
from opps.api.execution.planning import Case, Kept, Plan, planned
from opps.api.limits import DEFAULTS
from opps.api.schema import schema

OF = schema()._schema
ROOM = 100
ON_CONDITIONS = """query ($a: Boolean!, $b: Boolean!, $c: Boolean!) { viewer {
  role @include(if: $a) principal @skip(if: $b) organisation @include(if: $c) } }"""


def plan(text: str, **variables: Any) -> Plan:
    """Return an operation with its variables."""
    found = planned(OF, read(OF, text, DEFAULTS), None, variables)
    assert isinstance(found, Plan)
    return found


def case(kept: Kept, text: str, **variables: Any) -> Case:
    """Return what is known of an operation with its variables."""
    return kept.case(*plan(text, **variables))


def test_what_was_found_out_once_serves_the_next_request() -> None:
    kept = Kept(ROOM)

    assert case(kept, "{ viewer { role } }") is case(kept, "{ viewer { role } }")


def test_conditions_make_cases_of_their_own() -> None:
    kept = Kept(ROOM)
    every = [dict(zip("abc", held, strict=True)) for held in product([True, False], repeat=3)]
    first = [case(kept, ON_CONDITIONS, **one) for one in every]

    assert len(set(map(id, first))) == 8
    assert [case(kept, ON_CONDITIONS, **one) for one in every] == first


def test_nobody_fills_the_memory_with_texts_or_conditions() -> None:
    kept = Kept(ROOM)
    asked = "{ logHead { position } }"
    often = case(kept, asked)
    for number in range(200):
        case(kept, f"{{ viewer {{ a{number}: role }} }}")
        assert kept.fields <= ROOM
        assert case(kept, asked) is often

    assert len(kept) < ROOM / 2


def test_a_long_text_takes_room_even_if_it_asks_for_little() -> None:
    asked, kept = "{ logHead { position } }", Kept(ROOM)
    before = case(kept, asked)
    case(kept, f"{{ viewer {{ role }} }} # {'x' * 5_000}\n")

    assert case(kept, asked) is not before
