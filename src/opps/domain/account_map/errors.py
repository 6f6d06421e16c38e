"""Why a command on the account map, or on a sales process, was refused."""

from dataclasses import dataclass
from uuid import UUID

from opps.domain.errors import Refusal


@dataclass
class OutcomeWithoutNumbers(Refusal):
    """The desired outcome cannot be measured yet, it lacks {missing}: revise it first."""

    missing: str


@dataclass
class MalformedOutcome(Refusal):
    """The desired outcome does not hold together: {problem}. Put it right and state it again."""

    problem: str


@dataclass
class NoDesiredOutcome(Refusal):
    """The opportunity has no desired outcome: state it first."""


@dataclass
class OutcomeAlreadyStated(Refusal):
    """The opportunity has a desired outcome: revise it, and say why."""


@dataclass
class UnknownMetric(Refusal):
    """The desired outcome has no figure {metric_id}: name one of its own, or revise it first."""

    metric_id: UUID


@dataclass
class IncompleteAssessment(Refusal):
    """An assessment of {dimension} needs {missing}: give it too."""

    dimension: str
    missing: str


@dataclass
class UnknownProcess(Refusal):
    """There is no sales process {process}: check the code, or publish it first."""

    process: str


@dataclass
class MalformedProcess(Refusal):
    """The sales process does not hold together: {problem}. Put it right and publish it again."""

    problem: str


@dataclass
class ProcessUnderWay(Refusal):
    """The deal has passed a gate of {process}, and goes on by it: slip its gates instead."""

    process: str


@dataclass
class UnknownGate(Refusal):
    """The deal has no gate {gate}: it has {gates}."""

    gate: str
    gates: str


@dataclass
class GateOutOfOrder(Refusal):
    """{gate} comes after {first}, which was not passed: pass that first."""

    gate: str
    first: str


@dataclass
class GateAlreadyPassed(Refusal):
    """{gate} was passed already: its date no longer moves."""

    gate: str


@dataclass
class EvidenceMissing(Refusal):
    """{gate} asks for {objective}, {facet}, {minimum} at least, and it is {found}: learn it, or
    have somebody other than the owner waive it. Missing in all: {missing}.
    """

    gate: str
    objective: str
    facet: str
    minimum: str
    found: str
    missing: str


@dataclass
class WaiverNeedsApprover(Refusal):
    """The owner cannot waive what {gate} asks for: have a colleague pass it with the waiver."""

    gate: str


@dataclass
class NothingToWaive(Refusal):
    """{gate} does not ask for {objective}, {facet}: waive only what it asks for."""

    gate: str
    objective: str
    facet: str


@dataclass
class UnknownMilestone(Refusal):
    """The opportunity has no milestone {milestone_id}: check the id, or plan it first."""

    milestone_id: UUID


@dataclass
class MilestoneIsOver(Refusal):
    """Milestone {milestone_id} is {status} already: plan another one."""

    milestone_id: UUID
    status: str


@dataclass
class UnknownAction(Refusal):
    """The opportunity has no action {action_id}: check the id, or plan it first."""

    action_id: UUID


@dataclass
class ActionIsOver(Refusal):
    """Action {action_id} is {status} already: plan another one."""

    action_id: UUID
    status: str


@dataclass
class NoLongerAWant(Refusal):
    """Want {want_id} does not stand: it became a need, or was taken back."""

    want_id: UUID
