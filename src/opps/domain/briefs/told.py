"""A fact as a brief tells it: what it says, how well it is known, who said it and when."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Annotated, cast
from uuid import UUID

from msgspec import Struct

from opps.domain.beliefs import NOW, Belief, Standing, Verdict
from opps.domain.catalogue import Objective
from opps.domain.contradictions import told_at
from opps.domain.credence import departed, support_of
from opps.domain.describe import doc
from opps.domain.facet_state import FacetState
from opps.domain.facts import AnyFact
from opps.domain.knowledge import how_well
from opps.domain.opportunity.state import Opportunity, known
from opps.domain.telling.facts import in_words
from opps.domain.telling.forms import plain, when
from opps.domain.telling.names import Names
from opps.domain.telling.sources import told


class ToldFact(Struct, frozen=True, kw_only=True):
    """A fact in words, with where it comes from and how well it is known."""

    fact_id: Annotated[UUID, doc("The fact.")]
    kind: Annotated[str, doc("Its kind.")]
    objective: Annotated[Objective, doc("The information objective it belongs to.")]
    words: Annotated[str, doc("What it says, in a few words.")]
    how_well: Annotated[FacetState, doc("How well it is known.")]
    credence: Annotated[float, doc("How far it is believed, from 0 to 0.95.")]
    source: Annotated[str, doc("Who said it, over which channel, in words.")]
    told_by: Annotated[UUID | None, doc("The evaluator who said it.")]
    learned_by: Annotated[UUID | None, doc("Who on our side learned it.")]
    learned_at: Annotated[datetime, doc("When our side came to know, at the latest.")]
    learned_when: Annotated[str, doc("The same in words, as exactly as it is known.")]


class Teller:
    """Tells the facts of one opportunity, or of one seen through a lens."""

    def __init__(self, state: Opportunity) -> None:
        self.state = state
        self.names = Names(state)
        self._known = known(state)
        self._gone = departed(self._known.standings.values())

    def standing(self, of: Standing) -> Iterator[ToldFact]:
        """Yield what stands under a key: one fact, or all that contradict each other."""
        if of.verdict is Verdict.STANDS:
            support = support_of(of, self._known, self._gone)
            yield self.fact(of.beliefs[0], how_well(support), support.credence)
        elif of.verdict is Verdict.CONTRADICTED:
            for belief in of.beliefs:
                yield self.fact(belief, FacetState.CONTRADICTED, 0.0)

    def alone(self, belief: Belief) -> ToldFact:
        """Return a fact by itself, whether it stands or not."""
        support = support_of(Standing(Verdict.STANDS, (belief,)), self._known, self._gone)
        return self.fact(belief, how_well(support), support.credence)

    def well(self, of: Standing) -> FacetState:
        """Return how well something under a key is known."""
        if of.verdict is Verdict.CONTRADICTED:
            return FacetState.CONTRADICTED
        return how_well(support_of(of, self._known, self._gone))

    def fact(self, belief: Belief, well: FacetState, credence: float) -> ToldFact:
        """Return one fact, known so well."""
        provenance, learned = belief.provenance, belief.learned_for(NOW)
        return ToldFact(
            fact_id=belief.fact_id,
            kind=belief.fact.kind(),
            objective=belief.fact.objective,
            words=in_words(cast(AnyFact, belief.fact), self.names),
            how_well=well,
            credence=credence,
            source=told(provenance, self.names),
            told_by=provenance.told_by,
            learned_by=provenance.learned_by,
            learned_at=told_at(belief),
            learned_when=when(learned, belief.recorded_at),
        )


def by_objective(facts: Iterable[ToldFact]) -> dict[Objective, list[ToldFact]]:
    """Return facts by their objectives, the best known of each first."""
    grouped: dict[Objective, list[ToldFact]] = {one: [] for one in Objective}
    for fact in sorted(facts, key=lambda one: (-one.credence, one.learned_at, one.words)):
        grouped[fact.objective].append(fact)
    return grouped


def where_from(fact: ToldFact) -> str:
    """Return how well a fact is known, who said it and when, in a line."""
    return f"{plain(fact.how_well).capitalize()}: {fact.source}, {fact.learned_when}"
