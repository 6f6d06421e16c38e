"""A model is stored for ever: what could never be run, read or found again is refused before."""

from typing import Any

import pytest
from msgspec.structs import replace

from opps.domain.catalogue import Objective
from opps.domain.model import Graded, Model, Nats, Signal, SignalSource, Topic
from opps.domain.model_check import (
    LONGEST_REASON,
    LONGEST_VALUE,
    MOST_PRECEDENTS,
    MOST_SIGNALS,
    MOST_VALUES,
    problems,
)
from opps.domain.oks_1 import OKS_1
from opps.domain.precedents import Compared, Precedent, Precedents

RFI = Signal(
    name="RFI",
    source=SignalSource.CONTEXT,
    topic=Topic.CONTEXT,
    weight=Nats(0.3, 0.2),
    values={"Yes": Graded(grade=0.5, because="They said so"), "No": Graded()},
)
BY_RFI = Compared(SignalSource.CONTEXT, "RFI", ("Yes", "No"))
CLOSED = Precedents(signals=(BY_RFI,), deals=(Precedent((0,), 0.5, won=True), Precedent((-1,), -1)))
SPRING: Model = replace(OKS_1, name="spring", signals=(RFI,), precedents=CLOSED)


def refused(model: Model) -> str:
    return "; ".join(problems(model))


def test_a_model_that_holds_together_has_no_problem() -> None:
    assert not refused(SPRING)
    assert not refused(OKS_1)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"prior_happen": 5e-324}, "prior_happen is 5e-324"),
        ({"prior_win": 1 - 1e-9}, "prior_win is"),
        ({"doubt": 101.0}, "doubt is 101"),
        ({"spread_unexamined": 11.0}, "spread_unexamined is 11"),
        ({"weights": {**OKS_1.weights, Objective.FUNDING: Nats(31, 0)}}, "FUNDING in HAPPEN"),
        ({"unheard": (Objective.TIMING, Objective.TIMING)}, "unheard objective twice"),
        ({"name": "spring\0"}, "its name has a character"),
        ({"name": "spring "}, "its name begins or ends with a blank"),
        ({"name": "spri\u0301ng"}, "its name is not in the normal form"),
        (
            {"signals": tuple(replace(RFI, name=f"RFI {n}") for n in range(MOST_SIGNALS + 1))},
            "more than 200",
        ),
    ],
)
def test_a_model_stays_within_what_can_be_run_and_read(wrong: dict[str, Any], said: str) -> None:
    assert said in refused(replace(SPRING, precedents=None, **wrong))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"weight": Nats(-31, 0)}, "weight of RFI in HAPPEN"),
        ({"mean": 1.5}, "mean of RFI"),
        ({"spread": Nats(-0.1, 0)}, "spread of RFI in HAPPEN"),
        ({"spread": Nats(0, 10.1)}, "spread of RFI in WIN"),
        ({"values": {"Yes": Graded(deviation=Nats(0, 31))}}, "deviation of RFI Yes in WIN"),
        ({"values": {"Ye\ns": Graded()}}, "a value of RFI has a character"),
        ({"values": {" Yes": Graded()}}, "a value of RFI begins or ends"),
        ({"values": {"": Graded()}}, "a value of RFI has 1 to"),
        ({"values": {"y" * (LONGEST_VALUE + 1): Graded()}}, "a value of RFI has 1 to"),
        ({"values": {f"{n}": Graded() for n in range(MOST_VALUES + 1)}}, "more than 1000"),
        ({"values": {"Yes": Graded(because="y" * (LONGEST_REASON + 1))}}, "reason of RFI Yes"),
        ({"values": {"Yes": Graded(because="y\0")}}, "reason of RFI Yes"),
        ({"name": "RF\ud800I"}, "the name of a signal has a character"),
        ({"topic": Topic.MODEL}, "RFI speaks of MODEL"),
        ({"topic": Topic.PRECEDENTS}, "RFI speaks of PRECEDENTS"),
        ({"source": SignalSource.ATTRIBUTE}, "RFI is an attribute"),
    ],
)
def test_a_signal_stays_within_what_can_be_run_and_read(wrong: dict[str, Any], said: str) -> None:
    assert said in refused(replace(SPRING, precedents=None, signals=(replace(RFI, **wrong),)))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"reach": 0.0}, "reach"),
        ({"reach": -1.0}, "reach"),
        ({"deals": (Precedent((2,), 0.5),)}, "precedent 0 has no value 2"),
        ({"deals": (Precedent((-2,), 0.5),)}, "precedent 0 has no value -2"),
        ({"deals": (Precedent((0, 0), 0.5),)}, "precedent 0 has 2 values, not 1"),
        ({"deals": (Precedent((0,), 31.0),)}, "pull of precedent 0"),
        ({"deals": (Precedent((0,), 0.1),) * (MOST_PRECEDENTS + 1)}, "more than 20000"),
        ({"signals": (replace(BY_RFI, name="RFP"),)}, "RFP, which it does not hear"),
        (
            {"signals": (replace(BY_RFI, source=SignalSource.ATTRIBUTE),)},
            "RFI, which it does not hear",
        ),
        (
            {"signals": (BY_RFI, BY_RFI), "deals": (Precedent((0, 0), 0.5),)},
            "by one signal twice",
        ),
        ({"signals": (replace(BY_RFI, values=("Yes", "Yes")),)}, "one value of RFI twice"),
    ],
)
def test_precedents_are_deals_that_a_new_one_can_be_compared_with(
    wrong: dict[str, Any], said: str
) -> None:
    assert said in refused(replace(SPRING, precedents=replace(CLOSED, **wrong)))
