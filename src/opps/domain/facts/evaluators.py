"""Facts about the people who evaluate: who they are, what they weigh, where they lean."""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Self
from uuid import UUID

from opps.domain.catalogue import Facet, Objective
from opps.domain.describe import EvaluatorId, Share, Title, doc
from opps.domain.facts.base import Fact, facets
from opps.domain.personal import Identity, Personal


class Role(StrEnum):
    """What an evaluator does in the decision."""

    DECISION_MAKER = "DECISION_MAKER"
    APPROVER = "APPROVER"
    ECONOMIC = "ECONOMIC"
    TECHNICAL = "TECHNICAL"
    USER = "USER"
    LEGAL = "LEGAL"
    PROCUREMENT = "PROCUREMENT"
    SECURITY = "SECURITY"
    INFLUENCER = "INFLUENCER"
    COACH = "COACH"


class InfluenceLevel(StrEnum):
    """How much an evaluator weighs in this decision."""

    NONE = "NONE"
    MINOR = "MINOR"
    SIGNIFICANT = "SIGNIFICANT"
    DECISIVE = "DECISIVE"


class LeaningLevel(StrEnum):
    """Where an evaluator leans, towards or against us."""

    OPPONENT = "OPPONENT"
    SCEPTIC = "SCEPTIC"
    NEUTRAL = "NEUTRAL"
    SUPPORTER = "SUPPORTER"
    CHAMPION = "CHAMPION"


class Stance(StrEnum):
    """Where an evaluator stands on changing anything at all."""

    FOR = "FOR"
    INDIFFERENT = "INDIFFERENT"
    AGAINST = "AGAINST"


class RelationKind(StrEnum):
    """How one evaluator relates to another."""

    INFLUENCES = "INFLUENCES"
    REPORTS_TO = "REPORTS_TO"
    CONFLICTS_WITH = "CONFLICTS_WITH"


class EngagementDepth(StrEnum):
    """How deep the contact with an evaluator went."""

    INTRODUCED = "INTRODUCED"
    TALKED = "TALKED"
    WORKED_WITH_US = "WORKED_WITH_US"


def steps_between(one: StrEnum, other: StrEnum) -> int:
    """Return how many steps of their scale lie between two values."""
    scale = list(type(one))
    return abs(scale.index(one) - scale.index(other))


class Evaluator(Fact, tag="evaluator", kw_only=True, frozen=True):
    """A person who evaluates, approves, signs, uses or can stop the purchase."""

    group: ClassVar = Objective.EVALUATORS
    horizon_days: ClassVar = 120

    evaluator_id: Annotated[UUID, doc("The evaluator: a random id, never derived from a name.")]
    title: Annotated[Title, doc("Function in the organisation, such as CFO; never a name.")]
    roles: Annotated[tuple[Role, ...], doc("What this evaluator does in the decision.")] = ()
    person: Annotated[
        Identity | None, doc("Link to the person, stored under that person's key.")
    ] = None

    @property
    def key(self) -> str:
        """One evaluator."""
        return f"evaluator:{self.evaluator_id}"

    def fills(self, us: UUID) -> frozenset[Facet]:
        """The authorities that the roles name."""
        return facets(
            DECISION_MAKER=Role.DECISION_MAKER in self.roles,
            ECONOMIC_AUTHORITY=Role.ECONOMIC in self.roles,
        )

    def introduces(self) -> tuple[str, UUID]:
        """The evaluator."""
        return ("evaluator", self.evaluator_id)


class Influence(Fact, tag="influence", kw_only=True, frozen=True):
    """How much one evaluator weighs in this decision."""

    group: ClassVar = Objective.EVALUATORS
    horizon_days: ClassVar = 120

    evaluator_id: Annotated[EvaluatorId, doc("Whose influence it is.")]
    level: Annotated[InfluenceLevel, doc("Weight in this decision.")]
    veto: Annotated[bool | None, doc("Can stop it alone.")] = None

    @property
    def key(self) -> str:
        """The influence of one evaluator."""
        return f"influence:{self.evaluator_id}"

    def fills(self, us: UUID) -> frozenset[Facet]:
        """Influence."""
        return facets(INFLUENCE=True)

    def contradicts(self, other: Self) -> bool:
        """Two steps apart."""
        return steps_between(self.level, other.level) >= 2


