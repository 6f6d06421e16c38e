"""What every resolver gets: who asks, what to read with, and what to carry commands out with."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

import strawberry

from opps.api.blind_spots import ClosingsLoader, closings_loader
from opps.api.identity import Viewer
from opps.api.reading import Reading
from opps.api.shutdown import Draining
from opps.application import Application
from opps.ledger.ledger import Ledger
from opps.projections.views import Views


@dataclass(frozen=True)
class Services:
    """What all requests share."""

    application: Application
    views: Views
    ledger_of: Callable[[UUID], Ledger]
    draining: Draining


@dataclass(frozen=True)
class Context:
    """What one request has."""

    services: Services
    viewer: Viewer
    reading: Reading
    closings: ClosingsLoader


Info: TypeAlias = strawberry.Info[Context, None]


def context_of(services: Services, viewer: Viewer) -> Context:
    """Return the context of a new request."""
    return Context(
        services,
        viewer,
        Reading(services.application, viewer.tenant),
        closings_loader(services.views, viewer.tenant),
    )
