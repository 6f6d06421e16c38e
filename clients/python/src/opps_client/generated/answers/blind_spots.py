"""What nobody has looked at, and the reason to look: what is known calls for it, others had it, or it came out late.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from uuid import UUID

from ...operation import Operation
from ...parts import Answer
from ..enums import Facet, Gap, Objective, Suspicion


class OpportunityBlindSpots(Answer, frozen=True, kw_only=True):
    """Something that nobody has looked at, with the reason to look. A question turns it into
    something that we know we do not know.
    """

    suspicion: Suspicion
    facet: Facet
    objective: Objective
    because: str
    words: str
    gap: Gap | None
    subject_id: UUID | None
    n: int | None
    share: float | None


class Opportunity(Answer, frozen=True, kw_only=True):
    """One potential decision of one customer, with what is known about it, what is not, and
    what that makes of our chances.
    """

    id: str
    title: str
    blind_spots: list[OpportunityBlindSpots]


class BlindSpotsQuery(Answer, frozen=True, kw_only=True):
    """What nobody has looked at, and the reason to look: what is known calls for it, others had
    it, or it came out late.
    """

    opportunity: Opportunity | None


BLIND_SPOTS = Operation(
    "BlindSpots",
    """# What nobody has looked at, and the reason to look: what is known calls for it, others had it, or it came out late.
query BlindSpots($id: ID!, $suspicions: [Suspicion!]) {
  opportunity(id: $id) {
    id
    title
    blindSpots(suspicions: $suspicions) {
      suspicion
      facet
      objective
      because
      words
      gap
      subjectId
      n
      share
    }
  }
}
""",
    BlindSpotsQuery,
)
