"""Somebody who asks for commands on a real log."""

from uuid import UUID, uuid4

from opps.application import Application, Executed, Request
from opps.domain.account import RegisterAccount
from opps.domain.opportunity.commands import (
    AnyOpportunityCommand,
    OpenOpportunity,
    RenameOpportunity,
)
from opps.domain.opportunity.state import Opportunity
from opps.domain.recorded import Actor, Via
from tests.domain.given import SELLER

DEAL, OTHER, ACME = uuid4(), uuid4(), uuid4()
ACTOR = Actor(principal=SELLER, role="SELLER", via=Via.GRAPHQL)

open_it = OpenOpportunity(opportunity_id=DEAL, account_id=ACME, title="Line 3", currency="EUR")
rename_it = RenameOpportunity(opportunity_id=DEAL, title="Line 4")
register_acme = RegisterAccount(account_id=ACME, name="Acme")


class Caller:
    """Somebody who asks for commands of one tenant."""

    def __init__(self, application: Application, tenant: UUID) -> None:
        self.application = application
        self.tenant = tenant

    def request(
        self, command_id: UUID | None = None, expected_version: int | None = None
    ) -> Request:
        return Request(
            tenant=self.tenant,
            actor=ACTOR,
            command_id=command_id or uuid4(),
            expected_version=expected_version,
        )

    async def does(
        self,
        command: AnyOpportunityCommand,
        command_id: UUID | None = None,
        expected_version: int | None = None,
    ) -> Executed[Opportunity]:
        request = self.request(command_id, expected_version)
        return await self.application.opportunity(command, request)

    async def opens(self) -> None:
        await self.application.account(register_acme, self.request())
        await self.does(open_it)

    def size(self) -> int:
        head = self.application.log.head(self.tenant)
        assert head is not None
        return head.size
