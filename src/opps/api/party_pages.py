"""Lists of accounts and persons in the schema, in pages."""

from asyncio import gather
from uuid import UUID

from opps.api.board import readable, searchable
from opps.api.connections import Connection, page_of, page_size
from opps.api.context import Info
from opps.api.cursors import cursor_of, key_in
from opps.api.entries import accounts_meant
from opps.api.errors import node_argument
from opps.api.ids import NodeType
from opps.api.parties import (
    Account,
    Person,
    account_of,
    read_account,
    read_person,
)
from opps.projections.accounts import AccountRow
from opps.projections.listing import BoardKey


async def account_page(
    info: Info, search: str | None, first: int | None, after: str | None
) -> Connection[Account]:
    """Return a page of the accounts, by name; one that was merged shows who goes on for it."""
    size = page_size(first)
    with readable():
        rows = await info.context.services.views.accounts(
            info.context.viewer.tenant,
            None if after is None else _row(key_in(after, "accounts")),
            size + 1,
            search=searchable(search),
        )
    shown = await gather(*(_account(info, row) for row in rows))
    items = [
        (cursor_of(BoardKey(row.name, row.account_id), "accounts"), account)
        for row, account in zip(rows, shown, strict=True)
    ]
    return page_of(items, size, begun=after is not None)


async def _account(info: Info, row: AccountRow) -> Account:
    if row.merged_into is None:
        return account_of(row)
    return await read_account(info, row.account_id) or account_of(row)


def _row(key: BoardKey) -> AccountRow:
    """Return the place of a row: its name and id are all that counts."""
    return AccountRow(
        account_id=key.opportunity_id,
        name=key.value,
        external_id=None,
        merged_into=None,
        version=0,
        position=0,
    )


async def person_page(
    info: Info, account_id: str | None, first: int | None, after: str | None
) -> Connection[Person]:
    """Return a page of the registered persons, by id: their names are sealed in the log."""
    size = page_size(first)
    rows = await info.context.services.views.persons(
        info.context.viewer.tenant,
        None if after is None else node_argument(NodeType.PERSON, after),
        size + 1,
        account_ids=await _accounts(info, account_id),
    )
    persons = await gather(*(read_person(info, row.person_id) for row in rows))
    shown = [(str(one.id), one) for one in persons if one is not None]
    return page_of(shown, size, begun=after is not None)


async def _accounts(info: Info, account_id: str | None) -> list[UUID] | None:
    return await accounts_meant(info, None if account_id is None else [account_id])
