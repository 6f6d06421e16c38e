"""The cause of a score's move, in words that a salesperson would use."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from opps.domain.catalogue import Facet
from opps.domain.cause import Cause, CauseKind, cause, sentence
from opps.domain.events import (
    AmountEstimated,
    BuyerResponded,
    ContradictionResolved,
    DayTurned,
    Event,
    FactCorroborated,
    FactReconfirmed,
    FactRedated,
    FactRetracted,
    Gate,
    OpportunityReopened,
    ProposalSent,
    QuestionAnswered,
    QuestionAsked,
    RetractionReason,
    ScoringModelActivated,
    Supersedes,
    Supersession,
)
from opps.domain.facts import CompellingEvent, NextStep
from opps.domain.model import Graded, Nats, Signal, SignalSource, Topic
from opps.domain.oks_1 import OKS_1
from opps.domain.opportunity.evolve import evolve
from opps.domain.opportunity.state import Opportunity, known
from opps.domain.personal import Clear
from opps.domain.provenance import Channel, Evidence, SourceKind
from opps.domain.score import NOTHING_KNOWN, score
from opps.domain.setting import DAY_ONE, surround
from opps.domain.times import learned_in
from tests.domain.given import (
    CFO,
    CTO,
    MANAGER,
    MONDAY,
    QUESTION,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    at,
    budget,
    cfo_known,
    cto_known,
    euros,
    learned,
    named,
    opened,
    raised,
    recorded,
    said_by,
    won,
)

QUOTE = Evidence(quote=Clear(CFO, "The board released it"), document="MAIL-17")
approved = learned(budget(80_000), "approved", source=said_by(CFO, evidence=QUOTE))


def step(*history: Event) -> tuple[Cause, str]:
    """Return the cause that the last event of a history is, and its whole line."""
    before: Opportunity | None = None
    after: Opportunity | None = None
    setting = DAY_ONE
    for one in recorded(history):
        before, setting = after, surround(setting, one.event)
        after = evolve(before, one, setting)
    assert after is not None
    of = cause(one, before, after)
    return of, sentence(of, score(known(before)) if before else None, score(known(after)))


def line(*history: Event) -> str:
    return step(*history)[1]


def words(*history: Event) -> str:
    return step(*history)[0].words


def turned(days: int) -> DayTurned:
    """Return the beginning of the day so many days after Monday."""
    return DayTurned(day=(MONDAY + timedelta(days=days)).date(), zone="UTC")


def test_the_ledger_begins_with_the_opening() -> None:
    of, text = step(opened)

    assert text == "2 Mar 2026, opened: 25 %, band 1 to 74 %"
    assert of.kind is CauseKind.OPENING


def test_a_line_says_who_told_us_what_how_and_how_far_it_moved_the_score() -> None:
    of, text = step(opened, cfo_known, approved)

    assert text == (
        "3 Mar, call with the CFO (quote, document): funding approved, 80,000 EUR, +3.7 points,"
        " 25 → 30 %"
    )
    assert (of.kind, of.fact_ids) == (CauseKind.KNOWLEDGE, (named("approved"),))


def test_no_line_holds_what_a_person_said() -> None:
    assert "board" not in line(opened, cfo_known, approved)


def test_a_line_of_another_year_than_the_opening_names_it() -> None:
    later = replace(approved, learned=at(TUESDAY.replace(year=2027)))

    assert words(opened, cfo_known, later).startswith("3 Mar 2027, call with the CFO")


@pytest.mark.parametrize(
    ("period", "written"),
    [
        ("2026-03-03", "3 Mar,"),
        ("2026-03", "Mar 2026,"),
        ("2026-Q1", "Q1 2026,"),
        ("2026", "2026,"),
    ],
)
def test_a_day_is_written_as_exactly_as_it_is_known_by_the_zone_in_which_it_was_told(
    period: str, written: str
) -> None:
    told = replace(approved, learned=learned_in(period, "Pacific/Auckland"))

    assert words(opened, cfo_known, told).startswith(written)


def test_what_our_side_saw_is_called_an_observation() -> None:
    assert words(opened, learned(budget(80_000))) == (
        "3 Mar, our observation: funding approved, 80,000 EUR"
    )


def test_who_is_not_named_is_called_by_what_kind_of_source_they_are() -> None:
    rumour = said_by(None, source=SourceKind.THIRD_PARTY, channel=Channel.MEETING)

    assert words(opened, learned(budget(80_000), source=rumour)).startswith(
        "3 Mar, meeting with a third party: "
    )


def test_what_a_machine_extracted_is_called_unconfirmed() -> None:
    extracted = said_by(CFO, source=SourceKind.AI_EXTRACTION, channel=Channel.EMAIL)

    assert words(opened, cfo_known, learned(budget(1), source=extracted)).startswith(
        "3 Mar, email from the CFO, extracted and confirmed by nobody: "
    )


def test_a_replacement_says_what_stood_before_and_why_it_does_not() -> None:
    cut = learned(
        budget(60_000),
        "cut",
        on=WEDNESDAY,
        source=said_by(CFO),
        replaces=Supersedes(named("approved"), Supersession.WORLD_CHANGED),
    )
    of, _ = step(opened, cfo_known, approved, cut)

    assert of.words == (
        "4 Mar, call with the CFO: funding approved, 60,000 EUR"
        " (world changed; before: funding approved, 80,000 EUR)"
    )
    assert of.fact_ids == (named("cut"), named("approved"))


def test_a_retraction_leads_back_to_the_fact_it_takes_back() -> None:
    back = FactRetracted(
        learned=at(THURSDAY), fact_id=named("approved"), reason=RetractionReason.MISHEARD
    )
    of, text = step(opened, cfo_known, approved, back)

    assert text == (
        "5 Mar, taken back, misheard: funding approved, 80,000 EUR, first told 3 Mar, call with"
        " the CFO (quote, document), -3.7 points, 30 → 25 %"
    )
    assert (of.kind, of.fact_ids) == (CauseKind.RETRACTION, (named("approved"),))


def test_each_other_word_about_a_fact_repeats_what_the_fact_says() -> None:
    about: Any = {"learned": at(WEDNESDAY), "fact_id": named("approved")}
    same = "funding approved, 80,000 EUR"
    agreed = FactCorroborated(provenance=said_by(CTO), repeats_first=False, **about)
    known_before = (opened, cfo_known, cto_known, approved)

    assert words(*known_before, agreed) == (
        f"4 Mar, call with the CTO: confirmed by another source: {same}"
    )
    assert words(*known_before, replace(agreed, repeats_first=True)) == (
        f"4 Mar, call with the CTO: repeated: {same}"
    )
    assert words(*known_before, FactReconfirmed(provenance=said_by(CFO), **about)) == (
        f"4 Mar, call with the CFO: still holds: {same}"
    )
    assert words(*known_before, FactRedated(learned_on=at(MONDAY), **about)) == (
        f"4 Mar, {same}: known since 2 Mar, not 3 Mar"
    )


def test_the_team_s_choice_names_the_fact_chosen_and_those_put_aside() -> None:
    denied = learned(budget(10_000), "denied", on=WEDNESDAY)
    chosen = ContradictionResolved(
        learned=at(THURSDAY),
        chosen=named("approved"),
        rejected=(named("denied"),),
        rationale="The CFO signs",
    )
    of, _ = step(opened, cfo_known, approved, denied, chosen)

    assert of.words == "5 Mar, the team chose: funding approved, 80,000 EUR"
    assert of.fact_ids == (named("approved"), named("denied"))


def test_a_question_moves_the_band_and_the_line_says_so() -> None:
    of, text = step(opened, raised(Facet.FUNDING_STATUS))

    assert text.startswith("3 Mar, we do not know the funding status, 25 % as before, band 1 to 74")
    assert of.kind is CauseKind.QUESTION


def test_a_question_is_asked_of_a_function_and_answered_by_facts() -> None:
    asked = QuestionAsked(learned=at(WEDNESDAY), question_id=QUESTION, evaluator_id=CFO)
    answered = QuestionAnswered(
        learned=at(THURSDAY), question_id=QUESTION, fact_ids=(named("approved"),)
    )
    before = (opened, cfo_known, raised(Facet.FUNDING_STATUS))

    assert words(*before, asked) == "4 Mar, asked the CFO about the funding status"
    of, _ = step(*before, asked, approved, answered)
    assert of.words == "5 Mar, answered about the funding status"
    assert of.fact_ids == (named("approved"),)


@pytest.mark.parametrize(
    ("event", "kind", "written"),
    [
        (AmountEstimated(learned=at(TUESDAY), amount=euros(84_000)), "CONTEXT", "84,000 EUR"),
        (ProposalSent(learned=at(TUESDAY), proposal="P1"), "CONDUCT", "proposal sent"),
        (BuyerResponded(learned=at(TUESDAY), response="Call"), "CONDUCT", 'answered: "Call"'),
        (OpportunityReopened(learned=at(TUESDAY), reason="Again"), "OUTCOME", "reopened"),
        (won, "OUTCOME", "opportunity won"),
    ],
)
def test_what_is_no_knowledge_is_a_kind_of_line_of_its_own(
    event: Event, kind: str, written: str
) -> None:
    of, _ = step(opened, event)

    assert of.kind == kind
    assert of.words.endswith(written)


def test_amounts_keep_their_cents_where_they_have_some() -> None:
    worth = replace(euros(1), amount=Decimal("1234.50"))

    assert words(opened, AmountEstimated(learned=at(TUESDAY), amount=worth)).endswith(
        "worth 1,234.50 EUR"
    )


def test_knowledge_that_ages_is_a_line_of_staleness_that_says_how_old_it_is() -> None:
    of, text = step(opened, cfo_known, approved, turned(32))

    assert text.startswith(
        "3 Apr, time: funding approved, 80,000 EUR, last heard 30 days ago, is ageing, -"
    )
    assert (of.kind, of.fact_ids) == (CauseKind.STALENESS, (named("approved"),))


def test_of_much_that_ages_what_moved_the_score_comes_first_and_the_rest_is_counted() -> None:
    of, _ = step(opened, cfo_known, cto_known, approved, turned(300))

    assert of.words == (
        "27 Dec, time: funding approved, 80,000 EUR, last heard 298 days ago, is stale;"
        " the CFO evaluates (economic), last heard 299 days ago, is stale; and 1 more"
    )
    assert set(of.fact_ids) == {named("approved"), named("cfo fact"), named("cto fact")}


def test_a_promise_of_the_buyer_s_that_was_not_kept_is_silence() -> None:
    promised = NextStep(text="Send the contract", on_date=date(2026, 3, 6), buyer_committed=True)
    of, _ = step(opened, cfo_known, learned(promised, source=said_by(CFO)), turned(5))

    assert of.words == (
        '7 Mar, time: 1 day late: next step "Send the contract" by 6 Mar 2026,'
        " promised by the buyer"
    )
    assert of.kind is CauseKind.SILENCE


def test_a_compelling_event_that_has_passed_is_a_deadline() -> None:
    fair = CompellingEvent(
        event_id=named("fair"), text="Fair", on_date=date(2026, 3, 6), consequence="No stand"
    )
    of, _ = step(opened, cfo_known, learned(fair, source=said_by(CFO)), turned(5))

    assert of.words == (
        '7 Mar, time: the date of the compelling event "Fair" on 6 Mar 2026 has passed'
    )
    assert of.kind is CauseKind.DEADLINE


waiting = Signal(
    name="proposal_answer",
    source=SignalSource.BEHAVIOUR,
    topic=Topic.DECISION_PROCESS,
    weight=Nats(1.0, 1.0),
    values={
        f"AWAITED_{days:03d}_DAYS": Graded(grade=-days / 100) for days in (0, 1, 3, 5, 8, 12, 30)
    },
)
LISTENING = replace(OKS_1, name="listening", signals=(waiting,))
activated = ScoringModelActivated(
    model=LISTENING, approver=MANAGER, reason="It listens", gate=Gate.PASSED
)


def test_a_proposal_without_an_answer_is_a_line_of_silence() -> None:
    sent = ProposalSent(learned=at(MONDAY), proposal="P1")
    of, text = step(activated, opened, sent, turned(9))

    assert text.startswith("11 Mar, time: no answer to the proposal for 8 days, -")
    assert of.kind is CauseKind.SILENCE


def test_a_question_without_an_answer_is_a_line_of_silence() -> None:
    answering = replace(waiting, name="question_answer:FUNDING")
    patient = replace(activated, model=replace(LISTENING, signals=(answering,)))
    asked = QuestionAsked(learned=at(TUESDAY), question_id=QUESTION, evaluator_id=CFO)
    of, _ = step(patient, opened, cfo_known, raised(Facet.FUNDING_STATUS), asked, turned(7))

    assert of.words == "9 Mar, time: no answer about the funding status for 5 days"
    assert of.kind is CauseKind.SILENCE


def test_what_moved_the_score_more_names_the_line_of_a_tick_that_does_both() -> None:
    sent = ProposalSent(learned=at(MONDAY), proposal="P1")
    fresh = learned(budget(80_000), "fresh", on=MONDAY, source=said_by(CFO))
    quiet = replace(activated, model=replace(LISTENING, signals=(_louder(0.001),)))
    loud = replace(activated, model=replace(LISTENING, signals=(_louder(10.0),)))

    assert step(quiet, opened, cfo_known, fresh, sent, turned(31))[0].kind is CauseKind.STALENESS
    assert step(loud, opened, cfo_known, fresh, sent, turned(31))[0].kind is CauseKind.SILENCE


def test_silence_that_moved_nothing_is_no_cause() -> None:
    sent = ProposalSent(learned=at(MONDAY), proposal="P1")
    fresh = learned(budget(80_000), "fresh", on=MONDAY, source=said_by(CFO))
    deaf = replace(activated, model=replace(LISTENING, signals=(_louder(0.0),)))
    of, _ = step(deaf, opened, cfo_known, fresh, sent, turned(31))

    assert of.kind is CauseKind.STALENESS
    assert "proposal" not in of.words


def _louder(times: float) -> Signal:
    return replace(waiting, weight=Nats(times, times))


def test_another_model_is_nobody_s_doing() -> None:
    bolder = replace(activated, model=replace(OKS_1, name="halden-1", prior_happen=0.65))
    of, text = step(opened, bolder)

    assert of.words == "2 Mar, another model: halden-1, not your doing"
    assert text.startswith(f"{of.words}, +")
    assert of.kind is CauseKind.MODEL


def test_a_deal_opened_again_under_another_model_says_so() -> None:
    other = replace(activated, model=replace(OKS_1, name="halden-1", prior_happen=0.65))
    again = OpportunityReopened(learned=at(THURSDAY), reason="They called back")

    assert words(opened, won, again) == "5 Mar, opportunity reopened"
    assert words(opened, won, other, again) == (
        "5 Mar, opportunity reopened, scored by another model: halden-1"
    )


def test_a_band_that_moves_by_less_than_it_is_written_with_is_written_once() -> None:
    before = NOTHING_KNOWN
    after = replace(before, low=before.low + 0.0001)

    assert sentence(Cause(CauseKind.OTHER, "so"), before, after) == (
        "so, 25 % as before, band 1 to 74 %"
    )
