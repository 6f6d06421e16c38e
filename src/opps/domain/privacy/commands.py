"""What can be asked for about personal data."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from opps.domain.describe import Text, doc
from opps.domain.events.privacy import ErasureBasis, RetentionRule
from opps.domain.personal import ErasureLevel

MOST_HELD = 1_000


class RequestErasure(Struct, frozen=True, kw_only=True):
    """Ask to erase a person; nothing happens before a second person approves."""

    erasure_id: Annotated[UUID, doc("The erasure: a random id.")]
    person_id: Annotated[UUID, doc("The person.")]
    level: Annotated[ErasureLevel, doc("How much of the person is erased.")]
    basis: Annotated[ErasureBasis, doc("Why.")]
    note: Annotated[
        Text | None, doc("What a colleague should know of it; it is kept, so name nobody in it.")
    ] = None


class WithdrawErasure(Struct, frozen=True, kw_only=True):
    """Take the request for an erasure back before it is approved."""

    erasure_id: Annotated[UUID, doc("The erasure.")]
    reason: Annotated[Text, doc("Why; name nobody in it.")]


class ApproveErasure(Struct, frozen=True, kw_only=True):
    """Approve an erasure that somebody else requested; it is carried out for good."""

    erasure_id: Annotated[UUID, doc("The erasure.")]


class PlaceLegalHold(Struct, frozen=True, kw_only=True):
    """Keep persons, and whoever something is told of in opportunities, from being erased."""

    hold_id: Annotated[UUID, doc("The legal hold: a random id.")]
    persons: Annotated[
        tuple[UUID, ...], doc("The persons that it keeps."), Meta(max_length=MOST_HELD)
    ] = ()
    opportunities: Annotated[
        tuple[UUID, ...],
        doc("The opportunities whose people it keeps."),
        Meta(max_length=MOST_HELD),
    ] = ()
    reason: Annotated[Text, doc("Why, such as the file number; name nobody in it.")]


class LiftLegalHold(Struct, frozen=True, kw_only=True):
    """End a legal hold."""

    hold_id: Annotated[UUID, doc("The legal hold.")]
    reason: Annotated[Text, doc("Why; name nobody in it.")]


class SetRetention(Struct, frozen=True, kw_only=True):
    """Say how long persons are kept after their last opportunity closed; this replaces all."""

    rules: Annotated[
        tuple[RetentionRule, ...],
        doc("One rule for an outcome; persons of an outcome without a rule are kept."),
    ] = ()


AnyErasureCommand = RequestErasure | WithdrawErasure | ApproveErasure
AnyHoldCommand = PlaceLegalHold | LiftLegalHold
AnyPrivacyCommand = AnyErasureCommand | AnyHoldCommand | SetRetention
