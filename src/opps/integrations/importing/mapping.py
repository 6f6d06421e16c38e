"""What a mapping file says: how the events or field changes of a source become commands."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from msgspec import Meta, Struct

from opps.integrations.importing.columns import Cells, Column, FactsPart, ModelPart
from opps.integrations.importing.conversion import Formats
from opps.integrations.importing.errors import Problem
from opps.integrations.importing.hubspot.settings import HubspotPart
from opps.integrations.importing.salesforce.settings import SalesforcePart
from opps.integrations.importing.times import Times

Words = Annotated[str, Meta(min_length=1)]


class SourceFormat(StrEnum):
    """What kind of file a mapping is for."""

    XES = "xes"
    HISTORY_CSV = "history-csv"
    FACTS_CSV = "facts-csv"
    HUBSPOT_CSV = "hubspot-csv"
    SALESFORCE_CSV = "salesforce-csv"


class Rule(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What becomes of the rows that match: a command, or a count under a name and no event.

    A row must match, and have `there` what the rule draws on. `also` lets it go on to the rules
    below: one row may say several things. `values` translates the texts of an attribute before
    `fields` draw on it.
    """

    match: dict[str, str | list[str]] = {}
    there: tuple[Words, ...] = ()
    also: bool = False
    command: Words | None = None
    fields: dict[str, Any] = {}
    values: dict[str, dict[str, str]] = {}
    counted: Words | None = None


class OpportunityPart(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How an opportunity opens; `opened_at` names the attribute that says when."""

    title: Words | list[Words]
    currency: Words | list[Words]
    external_id: Words | None = None
    opened_at: Words | None = None
    amount: Words | None = None
    fields: dict[str, Any] = {}


class AccountPart(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who buys: one account for each external id, or for each name where no id is given."""

    name: Words | list[Words]
    external_id: Words | list[Words] | None = None


class ActorPart(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who acted in the source, and as what they appear in the log.

    `register` makes persons of them: their names are then stored, each under the person's own key.
    """

    attribute: Words | None = None
    role: Words = "SELLER"
    register: bool = False


class LifecyclePart(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which rows only announce a later one of the same item: they are counted, not stored."""

    attribute: Words = "lifecycle:transition"
    item: Words = "concept:name"
    announcing: tuple[Words, ...] = ("schedule", "SCHEDULE", "start", "START")
    done: tuple[Words, ...] = ("complete", "COMPLETE")


class CsvPart(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How a CSV file is written; `columns` gives the file's own name of a standard column."""

    delimiter: Annotated[str, Meta(min_length=1, max_length=1)] = ","
    encoding: Words = "utf-8"
    columns: dict[str, str] = {}


class ReferencePart(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A list of what may stand in a column of a table, in a file of its own.

    `key` is its column there. `tells` are columns of the list that the row is told too, each under
    a name of its own.
    """

    column: Words
    key: Words | None = None
    tells: dict[Words, Words] = {}


class Mapping(Struct, frozen=True, kw_only=True):
    """A mapping file, read. `source` is part of every id: never change it after an import."""

    path: Path
    digest: str
    source: str
    format: SourceFormat
    opportunity: OpportunityPart
    account: AccountPart
    actors: ActorPart = ActorPart()
    times: Times = Times()
    formats: Formats = Formats()
    lifecycle: LifecyclePart | None = None
    csv: CsvPart = CsvPart()
    facts: FactsPart = FactsPart()
    columns: dict[str, Column] = {}
    references: dict[str, ReferencePart] = {}
    hubspot: HubspotPart = HubspotPart()
    model: ModelPart = ModelPart()
    salesforce: SalesforcePart = SalesforcePart()
    rules: tuple[Rule, ...] = ()
    unmatched: Rule | None = None
    when_closed: Rule | None = None
    lines: dict[str, int] = {}

    @property
    def needs_rule(self) -> bool:
        """Whether each row must meet a rule: a table of attributes may leave all of them open."""
        return bool(self.rules) or self.format is not SourceFormat.FACTS_CSV

    def cells(self) -> Cells:
        """Return what reads the cells of a row."""
        return Cells(self.columns, self.facts)

    @property
    def time_attribute(self) -> str:
        """The attribute of a row that says when."""
        return self.times.attribute or _STANDARD[self.format][0]

    @property
    def actor_attribute(self) -> str:
        """The attribute of a row that says who."""
        return self.actors.attribute or _STANDARD[self.format][1]

    @property
    def id_attribute(self) -> str:
        """The attribute of a case that tells it from others."""
        return self.opportunity.external_id or _STANDARD[self.format][2]

    def problem(self, place: str, message: str) -> Problem:
        """Return a problem with the line of its place."""
        parts = place.split(".")
        lines = (self.lines.get(".".join(parts[:end])) for end in range(len(parts), 0, -1))
        return Problem(place, message, next(filter(None, lines), None))


# When, who, and which case: as each format names them.
_STANDARD = {
    SourceFormat.XES: ("time:timestamp", "org:resource", "concept:name"),
    SourceFormat.HISTORY_CSV: ("occurred_at", "actor", "external_id"),
    SourceFormat.FACTS_CSV: ("occurred_at", "actor", "row"),
    SourceFormat.HUBSPOT_CSV: ("timestamp", "actor", "deal_id"),
    SourceFormat.SALESFORCE_CSV: ("CreatedDate", "actor", "Id"),
}
