"""Waiting until a change of the model shows, and telling how many opportunities are scored."""

import asyncio
from time import perf_counter
from typing import TYPE_CHECKING
from uuid import UUID

from opps.cli.output import Advance

if TYPE_CHECKING:
    from opps.app import Opps

_LOOK_EVERY_S = 0.2


def rescored(opps: "Opps", tenant: UUID, position: int, advance: Advance) -> tuple[int, float]:
    """Wait until the read models show a position; return how many scores moved, in how long.

    Where no server projects beside us, this process does.
    """
    from opps.projections.projector import Projector

    began = perf_counter()
    opps.make_read_models()
    with Projector(opps.log, opps.log_settings):
        items = asyncio.run(_watched(opps, tenant, position, advance))
    return items, perf_counter() - began


async def _watched(opps: "Opps", tenant: UUID, position: int, advance: Advance) -> int:
    import psycopg

    from opps.projections.rescoring import scored_at, under_way

    # Others are seen at work under the login itself, not under a role that only reads.
    with psycopg.connect(opps.database.direct_url, autocommit=True) as connection:
        async with opps.views() as views:
            while not await views.at_least(tenant, position, _LOOK_EVERY_S):
                if seen := under_way(connection):
                    advance(*seen)
        items = scored_at(connection, tenant, position)
    advance(items, items)
    return items
