"""Whether an account is a new or an existing customer, as its history tells at a moment."""

from uuid import UUID

from opps.api.context import Info
from opps.api.derive import enum_of
from opps.api.entries import account_entries
from opps.api.moments import AsOf, moment_of
from opps.api.past import PastList
from opps.domain.events import CustomerKind
from opps.domain.opportunity.state import Status
from opps.projections.listing import BoardFilter, BoardOrder

enum_of(CustomerKind)


async def customer_kind_of(info: Info, account_id: UUID, as_of: AsOf | None) -> CustomerKind:
    """Return the kind of customer: existing once an opportunity stood as won by then."""
    won = await _won_now(info, account_id) if as_of is None else await _won(info, account_id, as_of)
    return CustomerKind.EXISTING if won else CustomerKind.NEW


async def _won_now(info: Info, account_id: UUID) -> bool:
    wanted = _won_by(await account_entries(info, account_id))
    return await info.context.services.views.count(info.context.viewer.tenant, wanted) > 0


async def _won(info: Info, account_id: UUID, as_of: AsOf) -> bool:
    moment = await moment_of(info, as_of)
    wanted = _won_by(await account_entries(info, account_id, moment.position))
    page = await PastList(info, moment, wanted).page(BoardOrder.OPENED, None, 1, descending=False)
    return bool(page.listed)


def _won_by(accounts: list[UUID]) -> BoardFilter:
    return BoardFilter(accounts=accounts, statuses=[Status.WON])
