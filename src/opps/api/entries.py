"""Which accounts and persons are one, as a request sees them: loaded once, and followed."""

from asyncio import gather
from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from strawberry.dataloader import DataLoader

from opps.api.context import Info
from opps.api.errors import node_argument
from opps.api.ids import NodeType
from opps.api.loaders import NOT_LOADED, Loader, NotLoaded
from opps.application.entries import entries_of
from opps.domain.account import Account
from opps.domain.person import Person

S = TypeVar("S", Account, Person)


async def account_entries(info: Info, account_id: UUID, position: int | None = None) -> list[UUID]:
    """Return every account that is one with this one, merged by a position, or by now."""
    if position is not None:
        log, tenant = info.context.services.application.log, info.context.viewer.tenant
        entries = await log.aside(entries_of, log, tenant, account_id, position)
        return sorted(entries.every)
    loader = info.context.reading.accounts
    state = await goes_on(loader, account_id)
    if state is None:
        return [account_id]
    merged = await absorbed(loader, state.account_id)
    return [state.account_id, *(one.account_id for one in merged)]


async def accounts_meant(
    info: Info, ids: Sequence[str] | None, position: int | None = None
) -> list[UUID] | None:
    """Return the accounts that a filter names, with all that are one with them."""
    if ids is None:
        return None
    named = [node_argument(NodeType.ACCOUNT, one) for one in ids]
    found = await gather(*(account_entries(info, one, position) for one in named))
    return sorted({one for entries in found for one in entries})


async def goes_on(loader: DataLoader[UUID, S | None], id_: UUID) -> S | None:
    """Return an entry, or the one that goes on for it."""
    state = await loader.load(id_)
    while state is not None and state.merged_into is not None:
        state = await loader.load(state.merged_into)
    return state


def known(loader: Loader[UUID, S | None], id_: UUID) -> S | NotLoaded | None:
    """Return an entry, or the one that goes on for it, as far as both were loaded before."""
    state = loader.found(id_)
    while state is not NOT_LOADED and state is not None and state.merged_into is not None:
        state = loader.found(state.merged_into)
    return state


async def absorbed(loader: DataLoader[UUID, S | None], id_: UUID) -> list[S]:
    """Return the entries that were merged into one, directly or not."""
    state = await loader.load(id_)
    if state is None:
        return []
    found: list[S] = []
    for one in await loader.load_many(state.absorbed):
        if one is not None:
            found.append(one)
    for id_ in state.absorbed:
        found.extend(await absorbed(loader, id_))
    return found