class Leaning(Fact, tag="leaning", kw_only=True, frozen=True):
    """Where one evaluator leans, towards or against us."""

    group: ClassVar = Objective.EVALUATORS
    horizon_days: ClassVar = 45

    evaluator_id: Annotated[EvaluatorId, doc("Whose leaning it is.")]
    level: Annotated[LeaningLevel, doc("Towards or against us.")]
    behaviour: Annotated[
        Personal | None,
        doc("What a champion did for us in our absence; stored under that person's key."),
    ] = None

    @property
    def key(self) -> str:
        """The leaning of one evaluator."""
        return f"leaning:{self.evaluator_id}"

    def fills(self, us: UUID) -> frozenset[Facet]:
        """Leaning, and how a champion behaved."""
        return facets(LEANING=True, CHAMPION_BEHAVIOUR=self.behaviour)

    def contradicts(self, other: Self) -> bool:
        """Two steps apart."""
        return steps_between(self.level, other.level) >= 2


class StanceOnChange(Fact, tag="stance", kw_only=True, frozen=True):
    """Where one evaluator stands on changing anything at all."""

    group: ClassVar = Objective.EVALUATORS
    horizon_days: ClassVar = 45

    evaluator_id: Annotated[EvaluatorId, doc("Whose stance it is.")]
    stance: Annotated[Stance, doc("For or against changing at all.")]

    @property
    def key(self) -> str:
        """The stance of one evaluator."""
        return f"stance:{self.evaluator_id}"

    def fills(self, us: UUID) -> frozenset[Facet]:
        """Stance on change."""
        return facets(STANCE_ON_CHANGE=True)

    def contradicts(self, other: Self) -> bool:
        """One is for changing, the other against."""
        return steps_between(self.stance, other.stance) >= 2


class Relation(Fact, tag="relation", kw_only=True, frozen=True):
    """How one evaluator relates to another."""

    group: ClassVar = Objective.EVALUATORS
    horizon_days: ClassVar = 120

    from_id: Annotated[EvaluatorId, doc("The evaluator who influences, reports or conflicts.")]
    to_id: Annotated[EvaluatorId, doc("The other evaluator.")]
    relation: Annotated[RelationKind, doc("What relates them.")]
    strength: Annotated[Share | None, doc("From 0, hardly, to 1, wholly.")] = None
    ended: Annotated[bool, doc("It held once, and no longer does.")] = False

    @property
    def key(self) -> str:
        """One relation; a person reports to one, and two in conflict are so both ways."""
        match self.relation:
            case RelationKind.REPORTS_TO:
                return f"relation:REPORTS_TO:{self.from_id}"
            case RelationKind.CONFLICTS_WITH:
                one, other = sorted((str(self.from_id), str(self.to_id)))
                return f"relation:CONFLICTS_WITH:{one}:{other}"
            case RelationKind.INFLUENCES:
                return f"relation:INFLUENCES:{self.from_id}:{self.to_id}"

    def fills(self, us: UUID) -> frozenset[Facet]:
        """Relation."""
        return facets(RELATION=True)

    def flaw(self) -> str | None:
        """It relates somebody to themselves."""
        return "nobody is related to themselves" if self.from_id == self.to_id else None


class Engagement(Fact, tag="engagement", kw_only=True, frozen=True):
    """The last real contact with one evaluator."""

    group: ClassVar = Objective.EVALUATORS
    horizon_days: ClassVar = 45

    evaluator_id: Annotated[EvaluatorId, doc("Who was engaged.")]
    engaged_on: Annotated[date, doc("Day of the contact.")]
    depth: Annotated[EngagementDepth, doc("How deep it went.")]

    @property
    def key(self) -> str:
        """The engagement of one evaluator."""
        return f"engagement:{self.evaluator_id}"

    def fills(self, us: UUID) -> frozenset[Facet]:
        """Engagement."""
        return facets(ENGAGEMENT=True)


class EvaluatorLeft(Fact, tag="evaluator_left", kw_only=True, frozen=True):
    """An evaluator is gone: what rests on that person no longer holds."""

    group: ClassVar = Objective.EVALUATORS

    evaluator_id: Annotated[EvaluatorId, doc("Who left.")]
    left_on: Annotated[date | None, doc("Last day, when it is known.")] = None
    successor_id: Annotated[EvaluatorId | None, doc("The evaluator who took over.")] = None

    @property
    def key(self) -> str:
        """The departure of one evaluator."""
        return f"evaluator_left:{self.evaluator_id}"

    def fills(self, us: UUID) -> frozenset[Facet]:
        """No facet: it empties what the person filled."""
        return frozenset()

    def flaw(self) -> str | None:
        """They are their own successor."""
        return "nobody succeeds themselves" if self.successor_id == self.evaluator_id else None
