"""Name a performance gap of a seller, with what to ask first; its words belong to the seller.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from uuid import UUID

from ...operation import Operation
from ...parts import Answer
from ..enums import GapCause, GapStatus, Indicator, Objective


class IdentifyGapGapNote(Answer, frozen=True, kw_only=True):
    """Text about a person; it reads as redacted once it was erased."""

    subject: str
    text: str | None


class IdentifyGapGapToAsk(Answer, frozen=True, kw_only=True):
    """A cause of gaps, and how to find it."""

    cause: GapCause
    questions: list[str]
    learning_cures: bool
    cure: str


class IdentifyGapGap(Answer, frozen=True, kw_only=True):
    """A performance gap of one seller: found before results suffer, never beside others."""

    gap_id: UUID
    status: GapStatus
    indicator: Indicator | None
    objective: Objective | None
    note: IdentifyGapGapNote | None
    to_ask: list[IdentifyGapGapToAsk]


class IdentifyGapUserErrors(Answer, frozen=True, kw_only=True):
    """Why a command was not carried out; nothing was stored."""

    code: str
    message: str


class IdentifyGap(Answer, frozen=True, kw_only=True):
    """What a command on a performance gap answers."""

    version: int | None
    gap: IdentifyGapGap | None
    user_errors: list[IdentifyGapUserErrors]


class IdentifyGapMutation(Answer, frozen=True, kw_only=True):
    """Name a performance gap of a seller, with what to ask first; its words belong to the
    seller.
    """

    identify_gap: IdentifyGap


IDENTIFY_GAP = Operation(
    "IdentifyGap",
    """# Name a performance gap of a seller, with what to ask first; its words belong to the seller.
mutation IdentifyGap($input: IdentifyGapInput!) {
  identifyGap(input: $input) {
    version
    gap {
      gapId
      status
      indicator
      objective
      note {
        subject
        text
      }
      toAsk {
        cause
        questions
        learningCures
        cure
      }
    }
    userErrors {
      code
      message
    }
  }
}
""",
    IdentifyGapMutation,
)
