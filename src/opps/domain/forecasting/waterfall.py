"""What changed in a forecast between two looks at it, as steps that add up to the difference."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from msgspec import Struct

from opps.domain.forecasting.lines import CENT, ZERO, Line, shown, weighted


class ForecastStepKind(StrEnum):
    """Why a forecast changed.

    OPENED: an opportunity that did not exist. PULLED_IN and PUSHED_OUT: the commit date moved into
    the period, or was given, or moved out of it. HANDED_OVER: it came to the team, or left it.
    REOPENED: a closed one is open again. WON and CLOSED: it ended. AMOUNT: the estimate of what it
    is worth changed. KNOWLEDGE: what is known changed the probability.
    """

    OPENED = "OPENED"
    REOPENED = "REOPENED"
    PULLED_IN = "PULLED_IN"
    PUSHED_OUT = "PUSHED_OUT"
    HANDED_OVER = "HANDED_OVER"
    WON = "WON"
    CLOSED = "CLOSED"
    AMOUNT = "AMOUNT"
    KNOWLEDGE = "KNOWLEDGE"


class Standing(StrEnum):
    """Where an opportunity stood that is not in a forecast."""

    NOT_OPENED = "NOT_OPENED"
    OPEN_ELSEWHEN = "OPEN_ELSEWHEN"
    OTHER_TEAM = "OTHER_TEAM"
    CLOSED = "CLOSED"


class WaterfallStep(Struct, frozen=True):
    """What one opportunity did to a forecast, for one reason."""

    kind: ForecastStepKind
    opportunity_id: UUID
    change: Decimal


def waterfall(
    before: Sequence[Line],
    after: Sequence[Line],
    stood: Mapping[UUID, Standing],
    stands: Mapping[UUID, Standing],
) -> list[WaterfallStep]:
    """Return the steps from one forecast to another, the largest first; they add up exactly.

    The lines are of one currency. `stood` says of each opportunity that is only in the later one
    where it was before, `stands` of each that is only in the earlier one where it is now.
    """
    old = {one.opportunity_id: one for one in before}
    new = {one.opportunity_id: one for one in after}
    steps = [
        step
        for id_ in old.keys() | new.keys()
        for step in _steps(id_, old.get(id_), new.get(id_), stood, stands)
    ]
    return sorted(
        (one for one in steps if one.change),
        key=lambda one: (-abs(one.change), one.opportunity_id, one.kind),
    )


def _steps(
    id_: UUID,
    old: Line | None,
    new: Line | None,
    stood: Mapping[UUID, Standing],
    stands: Mapping[UUID, Standing],
) -> list[WaterfallStep]:
    if old is None:
        assert new is not None, "it is in one of the two"
        return [WaterfallStep(_came(stood[id_], new), id_, weighted(new, new.p))]
    if new is None:
        return [WaterfallStep(_went(stands[id_]), id_, -weighted(old, old.p))]
    return _stayed(id_, old, new)


def _came(stood: Standing, new: Line) -> ForecastStepKind:
    match stood:
        case Standing.NOT_OPENED:
            return ForecastStepKind.OPENED
        case Standing.CLOSED:
            return ForecastStepKind.REOPENED
        case Standing.OPEN_ELSEWHEN:
            return ForecastStepKind.WON if new.won else ForecastStepKind.PULLED_IN
        case Standing.OTHER_TEAM:
            return ForecastStepKind.HANDED_OVER


def _went(stands: Standing) -> ForecastStepKind:
    match stands:
        # Seen later through a lens of earlier, it may not be opened yet.
        case Standing.CLOSED | Standing.NOT_OPENED:
            return ForecastStepKind.CLOSED
        case Standing.OPEN_ELSEWHEN:
            return ForecastStepKind.PUSHED_OUT
        case Standing.OTHER_TEAM:
            return ForecastStepKind.HANDED_OVER


def _stayed(id_: UUID, old: Line, new: Line) -> list[WaterfallStep]:
    """Return first what the amount did at the old probability, then what the probability did."""
    was, held = old.amount or ZERO, new.amount or ZERO
    chance = Decimal(1) if old.won else shown(old.p)
    by_amount = ((held - was) * chance).quantize(CENT)
    rest = weighted(new, new.p) - weighted(old, old.p) - by_amount
    moved = ForecastStepKind.KNOWLEDGE
    if new.won and not old.won:
        moved = ForecastStepKind.WON
    elif old.won and not new.won:
        moved = ForecastStepKind.REOPENED
    return [WaterfallStep(ForecastStepKind.AMOUNT, id_, by_amount), WaterfallStep(moved, id_, rest)]


class KindOfStep(Struct, frozen=True):
    """All steps of one kind together."""

    kind: ForecastStepKind
    opportunities: int
    change: Decimal


def kinds(steps: Sequence[WaterfallStep]) -> list[KindOfStep]:
    """Return the steps of each kind together, in the order of the kinds."""
    found = {kind: [one for one in steps if one.kind is kind] for kind in ForecastStepKind}
    return [
        KindOfStep(kind, len(of), sum((one.change for one in of), ZERO))
        for kind, of in found.items()
        if of
    ]
