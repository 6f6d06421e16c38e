"""What every resolver gets: who asks, what to read with, and what to carry commands out with."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias
from uuid import UUID

import strawberry

from opps.api.blind_spots import ClosingsLoader, closings_loader
from opps.api.feeds.groups import Groups
from opps.api.identity import Viewer
from opps.api.limits import DEFAULTS, Limits
from opps.api.line_loaders import LineLoaders
from opps.api.persisted import PersistedDocuments
from opps.api.reading import Reading
from opps.api.shutdown import Draining
from opps.api.throttling import Throttle
from opps.api.touched import Touched
from opps.api.zones_loader import ZonesLoader, zones_loader
from opps.application import Application
from opps.application.read_saving import ReadSaving
from opps.domain.audited_reads import AuditedReads
from opps.ledger.ledger import Ledger
from opps.projections.views import Views
from opps.telemetry.observing import Observing

# Opportunities that one list of the past may fold, where its rows do not say all.
MOST_FOLDED = 500


@dataclass(frozen=True)
class Services:
    """What all requests share."""

    application: Application
    views: Views
    ledger_of: Callable[[UUID], Ledger]
    draining: Draining
    saving: ReadSaving
    audited_reads: AuditedReads
    most_folded: int = MOST_FOLDED
    observing: Observing = field(default_factory=Observing)
    limits: Limits = DEFAULTS
    persisted: PersistedDocuments = field(default_factory=PersistedDocuments)
    throttle: Throttle = field(default_factory=lambda: Throttle(DEFAULTS.cost_per_minute))
    groups: Groups = field(default_factory=Groups)


@dataclass(frozen=True)
class Context:
    """What one request has."""

    services: Services
    viewer: Viewer
    reading: Reading
    closings: ClosingsLoader
    lines: LineLoaders
    zones: ZonesLoader
    touched: Touched | None = None
    replaying: bool = False
    # Whoever a replay is shown to, beside the viewer who saw it then.
    shown_to: Viewer | None = None

    def forget(self) -> None:
        """Read anew: what a subscription sent before may be another by now, or erased."""
        self.reading.forget()
        self.lines.forget()
        self.closings.clear_all()
        self.zones.clear_all()


Info: TypeAlias = strawberry.Info[Context, None]


def context_of(
    services: Services,
    viewer: Viewer,
    touched: Touched | None = None,
    *,
    replaying: bool = False,
    shown_to: Viewer | None = None,
) -> Context:
    """Return the context of a new request; whose personal data it shows is noted if asked."""
    reading = Reading(services.application, viewer.tenant)
    return Context(
        services,
        viewer,
        reading,
        closings_loader(services.views, viewer.tenant),
        LineLoaders(reading, services.views),
        zones_loader(services.views.reading, viewer.tenant),
        touched,
        replaying,
        shown_to,
    )
