"""The mutations on personal data: erasures, legal holds and retention."""

from collections.abc import Callable
from typing import Any

import strawberry
from msgspec import Struct

from opps.api.context import Info
from opps.api.organisation import organisation_mutation
from opps.api.payload import Payload
from opps.api.privacy import (
    ErasureType,
    LegalHoldType,
    RetentionRule,
    erasure_type,
    hold_type,
    rules_of,
)
from opps.api.scalars import Position
from opps.application import Request
from opps.domain.privacy.commands import (
    ApproveErasure,
    LiftLegalHold,
    PlaceLegalHold,
    RequestErasure,
    SetRetention,
    WithdrawErasure,
)
from opps.domain.privacy.state import Privacy


@strawberry.type(description="What a command on an erasure answers.")
class ErasurePayload(Payload):
    erasure: ErasureType | None = strawberry.field(
        description="The erasure as it stands now; null when refused.", default=None
    )


@strawberry.type(description="What a command on a legal hold answers.")
class LegalHoldPayload(Payload):
    legal_hold: LegalHoldType | None = strawberry.field(
        description="The legal hold as it stands now; null when refused.", default=None
    )


@strawberry.type(description="What the command on retention answers.")
class RetentionPayload(Payload):
    retention_rules: list[RetentionRule] = strawberry.field(
        description="The rules as they are now; empty when refused.", default_factory=list
    )


def privacy_mutations() -> dict[str, Any]:
    """Return the mutations on personal data, by their names."""
    return {
        "requestErasure": _mutation(RequestErasure, ErasurePayload, _erasure),
        "withdrawErasure": _mutation(WithdrawErasure, ErasurePayload, _erasure),
        "approveErasure": _mutation(ApproveErasure, ErasurePayload, _erasure),
        "placeLegalHold": _mutation(PlaceLegalHold, LegalHoldPayload, _hold),
        "liftLegalHold": _mutation(LiftLegalHold, LegalHoldPayload, _hold),
        "setRetention": _mutation(SetRetention, RetentionPayload, _rules),
    }


def _erasure(privacy: Privacy, command: Any) -> dict[str, Any]:
    return {"erasure": erasure_type(privacy.erasures[command.erasure_id])}


def _hold(privacy: Privacy, command: Any) -> dict[str, Any]:
    return {"legal_hold": hold_type(privacy.holds[command.hold_id])}


def _rules(privacy: Privacy, _: Any) -> dict[str, Any]:
    return {"retention_rules": rules_of(privacy.retention)}


def _mutation(
    command: type[Struct],
    payload: type[Payload],
    show: Callable[[Privacy, Any], dict[str, Any]],
) -> Any:
    async def carry_out(info: Info, asked: Any, request: Request) -> Payload:
        done = await info.context.services.application.privacy(asked, request)
        return payload(
            version=done.privacy.version,
            position=Position(done.position),
            replayed=done.replayed,
            user_errors=[],
            **show(done.privacy, asked),
        )

    return organisation_mutation(command, payload, carry_out)
