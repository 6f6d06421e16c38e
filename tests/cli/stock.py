"""A tenant with something in it."""

import asyncio
from uuid import UUID, uuid4

from opps.app import Opps
from opps.application import Request
from opps.config import settings
from opps.domain.account import RegisterAccount
from opps.domain.opportunity.commands import OpenOpportunity
from opps.domain.person import RegisterPerson
from opps.domain.recorded import Actor, Via

NAME = "Nora Lindqvist"


def stock(slug: str) -> None:
    """Register an account and a person with the tenant."""
    asyncio.run(_stock(slug))


def open_deal(slug: str) -> UUID:
    """Open an opportunity with the tenant and return its id."""
    return asyncio.run(_open_deal(slug))


async def _open_deal(slug: str) -> UUID:
    with Opps(settings()) as opps:
        tenant, deal, buyer = opps.tenant(slug), uuid4(), uuid4()
        actor = Actor(principal=uuid4(), role="ADMIN", via=Via.GRAPHQL)
        registering = Request(tenant=tenant, actor=actor, command_id=uuid4())
        opening = Request(tenant=tenant, actor=actor, command_id=uuid4())
        account = RegisterAccount(account_id=buyer, name="Halden Foods")
        opened = OpenOpportunity(
            opportunity_id=deal, account_id=buyer, title="Line 3", currency="EUR"
        )
        await opps.application.account(account, registering)
        await opps.application.opportunity(opened, opening)
        return deal


async def _stock(slug: str) -> None:
    with Opps(settings()) as opps:
        tenant = opps.tenant(slug)
        actor = Actor(principal=uuid4(), role="ADMIN", via=Via.GRAPHQL)

        def request() -> Request:
            return Request(tenant=tenant, actor=actor, command_id=uuid4())

        account = RegisterAccount(account_id=uuid4(), name="Halden Foods")
        await opps.application.account(account, request())
        await opps.application.person(RegisterPerson(person_id=uuid4(), name=NAME), request())
