"""The score on day one, `oks-1`: an expert's priors and weights, before any deal has closed.

Source: docs/knowledge.md, score oks-1.
"""

from opps.domain.behaviour import PROPOSAL_ANSWER, STEPS, Wait, question_answer
from opps.domain.catalogue import Objective
from opps.domain.model import TOPIC_OF, Graded, Model, Nats, Signal, SignalSource, Topic

# To ask moves nothing by itself: the grades of silence begin at 0, and fall for a month and more.
# That an answer came counts most while it is new. One for each of the steps of a wait.
_SILENCE = (0.0, 0.0, -0.08, -0.17, -0.29, -0.45, -0.6, -0.72, -0.82, -0.9, -0.95, -1.0, -1.0)
_ANSWER = (0.6, 0.6, 0.6, 0.6, 0.54, 0.46, 0.38, 0.3, 0.2, 0.2, 0.2, 0.2, 0.2)
_AGAIN = (0.6, 0.6, 0.54, 0.46, 0.37, 0.24, 0.1, -0.02, -0.18, -0.2, -0.2, -0.2, -0.2)


def _graded(wait: Wait, grades: tuple[float, ...], because: str) -> dict[str, Graded]:
    """Return the grade of each step of a wait."""
    return {
        wait.at(days): Graded(grade=grade, because=because.format(days=days))
        for days, grade in zip(STEPS, grades, strict=True)
    }


_PROPOSAL_ANSWER = Signal(
    name=PROPOSAL_ANSWER,
    source=SignalSource.BEHAVIOUR,
    topic=Topic.DECISION_PROCESS,
    weight=Nats(1.5, 0.7),
    values={
        **_graded(
            Wait.AWAITED,
            _SILENCE,
            "No answer to the proposal for {days} days: whoever wants it asks about it",
        ),
        **_graded(
            Wait.ANSWERED,
            _ANSWER,
            "The buyer answered {days} days ago: who answers is deciding, for as long as it lasts",
        ),
        **_graded(
            Wait.REQUOTED,
            _AGAIN,
            "The buyer answered, and a newer proposal is out for {days} days: they talk terms",
        ),
    },
)


def _question_answer(objective: Objective) -> Signal:
    """Return how little it says that one question waits; a buyer who keeps silent leaves many."""
    return Signal(
        name=question_answer(objective),
        source=SignalSource.BEHAVIOUR,
        topic=TOPIC_OF[objective],
        weight=Nats(0.15, 0.1),
        values=_graded(
            Wait.AWAITED,
            _SILENCE,
            "Asked {days} days ago without an answer: silence about it is the buyer's choice",
        ),
    )


OKS_1 = Model(
    name="oks-1",
    prior_happen=0.55,
    prior_win=0.45,
    weights={
        Objective.BUSINESS_ISSUES: Nats(0.70, 0.30),
        Objective.DESIRED_IMPACT: Nats(0.50, 0.40),
        Objective.EVALUATORS: Nats(0.50, 1.00),
        Objective.REQUIRED_SOLUTION: Nats(0.20, 0.60),
        Objective.FUNDING: Nats(0.60, 0.20),
        Objective.TIMING: Nats(0.80, 0.10),
        Objective.ALTERNATIVES: Nats(0.50, 0.80),
        Objective.DECISION_CRITERIA: Nats(0.10, 0.90),
        Objective.DECISION_PROCESS: Nats(0.50, 0.30),
    },
    signals=(_PROPOSAL_ANSWER, *map(_question_answer, Objective)),
)
