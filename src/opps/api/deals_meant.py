"""Which opportunities a feed is about: those that are named, and those of a team."""

from collections.abc import Collection, Sequence, Set
from typing import Protocol
from uuid import UUID

import strawberry

from opps.api.context import Info
from opps.api.errors import node_argument
from opps.api.ids import NodeType
from opps.api.teams import of_team
from opps.projections.board import BOARD
from opps.projections.listing import BoardFilter
from opps.projections.score_trend import ScoreCursor as Cursor


class OfADeal(Protocol):
    """Something that happened to an opportunity, with its place in the order of a feed."""

    @property
    def opportunity_id(self) -> UUID:
        """The opportunity."""

    @property
    def cursor(self) -> Cursor:
        """Its place."""


class DealsMeant:
    """The opportunities of a feed; every one where neither ids nor a team were given."""

    def __init__(self, info: Info, ids: Set[UUID] | None, team_id: UUID | None) -> None:
        self._info = info
        self._ids = ids
        self._team_id = team_id

    @property
    def every(self) -> bool:
        """Whether it is about all of them."""
        return self._ids is None and self._team_id is None

    @property
    def read_from(self) -> list[str]:
        """The projections that tell which they are."""
        return [] if self._team_id is None else [BOARD.name]

    async def among(self, found: Collection[UUID]) -> Set[UUID]:
        """Return which of some opportunities are meant, as teams and owners are now.

        Raises:
            UnknownTeam: there is no team of that id, or no more.
        """
        meant = frozenset(found) if self._ids is None else self._ids & frozenset(found)
        owners = await of_team(self._info, self._team_id, None)
        if owners is None or not meant:
            return meant
        services, tenant = self._info.context.services, self._info.context.viewer.tenant
        wanted = BoardFilter(ids=sorted(meant), owners=owners)
        rows = await services.views.board(tenant, wanted, limit=len(meant))
        return frozenset(one.board.opportunity_id for one in rows)

    async def places(self, items: Sequence[OfADeal]) -> Set[Cursor]:
        """Return the places of what happened to those that are meant; raises what `among` does."""
        meant = await self.among({one.opportunity_id for one in items})
        return {one.cursor for one in items if one.opportunity_id in meant}


async def deals_meant(
    info: Info, ids: list[strawberry.ID] | None = None, team_id: UUID | None = None
) -> DealsMeant:
    """Return the opportunities that a filter names.

    Raises:
        NotAcceptable: an id is none of an opportunity.
        UnknownTeam: there is no team of that id.
    """
    named = None if ids is None else {node_argument(NodeType.OPPORTUNITY, one) for one in ids}
    await of_team(info, team_id, None)
    return DealsMeant(info, named, team_id)
