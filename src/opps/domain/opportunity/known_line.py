"""What was known of an opportunity from instant to instant, as told so far: the pieces of a line.

Each piece holds until something else counts, or until time alone changes it. What a piece shows is
what a lens shows (`lenses.through`); the end of the line is followed event by event.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from opps.domain.events import (
    Event,
    FactLearned,
    FactRedated,
    ImportTakenBack,
    OpportunityEvent,
)
from opps.domain.knowledge import next_step_at
from opps.domain.opportunity.evolve import evolve
from opps.domain.opportunity.lenses import OF_FACTS, AsKnown, through
from opps.domain.opportunity.placing import ENDS_OR_BEGINS, clock_at, placed, zone_in
from opps.domain.opportunity.state import Opportunity, known
from opps.domain.recorded import Recorded
from opps.domain.setting import setting_after, surround
from opps.domain.times import midnight

Show = Callable[[datetime], Opportunity | None]
Turn = Callable[[Opportunity], datetime | None]
"""When time alone next changes what is known of an open opportunity."""


class Piece(Struct, frozen=True):
    """What was known from an instant on; time alone changes it at `exact_until`, if ever."""

    known_from: datetime
    state: Opportunity
    exact_until: datetime | None


def next_turn(state: Opportunity) -> datetime | None:
    """Return when time alone next changes what is known."""
    return next_step_at(known(state))


def exact_until(state: Opportunity, zone: ZoneInfo, turn: Turn = next_turn) -> datetime | None:
    """Return the beginning of the day on which time alone changes what is known."""
    if not state.open:
        return None
    step = turn(state)
    if step is None:
        return None
    try:
        begun = clock_at(step, zone)
        if begun >= step:
            return begun
        return midnight(step.astimezone(zone).date() + timedelta(days=1), zone)
    except OverflowError:
        return None


def pieces(
    show: Show, since: datetime, before: datetime, zone: ZoneInfo, turn: Turn = next_turn
) -> Iterator[Piece]:
    """Yield the piece that begins at an instant, and those that time makes of it before another."""
    at: datetime | None = since
    while at is not None:
        state = show(at)
        if state is None:
            return
        until = exact_until(state, zone, turn)
        yield Piece(at, state, until)
        at = until if until is not None and until < before else None


def retold(history: Sequence[Recorded[Event]], whole: Opportunity, since: datetime) -> list[Piece]:
    """Return the pieces from an instant on, as the history tells them.

    After the last thing that was learned there is one piece: time goes on with it.
    """
    zone, own = zone_in(history), whole.opportunity_id
    every = placed(history, whole)
    instants = sorted({since, *(at for at, _ in every if at > since)})
    ours = {since, *(at for at, one in every if one.stream == own)}
    told: list[Piece] = []
    for at, before in zip(instants, [*instants[1:], None], strict=True):
        found = list(pieces(lambda k: through(AsKnown(k), history, whole), at, before or at, zone))
        # A model that comes into force changes nothing of what is closed.
        if at in ours or any(piece.state.open for piece in found):
            told += found
    return told


def changed_since(
    history: Sequence[Recorded[Event]], before: Opportunity, after: Opportunity
) -> datetime:
    """Return from when on the last event changes what was known: an instant that others count at.

    Nothing else is known between there and the first instant that the event is about.
    """
    position, own = history[-1].position, after.opportunity_id
    earlier = [one for one in history if one.position < position]
    was = {one.position: at for at, one in placed(earlier, before) if one.stream == own}
    now = {one.position: at for at, one in placed(history, after)}
    moved = [
        at
        for place in was.keys() | {position}
        if was.get(place) != now.get(place)
        for at in (was.get(place), now.get(place))
        if at is not None
    ]
    first = min(moved, default=max(was.values()))
    return max(at for at in was.values() if at <= first)


class Line(Struct, frozen=True):
    """The end of a line: all that was done, in the order of learning; `at` is the last of it.

    `closed_at` is from when on it counts as closed, where it is.
    """

    begin: datetime
    at: datetime
    done: Opportunity
    closed_at: datetime | None = None

    def follows(self, recorded: Recorded[Event], before: Opportunity, after: Opportunity) -> bool:
        """Tell whether an event counts behind everything else, and moves nothing else."""
        event = recorded.event
        closes = before.open and not after.open
        if isinstance(event, FactRedated | ImportTakenBack):
            return False
        if isinstance(event, ENDS_OR_BEGINS) and not closes:
            return False
        told_before = isinstance(event, FactLearned) and event.fact_id in before.fact_keys
        return not told_before and self.placed(recorded) >= self.at

    def placed(self, recorded: Recorded[Event]) -> datetime:
        """Return from when on an event counts that says so itself."""
        assert isinstance(recorded.event, OpportunityEvent)
        return max(self.begin, recorded.event.learned.effective(recorded.recorded_at))

    def after(self, recorded: Recorded[Event], whole: Opportunity, zone: ZoneInfo) -> "Line":
        """Return the line after an event that follows."""
        done = self.done
        if not isinstance(recorded.event, OF_FACTS):
            done = evolve(done, recorded, done.setting) or done
        at = self.placed(recorded)
        closed_at = at if self.done.open and not done.open else self.closed_at
        line = Line(self.begin, at, done, closed_at)
        # What is learned in the very instant of the closing counts for what that froze.
        return line.frozen(whole, zone) if closed_at == at else line

    def frozen(self, whole: Opportunity, zone: ZoneInfo) -> "Line":
        """Return the line with what was known where it ends, which is where it closed."""
        shown = replace(self, done=replace(self.done, frozen=None)).shown(whole, self.at, zone)
        return replace(self, done=replace(self.done, frozen=known(shown)))

    def shown(self, whole: Opportunity, at: datetime, zone: ZoneInfo) -> Opportunity:
        """Return what was known at an instant behind everything."""
        return replace(
            self.done,
            histories=whole.histories,
            fact_keys=whole.fact_keys,
            things=whole.things,
            setting=replace(whole.setting, clock=clock_at(at, zone)),
            version=whole.version,
            position=whole.position,
        )


def line_of(history: Sequence[Recorded[Event]], whole: Opportunity) -> Line:
    """Return the end of the line of a history; models that came into force do not lengthen it."""
    done = [one for one in history if not isinstance(one.event, OF_FACTS)]
    own = [one for one in placed(history, whole) if one[1].stream == whole.opportunity_id]
    state: Opportunity | None = None
    setting = setting_after(())
    closed_at: datetime | None = None
    for at, recorded in placed(done, whole):
        setting = surround(setting, recorded.event)
        state = evolve(state, recorded, setting)
        if state is not None:
            closed_at = None if state.open else closed_at or at
    assert state is not None, "the opening comes first"
    if not state.open:
        seen = through(AsKnown(own[-1][0]), history, whole)
        state = replace(state, frozen=seen and seen.frozen)
    return Line(own[0][0], own[-1][0], state, closed_at)
