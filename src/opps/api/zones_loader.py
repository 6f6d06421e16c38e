"""What reads the danger zones that events moved, those of one request in one statement."""

from typing import TypeAlias
from uuid import UUID

from strawberry.dataloader import DataLoader

from opps.projections.danger_zones import ZoneItem
from opps.projections.reading import Reading
from opps.projections.zones_view import zones_moved

ZonesLoader: TypeAlias = DataLoader[tuple[UUID, int], list[ZoneItem]]


def zones_loader(reading: Reading, tenant: UUID) -> ZonesLoader:
    """Return what reads the zones that opened and closed at places of the log."""

    async def load(places: list[tuple[UUID, int]]) -> list[list[ZoneItem]]:
        return await zones_moved(reading, tenant, places)

    return DataLoader(load)
