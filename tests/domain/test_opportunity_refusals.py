"""Refusals as callers meet them: a stable code and a message that says what to do."""

from dataclasses import fields
from typing import get_type_hints

import pytest

from opps.domain.errors import Refusal
from tests.domain.given import MARCH_31, MONDAY, NOBODY

REFUSALS = sorted(Refusal.__subclasses__(), key=lambda kind: kind.__name__)

# Callers branch on them: add, never rename.
CODES = {
    "ALREADY_EXISTS",
    "ANOTHER_KEY",
    "BLANK",
    "CURRENCY_MIX",
    "FACT_DOES_NOT_STAND",
    "INCOMPLETE_OUTCOME",
    "LEARNED_IN_THE_FUTURE",
    "LEARNED_TIME_UNKNOWN",
    "MALFORMED_FACT",
    "MALFORMED_TIME",
    "MERGED_INTO_ITSELF",
    "NOT_A_RIVAL",
    "NOT_CONTRADICTED",
    "NOT_ON_THE_TEAM",
    "NOT_OPEN",
    "OVERLONG_QUOTE",
    "OWNER_CANNOT_WAIVE",
    "STILL_OPEN",
    "TOO_MANY_FACTS",
    "UNKNOWN_ACCOUNT",
    "UNKNOWN_FACT",
    "UNKNOWN_OPPORTUNITY",
    "UNKNOWN_PERSON",
    "UNKNOWN_QUESTION",
    "UNKNOWN_REFERENCE",
}


def example(kind: type[Refusal]) -> Refusal:
    """Return a refusal with a value of the right type in each field."""
    values = {
        "str": "RIVAL",
        "int": 7,
        "float": 0.5,
        "UUID": NOBODY,
        "datetime": MONDAY,
        "date": MARCH_31,
    }
    hints = get_type_hints(kind)
    return kind(**{field.name: values[hints[field.name].__name__] for field in fields(kind)})


def test_the_codes_that_callers_branch_on_stay() -> None:
    assert {kind.code for kind in REFUSALS} >= CODES


@pytest.mark.parametrize("kind", REFUSALS, ids=lambda kind: kind.code)
def test_a_refusal_says_in_a_sentence_what_is_wrong(kind: type[Refusal]) -> None:
    message = str(example(kind))

    assert "{" not in message
    assert message.endswith(".")


@pytest.mark.parametrize("kind", REFUSALS, ids=lambda kind: kind.code)
def test_a_refusal_shows_each_of_its_data_in_the_message(kind: type[Refusal]) -> None:
    refusal = example(kind)

    for field in fields(kind):
        assert str(getattr(refusal, field.name)) in str(refusal)


def test_every_refusal_is_declared_among_the_errors_of_its_room() -> None:
    assert {kind.__module__.rpartition(".")[2] for kind in REFUSALS} == {"errors"}
