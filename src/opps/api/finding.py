"""The search for persons in the schema: by tokens first, then by what is really there."""

from asyncio import gather
from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from opps.api.board import searchable
from opps.api.connections import cursor_at, read_cursor
from opps.api.context import Info
from opps.api.entries import goes_on
from opps.api.errors import NotAcceptable
from opps.domain.finding import MOST_WORDS, Search, Trait
from opps.domain.person import Person
from opps.domain.personal import text_of
from opps.projections import finding
from opps.projections.finding import Found, Wanted
from opps.projections.reading import Condition
from opps.projections.until import NotReplayable
from opps.recording.blind_index import token

Rank = Literal[0, 1]
NO_INDEX = (
    "There is no search index of persons here, or it is being dropped: whoever runs opps makes one "
    "with `opps search-index build`."
)


async def find(
    info: Info, text: str, accounts: Sequence[UUID] | None, after: str | None, limit: int
) -> list[tuple[str, UUID]]:
    """Return who is meant, each with a cursor, whole words first.

    Raises:
        NotAcceptable: there is no index, nothing is asked for, or the cursor is none.
        NotReplayable: this is a replay: the index tells of now.
    """
    search = _read(text)
    key = await _key(info)
    wanted = Wanted(
        whole=_tokens(key, search.whole), begun=_tokens(key, search.begun), accounts=accounts
    )
    reading, tenant = info.context.services.views.reading, info.context.viewer.tenant
    place = None if after is None else _place(after)
    meant: list[tuple[str, UUID]] = []
    while len(meant) < limit:
        some = await finding.candidates(reading, tenant, wanted, place, limit)
        people = await gather(*(_person(info, one.person_id) for one in some))
        for one, person in zip(some, people, strict=True):
            if person is not None and await _is_meant(info, search, person):
                meant.append((cursor_at(one), one.person_id))
        if len(some) < limit:
            break
        place = some[-1]
    return meant[:limit]


async def employers(info: Info, text: str) -> Condition:
    """Return the condition of accounts that somebody of an address works for.

    Raises:
        NotAcceptable: there is no index, or more than an address is asked for.
    """
    search = _read(text)
    if search.words:
        message = "Look for accounts by a name, or by an address or @domain of people there."
        raise NotAcceptable(message)
    key = await _key(info)
    return finding.employers_of(_tokens(key, search.whole))


def _read(text: str) -> Search:
    search = Search.read(searchable(text) or "")
    if search.empty:
        message = "Nothing is asked for: give words of a name, an address, or @ and a domain."
        raise NotAcceptable(message)
    if len(search.whole) > MOST_WORDS:
        raise NotAcceptable(f"{len(search.whole)} words are more than {MOST_WORDS}: leave some out")
    return search


async def _key(info: Info) -> bytes:
    if info.context.replaying:
        raise NotReplayable("search")
    application = info.context.services.application
    key = await application.log.aside(application.index.key, info.context.viewer.tenant)
    if key is None:
        raise NotAcceptable(NO_INDEX, "NO_SEARCH_INDEX")
    return key


def _tokens(key: bytes, traits: Sequence[Trait]) -> list[UUID]:
    return [token(key, one) for one in traits]


async def _person(info: Info, person_id: UUID) -> Person | None:
    return await info.context.reading.persons.load(person_id)


async def _is_meant(info: Info, search: Search, person: Person) -> bool:
    """Tell whether somebody is meant who is not found already as the one who goes on."""
    if not _says(search, person):
        return False
    going_on = await goes_on(info.context.reading.persons, person.person_id)
    return going_on is None or going_on is person or not _says(search, going_on)


def _says(search: Search, person: Person) -> bool:
    return search.finds(text_of(person.name), text_of(person.email))


def _place(cursor: str) -> Found:
    return Found(*read_cursor(cursor, tuple[Rank, UUID]))
