"""Small exports of Salesforce, written for one test each."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from opps.application import OPPORTUNITY, Application, Request
from opps.domain.events import OpportunityOpened
from opps.domain.opportunity.commands import AnyOpportunityCommand
from opps.domain.opportunity.state import Opportunity
from opps.domain.recorded import Actor, Via
from opps.integrations.importing import (
    Mapping,
    Report,
    SourceMalformed,
    import_salesforce_csv,
    read_mapping,
    salesforce_mapping,
)
from tests.integrations.importing.support import stored

DEAL = "0065g00000AbCdEAAV"
SHORT = DEAL[:15]
OPPORTUNITY_COLUMNS = (
    "Id,AccountId,Name,StageName,Amount,Probability,CloseDate,ForecastCategory,OwnerId,"
    "CurrencyIsoCode,CreatedDate,LastModifiedDate,IsClosed,IsWon,IsDeleted"
)
HISTORY_COLUMNS = (
    "OpportunityId,StageName,Amount,CloseDate,Probability,ForecastCategory,CreatedDate,CreatedById"
)
FIELD_COLUMNS = "OpportunityId,Field,DataType,OldValue,NewValue,CreatedDate,CreatedById"
_TODAY = {
    "Id": DEAL,
    "AccountId": "0015g00000QaWsEAAV",
    "Name": "Scanners",
    "StageName": "Prospecting",
    "Amount": "100.00",
    "Probability": "10",
    "CloseDate": "2026-06-30",
    "ForecastCategory": "Pipeline",
    "OwnerId": "0055g00000ZxCvBAAV",
    "CurrencyIsoCode": "EUR",
    "CreatedDate": "2026-01-12T08:00:00.000+0000",
    "LastModifiedDate": "2026-03-01T08:00:00.000+0000",
    "IsClosed": "false",
    "IsWon": "false",
    "IsDeleted": "false",
}
CLOSED_WON = {"StageName": "Closed Won", "IsClosed": "true", "IsWon": "true", "Probability": "100"}


def deal(**other: str) -> str:
    """Return a row of Opportunity, otherwise than usual where it is said."""
    return ",".join({**_TODAY, **other}.values())


def version(at: str, stage: str = "Prospecting", amount: str = "100.00", **other: str) -> str:
    """Return a row of OpportunityHistory, at noon of a day."""
    cells = {
        "OpportunityId": SHORT,
        "StageName": stage,
        "Amount": amount,
        "CloseDate": "2026-06-30",
        "Probability": "10",
        "ForecastCategory": "Pipeline",
        "CreatedDate": f"{at}T12:00:00.000+0000",
        "CreatedById": "0055g00000ZxCvB",
        **other,
    }
    return ",".join(cells.values())


def change(at: str, field: str, old: str, new: str, kind: str = "Text") -> str:
    """Return a row of OpportunityFieldHistory, at noon of a day."""
    return f"{SHORT},{field},{kind},{old},{new},{at}T12:00:00.000+0000,0055g00000ZxCvB"


SLID = (
    version("2026-01-12", CloseDate="2026-03-31"),
    version("2026-02-01", "Qualification", CloseDate="2026-03-31", Probability="20"),
    version("2026-03-28", "Qualification", "120.00", CloseDate="2026-04-30", Probability="20"),
    version("2026-04-28", "Proposal", "120.00", CloseDate="2026-05-29", Probability="50"),
    version("2026-05-20", "Proposal", "120.00", CloseDate="2026-06-30", Probability="50"),
)
TODAY = deal(
    StageName="Proposal",
    Amount="120.00",
    Probability="50",
    LastModifiedDate="2026-05-21T08:00:00.000+0000",
)


def written(path: Path, columns: str, rows: Iterable[str]) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join([columns, *rows, ""]))
    return path


def opportunities(directory: Path, *rows: str, columns: str = OPPORTUNITY_COLUMNS) -> Path:
    return written(directory / "opportunities.csv", columns, rows)


def history(directory: Path, *rows: str) -> Path:
    return written(directory / "history.csv", HISTORY_COLUMNS, rows)


def field_history(directory: Path, *rows: str) -> Path:
    return written(directory / "field-history.csv", FIELD_COLUMNS, rows)


def mapping_of(directory: Path, text: str) -> Mapping:
    path = directory / "salesforce.toml"
    path.write_text(f'format = "salesforce-csv"\n{text}')
    return salesforce_mapping(read_mapping(path))


def imported(
    application: Application,
    tenant: UUID,
    *paths: Path,
    mapping: Mapping | None = None,
    rejects: Path | None = None,
) -> Report:
    """Import an export, by the standard mapping if none is given."""
    given = mapping or salesforce_mapping()
    return import_salesforce_csv(application, tenant, paths, given, rejects=rejects)


async def the_deal(application: Application, tenant: UUID) -> Opportunity:
    """Return the one opportunity that was imported."""
    (stream,) = streams(application, tenant)
    state = await application.load(OPPORTUNITY, tenant, stream)
    assert state is not None
    return state


def streams(application: Application, tenant: UUID) -> Sequence[UUID]:
    """Return the opportunities that were imported."""
    return [
        one.stream
        for one in stored(application, tenant)
        if isinstance(one.event, OpportunityOpened)
    ]


def why(application: Application, tenant: UUID, *paths: Path, **settings: str) -> str:
    """Return why an export is refused; nothing of it is in the log then."""
    with pytest.raises(SourceMalformed) as refused:
        imported(application, tenant, *paths, mapping=salesforce_mapping(None, **settings))
    assert stored(application, tenant) == []
    return str(refused.value)


async def do(application: Application, tenant: UUID, command: AnyOpportunityCommand) -> None:
    """Do what a seller does in opps."""
    await application.opportunity(
        command,
        Request(
            tenant=tenant,
            actor=Actor(principal=uuid4(), role="SELLER", via=Via.GRAPHQL),
            command_id=uuid4(),
        ),
    )
