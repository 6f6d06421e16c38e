"""Learning facts: one or many, what they refer to, what they replace, and when they came."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from opps.domain.errors import (
    AlreadyExists,
    AnotherKey,
    CurrencyMix,
    FactDoesNotStand,
    LearnedInTheFuture,
    LearnedTimeUnknown,
    OverlongQuote,
    TooManyFacts,
    UnknownReference,
)
from opps.domain.events import FactLearned, FactRetracted, RetractionReason, Supersedes
from opps.domain.events import Supersession as Because
from opps.domain.facts import (
    AnyFact,
    Leaning,
    Need,
    Preference,
    PriceExpectation,
    Want,
)
from opps.domain.facts.evaluators import LeaningLevel
from opps.domain.facts.purchase import Criticality
from opps.domain.money import Money
from opps.domain.opportunity.commands import LearnFact, RecordFacts
from opps.domain.opportunity.state import do_nothing, us
from opps.domain.personal import Clear
from opps.domain.provenance import Channel, Evidence, Provenance, SourceKind
from opps.domain.recorded import Via
from opps.domain.times import UNKNOWN, Learned, learned_in
from tests.domain.given import (
    CFO,
    DEAL,
    FRIDAY,
    ISSUE,
    JUST_NOW,
    NOBODY,
    OBSERVED,
    RIVAL,
    SELLER,
    TUESDAY,
    WEDNESDAY,
    at,
    budget,
    cfo_known,
    euros,
    given,
    learned,
    lost,
    named,
    opened,
    rival_known,
    said_by,
    stated,
    the_cfo,
    the_issue,
    the_rival,
)


def learn(fact: AnyFact, source: Provenance = OBSERVED, **more: Any) -> LearnFact:
    return LearnFact(opportunity_id=DEAL, stated=stated(fact, source, **more))


def record(*facts: AnyFact) -> RecordFacts:
    return RecordFacts(opportunity_id=DEAL, facts=tuple(stated(fact) for fact in facts))


leaning = Leaning(evaluator_id=CFO, level=LeaningLevel.SUPPORTER)


def test_a_fact_is_kept_with_its_source_and_with_who_of_us_learned_it() -> None:
    source = Provenance(source=SourceKind.BUYER_SAID, channel=Channel.CALL, told_by=CFO)
    outcome = given(opened, cfo_known).when(learn(budget(80_000), source, fact_id=named("new")))

    outcome.then(
        FactLearned(
            learned=JUST_NOW, fact_id=named("new"), fact=budget(80_000), provenance=said_by(CFO)
        )
    )
    assert outcome.state.standing("funding").belief is not None


def test_who_learned_it_can_be_somebody_else_than_who_writes_it_down() -> None:
    source = Provenance(
        source=SourceKind.SELLER_OBSERVATION, channel=Channel.OBSERVED, learned_by=NOBODY
    )

    event = given(opened).when(learn(the_issue, source)).then_one(FactLearned)

    assert event.provenance.learned_by == NOBODY


def test_a_fact_gets_an_id_of_its_own_when_none_is_given() -> None:
    events = given(opened).when(record(the_cfo, the_rival, the_issue)).events

    assert len({event.fact_id for event in events if isinstance(event, FactLearned)}) == 3


def test_two_facts_never_share_an_id() -> None:
    given(opened, learned(the_issue, "one")).when(
        learn(the_cfo, fact_id=named("one"))
    ).then_refused(AlreadyExists, id=named("one"))


def test_two_facts_of_one_command_never_share_an_id() -> None:
    twice = stated(the_issue, fact_id=named("one"))
    command = RecordFacts(opportunity_id=DEAL, facts=(twice, twice))

    given(opened).when(command).then_refused(AlreadyExists, id=named("one"))


@pytest.mark.parametrize(
    ("fact", "kind"),
    [
        (leaning, "evaluator"),
        (Preference(evaluator_id=CFO, alternative_id=RIVAL), "evaluator"),
        (
            Need(need_id=named("n"), text="T", issue_id=ISSUE, criticality=Criticality.MUST),
            "business_issue",
        ),
    ],
    ids=["leaning", "preference", "need"],
)
def test_a_fact_names_only_what_another_fact_has_introduced(fact: AnyFact, kind: str) -> None:
    given(opened).when(learn(fact)).then_refused(UnknownReference, kind=kind)


def test_a_fact_may_name_what_is_known() -> None:
    given(opened, cfo_known).when(learn(leaning)).then_one(FactLearned)


def test_a_preference_for_an_alternative_nobody_mentioned_is_refused() -> None:
    fact = Preference(evaluator_id=CFO, alternative_id=RIVAL)

    given(opened, cfo_known).when(learn(fact)).then_refused(
        UnknownReference, kind="alternative", id=RIVAL
    )
    given(opened, cfo_known, rival_known).when(learn(fact)).then_one(FactLearned)


@pytest.mark.parametrize("alternative", [us(DEAL), do_nothing(DEAL)], ids=["us", "do nothing"])
def test_preferring_us_or_doing_nothing_needs_no_introduction(alternative: Any) -> None:
    fact = Preference(evaluator_id=CFO, alternative_id=alternative)

    given(opened, cfo_known).when(learn(fact)).then_one(FactLearned)


def test_a_source_is_an_evaluator_we_know() -> None:
    given(opened, cfo_known).when(learn(the_issue, said_by(NOBODY))).then_refused(
        UnknownReference, kind="evaluator", id=NOBODY
    )


def test_somebody_can_introduce_themselves() -> None:
    given(opened).when(learn(the_cfo, said_by(CFO))).then_one(FactLearned)


def test_facts_of_one_command_may_build_on_each_other() -> None:
    events = given(opened).when(record(the_cfo, leaning)).events

    assert [type(event.fact) for event in events if isinstance(event, FactLearned)] == [
        type(the_cfo),
        Leaning,
    ]


def test_facts_of_one_command_come_in_their_order() -> None:
    given(opened).when(record(leaning, the_cfo)).then_refused(UnknownReference, kind="evaluator")


def test_one_bad_fact_keeps_all_of_them_out() -> None:
    dollars = PriceExpectation(low=Money(Decimal(1), "USD"), high=Money(Decimal(2), "USD"))

    given(opened).when(record(the_issue, dollars)).then_refused(
        CurrencyMix, expected="EUR", given="USD"
    )
    given(opened).when(record(the_issue, PriceExpectation(low=euros(1), high=euros(2))))


@pytest.mark.parametrize("count", [0, 1, 200])
def test_up_to_two_hundred_facts_come_in_at_once(count: int) -> None:
    facts: list[AnyFact] = [Want(want_id=named(f"w{index}"), text="T") for index in range(count)]

    assert len(given(opened).when(record(*facts)).events) == count


def test_more_than_two_hundred_facts_at_once_are_refused() -> None:
    facts: list[AnyFact] = [Want(want_id=named(f"w{index}"), text="T") for index in range(201)]

    given(opened).when(record(*facts)).then_refused(TooManyFacts, count=201, limit=200)


def quoted(length: int) -> Provenance:
    return said_by(CFO, evidence=Evidence(quote=Clear(CFO, "x" * length)))


@pytest.mark.parametrize("length", [1, 500])
def test_a_quote_may_be_a_few_sentences_long(length: int) -> None:
    given(opened, cfo_known).when(learn(the_issue, quoted(length))).then_one(FactLearned)


def test_a_longer_quote_is_refused() -> None:
    given(opened, cfo_known).when(learn(the_issue, quoted(501))).then_refused(
        OverlongQuote, length=501, limit=500
    )


def replacing(name: str, because: Because = Because.WORLD_CHANGED) -> dict[str, Any]:
    return {"supersedes": Supersedes(named(name), because)}


def test_a_fact_replaces_another_and_says_why() -> None:
    outcome = given(opened, learned(budget(100), "first")).when(
        learn(budget(60), **replacing("first", Because.WE_LEARNED_BETTER))
    )

    event = outcome.then_one(FactLearned)

    assert event.supersedes == Supersedes(named("first"), Because.WE_LEARNED_BETTER)
    assert not outcome.state.stands(named("first"))
    assert outcome.state.stands(event.fact_id)


def test_a_fact_nobody_recorded_cannot_be_replaced() -> None:
    given(opened).when(learn(budget(60), **replacing("first"))).then_refused(
        FactDoesNotStand, fact_id=named("first")
    )


def test_a_retracted_fact_cannot_be_replaced() -> None:
    retracted = FactRetracted(
        learned=at(WEDNESDAY), fact_id=named("first"), reason=RetractionReason.MISHEARD
    )

    given(opened, learned(budget(100), "first"), retracted).when(
        learn(budget(60), **replacing("first"))
    ).then_refused(FactDoesNotStand)


def test_a_fact_is_replaced_once() -> None:
    second = learned(
        budget(60), "second", replaces=Supersedes(named("first"), Because.WORLD_CHANGED)
    )

    given(opened, learned(budget(100), "first"), second).when(
        learn(budget(50), **replacing("first"))
    ).then_refused(FactDoesNotStand)


def test_a_fact_replaces_only_one_about_the_same_thing() -> None:
    given(opened, learned(the_issue, "first")).when(
        learn(budget(60), **replacing("first"))
    ).then_refused(AnotherKey, expected=the_issue.key, given="funding")


def test_a_fact_may_replace_one_of_the_same_command() -> None:
    first = stated(budget(100), fact_id=named("first"))
    second = stated(budget(60), **replacing("first"))
    command = RecordFacts(opportunity_id=DEAL, facts=(first, second))

    assert len(given(opened).when(command).events) == 2


def test_a_fact_learned_after_the_close_is_accepted_and_marked() -> None:
    assert given(opened, lost).when(learn(the_issue)).then_one(FactLearned).after_close
    assert not given(opened).when(learn(the_issue)).then_one(FactLearned).after_close


def learned_when(learned_time: Learned | None) -> LearnFact:
    return LearnFact(opportunity_id=DEAL, stated=stated(the_issue), learned=learned_time)


def test_a_fact_without_a_learned_time_was_learned_just_now() -> None:
    assert given(opened).when(learned_when(None)).then_one(FactLearned).learned == JUST_NOW


def test_a_fact_told_late_keeps_the_day_it_was_learned() -> None:
    event = given(opened).when(learned_when(at(TUESDAY))).then_one(FactLearned)

    assert event.learned == at(TUESDAY)


def test_each_fact_of_a_command_may_have_a_learned_time_of_its_own() -> None:
    facts = (stated(the_cfo, learned=at(TUESDAY)), stated(the_issue))
    command = RecordFacts(opportunity_id=DEAL, facts=facts, learned=at(WEDNESDAY))

    outcome = given(opened).when(command)

    assert [getattr(event, "learned", None) for event in outcome.events] == [
        at(TUESDAY),
        at(WEDNESDAY),
    ]


@pytest.mark.parametrize("ahead_s", [0, 119, 120])
def test_a_clock_that_runs_two_minutes_fast_is_no_reason_to_refuse(ahead_s: int) -> None:
    when = learned_when(at(FRIDAY + timedelta(seconds=ahead_s)))

    given(opened).when(when).then_one(FactLearned)


def test_nobody_has_learned_anything_in_the_future() -> None:
    tomorrow = FRIDAY + timedelta(days=1)

    given(opened).when(learned_when(at(FRIDAY + timedelta(seconds=121)))).then_refused(
        LearnedInTheFuture, now=FRIDAY
    )
    given(opened).when(learned_when(at(tomorrow))).then_refused(LearnedInTheFuture)


def test_learned_today_is_accepted_although_the_day_is_not_over() -> None:
    today = learned_in("2026-03-06", "Europe/Madrid")
    tomorrow = learned_in("2026-03-07", "Europe/Madrid")

    given(opened).when(learned_when(today)).then_one(FactLearned)
    given(opened).when(learned_when(tomorrow)).then_refused(LearnedInTheFuture)


def test_only_an_import_may_leave_the_learned_time_unknown() -> None:
    given(opened).when(learned_when(UNKNOWN)).then_refused(LearnedTimeUnknown)
    given(opened).when(learned_when(UNKNOWN), via=Via.IMPORT).then_one(FactLearned)


def test_a_seller_who_writes_down_an_observation_is_its_source() -> None:
    event = given(opened).when(learn(the_issue)).then_one(FactLearned)

    assert event.provenance.person == SELLER


def test_a_fact_of_a_kind_nobody_knows_is_not_read() -> None:
    with pytest.raises(msgspec.ValidationError, match="kind"):
        msgspec.convert({"kind": "horoscope"}, AnyFact)
