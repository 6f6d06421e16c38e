"""The account map from the command line: a page to print, or JSON for scripts."""

import asyncio
from uuid import UUID, uuid4

import pytest

from opps.api.ids import NodeType, to_global
from opps.app import Opps
from opps.application import Request, operator
from opps.cli.place import existing
from opps.domain.account import RegisterAccount
from opps.domain.events import DesiredOutcome
from opps.domain.opportunity.commands import OpenOpportunity, StateDesiredOutcome
from tests.cli.conftest import Run

STATEMENT = "Halve the scrap of line 3 by June"


@pytest.fixture
def mapped(run: Run, slug: str, monkeypatch: pytest.MonkeyPatch) -> UUID:
    """Return an opportunity with a desired outcome."""
    monkeypatch.setenv("OPPS_TENANT", slug)
    account, deal = uuid4(), uuid4()
    with Opps(existing()) as opps:
        tenant = opps.tenant(slug)

        def request() -> Request:
            return Request(tenant=tenant, actor=operator(), command_id=uuid4())

        async def told() -> None:
            app = opps.application
            await app.account(RegisterAccount(account_id=account, name="Nordwind"), request())
            opening = OpenOpportunity(
                opportunity_id=deal, account_id=account, title="Line 3", currency="EUR"
            )
            await app.opportunity(opening, request())
            outcome = DesiredOutcome(statement=STATEMENT)
            stating = StateDesiredOutcome(opportunity_id=deal, outcome=outcome)
            await app.opportunity(stating, request())

        asyncio.run(told())
    return deal


def test_the_map_is_a_page_of_markdown(run: Run, mapped: UUID) -> None:
    page = run("map", mapped).out

    assert page.startswith("# Line 3\n\n## Desired outcome\n\n" + STATEMENT)
    assert "Not measurable yet in sale" in page


def test_scripts_get_the_map_as_json(run: Run, mapped: UUID) -> None:
    answer = run("map", to_global(NodeType.OPPORTUNITY, mapped), "--json").answer

    assert answer["outcome"]["statement"] == STATEMENT
    assert answer["outcome"]["measurable"] is False
    assert len(answer["objectives"]) == 9


def test_what_is_no_opportunity_has_no_map(run: Run, mapped: UUID) -> None:
    unknown, unreadable = run("map", uuid4()), run("map", "line-3")

    assert (unknown.code, unreadable.code) == (2, 2)
    assert "There is no opportunity" in unknown.err
    assert "is no id" in unreadable.err
