"""What becomes known of accounts and persons."""

from uuid import UUID

from opps.domain.describe import Code, Title
from opps.domain.events.base import Event
from opps.domain.personal import Identity


class AccountRegistered(Event, frozen=True, kw_only=True):
    """A buying organisation became known."""

    name: Title
    external_id: Code | None = None


class AccountRenamed(Event, frozen=True, kw_only=True):
    """A buying organisation got another name."""

    name: Title


class PersonRegistered(Event, frozen=True, kw_only=True):
    """A person became known; the data is stored under that person's key."""

    name: Identity
    email: Identity | None = None
    phone: Identity | None = None
    account_id: UUID | None = None


class PersonCorrected(Event, frozen=True, kw_only=True):
    """Data of a person was put right; absent fields stay as they were."""

    name: Identity | None = None
    email: Identity | None = None
    phone: Identity | None = None
