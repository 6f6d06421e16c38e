"""Leading indicators: what a seller does with knowledge, long before results show it.

They look at how things become known, never at amounts, bookings or how many calls there were.
"""

from enum import StrEnum

from msgspec import Struct

from opps.domain.catalogue import Objective


class Indicator(StrEnum):
    """What is looked at; the names are stored.

    BUYER_SHARE: of what was learned, what the buyer said or wrote. RECORDING_LAG: from learning to
    recording. LATE_DISCOVERY: of what was known at the end, what was learned in its last 30 days.
    QUESTIONS_ANSWERED: of the questions that were put to the buyer, those that were answered.
    QUESTION_AGE: from asking to the answer. SINGLE_THREAD: proposals with at most one person heard.
    CRITERIA_BEFORE_PROPOSAL: proposals with a decision criterion known. DO_NOTHING_ASSESSED:
    proposals with something known of doing nothing. ESTIMATE_BRIER: the squared error of the
    seller's own estimates. RETRACTIONS: of what was learned, what never was so.
    """

    BUYER_SHARE = "BUYER_SHARE"
    RECORDING_LAG = "RECORDING_LAG"
    LATE_DISCOVERY = "LATE_DISCOVERY"
    QUESTIONS_ANSWERED = "QUESTIONS_ANSWERED"
    QUESTION_AGE = "QUESTION_AGE"
    SINGLE_THREAD = "SINGLE_THREAD"
    CRITERIA_BEFORE_PROPOSAL = "CRITERIA_BEFORE_PROPOSAL"
    DO_NOTHING_ASSESSED = "DO_NOTHING_ASSESSED"
    ESTIMATE_BRIER = "ESTIMATE_BRIER"
    RETRACTIONS = "RETRACTIONS"


class Unit(StrEnum):
    """What the figure of an indicator is: a share from 0 to 1, hours, days, or a Brier score."""

    SHARE = "SHARE"
    HOURS = "HOURS"
    DAYS = "DAYS"
    BRIER = "BRIER"


class Better(StrEnum):
    """Which way an indicator gets better."""

    HIGHER = "HIGHER"
    LOWER = "LOWER"


class About(Struct, frozen=True, kw_only=True):
    """What an indicator is called, what it counts, and what it is good for.

    `objective` is the information objective that it speaks of, where it is one alone.
    """

    name: str
    unit: Unit
    better: Better
    why: str
    objective: Objective | None = None


INDICATORS: dict[Indicator, About] = {
    Indicator.BUYER_SHARE: About(
        name="From the buyer's mouth",
        unit=Unit.SHARE,
        better=Better.HIGHER,
        why="What the buyer says or writes is believed more than what we infer.",
    ),
    Indicator.RECORDING_LAG: About(
        name="Time until it is written down",
        unit=Unit.HOURS,
        better=Better.LOWER,
        why="What is written down late helps nobody meanwhile, and is remembered worse.",
    ),
    Indicator.LATE_DISCOVERY: About(
        name="Discovered late",
        unit=Unit.SHARE,
        better=Better.LOWER,
        why="What comes up in the last 30 days can seldom be answered any more.",
    ),
    Indicator.QUESTIONS_ANSWERED: About(
        name="Questions answered",
        unit=Unit.SHARE,
        better=Better.HIGHER,
        why="A question without an answer was put to the wrong person, or too late.",
    ),
    Indicator.QUESTION_AGE: About(
        name="Days until the answer",
        unit=Unit.DAYS,
        better=Better.LOWER,
        why="Somebody who answers soon wants us to know.",
    ),
    Indicator.SINGLE_THREAD: About(
        name="Proposals on one contact",
        unit=Unit.SHARE,
        better=Better.LOWER,
        why="Whoever heard one person only proposes to one person only.",
        objective=Objective.EVALUATORS,
    ),
    Indicator.CRITERIA_BEFORE_PROPOSAL: About(
        name="Criteria before the proposal",
        unit=Unit.SHARE,
        better=Better.HIGHER,
        why="A proposal answers criteria; those that nobody asked for are answered by chance.",
        objective=Objective.DECISION_CRITERIA,
    ),
    Indicator.DO_NOTHING_ASSESSED: About(
        name="Doing nothing looked at",
        unit=Unit.SHARE,
        better=Better.HIGHER,
        why="Most of what is not won goes to nobody: doing nothing is an alternative, too.",
        objective=Objective.ALTERNATIVES,
    ),
    Indicator.ESTIMATE_BRIER: About(
        name="Error of own estimates",
        unit=Unit.BRIER,
        better=Better.LOWER,
        why="Estimates that come true deserve belief, and others a talk about what they rest on.",
    ),
    Indicator.RETRACTIONS: About(
        name="Taken back",
        unit=Unit.SHARE,
        better=Better.LOWER,
        why="What has to be taken back was misheard, or written down in the wrong place.",
    ),
}
