"""A score in words: for, against and unknown, in objectives and context, adding up exactly."""

from hypothesis import given as generated
from msgspec.structs import replace

from opps.domain.catalogue import Facet, Objective
from opps.domain.events import (
    CustomerKind,
    DayTurned,
    Event,
    Gate,
    ProposalSent,
    QuestionAsked,
    ScoringModelActivated,
)
from opps.domain.explanation import Explanation, TopicExplained, explain, listens
from opps.domain.facts import Attribute
from opps.domain.model import UNANSWERED, Graded, Model, Nats, Signal, SignalSource, Topic
from opps.domain.oks_1 import OKS_1
from opps.domain.precedents import Compared, Precedent, Precedents
from opps.domain.score import NOTHING_KNOWN
from tests.domain.build import histories_of, often
from tests.domain.deals import Deal, deals
from tests.domain.given import (
    CFO,
    MANAGER,
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    at,
    budget,
    cfo_known,
    given,
    learned,
    named,
    opened,
    raised,
    said_by,
)

approved = learned(budget(80_000), "approved", source=said_by(CFO))


def told(*events: Event) -> Explanation:
    return explain(given(*events).state)


def of(explanation: Explanation, topic: Topic) -> TopicExplained:
    return next(one for one in explanation.topics if one.topic is topic)


def in_force(model: Model) -> ScoringModelActivated:
    return ScoringModelActivated(model=model, approver=MANAGER, reason="Backtest", gate=Gate.PASSED)


def test_what_speaks_for_a_decision_says_so_with_what_it_rests_on() -> None:
    explained = told(opened, cfo_known, approved)
    funding = of(explained, Topic.FUNDING)

    assert funding.words == (
        "Funding: speaks for a decision (+3.7 points): funding approved, 80,000 EUR."
        " Not asked: funding authority."
    )
    assert explained.summary == (
        "30 %, where the base rate of oks-1 is 25 %; for: funding (+3.7 points)."
    )
    assert [one.fact_id for one in funding.reasons] == [named("approved")]
    assert explained.evidence


def test_precedents_are_told_by_how_alike_they_are_and_how_they_ended() -> None:
    kind = Compared(SignalSource.CONTEXT, "kind", ("NEW", "EXISTING"))
    precedents = Precedents(
        signals=(kind,),
        deals=(
            Precedent(values=(0,), pull=0.5, won=True),
            Precedent(values=(0,), pull=0.4, won=True),
            Precedent(values=(1,), pull=-0.3),
        ),
    )
    signal = Signal(
        name="kind",
        source=SignalSource.CONTEXT,
        topic=Topic.CONTEXT,
        weight=Nats(),
        values={value: Graded() for value in kind.values},
    )
    model = replace(OKS_1, name="alike", signals=(signal,), precedents=precedents)
    new = replace(opened, context={"kind": "NEW"})

    explained = of(told(new, in_force(model)), Topic.PRECEDENTS)

    assert [one.words for one in explained.reasons] == [
        "2 closed deals just like it, 2 won",
        "1 closed deal that differs in 1, 0 won",
    ]
    assert explained.milli_points > 0
    assert explained.happen_milli_points == 0


def test_what_nobody_asked_what_was_noted_and_what_the_buyer_left_open_are_told_apart() -> None:
    asked = QuestionAsked(learned=at(WEDNESDAY), question_id=named("asked"), evaluator_id=CFO)
    explained = told(
        opened,
        cfo_known,
        raised(Facet.FUNDING_STATUS, "asked"),
        raised(Facet.FUNDING_AUTHORITY, "noted"),
        asked,
    )
    funding = of(explained, Topic.FUNDING)

    assert funding.unanswered == (Facet.FUNDING_STATUS,)
    assert funding.noted == (Facet.FUNDING_AUTHORITY,)
    assert funding.not_asked == (Facet.FUNDING_AMOUNT,)
    assert funding.words == (
        "Funding: nothing known. Asked, without an answer so far: funding status."
        " Noted as unknown: funding authority. Not asked: funding amount."
    )


def test_what_contradicts_itself_does_not_count_and_says_so() -> None:
    denied = learned(budget(10_000), "denied", on=WEDNESDAY)
    funding = of(told(opened, cfo_known, approved, denied), Topic.FUNDING)

    assert not funding.heard
    assert set(funding.contradicted) == {Facet.FUNDING_STATUS, Facet.FUNDING_AMOUNT}
    assert "Contradicted, so it does not count: funding status" in funding.words


def test_of_many_facts_three_are_spelled_out() -> None:
    several = [
        learned(replace(cfo_known.fact, evaluator_id=named(f"{number}")), f"{number}")
        for number in range(5)
    ]

    assert "; and 2 more. Not asked" in of(told(opened, *several), Topic.EVALUATORS).words


