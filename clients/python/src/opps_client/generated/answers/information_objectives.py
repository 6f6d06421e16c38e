"""The nine things a sales team must know: the static list that anyone can recite.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from ...operation import Operation
from ...parts import Answer
from ..enums import Facet, FactKind, Family, Objective


class InformationObjectivesFacets(Answer, frozen=True, kw_only=True):
    """One aspect of an objective."""

    facet: Facet
    required: bool


class InformationObjectivesFactKinds(Answer, frozen=True, kw_only=True):
    """A kind of fact."""

    kind: FactKind
    description: str
    horizon_days: int | None


class InformationObjectives(Answer, frozen=True, kw_only=True):
    """One of the nine things that a sales team must know: a static list that anyone can recite."""

    objective: Objective
    family: Family
    question: str
    facets: list[InformationObjectivesFacets]
    fact_kinds: list[InformationObjectivesFactKinds]


class InformationObjectivesQuery(Answer, frozen=True, kw_only=True):
    """The nine things a sales team must know: the static list that anyone can recite."""

    information_objectives: list[InformationObjectives]


INFORMATION_OBJECTIVES = Operation(
    "InformationObjectives",
    """# The nine things a sales team must know: the static list that anyone can recite.
query InformationObjectives {
  informationObjectives {
    objective
    family
    question
    facets { facet required }
    factKinds { kind description horizonDays }
  }
}
""",
    InformationObjectivesQuery,
)
