"""Old models stay runnable for ever: what each made of a few deals, to the last digits.

Each file in golden/models holds a model as it is stored, and deals as the log holds them, with the
score that the model gave. Whoever changes what an old model makes of a deal finds out here.
"""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from opps.domain.oks_1 import OKS_1
from tests.domain.model_vectors import DEALS, GOLDEN, figures, golden, scored

FILES = sorted(GOLDEN.glob("*.json"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_model_makes_of_a_deal_what_it_always_did(path: Path) -> None:
    held = golden(path)

    assert held.model.name == path.stem
    for vector in held.vectors:
        assert figures(scored(vector, held.model)) == figures(vector), vector.deal


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_deals_of_a_model_tell_something_apart(path: Path) -> None:
    assert len({vector.p for vector in golden(path).vectors}) > len(DEALS) / 2


def test_the_model_of_day_one_is_the_one_that_was_written_down() -> None:
    held: Any = msgspec.to_builtins(golden(GOLDEN / "oks-1.json").model)

    assert held == msgspec.to_builtins(OKS_1)
