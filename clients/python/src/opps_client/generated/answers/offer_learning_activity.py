"""Offer something to learn: about which objectives, and for want of knowledge or of skill.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from ...operation import Operation
from ...parts import Answer
from ..enums import GapCause, Objective


class OfferLearningActivityActivities(Answer, frozen=True, kw_only=True):
    """A learning activity of the organisation."""

    activity: str
    title: str
    objectives: list[Objective]
    causes: list[GapCause]
    hours: float


class OfferLearningActivityUserErrors(Answer, frozen=True, kw_only=True):
    """Why a command was not carried out; nothing was stored."""

    code: str
    message: str


class OfferLearningActivity(Answer, frozen=True, kw_only=True):
    """What a command on the learning activities answers."""

    version: int | None
    activities: list[OfferLearningActivityActivities]
    user_errors: list[OfferLearningActivityUserErrors]


class OfferLearningActivityMutation(Answer, frozen=True, kw_only=True):
    """Offer something to learn: about which objectives, and for want of knowledge or of skill."""

    offer_learning_activity: OfferLearningActivity


OFFER_LEARNING_ACTIVITY = Operation(
    "OfferLearningActivity",
    """# Offer something to learn: about which objectives, and for want of knowledge or of skill.
mutation OfferLearningActivity($input: OfferLearningActivityInput!) {
  offerLearningActivity(input: $input) {
    version
    activities {
      activity
      title
      objectives
      causes
      hours
    }
    userErrors {
      code
      message
    }
  }
}
""",
    OfferLearningActivityMutation,
)
