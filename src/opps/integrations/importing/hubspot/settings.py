"""What a mapping says of HubSpot alone: its currency, its stages, and names of its own."""

from typing import Annotated

from msgspec import Meta, Struct

from opps.domain.money import Currency
from opps.integrations.importing.crm import Label, Meaning


class HubspotPart(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How a company uses HubSpot; what is absent is found in the export, or standard.

    `currency` is that of deals that name none. `stages` say what a stage means, by its id or its
    label, where the table of stages does not. `columns` give the export's own name of a column,
    `properties` that of a property.
    """

    currency: Currency | None = None
    delimiter: Annotated[str, Meta(min_length=1, max_length=1)] | None = None
    encoding: Label | None = None
    stages: dict[Label, Meaning] = {}
    columns: dict[Label, Label] = {}
    properties: dict[Label, Label] = {}
