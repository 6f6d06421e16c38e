"""What a command has to be checked against that lies in other streams than its own."""

from uuid import UUID

from opps.application.aggregates import (
    ACCOUNT,
    EXCEPTION,
    OPPORTUNITY,
    PROCESS,
    Aggregate,
    going_by,
)
from opps.application.streams import Streams
from opps.domain.errors import NotOpen, UnknownAccount, UnknownFact, UnknownOpportunity
from opps.domain.exceptions.commands import RaiseException
from opps.domain.exceptions.errors import UnknownException
from opps.domain.opportunity.commands import (
    AnyOpportunityCommand,
    DisqualifyOpportunity,
    MergeOpportunities,
    OpenOpportunity,
    StartSalesProcess,
)
from opps.domain.opportunity.state import Opportunity
from opps.domain.sales_process import process_stream


async def check_neighbours(streams: Streams, command: AnyOpportunityCommand, tenant: UUID) -> None:
    """Refuse a command that names something that is not there, or has ended.

    Raises:
        UnknownAccount, UnknownOpportunity, UnknownException: there is no such thing.
        NotOpen: the opportunity to merge into has ended.
    """
    if isinstance(command, OpenOpportunity):
        await check_account(streams, command.account_id, tenant)
    elif isinstance(command, MergeOpportunities):
        into = await streams.load(OPPORTUNITY, tenant, command.into)
        if into is None:
            raise UnknownOpportunity(opportunity_id=command.into)
        if not into.open:
            raise NotOpen(status=into.status.value)
    elif isinstance(command, DisqualifyOpportunity) and command.exception_id is not None:
        asked = await streams.load(EXCEPTION, tenant, command.exception_id)
        if asked is None or asked.opportunity_id != command.opportunity_id:
            raise UnknownException(exception_id=command.exception_id)


async def check_account(streams: Streams, account_id: UUID | None, tenant: UUID) -> None:
    """Refuse a command that names an account that is not there.

    Raises:
        UnknownAccount: nobody registered it.
    """
    if account_id is not None and await streams.load(ACCOUNT, tenant, account_id) is None:
        raise UnknownAccount(account_id=account_id)


async def deciding(
    streams: Streams, command: AnyOpportunityCommand, tenant: UUID
) -> Aggregate[Opportunity]:
    """Return how to decide: beside the sales process that the command names, if any."""
    if not isinstance(command, StartSalesProcess):
        return OPPORTUNITY
    process = await streams.load(PROCESS, tenant, process_stream(tenant, command.process))
    return going_by(None if process is None else process.latest)


async def check_deviation(streams: Streams, command: RaiseException, tenant: UUID) -> None:
    """Refuse an exception about nothing.

    Raises:
        UnknownOpportunity, UnknownFact: there is no such thing.
        NotOpen: the opportunity has ended.
    """
    of = await streams.load(OPPORTUNITY, tenant, command.opportunity_id)
    if of is None:
        raise UnknownOpportunity(opportunity_id=command.opportunity_id)
    if not of.open:
        raise NotOpen(status=of.status.value)
    for fact_id in command.facts:
        if fact_id not in of.fact_keys:
            raise UnknownFact(fact_id=fact_id)
