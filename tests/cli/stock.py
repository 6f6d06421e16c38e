"""A tenant with something in it."""

import asyncio
from uuid import uuid4

from opps.app import Opps
from opps.application import Request
from opps.config import settings
from opps.domain.account import RegisterAccount
from opps.domain.person import RegisterPerson
from opps.domain.recorded import Actor, Via

NAME = "Nora Lindqvist"


def stock(slug: str) -> None:
    """Register an account and a person with the tenant."""
    asyncio.run(_stock(slug))


async def _stock(slug: str) -> None:
    with Opps(settings()) as opps:
        tenant = opps.tenant(slug)
        actor = Actor(principal=uuid4(), role="ADMIN", via=Via.GRAPHQL)

        def request() -> Request:
            return Request(tenant=tenant, actor=actor, command_id=uuid4())

        account = RegisterAccount(account_id=uuid4(), name="Halden Foods")
        await opps.application.account(account, request())
        await opps.application.person(RegisterPerson(person_id=uuid4(), name=NAME), request())
