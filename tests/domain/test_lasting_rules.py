"""A stored model rests on rules in the code too: they mean for ever what they meant."""

import msgspec
import pytest

from tests.domain.lasting_rules import FILE, rules

HELD = msgspec.json.decode(FILE.read_bytes())


@pytest.mark.parametrize("name", sorted(HELD))
def test_a_rule_that_models_rest_on_means_what_it_always_did(name: str) -> None:
    assert rules()[name] == HELD[name], (
        f"stored models rest on {name}: a change needs a new name, of a signal or a value, or a "
        "new schema number of the events that hold a model"
    )


def test_every_rule_that_models_rest_on_is_held() -> None:
    assert rules().keys() == HELD.keys()
