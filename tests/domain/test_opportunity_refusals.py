"""Refusals as callers meet them: a stable code and a message that says what to do."""

from dataclasses import fields
from importlib import import_module
from pkgutil import walk_packages
from typing import Any, get_args, get_origin, get_type_hints

import pytest

import opps.domain
from opps.domain.coaching.causes import GapCause
from opps.domain.errors import Refusal
from tests.domain.given import MARCH_31, MONDAY, NOBODY

for _found in walk_packages(opps.domain.__path__, "opps.domain."):
    if _found.name.endswith("errors"):
        import_module(_found.name)
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
        "GapCause": GapCause.SKILL,
    }
    hints = get_type_hints(kind)
    return kind(**{one.name: _held(hints[one.name], values) for one in fields(kind)})


def _held(hint: Any, values: dict[str, Any]) -> Any:
    if get_origin(hint) is list:
        return [_held(get_args(hint)[0], values)]
    return values[hint.__name__]


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
        held = getattr(refusal, field.name)
        for one in held if isinstance(held, list) else [held]:
            assert str(one) in str(refusal)


def test_every_refusal_is_declared_among_the_errors_of_its_room() -> None:
    assert all(kind.__module__.endswith("errors") for kind in REFUSALS)
