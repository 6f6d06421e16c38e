"""How far a fact is believed, and how time wears that down."""

from datetime import date, datetime, timedelta

import pytest
from msgspec.structs import replace

from opps.domain.beliefs import View
from opps.domain.facts import KINDS, Fact
from opps.domain.facts.evaluators import LeaningLevel, Role
from opps.domain.knowledge import (
    Freshness,
    Known,
    credence,
    next_step_at,
    support,
)
from opps.domain.personal import Clear, Redacted
from opps.domain.provenance import GRADES_1, SourceKind
from tests.domain.build import (
    CFO,
    CTO,
    FRIDAY,
    MONDAY,
    THURSDAY,
    TUESDAY,
    US,
    USER,
    agreed_by,
    an_evaluator,
    an_event,
    an_impact,
    an_issue,
    belief,
    budget,
    known,
    leans,
    left,
    next_step,
    note,
    rated,
)

HORIZON = timedelta(days=60)
A_MOMENT = timedelta(microseconds=1)


def q(looked_at: Known, fact: Fact | None = None) -> float:
    """Return the credence of the one fact, or of the one asked for."""
    key = fact.key if fact else next(iter(looked_at.standings))
    return credence(looked_at.standings[key], looked_at)


@pytest.mark.parametrize(("source", "grade"), GRADES_1.items())
def test_a_single_source_is_believed_as_far_as_its_grade(source: SourceKind, grade: float) -> None:
    assert q(known(belief(budget(80), source=source))) == pytest.approx(grade)


def test_two_people_who_say_the_same_are_believed_more_than_either() -> None:
    inside = SourceKind.INSIDE_PERSON
    alone = belief(budget(80), source=inside)
    seconded = replace(alone, corroborated=(agreed_by(CTO, SourceKind.THIRD_PARTY),))

    assert q(known(alone)) == pytest.approx(0.65)
    assert q(known(seconded)) == pytest.approx(1 - 0.35 * 0.55)


def test_a_statement_of_equal_content_by_another_person_counts_like_a_second_voice() -> None:
    inside = SourceKind.INSIDE_PERSON
    both = known(
        belief(budget(80), by=CFO, source=inside, position=1),
        belief(budget(80), by=CTO, source=inside, position=2),
    )

    assert q(both) == pytest.approx(1 - 0.35 * 0.35)


def test_a_compatible_statement_of_other_content_is_no_second_voice() -> None:
    both = known(belief(budget(80), by=CFO, position=1), belief(budget(85), by=CTO, position=2))

    assert q(both) == 0.8


def test_how_a_personal_detail_is_stored_makes_no_difference_to_who_agrees() -> None:
    readable = an_impact(personal_win=Clear(subject=CFO, text="A promotion"))
    erased = an_impact(personal_win=Redacted(subject=CFO))
    inside = SourceKind.INSIDE_PERSON

    together = known(
        belief(readable, by=CFO, source=inside, position=1),
        belief(erased, by=CTO, source=inside, position=2),
    )

    assert q(together) == pytest.approx(1 - 0.35 * 0.35)


def test_whoever_repeats_the_first_source_adds_nothing() -> None:
    hearsay = replace(belief(budget(80)), corroborated=(agreed_by(CTO, independent=False),))

    assert q(known(hearsay)) == 0.8
    assert support(hearsay, known(hearsay)).sources == 1


def test_the_same_person_saying_it_again_is_still_one_source() -> None:
    again = replace(
        belief(budget(80), source=SourceKind.INSIDE_PERSON),
        corroborated=(agreed_by(CFO, SourceKind.BUYER_IN_WRITING),),
    )

    assert support(again, known(again)).sources == 1
    assert q(known(again)) == pytest.approx(0.95)


def test_nothing_is_ever_believed_beyond_95_percent() -> None:
    written = SourceKind.BUYER_IN_WRITING
    sure = replace(
        belief(budget(80), source=written),
        corroborated=(agreed_by(CTO, written), agreed_by(USER, written)),
    )

    assert q(known(sure)) == 0.95


def test_a_contradicted_fact_is_not_believed_at_all() -> None:
    disputed = known(
        belief(budget(100), by=CFO, position=1), belief(budget(60), by=CTO, position=2)
    )

    assert q(disputed) == 0.0


@pytest.mark.parametrize(
    ("clock", "factor"),
    [
        (None, 1.0),
        (MONDAY + HORIZON / 2 - A_MOMENT, 1.0),
        (MONDAY + HORIZON / 2, 0.7),
        (MONDAY + HORIZON - A_MOMENT, 0.7),
        (MONDAY + HORIZON, 0.4),
    ],
)
def test_a_fact_ages_at_half_its_horizon_and_is_stale_at_its_end(
    clock: datetime | None, factor: float
) -> None:
    assert q(known(budget(80), clock=clock)) == pytest.approx(0.8 * factor)


def test_reconfirming_a_fact_makes_it_fresh_and_no_surer() -> None:
    renewed = replace(belief(budget(80)), reconfirmed=(note(FRIDAY, 2),))
    old_but_for_that = MONDAY + HORIZON / 2

    assert q(known(renewed, clock=old_but_for_that)) == 0.8
    assert q(known(renewed, clock=FRIDAY + HORIZON)) == pytest.approx(0.8 * 0.4)


