"""Every model is tried as it would have been made at the time."""

from collections.abc import Sequence

from msgspec.structs import replace

from opps.domain.model import Model
from opps.domain.scoring_model import DAY_ONE_MODEL, DAY_ONE_MODELS, Models, ScoringModel
from opps.learning.contenders import contender, expert_behind, newest_expert
from opps.learning.fit import fit
from opps.learning.gate import trial
from opps.learning.lessons import Lessons
from opps.learning.rates import base_rate_model
from tests.learning.closed import CONTRARY, EXPERT, closed, of_deals

ROWS = closed(60)
LESSONS = Lessons(
    rows=ROWS,
    closed_by={row.opportunity_id: 10 * number for number, row in enumerate(ROWS, start=1)},
    silent={},
    up_to=1000,
)


def defined(model: Model, position: int, *, learned_from: int = 0, up_to: int = 0) -> ScoringModel:
    return ScoringModel(
        model=model,
        origin="A test",
        version=0,
        position=position,
        learned_from=learned_from,
        up_to=up_to,
        prior=EXPERT.name if learned_from else None,
    )


def models(*defined: ScoringModel) -> Models:
    return replace(DAY_ONE_MODELS, models={**DAY_ONE_MODELS.models, **{m.name: m for m in defined}})


EXPERTS = defined(EXPERT, 1)
LEARNED = defined(fit(EXPERT, ROWS, name="learned"), 2, learned_from=60, up_to=600)


def test_behind_what_was_learned_stands_the_expert_that_it_names() -> None:
    assert expert_behind(models(EXPERTS, LEARNED), LEARNED) == EXPERTS
    assert expert_behind(models(EXPERTS, LEARNED), EXPERTS) == EXPERTS


def test_a_newer_expert_with_the_same_grades_does_not_step_in_between() -> None:
    newer = defined(CONTRARY, 5)

    assert expert_behind(models(newer, EXPERTS, LEARNED), LEARNED) == EXPERTS
    assert newest_expert(models(newer, EXPERTS, LEARNED)) == newer


def test_without_an_expert_the_newest_is_the_model_of_day_one() -> None:
    assert newest_expert(models(LEARNED)) == DAY_ONE_MODEL


def test_an_experts_model_is_tried_as_it_is() -> None:
    made = contender(EXPERTS, EXPERT, LESSONS, fit)

    assert made(ROWS) == made([]) == EXPERT


def test_a_model_that_learned_is_made_again_from_the_deals_before() -> None:
    made = contender(LEARNED, EXPERT, LESSONS, fit)

    assert made(ROWS) == LEARNED.model
    assert made(ROWS[:30]) == fit(EXPERT, ROWS[:30], name="learned")
    assert made([]) == EXPERT


def test_it_never_learns_from_deals_that_closed_after_it_was_made() -> None:
    seen: list[Sequence[object]] = []

    def watched(prior: Model, rows: Sequence[object], *, name: str) -> Model:
        seen.append(rows)
        return prior

    early = defined(LEARNED.model, 2, learned_from=20, up_to=200)
    trial(ROWS, contender(early, EXPERT, LESSONS, watched))

    assert {len(rows) for rows in seen} == {10, 20}
    assert of_deals(ROWS[:20]) >= {row.opportunity_id for row in ROWS if row in seen[-1]}


def test_a_model_of_the_base_rate_is_made_again_as_one() -> None:
    dull = defined(base_rate_model(EXPERT, ROWS, "dull"), 2, learned_from=60, up_to=600)
    made = contender(dull, EXPERT, LESSONS, fit)

    assert made(ROWS[:30]) == base_rate_model(EXPERT, ROWS[:30], "dull")
