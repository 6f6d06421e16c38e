"""What a forecast is about: a period and a team, and where each opportunity stands to it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from msgspec import Struct

from opps.domain.forecasting.lines import ZERO, Line
from opps.domain.forecasting.waterfall import Standing
from opps.domain.opportunity.state import Status


class Scope(Struct, frozen=True, kw_only=True):
    """From the first day to the last one, both included; everybody's where no owners are named."""

    first: date
    last: date
    owners: frozenset[UUID] | None = None

    def standing(self, status: Status, line: Line) -> Standing | None:
        """Return where an opportunity stands that is not in the forecast; None of one that is."""
        if status not in (Status.OPEN, Status.WON):
            return Standing.CLOSED
        if self.owners is not None and line.owner not in self.owners:
            return Standing.OTHER_TEAM
        if line.due is not None and self.first <= line.due <= self.last:
            return None
        return Standing.CLOSED if line.won else Standing.OPEN_ELSEWHEN


class Seen(Struct, frozen=True):
    """An opportunity at one look at it, in a forecast or not."""

    status: Status
    line: Line

    @property
    def open(self) -> bool:
        """Whether it is still to be decided."""
        return self.status is Status.OPEN


def in_scope(scope: Scope, seen: Iterable[Seen]) -> list[Line]:
    """Return the lines of the opportunities that are in a forecast."""
    return [one.line for one in seen if scope.standing(one.status, one.line) is None]


def standings(scope: Scope, ids: Iterable[UUID], seen: Sequence[Seen]) -> dict[UUID, Standing]:
    """Return where opportunities stand that are not in a forecast; not opened where not seen."""
    found = {one.line.opportunity_id: scope.standing(one.status, one.line) for one in seen}
    held = {id_: found.get(id_, Standing.NOT_OPENED) for id_ in ids}
    return {id_: one for id_, one in held.items() if one is not None}


class DateMove(Struct, frozen=True):
    """An open opportunity whose commit date moved: later is slippage, earlier a pull-in."""

    opportunity_id: UUID
    was: date
    now: date
    amount: Decimal | None

    @property
    def days(self) -> int:
        """How many days later."""
        return (self.now - self.was).days


class Moved(Struct, frozen=True):
    """How many opportunities moved one way, and the whole of their amounts."""

    opportunities: int
    amount: Decimal


def date_moves(before: Mapping[UUID, Line], after: Mapping[UUID, Line]) -> list[DateMove]:
    """Return which commit dates moved between two looks, the largest amounts first."""
    moves = [
        DateMove(id_, old.commit_date, new.commit_date, new.amount)
        for id_, old in before.items()
        if (new := after.get(id_)) is not None
        and old.commit_date is not None
        and new.commit_date is not None
        and old.commit_date != new.commit_date
        and not old.won
        and not new.won
    ]
    return sorted(moves, key=lambda one: (-(one.amount or ZERO), one.opportunity_id))


def moved(moves: Iterable[DateMove]) -> Moved:
    """Return how many moved, and the whole of their amounts."""
    every = list(moves)
    return Moved(len(every), sum((one.amount or ZERO for one in every), ZERO))
