"""Services that end where the log ended at some moment: asked again, they answer the same."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from opps.api.context import Services
from opps.application import Application
from opps.eventstore import LogHead
from opps.eventstore.until import LogUntil
from opps.ledger.ledger import Ledger
from opps.projections.until import NotReplayable, ViewsUntil


def pinned(
    services: Services, tenant: UUID, head: LogHead, at: datetime, *, replaying: bool = False
) -> Services:
    """Return services that know nothing of a tenant behind an end of its log, nor after an instant.

    Lists show what is now all the same; `replaying` refuses them, and what was signed since.
    """
    whole = services.application
    return replace(
        services,
        # Whoever was erased since is redacted here too: an erasure holds at every instant.
        application=Application(
            LogUntil(whole.log, tenant, head),
            whole.keyring_of,
            lambda: at,
            personal=whole.personal,
        ),
        views=ViewsUntil(services.views, head.size, replaying=replaying),
        ledger_of=_no_ledger if replaying else services.ledger_of,
    )


def _no_ledger(_: UUID) -> Ledger:
    raise NotReplayable("ledger")
