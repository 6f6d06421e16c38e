"""What happens to personal data: erasures, what holds them up, and how long data is kept."""

from enum import StrEnum
from uuid import UUID

from msgspec import Struct

from opps.domain.describe import Code, Count, Text
from opps.domain.events.base import Event
from opps.domain.events.vocabulary import Outcome
from opps.domain.personal import ErasureLevel


class ErasureBasis(StrEnum):
    """Why a person's data is erased: Article 17 (1) of the GDPR, and the tenant's own rule."""

    CONSENT_WITHDRAWN = "CONSENT_WITHDRAWN"
    """The consent that it rested on was withdrawn."""
    OBJECTION = "OBJECTION"
    """The person objected, and nothing weighs more."""
    NO_LONGER_NEEDED = "NO_LONGER_NEEDED"
    """What it was kept for is over."""
    UNLAWFUL = "UNLAWFUL"
    """It should never have been kept."""
    LEGAL_OBLIGATION = "LEGAL_OBLIGATION"
    """A law asks for it."""
    RETENTION = "RETENTION"
    """It was kept as long as the tenant's own rule says."""


class ErasureRequested(Event, frozen=True, kw_only=True):
    """Somebody asked to erase a person; the note names nobody."""

    erasure_id: UUID
    person_id: UUID
    level: ErasureLevel
    basis: ErasureBasis
    note: Text | None = None


class ErasureWithdrawn(Event, frozen=True, kw_only=True):
    """A request to erase a person was taken back."""

    erasure_id: UUID
    reason: Text


class ErasureApproved(Event, frozen=True, kw_only=True):
    """A second person approved an erasure: from here on it is carried out.

    `also` are the other entries of that human being, merged by then: they are erased with it.
    """

    erasure_id: UUID
    also: tuple[UUID, ...] = ()


class PersonErased(Event, frozen=True, kw_only=True):
    """A person was erased: what their keys sealed reads as redacted at every instant."""

    erasure_id: UUID
    level: ErasureLevel
    basis: ErasureBasis
    requested_by: UUID
    approved_by: UUID


class ErasureCarriedOut(Event, frozen=True, kw_only=True):
    """An erasure is through: keys are destroyed, and what was read aloud of them is purged.

    `keys_destroyed` are the keys of the person that are destroyed now.
    """

    erasure_id: UUID
    keys_destroyed: Count
    purged: dict[Code, Count]


class LegalHoldPlaced(Event, frozen=True, kw_only=True):
    """A law suit or an inquiry keeps persons, and whoever evaluates in opportunities."""

    hold_id: UUID
    persons: tuple[UUID, ...] = ()
    opportunities: tuple[UUID, ...] = ()
    reason: Text


class LegalHoldLifted(Event, frozen=True, kw_only=True):
    """A legal hold is over."""

    hold_id: UUID
    reason: Text


class RetentionRule(Struct, frozen=True, kw_only=True):
    """How long persons are kept after their opportunities ended like this, and what then goes."""

    outcome: Outcome
    keep_days: Count
    level: ErasureLevel


class RetentionSet(Event, frozen=True, kw_only=True):
    """The tenant said how long personal data is kept; an outcome without a rule keeps it."""

    rules: tuple[RetentionRule, ...]
