"""What a mapping says of Salesforce alone: its stages, categories and roles in our words."""

from typing import Annotated

from msgspec import Meta, Struct

from opps.domain.events import ForecastCategory
from opps.domain.facts.evaluators import Role
from opps.domain.money import Currency
from opps.integrations.importing.crm import Label, Meaning


class SalesforcePart(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How an organisation uses Salesforce; what is absent is found in the export, or standard.

    `currency` is that of an export without currencies, `columns` give the export's own name of a
    standard column. A stage that is not in `stages` means what IsClosed and IsWon of the
    opportunities in it say.
    """

    currency: Currency | None = None
    deleted: bool = False
    delimiter: Annotated[str, Meta(min_length=1, max_length=1)] | None = None
    encoding: Label | None = None
    stages: dict[Label, Meaning] = {}
    forecast_categories: dict[Label, ForecastCategory] = {}
    roles: dict[Label, Role] = {}
    columns: dict[Label, Label] = {}
