"""How well opinions of closed opportunities came true, as they stood before the end.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from ...operation import Operation
from ...parts import Answer
from ..enums import Moment, Whose


class CalibrationOverall(Answer, frozen=True, kw_only=True):
    """How well opinions of closed opportunities came true; each opportunity counts once."""

    whose: Whose
    moment: Moment
    n: int
    enough: bool
    base_rate: float | None
    brier: float | None
    skill: float | None
    sentence: str


class CalibrationSellersOpinions(Answer, frozen=True, kw_only=True):
    """How well opinions of closed opportunities came true; each opportunity counts once."""

    whose: Whose
    moment: Moment
    n: int
    enough: bool
    base_rate: float | None
    brier: float | None
    skill: float | None
    sentence: str


class CalibrationSellers(Answer, frozen=True, kw_only=True):
    """The opinions about one seller's opportunities: for that seller to learn from, in no
    order.
    """

    seller_id: str
    opinions: list[CalibrationSellersOpinions]


class CalibrationModelsOpinions(Answer, frozen=True, kw_only=True):
    """How well opinions of closed opportunities came true; each opportunity counts once."""

    whose: Whose
    moment: Moment
    n: int
    enough: bool
    base_rate: float | None
    brier: float | None
    skill: float | None
    sentence: str


class CalibrationModels(Answer, frozen=True, kw_only=True):
    """The scores that one scoring model gave."""

    model: str
    opinions: list[CalibrationModelsOpinions]


class Calibration(Answer, frozen=True, kw_only=True):
    """How well opinions came true, as they stood before the end, by what had been told then.
    What was disqualified or merged is left out: nobody decided it.
    """

    least: int
    overall: list[CalibrationOverall]
    sellers: list[CalibrationSellers]
    models: list[CalibrationModels]


class CalibrationQuery(Answer, frozen=True, kw_only=True):
    """How well opinions of closed opportunities came true, as they stood before the end."""

    calibration: Calibration


CALIBRATION = Operation(
    "Calibration",
    """# How well opinions of closed opportunities came true, as they stood before the end.
query Calibration {
  calibration {
    least
    overall { ...How }
    sellers { sellerId opinions { ...How } }
    models { model opinions { ...How } }
  }
}

fragment How on OpinionCalibration {
  whose
  moment
  n
  enough
  baseRate
  brier
  skill
  sentence
}
""",
    CalibrationQuery,
)