def test_a_second_voice_makes_a_fact_fresh_and_hearsay_does_not() -> None:
    at_half_time = MONDAY + HORIZON / 2
    seconded = replace(belief(budget(80)), corroborated=(agreed_by(CTO, learned=FRIDAY),))
    hearsay = replace(
        belief(budget(80)), corroborated=(agreed_by(CTO, learned=FRIDAY, independent=False),)
    )

    assert support(seconded, known(seconded, clock=at_half_time)).freshness is Freshness.FRESH
    assert support(hearsay, known(hearsay, clock=at_half_time)).freshness is Freshness.AGEING


def test_a_view_of_the_past_has_not_heard_a_later_reconfirmation() -> None:
    renewed = replace(belief(budget(80)), reconfirmed=(note(FRIDAY, 2),))
    then = replace(known(renewed, clock=MONDAY + HORIZON / 2), view=View(THURSDAY))

    assert q(then) == pytest.approx(0.8 * 0.7)


def test_that_somebody_left_never_goes_stale() -> None:
    assert KINDS["evaluator_left"].horizon_days is None
    assert q(known(left(CFO), clock=MONDAY + timedelta(days=5000))) == 0.8


@pytest.mark.parametrize(
    "fact",
    [
        an_evaluator(CFO, roles=(Role.DECISION_MAKER,)),
        leans(CFO, LeaningLevel.CHAMPION),
        an_issue(4, owner_id=CFO),
        rated(US, 2, viewer=CFO),
    ],
)
def test_what_rests_on_somebody_who_left_is_stale(fact: Fact) -> None:
    assert q(known(fact), fact) == 0.8
    assert q(known(fact, left(CFO)), fact) == pytest.approx(0.8 * 0.4)
    assert q(known(fact, left(CTO)), fact) == 0.8


def test_what_several_people_agreed_to_holds_until_the_last_of_them_left() -> None:
    agreed = an_impact(agreed_by=(CFO, CTO))

    assert q(known(agreed, left(CFO)), agreed) == 0.8
    assert q(known(agreed, left(CFO), left(CTO)), agreed) == pytest.approx(0.8 * 0.4)


# When time alone will change what is known.


def test_time_next_matters_when_the_first_fact_ages_then_when_it_is_stale() -> None:
    ages, stale = MONDAY + HORIZON / 2, MONDAY + HORIZON

    assert next_step_at(known(budget(80))) == ages
    assert next_step_at(known(budget(80), clock=ages - A_MOMENT)) == ages
    assert next_step_at(known(budget(80), clock=ages)) == stale
    assert next_step_at(known(budget(80), clock=stale)) is None


def test_time_means_nothing_where_nothing_is_known_or_all_is_contested() -> None:
    disputed = known(
        belief(budget(100), by=CFO, position=1), belief(budget(60), by=CTO, position=2)
    )

    assert next_step_at(known()) is None
    assert next_step_at(disputed) is None
    assert next_step_at(known(left(CFO))) is None


def test_the_earliest_of_several_facts_decides_when_time_matters() -> None:
    leaning, influence = leans(CFO, LeaningLevel.NEUTRAL), belief(budget(80), learned=TUESDAY)

    assert next_step_at(known(leaning, influence)) == MONDAY + timedelta(days=22.5)


def test_a_date_that_passes_matters_on_the_next_day() -> None:
    in_a_week = MONDAY.date() + timedelta(days=7)
    day_after = datetime.combine(in_a_week, datetime.min.time(), MONDAY.tzinfo) + timedelta(days=1)

    assert next_step_at(known(an_event(in_a_week))) == day_after
    assert next_step_at(known(next_step(in_a_week))) == day_after


def test_silence_after_a_promised_step_matters_after_thirty_days() -> None:
    promised = MONDAY.date() + timedelta(days=60)
    renewed = replace(belief(next_step(promised)), reconfirmed=(note(FRIDAY, 2),))
    after_all_else = datetime.combine(promised, datetime.min.time(), MONDAY.tzinfo) + timedelta(2)

    assert next_step_at(known(renewed, clock=after_all_else)) == datetime.combine(
        promised, datetime.min.time(), MONDAY.tzinfo
    ) + timedelta(days=31)


def test_the_end_of_the_calendar_is_no_trouble() -> None:
    assert next_step_at(known(next_step(date.max), clock=MONDAY + timedelta(days=60))) is None


def credences(facts: list[Fact], clock: datetime) -> list[float]:
    looked_at = known(*facts, clock=clock)
    return [q(looked_at, fact) for fact in facts]


def test_every_turn_of_time_is_announced() -> None:
    facts: list[Fact] = [budget(80), leans(CFO, LeaningLevel.SUPPORTER), an_issue(4)]
    announced, clock = [], MONDAY
    while (turn := next_step_at(known(*facts, clock=clock))) is not None:
        announced.append(turn)
        clock = turn
    noticed = [
        MONDAY + timedelta(hours=12 * half)
        for half in range(1, 200)
        if credences(facts, MONDAY + timedelta(hours=12 * half))
        != credences(facts, MONDAY + timedelta(hours=12 * (half - 1)))
    ]

    assert announced == noticed
