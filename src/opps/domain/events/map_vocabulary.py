"""The words of the account map: outcome and its figures, gates and their evidence."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from msgspec.structs import force_setattr

from opps.domain.catalogue import Facet, Objective
from opps.domain.describe import Code, Count, Text, Title, doc
from opps.domain.exact import Digits
from opps.domain.facet_state import FacetState, MinimumState
from opps.domain.money import Money

Statement = Annotated[str, Meta(min_length=1, max_length=1000)]
Percent = Annotated[int, Meta(ge=0, le=100)]
FIGURE = Digits("a figure", before=18, after=6)


def keep_figures(struct: Struct, *names: str) -> None:
    """Keep one form of each figure that is given: every drift can be worked out with it.

    Raises:
        ValueError: it is not finite, or beyond 18 digits before or 6 after the point.
    """
    for name in names:
        if (number := getattr(struct, name)) is not None:
            force_setattr(struct, name, FIGURE.of(number))


class OutcomeDimension(StrEnum):
    """In what a desired outcome is measured: what is sold, by when, and what it achieves."""

    SALE = "SALE"
    TIMELINE = "TIMELINE"
    PERFORMANCE = "PERFORMANCE"


class Side(StrEnum):
    """On which side of the table something lies."""

    US = "US"
    CUSTOMER = "CUSTOMER"


class SaleTarget(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is to be sold."""

    product: Annotated[Title, doc("What is sold.")]
    amount: Annotated[Money, doc("For how much, in the opportunity's currency.")]
    quantity: Annotated[Count | None, doc("How many.")] = None


class Metric(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A figure of the customer by which it will be seen that it worked."""

    metric_id: Annotated[UUID, doc("The figure; the same id when the outcome is revised.")]
    name: Annotated[Title, doc("What is measured.")]
    unit: Annotated[Code, doc("In which unit, such as percent.")]
    baseline: Annotated[Decimal | None, doc("Where it stands today.")] = None
    target: Annotated[Decimal | None, doc("Where it should be.")] = None

    def __post_init__(self) -> None:
        """Keep only numbers that can be compared; raises what `keep_figures` raises."""
        keep_figures(self, "baseline", "target")


class Tolerance(Struct, frozen=True, kw_only=True):
    """How far a projection may lie behind its target before it counts as drift."""

    sale_percent: Annotated[Percent, doc("Percent of the amount.")] = 10
    days: Annotated[Count, doc("Days after the date.")] = 14
    performance_percent: Annotated[Percent, doc("Percent of the change of a figure.")] = 10


class DesiredOutcome(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a deal is to come to, in about 30 words, measured in three dimensions."""

    statement: Annotated[Statement, doc("In about 30 words.")]
    sale: Annotated[SaleTarget | None, doc("What is to be sold.")] = None
    by: Annotated[date | None, doc("By when.")] = None
    performance: Annotated[tuple[Metric, ...], doc("What it achieves for the customer.")] = ()
    tolerance: Annotated[
        Tolerance | None, doc("How far off is still on track; 10 %, 14 days, 10 % when absent.")
    ] = None


class ExitEvidence(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What must be known, and how well, before a gate is passed."""

    objective: Annotated[Objective, doc("The information objective.")]
    minimum: Annotated[MinimumState, doc("How well it must be known at least.")]
    facet: Annotated[Facet | None, doc("One facet of it; all that are required if absent.")] = None


class GateTemplate(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A gate of a sales process."""

    gate: Annotated[Code, doc("Its code, unique in the process.")]
    name: Annotated[Title, doc("What it is called.")]
    due_after_days: Annotated[Count | None, doc("How many days after the start it is due.")] = None
    evidence: Annotated[tuple[ExitEvidence, ...], doc("What must be known.")] = ()


class PlannedGate(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A gate as it was copied into a deal."""

    gate: Code
    name: Title
    due: date | None = None
    evidence: tuple[ExitEvidence, ...] = ()


class EvidenceMet(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What opps found when a gate was passed: known well enough, by these facts."""

    objective: Annotated[Objective, doc("The information objective.")]
    minimum: Annotated[MinimumState, doc("How well it had to be known.")]
    found: Annotated[FacetState, doc("How well it was known.")]
    facet: Annotated[Facet | None, doc("The facet; all that are required if absent.")] = None
    facts: Annotated[tuple[UUID, ...], doc("The facts that it rested on.")] = ()


class Waiver(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was not known well enough when a gate was passed, and who let it pass, and why."""

    objective: Annotated[Objective, doc("The information objective.")]
    minimum: Annotated[MinimumState, doc("How well it had to be known.")]
    found: Annotated[FacetState, doc("How well it was known.")]
    reason: Annotated[Text, doc("Why it was let pass.")]
    approver: Annotated[UUID, doc("Who let it pass; never the owner.")]
    facet: Annotated[Facet | None, doc("The facet; all that are required if absent.")] = None
