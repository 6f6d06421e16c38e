"""Which way the issues, the impact and the evaluators speak, and how far they are believed."""

import pytest

from opps.domain.catalogue import Objective
from opps.domain.facts import Fact
from opps.domain.facts.customer import ImpactMethod, OurEffect
from opps.domain.facts.evaluators import InfluenceLevel, LeaningLevel, Role, Stance
from opps.domain.provenance import SourceKind
from opps.domain.valence import SILENT, Spoken, listen
from tests.domain.build import (
    CFO,
    CHURN,
    CTO,
    SCRAP,
    USER,
    an_evaluator,
    an_impact,
    an_issue,
    belief,
    dollars,
    euros,
    funded,
    known,
    leans,
    left,
    weighs,
    would_change,
)
from tests.domain.hearing import AT_THE_BOARD, Q, hears, near, spoken


def test_an_objective_of_which_nothing_is_known_is_silent() -> None:
    assert listen(known()) == tuple(Spoken(objective) for objective in Objective)


def test_a_fact_of_one_objective_leaves_the_others_silent() -> None:
    heard = listen(known(funded()))

    assert [one.objective for one in heard if one.examined] == [Objective.FUNDING]
    assert all(one.happen == one.win == SILENT for one in heard if not one.examined)


# Business issues.

ISSUES = Objective.BUSINESS_ISSUES


@pytest.mark.parametrize(
    ("issue", "valence"),
    [
        (an_issue(4, priority_rank=3), 1.0),
        (an_issue(4, priority_rank=4), 0.4),
        (an_issue(4), 0.4),
        (an_issue(3, priority_rank=1), 0.4),
        (an_issue(2), -0.3),
        (an_issue(1), -0.3),
        (an_issue(4, priority_rank=1, denied=True), -1.0),
    ],
)
def test_the_more_an_issue_presses_the_more_likely_something_happens(
    issue: Fact, valence: float
) -> None:
    assert hears(ISSUES, issue) == (near(valence), SILENT)


@pytest.mark.parametrize(
    ("effect", "valence"),
    [(OurEffect.UNIQUELY, 1.0), (OurEffect.AS_OTHERS, 0.0), (OurEffect.NO, -0.7)],
)
def test_what_only_we_can_do_about_an_issue_speaks_for_us(
    effect: OurEffect, valence: float
) -> None:
    assert hears(ISSUES, an_issue(None, our_effect=effect)) == (SILENT, near(valence))


def test_severe_issues_weigh_more_than_minor_ones() -> None:
    severe = belief(an_issue(4, priority_rank=1), position=1)
    minor = belief(an_issue(1, issue_id=SCRAP), source=SourceKind.THIRD_PARTY, position=2)

    happen = spoken(known(severe, minor), ISSUES).happen

    assert happen == near((4 * 1 + 1 * -0.3) / 5, (4 * 0.8 + 1 * 0.45) / 5)


def test_a_contradicted_issue_says_nothing_and_leaves_its_weight_in_doubt() -> None:
    sure = belief(an_issue(4, priority_rank=1), position=1)
    disputed = [
        belief(an_issue(1, issue_id=SCRAP), by=CFO, position=2),
        belief(an_issue(4, issue_id=SCRAP), by=CTO, position=3),
    ]

    assert spoken(known(*disputed), ISSUES).happen == SILENT
    assert spoken(known(sure, *disputed), ISSUES).happen == near(1.0, 0.8 * 4 / 8)


# Desired impact.

IMPACT = Objective.DESIRED_IMPACT


@pytest.mark.parametrize(
    ("impact", "valence"),
    [
        (an_impact(value_per_year=euros(3000)), 1.0),
        (an_impact(value_per_year=euros(2999)), 0.5),
        (an_impact(value_per_year=euros(1001)), 0.5),
        (an_impact(value_per_year=euros(1000)), 0.0),
        (an_impact(value_per_year=dollars(9000)), 0.5),
        (an_impact(), 0.5),
        (an_impact(method=ImpactMethod.OUR_ESTIMATE), 0.3),
        (an_impact(method=ImpactMethod.OUR_ESTIMATE, value_per_year=euros(9000)), 0.3),
        (
            an_impact(
                method=ImpactMethod.OUR_ESTIMATE, agreed_by=(CFO,), value_per_year=euros(3000)
            ),
            1.0,
        ),
        (an_impact(value_per_year=euros(9000), rejected=True), -1.0),
    ],
)
def test_an_impact_counts_by_who_agreed_and_how_many_times_it_pays_the_price(
    impact: Fact, valence: float
) -> None:
    assert hears(IMPACT, impact, price=1000) == (near(valence), SILENT)


def test_without_a_price_an_agreed_impact_still_counts() -> None:
    assert hears(IMPACT, an_impact(value_per_year=euros(9000))) == (near(0.5), SILENT)


