"""Whom to ask: who of the buyer would know, would tell us, and can be reached now.

The chances are an expert's start values, in one place. Source: docs/knowledge.md.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, time, timedelta
from uuid import UUID

from msgspec import Struct

from opps.domain.catalogue import Objective
from opps.domain.facts import Engagement, Evaluator, Leaning
from opps.domain.facts.evaluators import LeaningLevel, Role
from opps.domain.knowledge import Believed
from opps.domain.valence.people import People

LATELY_DAYS = 45

# The chance that somebody answers when asked, by where they lean.
WILLING: Mapping[LeaningLevel | None, float] = {
    LeaningLevel.CHAMPION: 0.9,
    LeaningLevel.SUPPORTER: 0.8,
    LeaningLevel.NEUTRAL: 0.6,
    None: 0.5,
    LeaningLevel.SCEPTIC: 0.4,
    LeaningLevel.OPPONENT: 0.2,
}
# What is left of it for somebody who is out of touch, who would have to find out first, or whom
# we asked already; and where nobody of the buyer is known at all.
OUT_OF_TOUCH = 0.6
NOT_THEIRS = 0.7
ASKED_BEFORE = 0.4
ASKED_ELSEWHERE = 0.8
NOBODY_KNOWN = 0.2

KNOWS: Mapping[Objective, frozenset[Role]] = {
    Objective.BUSINESS_ISSUES: frozenset({Role.DECISION_MAKER, Role.ECONOMIC, Role.USER}),
    Objective.DESIRED_IMPACT: frozenset({Role.DECISION_MAKER, Role.ECONOMIC, Role.USER}),
    Objective.EVALUATORS: frozenset({Role.COACH, Role.INFLUENCER, Role.DECISION_MAKER}),
    Objective.REQUIRED_SOLUTION: frozenset({Role.TECHNICAL, Role.USER}),
    Objective.FUNDING: frozenset({Role.ECONOMIC, Role.APPROVER, Role.DECISION_MAKER}),
    Objective.TIMING: frozenset({Role.DECISION_MAKER, Role.ECONOMIC}),
    Objective.ALTERNATIVES: frozenset({Role.COACH, Role.TECHNICAL, Role.DECISION_MAKER}),
    Objective.DECISION_CRITERIA: frozenset({Role.DECISION_MAKER, Role.TECHNICAL}),
    Objective.DECISION_PROCESS: frozenset(
        {Role.PROCUREMENT, Role.LEGAL, Role.SECURITY, Role.APPROVER, Role.DECISION_MAKER}
    ),
}

_SAID = {
    LeaningLevel.CHAMPION: "a champion",
    LeaningLevel.SUPPORTER: "a supporter",
    LeaningLevel.NEUTRAL: "neutral",
    None: "leaning not told yet",
    LeaningLevel.SCEPTIC: "a sceptic",
    LeaningLevel.OPPONENT: "an opponent",
}


class Whom(Struct, frozen=True, kw_only=True):
    """Somebody to ask, the chance that an answer comes now, and why this one.

    Nobody of the buyer is known where the evaluator is absent.
    """

    evaluator_id: UUID | None = None
    title: str | None = None
    chance: float
    because: str


_NOBODY = Whom(
    chance=NOBODY_KNOWN, because="nobody of the buyer is known yet: ask whoever you speak with"
)


class Asker:
    """Chooses whom to ask, for one opportunity."""

    def __init__(self, believed: Believed, people: People) -> None:
        self._clock = believed.known.clock
        self._leanings = {one.fact.evaluator_id: one.fact.level for one in believed.of(Leaning)}
        self._seen = _last_contact(believed)
        self._here = sorted(
            (one.fact for one in believed.of(Evaluator) if one.fact.evaluator_id in people.named),
            key=lambda one: (-people.mass(one.evaluator_id), one.title, one.evaluator_id),
        )

    def whom(
        self, objective: Objective, knowing: Iterable[UUID | None], asked: frozenset[UUID]
    ) -> Whom:
        """Return the best one to ask; `knowing` are those named to know, `asked` who was asked."""
        named = frozenset(knowing)
        chosen = [self._chosen(one, objective, named, asked) for one in self._here]
        # The first of equals: those who weigh most come first.
        return max(chosen, key=lambda one: one.chance, default=_NOBODY)

    def _chosen(
        self,
        one: Evaluator,
        objective: Objective,
        named: frozenset[UUID | None],
        asked: frozenset[UUID],
    ) -> Whom:
        leaning = self._leanings.get(one.evaluator_id)
        knows = one.evaluator_id in named or bool(KNOWS[objective].intersection(one.roles))
        lately = self._lately(one.evaluator_id)
        chance = WILLING[leaning] * (1 if knows else NOT_THEIRS) * (1 if lately else OUT_OF_TOUCH)
        said = [
            _SAID[leaning],
            f"in touch within {LATELY_DAYS} days"
            if lately
            else f"not heard for {LATELY_DAYS} days",
            "who would know" if knows else "who may have to find out",
        ]
        if one.evaluator_id in asked:
            chance *= ASKED_BEFORE
            said.append("asked before without an answer")
        elif asked:
            chance *= ASKED_ELSEWHERE
        return Whom(
            evaluator_id=one.evaluator_id,
            title=one.title,
            chance=chance,
            because=", ".join(said),
        )

    def _lately(self, evaluator_id: UUID) -> bool:
        seen = self._seen.get(evaluator_id)
        if seen is None:
            return False
        return self._clock is None or self._clock - seen <= timedelta(days=LATELY_DAYS)


def _last_contact(believed: Believed) -> dict[UUID, datetime]:
    """Return when each evaluator was last in touch: met, or told us something."""
    seen: dict[UUID, datetime] = {}
    for who, when in _contacts(believed):
        seen[who] = max(when, seen.get(who, when))
    return seen


def _contacts(believed: Believed) -> Iterator[tuple[UUID, datetime]]:
    for held in believed.held():
        belief = held.belief
        learned = belief.learned_for(believed.known.view).effective(belief.recorded_at)
        if belief.provenance.told_by is not None:
            yield belief.provenance.told_by, learned
        if isinstance(belief.fact, Engagement):
            met = datetime.combine(belief.fact.engaged_on, time(), learned.tzinfo)
            yield belief.fact.evaluator_id, min(met, learned)
