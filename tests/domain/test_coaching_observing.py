"""What an event says of a seller's leading indicators: one value each, and nothing of imports."""

from datetime import timedelta

from msgspec.structs import replace

from opps.domain.catalogue import Facet
from opps.domain.coaching.indicators import Indicator
from opps.domain.coaching.observing import Observation, observations
from opps.domain.events import (
    Event,
    FactRetracted,
    OpportunityWon,
    QuestionAnswered,
    QuestionAsked,
    QuestionDropped,
    RetractionReason,
)
from opps.domain.opportunity.evolve import evolve
from opps.domain.opportunity.state import Opportunity, do_nothing
from opps.domain.provenance import SourceKind
from opps.domain.recorded import Actor, Metadata, Via
from opps.domain.setting import DAY_ONE
from tests.domain.build import a_criterion, an_event, prefers
from tests.domain.danger import proposed, told
from tests.domain.given import (
    CFO,
    COLLEAGUE,
    CTO,
    DEAL,
    FRIDAY,
    MONDAY,
    OBSERVED,
    SELLER,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    at,
    cfo_known,
    learned,
    named,
    opened,
    raised,
    recorded,
    rival_known,
    said_by,
    the_cfo,
)


def observed(*events: Event, via: Via = Via.GRAPHQL) -> dict[Indicator, list[float]]:
    """Return what the last of these events says, by indicator."""
    return _values(_said(*events, via=via))


def _said(*events: Event, via: Via = Via.GRAPHQL) -> list[Observation]:
    state: Opportunity | None = None
    said: list[Observation] = []
    for one in recorded([opened, *events]):
        actor = Actor(principal=COLLEAGUE, role="SELLER", via=via)
        one = replace(one, metadata=Metadata(actor=actor))
        before, state = state, evolve(state, one, DAY_ONE)
        assert state is not None
        said = list(observations(before, one, state))
    return said


def _values(said: list[Observation]) -> dict[Indicator, list[float]]:
    found: dict[Indicator, list[float]] = {}
    for one in said:
        found.setdefault(one.indicator, []).append(one.value)
    return found


def test_what_the_buyer_says_counts_for_whoever_learned_it() -> None:
    [said, *_] = _said(learned(the_cfo, source=said_by(CFO)))

    assert said == Observation(SELLER, Indicator.BUYER_SHARE, 1.0)
    assert observed(learned(the_cfo, source=OBSERVED))[Indicator.BUYER_SHARE] == [0.0]


def test_the_lag_is_from_learning_to_recording_where_somebody_said_when() -> None:
    late = learned(the_cfo, on=MONDAY)
    unsaid = replace(late, learned=replace(late.learned, defaulted=True))

    assert observed(late)[Indicator.RECORDING_LAG] == [1 / 60]
    assert Indicator.RECORDING_LAG not in observed(unsaid)


def test_what_another_system_told_says_nothing_of_a_seller() -> None:
    imported = replace(OBSERVED, source=SourceKind.IMPORTED)

    assert observed(learned(the_cfo, source=said_by(CFO)), via=Via.IMPORT) == {}
    assert observed(learned(the_cfo, source=imported)) == {}


def test_taking_back_what_was_misheard_counts_beside_all_that_was_learned() -> None:
    [said] = _said(cfo_known, _retracted(RetractionReason.MISHEARD))

    assert said == Observation(SELLER, Indicator.RETRACTIONS, 1, counts=False)
    assert observed(cfo_known)[Indicator.RETRACTIONS] == [0.0]


def test_a_source_that_changed_its_mind_is_nobodys_mistake() -> None:
    assert observed(cfo_known, _retracted(RetractionReason.SOURCE_WITHDREW)) == {}
    assert observed(cfo_known, _retracted(RetractionReason.IMPORT_REVERTED)) == {}


def test_an_answer_counts_with_the_days_that_it_took() -> None:
    asked = [raised(Facet.FUNDING_STATUS), _asked()]

    assert observed(*asked, _answered()) == {
        Indicator.QUESTIONS_ANSWERED: [1.0],
        Indicator.QUESTION_AGE: [2.0],
    }


def test_a_question_that_was_asked_and_given_up_had_no_answer() -> None:
    given_up = QuestionDropped(learned=at(FRIDAY), question_id=named("question"), reason="Late")

    assert observed(raised(Facet.FUNDING_STATUS), _asked(), given_up) == {
        Indicator.QUESTIONS_ANSWERED: [0.0]
    }
    assert observed(raised(Facet.FUNDING_STATUS), given_up) == {}


def test_a_proposal_shows_who_was_heard_and_what_was_known_by_then() -> None:
    one_voice = (told(the_cfo, by=CFO),)
    idle = told(prefers(CFO, do_nothing(DEAL)), by=CFO)
    known_well = (*one_voice, told(an_event(), by=CTO), told(a_criterion(), by=CFO), idle)

    assert observed(*one_voice, proposed()) == {
        Indicator.SINGLE_THREAD: [1.0],
        Indicator.CRITERIA_BEFORE_PROPOSAL: [0.0],
        Indicator.DO_NOTHING_ASSESSED: [0.0],
    }
    assert observed(*known_well, proposed()) == {
        Indicator.SINGLE_THREAD: [0.0],
        Indicator.CRITERIA_BEFORE_PROPOSAL: [1.0],
        Indicator.DO_NOTHING_ASSESSED: [1.0],
    }


def test_only_the_first_proposal_counts() -> None:
    assert observed(proposed(TUESDAY), proposed(WEDNESDAY)) == {}


def test_at_the_end_what_came_up_in_the_last_thirty_days_is_late() -> None:
    early = learned(the_cfo, "early", on=MONDAY)
    late = replace(rival_known, learned=at(MONDAY + timedelta(days=40)))
    ended = OpportunityWon(learned=at(MONDAY + timedelta(days=60)))

    assert observed(early, late, ended) == {Indicator.LATE_DISCOVERY: [0.0, 1.0]}


def test_in_something_short_nothing_comes_late() -> None:
    ended = OpportunityWon(learned=at(MONDAY + timedelta(days=30)))

    assert observed(rival_known, ended) == {}


def test_what_was_said_again_before_the_end_was_known_before() -> None:
    again = learned(the_cfo, "again", on=MONDAY + timedelta(days=50))
    ended = OpportunityWon(learned=at(MONDAY + timedelta(days=60)))

    assert observed(cfo_known, again, ended) == {Indicator.LATE_DISCOVERY: [0.0]}


def test_a_question_that_waits_when_the_deal_ends_had_no_answer() -> None:
    ended = OpportunityWon(learned=at(FRIDAY))

    assert observed(raised(Facet.FUNDING_STATUS), _asked(), ended) == {
        Indicator.QUESTIONS_ANSWERED: [0.0]
    }


def _retracted(reason: RetractionReason) -> FactRetracted:
    return FactRetracted(learned=at(FRIDAY), fact_id=cfo_known.fact_id, reason=reason)


def _asked() -> QuestionAsked:
    return QuestionAsked(learned=at(TUESDAY), question_id=named("question"), evaluator_id=CFO)


def _answered() -> QuestionAnswered:
    return QuestionAnswered(learned=at(THURSDAY), question_id=named("question"))
