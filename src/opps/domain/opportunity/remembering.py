"""What becomes of the facts: learned, and what is recorded about them since."""

from collections.abc import Callable
from uuid import UUID

from msgspec.structs import replace

from opps.domain.beliefs import Belief, History, Note
from opps.domain.events import Event, FactLearned, Supersession, WantReclassified
from opps.domain.opportunity.state import Opportunity, put
from opps.domain.recorded import Recorded
from opps.domain.times import Learned


def learn_fact(state: Opportunity, event: FactLearned, recorded: Recorded[Event]) -> Opportunity:
    """Return the opportunity with one more fact; a fact is learned once."""
    if event.fact_id in state.fact_keys:
        return state
    key, replaced = event.fact.key, event.supersedes
    belief = Belief(
        fact_id=event.fact_id,
        fact=event.fact,
        provenance=event.provenance,
        learned=event.learned,
        recorded_at=recorded.recorded_at,
        position=recorded.position,
        person=event.provenance.person,
        supersedes=replaced.fact_id if replaced else None,
        after_close=event.after_close,
        corrects=replaced is not None and replaced.because is Supersession.WE_LEARNED_BETTER,
        true_from=event.true_from,
        true_until=event.true_until,
    )
    introduced = event.fact.introduces()
    return replace(
        state,
        histories=state.histories.revised(key, state.histories.get(key, History()).learn(belief)),
        fact_keys=put(state.fact_keys, event.fact_id, key),
        things=state.things | {introduced} if introduced else state.things,
    )


def reclassify(
    state: Opportunity, event: WantReclassified, recorded: Recorded[Event]
) -> Opportunity:
    """Return the opportunity in which a wish no longer stands as one, whoever stated it."""
    key, note = f"want:{event.want_id}", note_of(event.learned, recorded)
    if key not in state.histories:
        return state
    return revise(state, key, lambda history: history.reclassify(note))


def annotate(state: Opportunity, fact_id: UUID, field: str, note: Note) -> Opportunity:
    """Return the opportunity with a later record about one fact."""
    key = state.fact_keys.get(fact_id)
    if key is None:
        return state
    return revise(state, key, lambda history: history.annotate(fact_id, field, note))


def revise(state: Opportunity, key: str, change: Callable[[History], History]) -> Opportunity:
    """Return the opportunity with another history under one key."""
    history = change(state.histories.get(key, History()))
    return replace(state, histories=state.histories.revised(key, history))


def note_of(learned: Learned, recorded: Recorded[Event]) -> Note:
    """Return a later record about a fact, from where it stands in the log."""
    return Note(learned=learned, recorded_at=recorded.recorded_at, position=recorded.position)
