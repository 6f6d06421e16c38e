"""Lists of accounts and persons in the schema, in pages."""

from asyncio import gather
from typing import Annotated
from uuid import UUID

import strawberry

from opps.api.board import readable, searchable
from opps.api.connections import Connection, page_of, page_size
from opps.api.context import Info
from opps.api.cursors import cursor_of, key_in
from opps.api.entries import accounts_meant
from opps.api.errors import node_argument
from opps.api.finding import employers, find
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

SearchedAccount = Annotated[
    str | None,
    strawberry.argument(
        description="Only those with this in their name; or, with `@`, those where people have "
        "this address, or one at this @domain (as of a second ago, by the search index)."
    ),
]
SearchedPerson = Annotated[
    str | None,
    strawberry.argument(
        description="Only those with these words in their name (beginnings of three letters or "
        "more will do), with this address, or with one at this @domain; the best first, as of a "
        "second ago. It takes a search index."
    ),
]


async def account_page(
    info: Info, search: str | None, first: int | None, after: str | None
) -> Connection[Account]:
    """Return a page of the accounts, by name; one that was merged shows who goes on for it.

    What holds an `@` is looked for in the addresses of the people there.
    """
    size, of = page_size(first), None
    if search is not None and "@" in search:
        of, search = await employers(info, search), None
    with readable():
        rows = await info.context.services.views.accounts(
            info.context.viewer.tenant,
            None if after is None else _row(key_in(after, "accounts")),
            size + 1,
            search=searchable(search),
            of=of,
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
    info: Info,
    account_id: str | None,
    search: str | None,
    first: int | None,
    after: str | None,
) -> Connection[Person]:
    """Return a page of the registered persons, by id: their names are sealed in the log.

    What is searched for is shown best first; of whoever was merged, the one who goes on.
    """
    size, accounts = page_size(first), await _accounts(info, account_id)
    if search is not None and search.strip():
        found = await find(info, search, accounts, after, size + 1)
        people = await gather(*(read_person(info, id_) for _, id_ in found))
        met = [
            (cursor, one) for (cursor, _), one in zip(found, people, strict=True) if one is not None
        ]
        return page_of(met, size, begun=after is not None)
    rows = await info.context.services.views.persons(
        info.context.viewer.tenant,
        None if after is None else node_argument(NodeType.PERSON, after),
        size + 1,
        account_ids=accounts,
    )
    persons = await gather(*(read_person(info, row.person_id) for row in rows))
    shown = [(str(one.id), one) for one in persons if one is not None]
    return page_of(shown, size, begun=after is not None)


async def _accounts(info: Info, account_id: str | None) -> list[UUID] | None:
    return await accounts_meant(info, None if account_id is None else [account_id])
