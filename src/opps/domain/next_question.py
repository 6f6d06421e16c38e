"""The next best question: what its answer would narrow, by the chance to get it, by the effort.

The value of an objective's answer is shared among its open facets by what rests on each.
Source: docs/score.md.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from math import fsum
from uuid import UUID

from msgspec import Struct

from opps.domain.asking import Asking, asked
from opps.domain.catalogue import FACETS, Facet
from opps.domain.knowledge import Believed, FacetState, facet_states
from opps.domain.narrowing import Narrowing
from opps.domain.opportunity.state import Opportunity, Question, known
from opps.domain.provenance import GRADES_1, SourceKind
from opps.domain.score import weighed
from opps.domain.signals import terms
from opps.domain.subjects import Subject, open_subjects
from opps.domain.valence.people import People
from opps.domain.whom import Asker, Whom
from opps.domain.wording import words


class Effort(StrEnum):
    """What it takes to get an answer.

    QUESTION: it can be put in the next call. CONVERSATION: it needs time of its own. WORK: both
    sides have to work it out together.
    """

    QUESTION = "QUESTION"
    CONVERSATION = "CONVERSATION"
    WORK = "WORK"


EFFORT = {Effort.QUESTION: 1, Effort.CONVERSATION: 2, Effort.WORK: 4}

# How much of its objective rests on a facet, by the rules of valence: 3 where the facet decides
# which way it speaks, 0 where the score does not listen to it. Each with its effort.
BEARING: Mapping[Facet, tuple[int, Effort]] = {
    Facet.ISSUE: (2, Effort.CONVERSATION),
    Facet.ISSUE_OWNER: (1, Effort.QUESTION),
    Facet.ISSUE_SEVERITY: (3, Effort.QUESTION),
    Facet.ISSUE_CONSEQUENCE: (1, Effort.QUESTION),
    Facet.ISSUE_OUR_EFFECT: (2, Effort.CONVERSATION),
    Facet.IMPACT_METRIC: (1, Effort.QUESTION),
    Facet.IMPACT_BASELINE: (1, Effort.QUESTION),
    Facet.IMPACT_TARGET: (1, Effort.QUESTION),
    Facet.IMPACT_AGREEMENT: (3, Effort.WORK),
    Facet.IMPACT_VALUE: (2, Effort.WORK),
    Facet.IMPACT_PERSONAL_WIN: (0, Effort.CONVERSATION),
    Facet.DECISION_MAKER: (2, Effort.QUESTION),
    Facet.ECONOMIC_AUTHORITY: (2, Effort.QUESTION),
    Facet.INFLUENCE: (2, Effort.QUESTION),
    Facet.LEANING: (3, Effort.CONVERSATION),
    Facet.STANCE_ON_CHANGE: (2, Effort.CONVERSATION),
    Facet.RELATION: (0, Effort.CONVERSATION),
    Facet.ENGAGEMENT: (0, Effort.CONVERSATION),
    Facet.CHAMPION_BEHAVIOUR: (1, Effort.CONVERSATION),
    Facet.NEED: (2, Effort.CONVERSATION),
    Facet.FIT: (3, Effort.WORK),
    Facet.SCOPE: (1, Effort.QUESTION),
    Facet.WANT: (0, Effort.QUESTION),
    Facet.FUNDING_STATUS: (3, Effort.QUESTION),
    Facet.FUNDING_AMOUNT: (1, Effort.QUESTION),
    Facet.FUNDING_AUTHORITY: (1, Effort.QUESTION),
    Facet.PRICE_EXPECTATION: (2, Effort.QUESTION),
    Facet.COMPELLING_EVENT: (3, Effort.QUESTION),
    Facet.EVENT_DATE: (2, Effort.QUESTION),
    Facet.EVENT_CONSEQUENCE: (2, Effort.CONVERSATION),
    Facet.DECISION_DATE: (1, Effort.QUESTION),
    Facet.CONSIDERED_SET: (2, Effort.QUESTION),
    Facet.DO_NOTHING: (2, Effort.CONVERSATION),
    Facet.PREFERENCE: (3, Effort.CONVERSATION),
    Facet.ALTERNATIVE_STRATEGY: (1, Effort.CONVERSATION),
    Facet.CRITERION: (2, Effort.QUESTION),
    Facet.INFORMAL_CRITERION: (1, Effort.CONVERSATION),
    Facet.CRITERION_WEIGHT: (2, Effort.WORK),
    Facet.STANDING_OF_US: (3, Effort.CONVERSATION),
    Facet.STANDING_OF_RIVAL: (3, Effort.CONVERSATION),
    Facet.STEPS: (1, Effort.WORK),
    Facet.STEP_OWNER: (1, Effort.QUESTION),
    Facet.PAPER_PROCESS: (1, Effort.QUESTION),
    Facet.DECISION_RULE: (1, Effort.QUESTION),
    Facet.NEXT_STEP: (3, Effort.QUESTION),
}

# What can only be asked once there is something to ask it of.
FOLLOWS: Mapping[Facet, Facet] = {
    Facet.ISSUE_OWNER: Facet.ISSUE,
    Facet.ISSUE_SEVERITY: Facet.ISSUE,
    Facet.ISSUE_CONSEQUENCE: Facet.ISSUE,
    Facet.ISSUE_OUR_EFFECT: Facet.ISSUE,
    Facet.IMPACT_BASELINE: Facet.IMPACT_METRIC,
    Facet.IMPACT_TARGET: Facet.IMPACT_METRIC,
    Facet.IMPACT_AGREEMENT: Facet.IMPACT_METRIC,
    Facet.IMPACT_VALUE: Facet.IMPACT_METRIC,
    Facet.FIT: Facet.NEED,
    Facet.EVENT_DATE: Facet.COMPELLING_EVENT,
    Facet.EVENT_CONSEQUENCE: Facet.COMPELLING_EVENT,
    Facet.ALTERNATIVE_STRATEGY: Facet.CONSIDERED_SET,
    Facet.CRITERION_WEIGHT: Facet.CRITERION,
    Facet.STANDING_OF_US: Facet.CRITERION,
    Facet.STANDING_OF_RIVAL: Facet.CRITERION,
    Facet.STEP_OWNER: Facet.STEPS,
}
OF_PEOPLE = frozenset(
    {
        Facet.INFLUENCE,
        Facet.LEANING,
        Facet.STANCE_ON_CHANGE,
        Facet.PREFERENCE,
        Facet.CHAMPION_BEHAVIOUR,
    }
)

# How much of a facet is open in each state; one that is known well has nothing left to ask.
OPEN: Mapping[FacetState, float] = {
    FacetState.UNEXAMINED: 1.0,
    FacetState.ACKNOWLEDGED: 1.0,
    FacetState.CONTRADICTED: 1.0,
    FacetState.STALE: 0.7,
    FacetState.CLAIMED: 0.6,
}
# What a plain answer of the buyer settles of the variance.
SETTLED = 1 - (1 - GRADES_1[SourceKind.BUYER_SAID]) ** 2


class NextQuestion(Struct, frozen=True, kw_only=True):
    """A question worth asking now.

    `narrowing` is by how much the 80 % interval of p would narrow on average over the answers,
    and `value` that times the chance of an answer, by the effort.
    """

    facet: Facet
    state: FacetState
    asking: Asking | None
    words: str
    question_id: UUID | None
    subject_id: UUID | None
    whom: Whom
    effort: Effort
    narrowing: float
    value: float


def next_questions(state: Opportunity, first: int = 3) -> tuple[NextQuestion, ...]:
    """Return the questions worth most, the best first; none once the opportunity has ended."""
    if not state.open:
        return ()
    return _Advice(state).questions(first)


class _Advice:
    """What is open of one opportunity, and what closing it would be worth."""

    def __init__(self, state: Opportunity) -> None:
        self._known = known(state)
        self._believed = Believed(self._known)
        people = People(self._believed)
        self._states = facet_states(self._known)
        self._asked = asked(self._known, self._states)
        self._subjects = open_subjects(self._believed, people)
        self._asker = Asker(self._believed, people)
        self._raised = _open_questions(state)
        self._people = bool(people.named)

    def questions(self, first: int) -> tuple[NextQuestion, ...]:
        """Return the best questions; of equals, the first of the catalogue."""
        worth = [one for one in self._all() if one.narrowing > 0]
        return tuple(sorted(worth, key=lambda one: -one.value)[:first])

    def _all(self) -> Iterator[NextQuestion]:
        said = terms(self._believed)
        now = weighed(said, self._known.model)
        narrowing = Narrowing(said, now.log_odds_happen, now.log_odds_win)
        for objective, facets in FACETS.items():
            shares = {facet: BEARING[facet][0] * self._open(facet) for facet in facets}
            worth = [facet for facet, share in shares.items() if share and self._askable(facet)]
            if worth:
                each = narrowing.of(objective, SETTLED) / fsum(shares.values())
                yield from (self._question(facet, each * shares[facet]) for facet in worth)

    def _open(self, facet: Facet) -> float:
        """Return how much of a facet is open, of one thing at least."""
        state = self._states[facet]
        if state is FacetState.NOT_APPLICABLE:
            return 0.0
        return OPEN.get(state, OPEN[FacetState.UNEXAMINED] if facet in self._subjects else 0.0)

    def _askable(self, facet: Facet) -> bool:
        if facet is Facet.CHAMPION_BEHAVIOUR:
            return facet in self._subjects
        if facet in OF_PEOPLE:
            return self._people
        before = FOLLOWS.get(facet)
        return before is None or self._asked[before].asking is Asking.KNOWN

    def _question(self, facet: Facet, narrowing: float) -> NextQuestion:
        raised = self._raised.get(facet, ())
        one = raised[0] if raised else None
        subject: Subject | None = self._subjects.get(facet)
        knowing = [question.whom_to_ask for question in raised]
        whom = self._asker.whom(
            facet.objective,
            [*knowing, subject.owner_id if subject else None],
            frozenset(question.asked_of for question in raised if question.asked_of is not None),
        )
        effort = BEARING[facet][1]
        if subject is not None:
            narrowing *= subject.share
        return NextQuestion(
            facet=facet,
            state=self._states[facet],
            asking=self._asked[facet].asking,
            words=one.text if one else words(facet, subject.words if subject else None),
            question_id=one.question_id if one else None,
            subject_id=one.subject_id if one else subject.subject_id if subject else None,
            whom=whom,
            effort=effort,
            narrowing=narrowing,
            value=narrowing * whom.chance / EFFORT[effort],
        )


def _open_questions(state: Opportunity) -> Mapping[Facet, tuple[Question, ...]]:
    """Return the questions that wait for an answer, by facet, in the order of the log."""
    found: dict[Facet, tuple[Question, ...]] = {}
    for one in sorted(state.questions.values(), key=lambda one: (one.position, one.question_id)):
        if one.open:
            found[one.facet] = (*found.get(one.facet, ()), one)
    return found
