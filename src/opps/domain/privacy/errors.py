"""Why a command on personal data was refused."""

from dataclasses import dataclass
from uuid import UUID

from opps.domain.errors import Refusal


@dataclass
class UnknownErasure(Refusal):
    """There is no erasure {erasure_id}: check the id, or request it first."""

    erasure_id: UUID


@dataclass
class ErasureRequestedAlready(Refusal):
    """Erasure {erasure_id} of this person waits already: approve it, or withdraw it first."""

    erasure_id: UUID


@dataclass
class ErasureNotWaiting(Refusal):
    """Erasure {erasure_id} is {status}: only one that waits can be approved or withdrawn."""

    erasure_id: UUID
    status: str


@dataclass
class ErasureNotThrough(Refusal):
    """Erasure {erasure_id} is {status}: there is a certificate once it is carried out."""

    erasure_id: UUID
    status: str


@dataclass
class AlreadyErased(Refusal):
    """Person {person_id} was erased already ({level}): that level has nothing left to erase."""

    person_id: UUID
    level: str


@dataclass
class OnlyFullErasure(Refusal):
    """What tells who person {person_id} is lies under the key of all else: erase it in full."""

    person_id: UUID


@dataclass
class SecondPersonNeeded(Refusal):
    """{requested_by} requested this erasure and does not approve it: ask a second person."""

    requested_by: UUID


@dataclass
class OnLegalHold(Refusal):
    """Person {person_id} is on legal hold {holds}: lift it first, if it may be lifted."""

    person_id: UUID
    holds: list[UUID]


@dataclass
class UnknownLegalHold(Refusal):
    """There is no legal hold {hold_id}: check the id, or place it first."""

    hold_id: UUID


@dataclass
class LegalHoldLiftedAlready(Refusal):
    """Legal hold {hold_id} was lifted already: place another one."""

    hold_id: UUID


@dataclass
class HoldsNobody(Refusal):
    """The legal hold names neither a person nor an opportunity: say whom it keeps."""


@dataclass
class RetentionRuleTwice(Refusal):
    """There are two rules for {outcome}: say one."""

    outcome: str
