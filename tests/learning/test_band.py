"""A band of a deal half known holds what the deal turns out to be, four times in five."""

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import pytest
from msgspec.structs import replace

from opps.domain.catalogue import Facet
from opps.domain.facts import Attribute
from opps.domain.knowledge import Known
from opps.domain.model import Graded, Model, Nats, Signal, SignalSource, Topic
from opps.domain.score import score
from opps.learning.fit import FitSettings, centred
from tests.domain.build import known
from tests.learning.deals import EXPERT

NAMES = tuple(f"part {number}" for number in range(10))
SINCE = datetime(2026, 3, 2, tzinfo=UTC)
MODEL = replace(
    EXPERT,
    signals=tuple(
        Signal(
            name=name,
            source=SignalSource.ATTRIBUTE,
            topic=Topic.FUNDING,
            weight=Nats(0.2 + number / 10, 0.0) if number % 2 else Nats(0.0, 0.3 + number / 10),
            values={"GOOD": Graded(grade=1.0), "BAD": Graded(grade=-1.0)},
        )
        for number, name in enumerate(NAMES)
    ),
)


def a_deal(said: Sequence[bool], shown: Sequence[bool]) -> Known:
    facts = [
        Attribute(attribute=name, facet=Facet.FUNDING_STATUS, value="GOOD" if good else "BAD")
        for name, good, there in zip(NAMES, said, shown, strict=True)
        if there
    ]
    return known(*facts)


def deals(number: int, alike: float, seed: int) -> list[list[bool]]:
    """Return what is true of deals; `alike` is how often a part is as the deal is as a whole."""
    draw = np.random.default_rng(seed)
    found = []
    for _ in range(number):
        whole = draw.random() < 0.5
        parts = [whole if draw.random() < alike else draw.random() < 0.5 for _ in NAMES]
        found.append([bool(one) for one in parts])
    return found


def held(model: Model, said: list[list[bool]], seed: int) -> float:
    """Return how often the band of a deal half shown holds its probability when all is shown."""
    draw = np.random.default_rng(seed)
    inside = []
    for one in said:
        shown = draw.permutation(len(NAMES)) < len(NAMES) // 2
        half = score(replace(a_deal(one, shown.tolist()), model=model))
        full = score(replace(a_deal(one, [True] * len(NAMES)), model=model)).p
        inside.append(half.low <= full <= half.high)
    return float(np.mean(inside))


@pytest.mark.parametrize("alike", [0.0, 0.3, 0.5])
def test_the_band_holds_however_much_the_signals_have_in_common(alike: float) -> None:
    everything = [True] * len(NAMES)
    learned = centred(MODEL, [a_deal(one, everything) for one in deals(400, alike, 1)])

    assert 0.75 <= held(learned, deals(400, alike, 2), 3) <= 0.85


def test_what_hangs_together_leaves_more_in_doubt() -> None:
    everything = [True] * len(NAMES)
    doubts = [
        centred(MODEL, [a_deal(one, everything) for one in deals(400, alike, 1)]).doubt
        for alike in (0.0, 0.3, 0.5)
    ]

    assert doubts == sorted(doubts)
    assert doubts[-1] > 1.2 * doubts[0]


def test_where_a_deal_tells_one_thing_at_most_the_band_stays_as_it_is() -> None:
    one_thing = [a_deal([True] * 10, [number == 0 for number in range(10)])] * 50

    assert centred(replace(MODEL, doubt=1.7), one_thing).doubt == 1.7


def test_the_band_can_be_left_as_it_is() -> None:
    told = [a_deal(one, [True] * 10) for one in deals(50, 0.7, 1)]

    assert centred(MODEL, told, FitSettings(band_rows=0)).doubt == MODEL.doubt
