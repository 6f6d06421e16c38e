"""Danger zones of the people, each where it fires and where it nearly does."""

from datetime import timedelta

from opps.domain.facts import Engagement
from opps.domain.facts.evaluators import EngagementDepth, InfluenceLevel, LeaningLevel, Role
from tests.domain.build import (
    CFO,
    CTO,
    DO_NOTHING,
    RIVAL,
    US,
    USER,
    a_scope,
    a_want,
    an_alternative,
    an_evaluator,
    an_impact,
    an_issue,
    leans,
    left,
    prefers,
    weighs,
)
from tests.domain.danger import fires, told
from tests.domain.given import COLLEAGUE, MONDAY, SELLER, TUESDAY, WEDNESDAY, learned
from tests.domain.hearing import AT_THE_BOARD

DECIDES = (Role.DECISION_MAKER,)
PAYS = (Role.ECONOMIC,)
CHAMPION, SUPPORTER = LeaningLevel.CHAMPION, LeaningLevel.SUPPORTER
SCEPTIC, OPPONENT = LeaningLevel.SCEPTIC, LeaningLevel.OPPONENT


def test_somebody_has_to_be_known_who_decides_or_pays() -> None:
    assert fires("DZ04")
    assert fires("DZ04", told(an_evaluator(CTO)))
    assert not fires("DZ04", told(an_evaluator(CFO, roles=DECIDES)))
    assert not fires("DZ04", told(an_evaluator(CFO, roles=PAYS)))


def test_a_decision_maker_whom_only_we_assume_or_who_left_decides_nothing() -> None:
    assert fires("DZ04", learned(an_evaluator(CFO, roles=DECIDES)))
    assert fires("DZ04", told(an_evaluator(CFO, roles=DECIDES)), told(left(CFO)))


def test_three_of_five_contacts_with_one_person_are_a_single_thread() -> None:
    by_cfo = [
        told(an_issue(), by=CFO),
        told(a_want(), by=CFO, when=TUESDAY),
        told(a_scope(), by=CFO, when=WEDNESDAY),
    ]
    by_cto = [told(an_evaluator(CFO), by=CTO), told(an_evaluator(CTO), by=CTO, when=TUESDAY)]
    by_user = told(an_impact(), by=USER)

    assert fires("DZ05", *by_cfo, *by_cto)
    assert not fires("DZ05", *by_cfo, *by_cto, by_user)


def test_much_that_was_told_in_one_call_is_one_contact() -> None:
    a_call = [told(an_issue(), by=CFO), told(a_want(), by=CFO), told(a_scope(), by=CFO)]

    assert not fires("DZ05", *a_call)


def test_one_person_in_touch_within_thirty_days_is_a_single_thread() -> None:
    early = told(an_issue(), by=CTO)
    late = Engagement(
        evaluator_id=CFO,
        engaged_on=MONDAY.date() + timedelta(days=20),
        depth=EngagementDepth.TALKED,
    )
    met = told(late, when=MONDAY)

    assert fires("DZ05", early, met, today=MONDAY.date() + timedelta(days=31))
    assert not fires("DZ05", early, met, today=MONDAY.date() + timedelta(days=30))
    assert not fires("DZ05", early, met, today=MONDAY.date() + timedelta(days=51))


def test_where_nobody_is_known_to_favour_anything_else_opposition_is_invisible() -> None:
    known = told(an_evaluator(CFO)), told(an_evaluator(CTO))

    assert fires("DZ06", *known)
    assert fires("DZ06", *known, told(prefers(CFO, US)))
    assert not fires("DZ06", *known, told(an_alternative()), told(prefers(CFO, RIVAL)))
    assert not fires("DZ06", *known, told(prefers(CFO, DO_NOTHING)))


def test_an_open_opponent_is_visible_and_nobody_known_is_no_opposition() -> None:
    assert not fires("DZ06", told(an_evaluator(CFO)), told(leans(CFO, OPPONENT)))
    assert fires("DZ06", told(an_evaluator(CFO)), told(leans(CFO, SCEPTIC)))
    assert not fires("DZ06")


def test_a_champion_is_tested_once_somebody_saw_them_act() -> None:
    assert fires("DZ07", told(leans(CFO, CHAMPION)))
    assert not fires("DZ07", told(leans(CFO, CHAMPION, behaviour=AT_THE_BOARD)))
    assert not fires("DZ07", told(leans(CFO, SUPPORTER)))
    assert not fires("DZ07", told(leans(CFO, CHAMPION)), told(left(CFO)))


def test_those_with_most_influence_count_most() -> None:
    decisive = told(weighs(CFO, InfluenceLevel.DECISIVE)), told(leans(CFO, SCEPTIC))
    minor = told(weighs(CTO, InfluenceLevel.MINOR)), told(leans(CTO, SUPPORTER))
    neutral = told(leans(CTO, LeaningLevel.NEUTRAL))

    assert fires("DZ08", *decisive, *minor)
    assert not fires("DZ08", neutral)
    assert not fires("DZ08")


def test_as_many_opponents_as_supporters_are_too_many() -> None:
    friend = told(weighs(CFO, InfluenceLevel.DECISIVE)), told(leans(CFO, SUPPORTER))
    foe = told(weighs(CTO, InfluenceLevel.MINOR)), told(leans(CTO, OPPONENT))

    assert fires("DZ08", *friend, *foe)
    assert not fires("DZ08", *friend, *foe, told(leans(USER, SUPPORTER)))


def test_a_team_of_one_learned_more_than_four_fifths_of_it_all() -> None:
    facts = [an_issue(), a_want(), a_scope(), an_evaluator(CFO)]
    own = [told(fact, to=SELLER) for fact in facts]
    another = told(an_evaluator(CTO), to=COLLEAGUE)
    sixth = told(an_impact(), to=SELLER)

    assert not fires("DZ25", *own)
    assert not fires("DZ25", *own, another)
    assert fires("DZ25", *own, another, sixth)
