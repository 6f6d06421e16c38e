"""Small source files and mappings, and what an import left in the log."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from opps.application import Application
from opps.domain.events import Event
from opps.domain.recorded import Recorded
from opps.integrations.importing import Mapping, read_mapping
from opps.recording import codec

EXAMPLES = Path(__file__).parents[3] / "examples"
TODAY = datetime(2026, 11, 2, 12, tzinfo=UTC)

XES_MAPPING = """
source = "orders"
format = "xes"
[opportunity]
title = "Order {concept:name}"
currency = "EUR"
[account]
name = "Customers"
[lifecycle]
[[rules]]
match = { "concept:name" = "offer" }
command = "RecordProposalSent"
fields = { proposal = "Offer {ordinal}" }
[[rules]]
match = { "concept:name" = "worth" }
command = "EstimateAmount"
fields = { amount = "{amount}" }
[[rules]]
match = { "concept:name" = "won" }
command = "WinOpportunity"
[[rules]]
match = { "concept:name" = "stage" }
command = "SetStage"
fields = { stage = "{stage}" }
"""

CSV_MAPPING = """
source = "crm"
format = "history-csv"
[opportunity]
title = ["{name}", "Deal {external_id}"]
currency = "EUR"
[account]
name = "Customers"
[times]
zone = "Europe/Madrid"
[[rules]]
match = { field = "amount" }
command = "EstimateAmount"
fields = { amount = "{new_value}" }
[[rules]]
match = { field = "forecast" }
command = "SetForecastCategory"
fields = { category = "{new_value}" }
values.new_value = { Commit = "COMMIT", Pipeline = "PIPELINE" }
[[rules]]
match = { field = "stage" }
command = "SetStage"
fields = { stage = "{new_value}" }
[[rules]]
match = { field = "name" }
command = "RenameOpportunity"
fields = { title = "{new_value}" }
"""

HEADER = "external_id,field,old_value,new_value,occurred_at,actor,source"


def mapping(directory: Path, text: str) -> Mapping:
    """Return a mapping written down in a test."""
    path = directory / "mapping.toml"
    path.write_text(text)
    return read_mapping(path)


def event(name: str, at: str = "2026-03-02T09:00:00+01:00", **attributes: str) -> str:
    """Return an event of XES; `lifecycle` and `who` stand for the standard attributes."""
    said = {
        "concept:name": name,
        "time:timestamp": at,
        "lifecycle:transition": attributes.pop("lifecycle", "complete"),
        "org:resource": attributes.pop("who", "nuria"),
        **attributes,
    }
    return "<event>" + _attributes(said) + "</event>"


def trace(external_id: str, *events: str, **attributes: str) -> str:
    return (
        "<trace>"
        + _attributes({"concept:name": external_id, **attributes})
        + "".join(events)
        + "</trace>"
    )


def xes(directory: Path, *traces: str, name: str = "orders.xes") -> Path:
    """Return a file of XES, each trace on a line of its own from the second one on."""
    path = directory / name
    path.write_text("\n".join(["<log>", *traces, "</log>"]))
    return path


def csv(directory: Path, *rows: str, header: str = HEADER) -> Path:
    path = directory / "history.csv"
    path.write_text("\n".join([header, *rows, ""]))
    return path


def stored(application: Application, tenant: UUID) -> list[Recorded[Event]]:
    """Return the log of a tenant."""
    return [codec.decode(one) for one in application.log.read(tenant, 0, 1_000)]


def tags(recorded: Sequence[Recorded[Event]]) -> list[str]:
    """Return the kinds of the events, without what an import says about itself."""
    found = [codec.tag_of(one.event) for one in recorded]
    return [tag for tag in found if not tag.startswith(("Import", "Account"))]


def _attributes(said: dict[str, str]) -> str:
    return "".join(f'<string key="{key}" value="{value}"/>' for key, value in said.items())


FACTS_MAPPING = """
source = "review"
format = "facts-csv"
[csv]
delimiter = ";"
[opportunity]
external_id = "deal"
title = "Deal {deal}"
currency = "EUR"
[account]
name = "Customers"
[times]
unknown = true
[facts]
source = "BUYER_SAID"
unanswered = ["not told"]
not_asked = ["n/a"]
[[rules]]
match = { ended = "won" }
command = "WinOpportunity"
[[rules]]
match = { ended = "lost" }
command = "LoseOpportunity"
fields = { loss_kind = "UNSPECIFIED" }
[[rules]]
match = { ended = "open" }
command = "SetStage"
fields = { stage = "Open" }
[columns.budget]
facet = "FUNDING_STATUS"
weight = { happen = 0.5 }
[columns.budget.values]
approved = { grade = 0.6, because = "It has its money." }
wished = { grade = -0.2, because = "It has none yet." }
"not told" = { grade = -0.6, because = "Who has money can say so." }
[columns.rivals]
facet = "CONSIDERED_SET"
source = "SELLER_OBSERVATION"
corrected = { nobody = "none" }
weight = { win = 1.0 }
[columns.rivals.values]
none = { grade = 0.6, because = "Only doing nothing is left." }
several = { grade = -0.6, because = "One of many." }
[columns.lead]
context = true
weight = { win = 0.4 }
[columns.lead.values]
referral = { grade = 0.4, because = "Somebody vouched for us." }
fair = { grade = 0.0, because = "They came to look." }
[columns.seller]
never = true
free = true
"""

FACTS_HEADER = "deal;budget;rivals;lead;seller;ended"


def table(directory: Path, *rows: str, header: str = FACTS_HEADER) -> Path:
    """Return a table of attributes, a row an opportunity."""
    return csv(directory, *rows, header=header)
