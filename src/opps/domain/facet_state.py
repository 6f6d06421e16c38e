"""How well a facet can be known, and which state is better than which."""

from enum import StrEnum


class FacetState(StrEnum):
    """How well a facet is known; the first that matches wins."""

    NOT_APPLICABLE = "NOT_APPLICABLE"
    CONTRADICTED = "CONTRADICTED"
    STALE = "STALE"
    CORROBORATED = "CORROBORATED"
    EVIDENCED = "EVIDENCED"
    CLAIMED = "CLAIMED"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    UNEXAMINED = "UNEXAMINED"


KNOWN_WELL = frozenset({FacetState.CORROBORATED, FacetState.EVIDENCED})

# From the least known on: an objective is as well known as the first of these among its facets.
WORST_FIRST = (
    FacetState.UNEXAMINED,
    FacetState.ACKNOWLEDGED,
    FacetState.CONTRADICTED,
    FacetState.STALE,
    FacetState.CLAIMED,
    FacetState.EVIDENCED,
    FacetState.CORROBORATED,
    FacetState.NOT_APPLICABLE,
)


class MinimumState(StrEnum):
    """How well something must be known at least: each is the state of a facet."""

    ACKNOWLEDGED = "ACKNOWLEDGED"
    CLAIMED = "CLAIMED"
    EVIDENCED = "EVIDENCED"
    CORROBORATED = "CORROBORATED"

    def met_by(self, state: FacetState) -> bool:
        """Tell whether a state is as good; what does not apply holds nobody up."""
        return WORST_FIRST.index(state) >= WORST_FIRST.index(FacetState(self.value))