def test_with_nothing_known_the_base_rate_answers_for_want_of_evidence() -> None:
    explained = told(opened)

    assert explained.score == NOTHING_KNOWN
    assert not explained.evidence
    assert explained.summary == (
        "There is no evidence: nothing is known that speaks for or against."
        " It answers with the base rate: the base rate of oks-1 is 25 %."
    )
    assert of(explained, Topic.TIMING).words == (
        "Timing: nothing known. Not asked: compelling event, event date, event consequence,"
        " decision date."
    )


def test_a_model_that_gives_nothing_any_weight_says_that_there_is_no_evidence() -> None:
    dull = replace(
        OKS_1,
        name="dull",
        prior_happen=0.9,
        prior_win=0.7,
        weights=dict.fromkeys(Objective, Nats()),
        signals=(),
    )
    explained = told(in_force(dull), opened, cfo_known, approved)

    assert not listens(dull)
    assert explained.summary == (
        "There is no evidence: this model found nothing that tells wins from losses."
        " It answers with the base rate: the base rate of dull is 63 %."
    )
    assert of(explained, Topic.FUNDING).words.startswith(
        "Funding: speaks neither for nor against: funding approved"
    )


def test_a_model_listens_as_soon_as_one_value_of_one_signal_counts() -> None:
    dull = replace(OKS_1, weights=dict.fromkeys(Objective, Nats()), signals=())
    unheard = replace(OKS_1, unheard=tuple(Objective), signals=())
    one = Graded(deviation=Nats(0.1, 0.0))

    assert not listens(unheard)
    assert listens(replace(dull, signals=(_signal("a", SignalSource.CONTEXT, x=one),)))
    assert not listens(replace(dull, signals=(_signal("a", SignalSource.CONTEXT, x=Graded()),)))
    assert listens(OKS_1)


def _signal(name: str, source: SignalSource, /, **values: Graded) -> Signal:
    topic = Topic.CONTEXT if source is SignalSource.CONTEXT else Topic.FUNDING
    return Signal(name=name, source=source, topic=topic, weight=Nats(1.0, 1.0), values=values)


budget_column = _signal(
    "COL_17",
    SignalSource.ATTRIBUTE,
    Yes=Graded(grade=0.8, because="Money is there"),
    **{UNANSWERED: Graded(grade=-0.4, because="Who has money says so")},
)
known_customer = _signal(
    "customer_kind", SignalSource.CONTEXT, EXISTING=Graded(grade=0.5, because="They know us")
)


def test_another_system_s_column_speaks_as_its_objective_with_the_expert_s_reason() -> None:
    model = replace(OKS_1, name="graded", signals=(budget_column,))
    column = Attribute(attribute="COL_17", facet=Facet.FUNDING_STATUS, value="Yes")
    history = in_force(model), opened, cfo_known
    told_yes = told(*history, learned(column, source=said_by(CFO)))
    kept_back = told(*history, learned(replace(column, value=None), source=said_by(CFO)))

    [reason] = of(told_yes, Topic.FUNDING).reasons
    assert (reason.words, reason.because) == ('funding status as "Yes"', "Money is there")
    assert "COL_17" not in of(told_yes, Topic.FUNDING).words
    [reason] = of(kept_back, Topic.FUNDING).reasons
    assert reason.because == "Who has money says so"
    assert of(kept_back, Topic.FUNDING).milli_points < 0 < of(told_yes, Topic.FUNDING).milli_points


def test_context_is_told_apart_from_what_is_known() -> None:
    model = replace(OKS_1, name="graded", signals=(known_customer,))
    existing = replace(opened, customer_kind=CustomerKind.EXISTING)
    explained = told(in_force(model), existing)
    context = of(explained, Topic.CONTEXT)

    assert context.words.startswith("Context: speaks for a decision (+")
    assert [one.words for one in context.reasons] == ["customer kind, existing"]
    assert (context.not_asked, context.topic.objective) == ((), None)


def test_silence_is_a_reason_with_its_days() -> None:
    turned = DayTurned(day=MONDAY.date().replace(day=12), zone="UTC")
    explained = told(opened, ProposalSent(learned=at(TUESDAY), proposal="P1"), turned)
    process = of(explained, Topic.DECISION_PROCESS)

    assert [one.words for one in process.reasons] == ["no answer to the proposal for 8 days"]
    assert process.milli_points < 0


@often
@generated(deals())
def test_all_topics_together_lead_exactly_from_the_base_rate_to_the_score(deal: Deal) -> None:
    explained = explain(replace(given(opened).state, histories=histories_of(deal.beliefs)))

    whole = sum(one.milli_points for one in explained.topics)
    assert whole == explained.score.milli_points - explained.base.milli_points
    assert explained.evidence == any(
        max(abs(one.happen_milli_points), abs(one.win_milli_points)) >= 50
        for one in explained.topics
    )
    assert all(one.words for one in explained.topics)
