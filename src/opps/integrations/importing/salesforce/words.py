"""Texts of Salesforce in our words: stages, categories, roles, numbers, days."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from opps.domain.events import ForecastCategory
from opps.domain.facts.evaluators import Role
from opps.integrations.importing.conversion import Formats
from opps.integrations.importing.crm import Meaning, is_true
from opps.integrations.importing.errors import RowRefused
from opps.integrations.importing.salesforce.objects import plain
from opps.integrations.importing.salesforce.settings import SalesforcePart

_MOST_DIGITS = 30
_STAGES = {"closed won": Meaning.WON, "closed lost": Meaning.LOST}
_CATEGORIES = {
    "omitted": ForecastCategory.OMITTED,
    "pipeline": ForecastCategory.PIPELINE,
    "bestcase": ForecastCategory.BEST_CASE,
    "mostlikely": ForecastCategory.BEST_CASE,
    "forecast": ForecastCategory.COMMIT,
    "commit": ForecastCategory.COMMIT,
}
_ROLES = {
    "decisionmaker": Role.DECISION_MAKER,
    "economicbuyer": Role.ECONOMIC,
    "economicdecisionmaker": Role.ECONOMIC,
    "technicalbuyer": Role.TECHNICAL,
    "businessuser": Role.USER,
    "influencer": Role.INFLUENCER,
}
CLOSED_CATEGORY = "closed"
_ISO_DAY = len("2026-03-31")


class Words:
    """Reads the words of one organisation: its mapping, then its export, then the standard ones."""

    def __init__(
        self, part: SalesforcePart, formats: Formats, stages: Mapping[str, tuple[str, str]]
    ) -> None:
        self._part = part
        self._formats = formats
        self._stages = stages

    @property
    def own_days(self) -> bool:
        """Whether days are written in a way of their own, which the mapping tells."""
        return self._formats.date is not None

    def meaning(self, stage: str, closed: str | None = None, won: str | None = None) -> Meaning:
        """Return what a stage means; `closed` and `won` are what its own row says of it."""
        if stage in self._part.stages:
            return self._part.stages[stage]
        if not closed:
            closed, won = self._stages.get(stage, ("", ""))
        if not closed:
            return _STAGES.get(stage.strip().casefold(), Meaning.OPEN)
        if not is_true(closed):
            return Meaning.OPEN
        return Meaning.WON if is_true(won) else Meaning.LOST

    def category(self, text: str) -> ForecastCategory | None:
        """Return a forecast category; None for one that nobody has told the meaning of."""
        return self._part.forecast_categories.get(text) or _CATEGORIES.get(plain(text))

    def role(self, text: str) -> Role | None:
        """Return what somebody does in a decision; None for what is no role of ours."""
        return self._part.roles.get(text) or _ROLES.get(plain(text))

    def number(self, text: str) -> str:
        """Return a number written in one way, so that 100 and 100.00 say the same."""
        formats = self._formats
        told = text.strip()
        if formats.thousands:
            told = told.replace(formats.thousands, "")
        try:
            number = Decimal(told.replace(formats.decimal, ".")).normalize()
        except ArithmeticError:
            return text
        # With an exponent, a few characters say what takes gigabytes to write out.
        short = number.is_finite() and abs(number.adjusted()) <= _MOST_DIGITS
        return format(number, "f") if short else text

    def share(self, text: str) -> str:
        """Return a percentage as a share of one.

        Raises:
            RowRefused: it is no percentage.
        """
        if not text.strip():
            return ""
        try:
            told = Decimal(self.number(text).rstrip("% "))
        except InvalidOperation:
            told = Decimal(-1)
        if not (told.is_finite() and 0 <= told <= 100):
            raise RowRefused(
                "VALUE_UNFIT",
                f"Probability is {text!r}, which is no percentage from 0 to 100",
                "mend it in Salesforce and export once more, or leave the column out",
            )
        return format((told / 100).normalize(), "f")

    def day(self, text: str) -> str:
        """Return a day as 2026-03-31, where it is written so or as the mapping says."""
        told = text.strip()
        if self._formats.date is None:
            return told[:_ISO_DAY]
        try:
            return datetime.strptime(told, self._formats.date).date().isoformat()
        except ValueError:
            return told

    def as_date(self, text: str) -> date | None:
        """Return a day; None for what is none."""
        try:
            return date.fromisoformat(self.day(text))
        except ValueError:
            return None
