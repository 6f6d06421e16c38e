"""A lens, as a query names it: which knowledge of an opportunity to look at."""

from datetime import date, datetime
from typing import Annotated, TypeVar
from uuid import UUID

import strawberry
from strawberry import UNSET

from opps.api.context import Info
from opps.api.derive import enum_of
from opps.api.errors import NotAcceptable
from opps.api.reading import HEAD, Key, Moment
from opps.api.scalars import Position
from opps.application.places import position_at
from opps.domain.opportunity.lenses import AsKnown, InHindsight, ModelOf
from opps.domain.times import (
    CLOCK_TOLERANCE,
    Reading,
    UnreadableTime,
    end_of_day,
    midnight,
    zone_of,
)

T = TypeVar("T")

for _enum in (ModelOf, Reading):
    enum_of(_enum)


@strawberry.input(description="A day of a zone's calendar: it stands for its end.")
class LocalDay:
    day: date = strawberry.field(description="The day; it must have begun.")
    zone: str = strawberry.field(description="IANA name of the zone, such as Europe/Madrid.")


@strawberry.input(
    one_of=True, description="Up to where the log is believed; give exactly one field."
)
class ToldBy:
    position: Position | None = strawberry.field(
        description="What was recorded up to this position.", default=UNSET
    )
    at: datetime | None = strawberry.field(
        description="What was recorded by this instant.", default=UNSET
    )
    day: LocalDay | None = strawberry.field(
        description="What was recorded by the end of this day.", default=UNSET
    )


@strawberry.input(
    description="What our side knew at an instant of learned time. Give either `at` or `day`."
)
class KnownAt:
    at: datetime | None = strawberry.field(description="The instant.", default=None)
    day: LocalDay | None = strawberry.field(description="The end of this day.", default=None)
    told_by: ToldBy | None = strawberry.field(
        description="As told by then; everything told so far when absent.", default=None
    )
    certainty: Reading = strawberry.field(
        description="Of an imprecise learned time: CERTAIN counts its end, POSSIBLE its start.",
        default=Reading.CERTAIN,
    )
    model: ModelOf = strawberry.field(
        description="By which scoring model to work the score out anew.", default=ModelOf.AS_THEN
    )


@strawberry.input(description="What was true at an instant. Give either `at` or `day`.")
class HindsightAt:
    at: datetime | None = strawberry.field(description="The instant.", default=None)
    day: LocalDay | None = strawberry.field(description="The end of this day.", default=None)
    told_by: ToldBy | None = strawberry.field(
        description="As told by then; everything told so far when absent.", default=None
    )


@strawberry.input(
    one_of=True,
    description="Which knowledge to look at: give exactly one field. Ask again with the "
    "`asOfPosition` of an answer, as `position` or in `toldBy`, and it is the same to the last "
    "byte.",
)
class AsOf:
    position: Position | None = strawberry.field(
        description="As the system showed it at this position of the log.", default=UNSET
    )
    screen: datetime | None = strawberry.field(
        description="As the system showed it at this instant of recorded time, with the score of "
        "then.",
        default=UNSET,
    )
    screen_day: LocalDay | None = strawberry.field(
        description="As the system showed it at the end of this day.", default=UNSET
    )
    known: KnownAt | None = strawberry.field(
        description="What our side knew at an instant, late entries too; the score is worked out "
        "anew. Null before the opportunity was opened.",
        default=UNSET,
    )
    hindsight: datetime | None = strawberry.field(
        description="What was true at this instant, as believed today: by `trueFrom` and "
        "`trueUntil`, and since it was learned where nobody said more. Null before the "
        "opportunity was opened.",
        default=UNSET,
    )
    in_hindsight: HindsightAt | None = strawberry.field(
        description="The same with more to say: a day instead of an instant, or as told by then.",
        default=UNSET,
    )


At = Annotated[
    AsOf | None,
    strawberry.argument(description="Which knowledge to look at; what is shown now when absent."),
]


