"""The scoring model that the grades of a mapping make."""

from pathlib import Path

import msgspec
import pytest

from opps.domain.catalogue import Objective
from opps.domain.model import UNANSWERED, Graded, Model, Nats, SignalSource, Topic
from opps.domain.oks_1 import OKS_1
from opps.integrations.importing import Mapping, model_of, read_mapping
from tests.integrations.importing.support import EXAMPLES, FACTS_MAPPING, mapping


@pytest.fixture
def review(tmp_path: Path) -> Mapping:
    return mapping(tmp_path, FACTS_MAPPING)


def test_each_graded_column_is_a_signal_of_its_objective_or_of_context(review: Mapping) -> None:
    model = model_of(review, "review-expert")

    of_columns = [one for one in model.signals if one.source is not SignalSource.BEHAVIOUR]
    assert [(one.name, one.source, one.topic) for one in of_columns] == [
        ("budget", SignalSource.ATTRIBUTE, Topic.FUNDING),
        ("rivals", SignalSource.ATTRIBUTE, Topic.ALTERNATIVES),
        ("lead", SignalSource.CONTEXT, Topic.CONTEXT),
    ]


def test_silence_speaks_as_on_day_one_beside_the_columns(review: Mapping) -> None:
    model = model_of(review, "review-expert")

    assert all(one in model.signals for one in OKS_1.signals)


def test_a_value_keeps_its_grade_and_its_reason(review: Mapping) -> None:
    budget = model_of(review, "review-expert").signals[0]

    assert budget.weight == Nats(happen=0.5)
    assert budget.values["approved"] == Graded(grade=0.6, because="It has its money.")


def test_not_told_is_graded_as_not_told(review: Mapping) -> None:
    budget = model_of(review, "review-expert").signals[0]

    assert budget.values.keys() == {"approved", "wished", UNANSWERED}
    assert budget.values[UNANSWERED].grade == -0.6


def test_product_and_seller_are_no_evidence_unless_they_are_asked_for(review: Mapping) -> None:
    asked_for = model_of(review, "review-ids", context_ids={"seller": {"S2", "S1"}})

    assert "seller" not in [one.name for one in model_of(review, "review-expert").signals]
    (seller,) = [one for one in asked_for.signals if one.name == "seller"]
    assert (seller.topic, seller.weight) == (Topic.PRODUCT_AND_SELLER, Nats())
    assert seller.values == {"S1": Graded(), "S2": Graded()}


def test_the_spread_is_that_of_the_grades_unless_the_mapping_says_another(
    tmp_path: Path, review: Mapping
) -> None:
    rivals = model_of(review, "review-expert").signals[1]
    text = FACTS_MAPPING.replace("win = 1.0 }", "win = 1.0 }\nspread = { win = 0.3 }\nmean = 0.1")
    said = model_of(mapping(tmp_path, text), "review-said").signals[1]

    assert rivals.spread.win == pytest.approx(0.6)
    assert (said.spread, said.mean) == (Nats(win=0.3), 0.1)


def test_a_source_that_speaks_of_nothing_else_leaves_the_other_objectives_out(
    tmp_path: Path, review: Mapping
) -> None:
    only = mapping(tmp_path, FACTS_MAPPING + "[model]\nonly_columns = true\nprior_happen = 0.7\n")

    assert model_of(review, "review-expert").unheard == ()
    assert model_of(only, "review-only").unheard == tuple(Objective)
    assert model_of(only, "review-only").prior_happen == 0.7


@pytest.mark.parametrize("name", ["deal-review", "salvirt", "maven"])
def test_the_model_of_an_example_can_be_stored_and_read_again(name: str) -> None:
    model = model_of(read_mapping(EXAMPLES / "mappings" / f"{name}.toml"), f"{name}-expert")

    again = msgspec.json.decode(msgspec.json.encode(model), type=Model)

    assert again == model


def test_every_grade_of_the_examples_has_its_reason() -> None:
    for path in (EXAMPLES / "mappings").glob("*.toml"):
        for signal in model_of(read_mapping(path), "any").signals:
            for value, graded in signal.values.items():
                assert graded.because, (path.name, signal.name, value)
