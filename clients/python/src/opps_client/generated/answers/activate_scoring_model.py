"""Bring a version of the score into force, for managers: every open opportunity is scored by it.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from datetime import datetime

from ...operation import Operation
from ...parts import Answer
from ..enums import Gate


class ActivateScoringModelScoringModelPeriods(Answer, frozen=True, kw_only=True):
    """A time in which a model scored every open opportunity."""

    since: datetime | None
    until: datetime | None
    approver_id: str | None
    reason: str | None
    gate: Gate


class ActivateScoringModelScoringModel(Answer, frozen=True, kw_only=True):
    """A version of the score, whole: its name stands for its content for ever."""

    name: str
    in_force: bool
    periods: list[ActivateScoringModelScoringModelPeriods]


class ActivateScoringModelUserErrors(Answer, frozen=True, kw_only=True):
    """Why a command was not carried out; nothing was stored."""

    code: str
    message: str
    path: list[str]


class ActivateScoringModel(Answer, frozen=True, kw_only=True):
    """What a command on a scoring model answers."""

    position: int | None
    replayed: bool
    scoring_model: ActivateScoringModelScoringModel | None
    user_errors: list[ActivateScoringModelUserErrors]


class ActivateScoringModelMutation(Answer, frozen=True, kw_only=True):
    """Bring a version of the score into force, for managers: every open opportunity is scored
    by it.
    """

    activate_scoring_model: ActivateScoringModel


ACTIVATE_SCORING_MODEL = Operation(
    "ActivateScoringModel",
    """# Bring a version of the score into force, for managers: every open opportunity is scored by it.
mutation ActivateScoringModel($input: ActivateScoringModelInput!) {
  activateScoringModel(input: $input) {
    position
    replayed
    scoringModel { name inForce periods { since until approverId reason gate } }
    userErrors { code message path }
  }
}
""",
    ActivateScoringModelMutation,
)
