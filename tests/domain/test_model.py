"""A model is one value, stored whole: what it grades, and how it is read."""

import pytest
from hypothesis import given
from msgspec import ValidationError, json
from msgspec.structs import replace

from opps.domain.change import change
from opps.domain.model import (
    NO_NATS,
    Graded,
    Model,
    Nats,
    Signal,
    SignalSource,
    Topic,
)
from opps.domain.oks_1 import OKS_1
from opps.domain.score import score
from tests.domain.build import often
from tests.domain.deals import Deal, modelled_deals
from tests.domain.models import models

SIGNAL = Signal(
    name="Budget allocated",
    source=SignalSource.ATTRIBUTE,
    topic=Topic.FUNDING,
    weight=Nats(0.5, 0.2),
    values={"Yes": Graded(grade=0.8, because="there is money", deviation=Nats(0.1, -0.05))},
    mean=0.1,
    spread=Nats(0.3, 0.1),
)


def test_a_value_adds_its_weight_beyond_the_mean_and_what_closed_deals_added() -> None:
    nats = SIGNAL.nats("Yes")

    assert nats is not None
    assert (nats.happen, nats.win) == pytest.approx((0.5 * 0.7 + 0.1, 0.2 * 0.7 - 0.05))


def test_a_value_that_a_model_never_saw_adds_nothing() -> None:
    assert SIGNAL.nats("Perhaps") is None


def test_what_is_as_most_are_adds_nothing() -> None:
    as_most = replace(SIGNAL, values={"Yes": Graded(grade=SIGNAL.mean)})

    assert as_most.nats("Yes") == NO_NATS


def test_what_signals_have_in_common_widens_what_they_leave_open_and_not_what_they_say() -> None:
    wide = replace(OKS_1, name="wide", signals=(SIGNAL,), doubt=4.0)
    (heard,) = wide.heard_in[SignalSource.ATTRIBUTE]

    assert (heard.spread.happen, heard.spread.win) == pytest.approx((0.6, 0.2))
    assert heard.nats["Yes"] == SIGNAL.nats("Yes")


def test_an_explanation_speaks_of_the_nine_objectives_and_of_what_a_model_names_besides() -> None:
    apart = replace(SIGNAL, source=SignalSource.CONTEXT, topic=Topic.CONTEXT)

    assert len(OKS_1.topics) == 9
    assert replace(OKS_1, name="other", signals=(apart,)).topics == (*OKS_1.topics, Topic.CONTEXT)


@pytest.mark.parametrize("grade", [-1.01, 1.01])
def test_no_grade_lies_beyond_against_and_for(grade: float) -> None:
    stored = json.encode({"grade": grade})

    with pytest.raises(ValidationError):
        json.decode(stored, type=Graded)


@often
@given(models())
def test_a_model_is_read_as_it_was_written(model: Model) -> None:
    again = json.decode(json.encode(model), type=Model)

    assert again == model
    assert again.topics == model.topics


@often
@given(modelled_deals(), models())
def test_a_change_of_the_model_is_told_as_such_and_of_nothing_else(
    deal: Deal, other: Model
) -> None:
    moved = change(score(deal.known()), score(deal._replace(model=other).known()))

    assert {one.topic for one in moved.effects} <= {Topic.MODEL}
    assert sum(one.milli_points for one in moved.effects) == moved.milli_points


@often
@given(modelled_deals(), modelled_deals())
def test_under_any_one_model_the_effects_add_up_to_the_change(before: Deal, after: Deal) -> None:
    after = after._replace(model=before.model)
    moved = change(score(before.known()), score(after.known()))

    assert sum(one.milli_points for one in moved.effects) == moved.milli_points
    assert Topic.MODEL not in {one.topic for one in moved.effects}
