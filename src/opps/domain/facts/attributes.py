"""What another system's list says of an opportunity, attribute by attribute."""

from typing import Annotated, ClassVar, Self
from uuid import UUID

from opps.domain.catalogue import Facet, Objective
from opps.domain.describe import Code, doc
from opps.domain.facts.base import Fact
from opps.domain.model import UNANSWERED


class Attribute(Fact, tag="attribute", kw_only=True, frozen=True):
    """A qualitative attribute in the words of its source, and the facet that it speaks to."""

    horizon_days: ClassVar = 120

    attribute: Annotated[Code, doc("The attribute, as the source names it.")]
    facet: Annotated[Facet, doc("The facet it speaks to.")]
    value: Annotated[
        Code | None, doc("What it says; absent when the buyer was asked and did not tell.")
    ] = None

    @property
    def objective(self) -> Objective:
        """The objective of its facet."""
        return self.facet.objective

    @property
    def key(self) -> str:
        """One attribute."""
        return f"attribute:{self.attribute}"

    def fills(self, us: UUID) -> frozenset[Facet]:
        """The facet it names, once it has a value."""
        return frozenset() if self.value is None else frozenset({self.facet})

    def flaw(self) -> str | None:
        """The mark of what was not told is no value of an attribute."""
        if self.value == UNANSWERED:
            return f"{UNANSWERED} is no value: leave it out where the buyer did not tell"
        return None

    def contradicts(self, other: Self) -> bool:
        """Two values, where both were told."""
        return None not in (self.value, other.value) and self.value != other.value
