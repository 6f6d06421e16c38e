"""What becomes known of accounts and persons."""

from uuid import UUID

from opps.domain.describe import Code, Text, Title
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


class AccountMerged(Event, frozen=True, kw_only=True):
    """This account turned out to be another one: that one goes on, both histories stay."""

    into_account: UUID
    reason: Text


class AccountAbsorbed(Event, frozen=True, kw_only=True):
    """Another account turned out to be this one, which goes on for both."""

    merged_account: UUID
    reason: Text


class AccountMergeUndone(Event, frozen=True, kw_only=True):
    """Two accounts are two after all; it stands in the streams of both."""

    merged_account: UUID
    into_account: UUID
    reason: Text


class PersonMoved(Event, frozen=True, kw_only=True):
    """A person works for another organisation now, or for none that we know."""

    account_id: UUID | None = None


class PersonMerged(Event, frozen=True, kw_only=True):
    """This person turned out to be another one: that one goes on, both histories stay."""

    into_person: UUID
    reason: Identity


class PersonAbsorbed(Event, frozen=True, kw_only=True):
    """Another person turned out to be this one, who goes on for both."""

    merged_person: UUID
    reason: Identity


class PersonMergeUndone(Event, frozen=True, kw_only=True):
    """Two persons are two after all; it stands in the streams of both."""

    merged_person: UUID
    into_person: UUID
    reason: Identity
