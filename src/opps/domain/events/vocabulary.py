"""The words in which events speak."""

from enum import StrEnum


class CustomerKind(StrEnum):
    """Whether the account had bought before the opportunity opened."""

    NEW = "NEW"
    EXISTING = "EXISTING"


class TeamFunction(StrEnum):
    """What a member does on our team."""

    SELLER = "SELLER"
    MANAGER = "MANAGER"
    PRODUCT = "PRODUCT"
    ENGINEERING = "ENGINEERING"
    FINANCE = "FINANCE"
    ANALYST = "ANALYST"
    EXECUTIVE = "EXECUTIVE"


class ForecastCategory(StrEnum):
    """What the seller promises of an opportunity."""

    PIPELINE = "PIPELINE"
    BEST_CASE = "BEST_CASE"
    COMMIT = "COMMIT"
    OMITTED = "OMITTED"


class CommitBasis(StrEnum):
    """What a commit date rests on."""

    BUYER_STATED = "BUYER_STATED"
    OURS = "OURS"


class LossKind(StrEnum):
    """To whom an opportunity was lost."""

    RIVAL = "RIVAL"
    UNSPECIFIED = "UNSPECIFIED"


class NoDecisionReason(StrEnum):
    """Why a customer decided nothing."""

    STATUS_QUO = "STATUS_QUO"
    INDECISION = "INDECISION"
    FUNDING = "FUNDING"
    CANCELLED = "CANCELLED"
    DEFERRED = "DEFERRED"


class Outcome(StrEnum):
    """How an opportunity ended."""

    WON = "WON"
    LOST = "LOST"
    NO_DECISION = "NO_DECISION"
    DISQUALIFIED = "DISQUALIFIED"


class Supersession(StrEnum):
    """Why one fact replaces another: the world changed, or we learned better."""

    WORLD_CHANGED = "WORLD_CHANGED"
    WE_LEARNED_BETTER = "WE_LEARNED_BETTER"


class RetractionReason(StrEnum):
    """Why a fact never was knowledge; IMPORT_REVERTED: what brought it was taken back."""

    MISHEARD = "MISHEARD"
    SOURCE_WITHDREW = "SOURCE_WITHDREW"
    WRONG_OPPORTUNITY = "WRONG_OPPORTUNITY"
    DUPLICATE = "DUPLICATE"
    ENTRY_ERROR = "ENTRY_ERROR"
    IMPORT_REVERTED = "IMPORT_REVERTED"


class DecisionKind(StrEnum):
    """What our side decided."""

    GATE = "GATE"
    DISCOUNT = "DISCOUNT"
    FORECAST = "FORECAST"


class ActorRole(StrEnum):
    """What somebody may do in an organisation goes by the role they act in."""

    SELLER = "SELLER"
    """Works on opportunities."""
    MANAGER = "MANAGER"
    """Answers for sellers, and approves scoring models."""
    AUDITOR = "AUDITOR"
    """Looks at who saw and recorded what, and changes nothing."""
    INTEGRATOR = "INTEGRATOR"
    """A program that brings facts in or takes them out."""
    ADMIN = "ADMIN"
    """Runs the installation."""
    DPO = "DPO"
    """Answers for personal data: the data protection officer."""