@pytest.mark.parametrize(
    ("effect", "valence"),
    [(OurEffect.UNIQUELY, 1.0), (OurEffect.AS_OTHERS, 0.0), (OurEffect.NO, -1.0)],
)
def test_an_impact_speaks_for_whoever_can_bring_it(effect: OurEffect, valence: float) -> None:
    issue = belief(an_issue(our_effect=effect), source=SourceKind.THIRD_PARTY, position=1)
    impact = belief(an_impact(issue_id=CHURN), position=2)

    assert spoken(known(issue, impact), IMPACT).win == near(valence, 0.45)


# Evaluators.

PEOPLE = Objective.EVALUATORS


@pytest.mark.parametrize(
    ("leaning", "valence"),
    [
        (leans(CFO, LeaningLevel.OPPONENT), -1.0),
        (leans(CFO, LeaningLevel.SCEPTIC), -0.5),
        (leans(CFO, LeaningLevel.NEUTRAL), 0.0),
        (leans(CFO, LeaningLevel.SUPPORTER), 0.6),
        (leans(CFO, LeaningLevel.CHAMPION), 0.6),
        (leans(CFO, LeaningLevel.CHAMPION, behaviour=AT_THE_BOARD), 1.0),
    ],
)
def test_a_leaning_speaks_for_or_against_us_and_a_champion_has_to_act(
    leaning: Fact, valence: float
) -> None:
    decisive = weighs(CFO, InfluenceLevel.DECISIVE)

    assert hears(PEOPLE, leaning, decisive)[1] == near(valence, Q * 1.0 / 1.5)


def test_leanings_count_by_influence() -> None:
    facts = [
        weighs(CFO, InfluenceLevel.DECISIVE),
        weighs(USER, InfluenceLevel.MINOR),
        leans(CFO, LeaningLevel.OPPONENT),
        leans(USER, LeaningLevel.SUPPORTER),
    ]

    assert hears(PEOPLE, *facts)[1] == near((-1.0 + 0.2 * 0.6) / 1.2, Q * 1.2 / 1.7)


def test_somebody_without_any_influence_says_nothing() -> None:
    facts = [weighs(CFO, InfluenceLevel.NONE), leans(CFO, LeaningLevel.OPPONENT)]

    assert hears(PEOPLE, *facts) == (SILENT, SILENT)


@pytest.mark.parametrize(
    ("roles", "mass"),
    [((), 0.5), ((Role.TECHNICAL,), 0.5), ((Role.DECISION_MAKER,), 1.0), ((Role.ECONOMIC,), 1.0)],
)
def test_who_decides_or_pays_is_taken_as_decisive_until_told_otherwise(
    roles: tuple[Role, ...], mass: float
) -> None:
    facts = [an_evaluator(CFO, roles=roles), leans(CFO, LeaningLevel.SUPPORTER)]

    assert hears(PEOPLE, *facts)[1] == near(0.6, Q * mass / (mass + 0.5))


def test_naming_one_evaluator_who_was_allowed_for_changes_nothing_and_a_second_does() -> None:
    heard = [an_evaluator(CFO), leans(CFO, LeaningLevel.SUPPORTER)]

    assert hears(PEOPLE, *heard)[1] == near(0.6, Q * 0.5 / 1.0)
    assert hears(PEOPLE, *heard, an_evaluator(CTO))[1] == near(0.6, Q * 0.5 / 1.0)
    assert hears(PEOPLE, *heard, an_evaluator(CTO), an_evaluator(USER))[1] == near(
        0.6, Q * 0.5 / 1.5
    )


def test_whoever_left_neither_leans_nor_weighs() -> None:
    heard = [an_evaluator(CFO), leans(CFO, LeaningLevel.SUPPORTER)]
    gone = [
        an_evaluator(CTO, roles=(Role.DECISION_MAKER,)),
        leans(CTO, LeaningLevel.OPPONENT),
        would_change(CTO, Stance.AGAINST),
        left(CTO),
    ]

    assert hears(PEOPLE, *heard, *gone) == hears(PEOPLE, *heard)
    assert hears(PEOPLE, *gone) == (SILENT, SILENT)


def test_the_best_stance_among_the_decisive_says_whether_anything_will_change() -> None:
    decides = (Role.DECISION_MAKER,)
    against = would_change(CFO, Stance.AGAINST)
    favours = would_change(CTO, Stance.FOR)
    user = would_change(USER, Stance.FOR)
    cfo, cto = an_evaluator(CFO, roles=decides), an_evaluator(CTO, roles=decides)

    assert hears(PEOPLE, user)[0] == SILENT
    assert hears(PEOPLE, cfo, against, user)[0] == near(-1.0)
    assert hears(PEOPLE, cfo, against, cto, favours)[0] == near(1.0)