async def moment_of(info: Info, as_of: AsOf | None, otherwise: Moment = HEAD) -> Moment:
    """Return what is to be read, at a position that stays what it is.

    Raises:
        NotAcceptable: the position or the instant does not exist yet, or a zone does not exist.
    """
    if as_of is None:
        return otherwise
    if given := _given(as_of.known):
        lens = AsKnown(_asked_about(info, given), given.certainty, given.model)
        return Moment(await told_by_position(info, given.told_by), lens)
    if true := _given(as_of.in_hindsight):
        return Moment(
            await told_by_position(info, true.told_by), InHindsight(_asked_about(info, true))
        )
    if true_at := _instant(info, _given(as_of.hindsight), None):
        return Moment(await _head(info), InHindsight(true_at))
    if shown_at := _instant(info, _given(as_of.screen), _given(as_of.screen_day)):
        return Moment(await _position_at(info, shown_at))
    return Moment(await _existing(info, _given(as_of.position)))


def is_pinned(as_of: AsOf) -> bool:
    """Tell whether somebody said up to where the log is believed."""
    given = _given(as_of.known) or _given(as_of.in_hindsight)
    told_by = given.told_by if given else None
    return _given(as_of.position) is not None or told_by is not None


async def told_by_then(info: Info, id_: UUID, moment: Moment) -> None:
    """Refuse to look at an opportunity as told before anything was recorded of it.

    Raises:
        NotAcceptable: it was recorded later than the moment is told by.
    """
    pictures = info.context.reading.pictures
    if await pictures.load(Key(id_, Moment(moment.position))) is not None:
        return
    if await pictures.load(Key(id_)) is not None:
        message = f"Nothing of it had been recorded by position {moment.position}: ask later."
        raise NotAcceptable(message, "TOLD_BEFORE_OPENING")


def _asked_about(info: Info, given: KnownAt | HindsightAt) -> datetime:
    if (given.at is None) is (given.day is None):
        raise NotAcceptable("Say which instant you ask about: give either `at` or `day`.")
    instant = _instant(info, given.at, given.day)
    assert instant is not None, "one of them is given"
    return instant


async def told_by_position(info: Info, by: ToldBy | None) -> int:
    """Return the position that something is told by: the end of the log when nothing is given."""
    if by is None:
        return await _head(info)
    if instant := _instant(info, _given(by.at), _given(by.day)):
        return await _position_at(info, instant)
    return await _existing(info, _given(by.position))


def _instant(info: Info, at: datetime | None, day: LocalDay | None) -> datetime | None:
    """Return an instant that has come; of a day its end.

    Raises:
        NotAcceptable: it has not come, or the zone does not exist.
    """
    now = info.context.services.application.now()
    if day is None:
        if at is not None and at > now + CLOCK_TOLERANCE:
            raise _in_the_future(at.isoformat())
        return at
    try:
        end = end_of_day(day.day, day.zone)
        begin = midnight(day.day, zone_of(day.zone))
    except (UnreadableTime, OverflowError) as error:
        raise NotAcceptable(f"{day.day} in {day.zone}: {error}", "UNREADABLE_DAY") from None
    if begin > now + CLOCK_TOLERANCE:
        raise _in_the_future(f"{day.day} in {day.zone}")
    return end


def _in_the_future(when: str) -> NotAcceptable:
    return NotAcceptable(f"{when} has not come: nobody knows yet.", "IN_THE_FUTURE")


async def _existing(info: Info, position: Position | None) -> int:
    """Return a position of the log; 0 is before its first event."""
    assert position is not None, "the schema asks for exactly one field"
    head = await _head(info)
    if position > head:
        message = f"The log ends at position {head}: position {position} is not there yet."
        raise NotAcceptable(message, "UNKNOWN_POSITION")
    return position


async def _head(info: Info) -> int:
    log = info.context.services.application.log
    head = await log.aside(log.head, info.context.viewer.tenant)
    return 0 if head is None else head.size


async def _position_at(info: Info, instant: datetime) -> int:
    log = info.context.services.application.log
    return await log.aside(position_at, log, info.context.viewer.tenant, instant)


def _given(value: T) -> T | None:
    return None if value is UNSET else value
