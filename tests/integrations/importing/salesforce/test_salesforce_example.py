"""The invented export of examples/import/salesforce, as a new user imports it."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from opps.application import OPPORTUNITY, Application
from opps.domain.events import FactLearned, OpportunityOpened
from opps.domain.facts import Alternative, Evaluator
from opps.domain.opportunity.state import Opportunity, Status
from opps.domain.provenance import SourceKind
from opps.integrations.importing.salesforce.run import import_salesforce_csv, salesforce_mapping
from tests.integrations.importing.support import EXAMPLES, stored

EXPORT = EXAMPLES / "import" / "salesforce"


async def opportunity(application: Application, tenant: UUID, title: str) -> Opportunity:
    stream = next(
        one.stream
        for one in stored(application, tenant)
        if isinstance(one.event, OpportunityOpened) and one.event.title == title
    )
    state = await application.load(OPPORTUNITY, tenant, stream)
    assert state is not None
    return state


def test_every_row_is_counted_once(application: Application, tenant: UUID) -> None:
    report = import_salesforce_csv(application, tenant, [EXPORT], salesforce_mapping())

    assert report.complete
    assert (report.opportunities, report.opened, report.rows) == (5, 4, 28)
    assert (report.typed, report.unchanged) == (24, 1)
    assert report.counted == {"a lookup told twice": 1, "deleted": 1, "fields without a rule": 1}


async def test_an_open_opportunity_is_as_salesforce_shows_it_and_slid_three_times(
    application: Application, tenant: UUID
) -> None:
    import_salesforce_csv(application, tenant, [EXPORT], salesforce_mapping())

    scanners = await opportunity(application, tenant, "Warehouse scanners")

    assert (scanners.stage, scanners.stage_default) == ("Negotiation/Review", 0.6)
    assert (scanners.commit_date, scanners.pushes) == (date(2026, 6, 30), 3)
    assert scanners.amount is not None
    assert scanners.amount.amount == Decimal("24500.00")
    assert scanners.origin == "Partner Referral"
    assert scanners.context == {"Type": "New Business"}


async def test_one_is_closed_when_the_row_of_its_history_says(
    application: Application, tenant: UUID
) -> None:
    import_salesforce_csv(application, tenant, [EXPORT], salesforce_mapping())

    terminals = await opportunity(application, tenant, "Forklift terminals")
    sensors = await opportunity(application, tenant, "Cold storage sensors")

    assert (terminals.status, sensors.status) == (Status.WON, Status.LOST)
    assert terminals.closed_at is not None
    assert terminals.closed_at.isoformat() == "2026-05-12T14:20:00+00:00"
    assert terminals.stage == "Negotiation/Review"


def test_contacts_and_competitors_are_imported_facts_and_nothing_else_is_known(
    application: Application, tenant: UUID
) -> None:
    import_salesforce_csv(application, tenant, [EXPORT], salesforce_mapping())

    learned = [
        one.event for one in stored(application, tenant) if isinstance(one.event, FactLearned)
    ]

    assert [type(one.fact) for one in learned].count(Evaluator) == 3
    assert [type(one.fact) for one in learned].count(Alternative) == 2
    assert {one.provenance.source for one in learned} == {SourceKind.IMPORTED}


async def test_a_change_of_owner_is_one_although_salesforce_writes_two_rows(
    application: Application, tenant: UUID
) -> None:
    import_salesforce_csv(application, tenant, [EXPORT], salesforce_mapping())

    warehouse = await opportunity(application, tenant, "Warehouse 2")
    scanners = await opportunity(application, tenant, "Warehouse scanners")

    assert warehouse.title == "Second warehouse"
    assert warehouse.owner == scanners.owner


def test_a_second_import_adds_nothing(application: Application, tenant: UUID) -> None:
    import_salesforce_csv(application, tenant, [EXPORT], salesforce_mapping())
    before = application.log.head(tenant)

    again = import_salesforce_csv(application, tenant, [EXPORT], salesforce_mapping())

    assert application.log.head(tenant) == before
    assert (again.already, again.events, again.rows) == (24, 0, 28)
