"""Blind spots: what nobody has looked at here, with the reason to look.

Nobody can list what they do not know that they do not know; but what was never touched, what the
known calls for, what others like this had, and what came out too late elsewhere can be listed.
Source: docs/knowledge.md.
"""

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from uuid import UUID

from msgspec import Struct, field

from opps.domain.catalogue import Facet
from opps.domain.closing import LATE_DAYS, Present, present
from opps.domain.facts.base import ROUNDING
from opps.domain.facts.decision import PAPER_STEPS, AlternativeKind, StepKind
from opps.domain.facts.evaluators import Role
from opps.domain.knowledge import Believed, FacetState, Known, facet_states
from opps.domain.opportunity.state import Opportunity, known
from opps.domain.structure import Gap, structural_gaps
from opps.domain.wording import OF_A_ROLE, words

# What at least so many closed opportunities had in at least this share is missed here.
ENOUGH = 5
SHARE = 0.40


class Suspicion(StrEnum):
    """Why something is suspected.

    UNTOUCHED: no fact and no question. STRUCTURAL: what is known calls for it. COMPARABLE: most
    closed opportunities like this had it. LATE_DISCOVERY: it came out shortly before others were
    lost.
    """

    UNTOUCHED = "UNTOUCHED"
    STRUCTURAL = "STRUCTURAL"
    COMPARABLE = "COMPARABLE"
    LATE_DISCOVERY = "LATE_DISCOVERY"


class Tally(Struct, frozen=True):
    """Of how many closed opportunities, and how many of them had each thing."""

    n: int = 0
    found: Mapping[str, int] = field(default_factory=dict)

    def frequent(self) -> Iterator[tuple[str, int]]:
        """Yield what enough of enough opportunities had, with how many."""
        if self.n >= ENOUGH:
            for name, count in self.found.items():
                if count >= SHARE * self.n - ROUNDING:
                    yield name, count


NO_TALLY = Tally()


class Closings(Struct, frozen=True):
    """What the closed opportunities of an organisation had.

    `roles`, `alternative_kinds` and `step_kinds` are of those with the same kind of customer,
    `late_facets` of those that were lost.
    """

    roles: Tally = NO_TALLY
    alternative_kinds: Tally = NO_TALLY
    step_kinds: Tally = NO_TALLY
    late_facets: Tally = NO_TALLY


class BlindSpot(Struct, frozen=True, kw_only=True):
    """Something that nobody has looked at, and why it is suspected.

    `words` are those to ask with. `n` is how many closed opportunities it rests on, `share` how
    many of those had it.
    """

    suspicion: Suspicion
    facet: Facet
    because: str
    words: str
    gap: Gap | None = None
    subject_id: UUID | None = None
    n: int | None = None
    share: float | None = None


def blind_spots(state: Opportunity, closings: Closings) -> tuple[BlindSpot, ...]:
    """Return what nobody has looked at, the most telling reasons first; none once it has ended."""
    if not state.open:
        return ()
    looked_at = known(state)
    states = facet_states(looked_at)
    asking = _waiting(state)
    return (
        *_structural(looked_at, asking),
        *_comparable(looked_at, closings, asking),
        *_late(states, closings.late_facets),
        *_untouched(states),
    )


Waits = Callable[[Facet, UUID | None], bool]


def _waiting(state: Opportunity) -> Waits:
    """Return what tells whether a gap is a known unknown already, or does not apply."""
    waiting = {(one.facet, one.subject_id) for one in state.questions.values() if one.open}

    def waits(facet: Facet, subject_id: UUID | None = None) -> bool:
        set_aside = facet in state.not_applicable
        return set_aside or (facet, None) in waiting or (facet, subject_id) in waiting

    return waits


def _structural(looked_at: Known, waits: Waits) -> Iterator[BlindSpot]:
    for one in structural_gaps(Believed(looked_at)):
        if not waits(one.facet, one.subject_id):
            yield BlindSpot(
                suspicion=Suspicion.STRUCTURAL,
                facet=one.facet,
                because=one.because,
                words=one.words,
                gap=one.gap,
                subject_id=one.subject_id,
            )


def _comparable(looked_at: Known, closings: Closings, waits: Waits) -> Iterator[BlindSpot]:
    here: Present = present(looked_at)
    roles, kinds, steps = closings.roles, closings.alternative_kinds, closings.step_kinds
    nothing: dict[str, str] = {}
    for tally, had, what, facet_of, own_words in (
        (roles, here.roles, "somebody in the role {}", role_facet, OF_A_ROLE),
        (kinds, here.alternative_kinds, "the alternative {}", kind_facet, nothing),
        (steps, here.step_kinds, "a step for {}", step_facet, nothing),
    ):
        for name, count in sorted(tally.frequent()):
            facet = facet_of(name)
            if name not in had and not waits(facet, None):
                thing = what.format(name.lower().replace("_", " "))
                because = f"{count} of {tally.n} closed opportunities like this had {thing}"
                asked = own_words.get(name)
                yield _counted(Suspicion.COMPARABLE, facet, because, count, tally, asked)


def _late(states: Mapping[Facet, FacetState], tally: Tally) -> Iterator[BlindSpot]:
    late = dict(tally.frequent())
    for facet in Facet:
        if facet in late and states[facet] is FacetState.UNEXAMINED:
            because = (
                f"{late[facet]} of {tally.n} lost opportunities learned it only in their last "
                f"{LATE_DAYS} days"
            )
            yield _counted(Suspicion.LATE_DISCOVERY, facet, because, late[facet], tally)


def _untouched(states: Mapping[Facet, FacetState]) -> Iterator[BlindSpot]:
    for facet, state in states.items():
        if state is FacetState.UNEXAMINED:
            because = "there is no fact about it, and no question"
            yield BlindSpot(
                suspicion=Suspicion.UNTOUCHED, facet=facet, because=because, words=words(facet)
            )


def _counted(
    suspicion: Suspicion,
    facet: Facet,
    because: str,
    count: int,
    tally: Tally,
    asked: str | None = None,
) -> BlindSpot:
    return BlindSpot(
        suspicion=suspicion,
        facet=facet,
        because=because,
        words=asked or words(facet),
        n=tally.n,
        share=count / tally.n,
    )


_ROLE_FACETS = {
    Role.DECISION_MAKER: Facet.DECISION_MAKER,
    Role.ECONOMIC: Facet.ECONOMIC_AUTHORITY,
    Role.LEGAL: Facet.PAPER_PROCESS,
    Role.PROCUREMENT: Facet.PAPER_PROCESS,
    Role.SECURITY: Facet.PAPER_PROCESS,
}


def role_facet(role: str) -> Facet:
    """Return the facet whose question would bring somebody in a role to light."""
    return _ROLE_FACETS.get(Role(role), Facet.INFLUENCE)


def kind_facet(kind: str) -> Facet:
    """Return the facet whose question would bring an alternative of a kind to light."""
    nothing = AlternativeKind(kind) is AlternativeKind.DO_NOTHING
    return Facet.DO_NOTHING if nothing else Facet.CONSIDERED_SET


def step_facet(kind: str) -> Facet:
    """Return the facet whose question would bring a step of a kind to light."""
    return Facet.PAPER_PROCESS if StepKind(kind) in PAPER_STEPS else Facet.STEPS
