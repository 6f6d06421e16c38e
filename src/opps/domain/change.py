"""What moved a score from one value to another, in points that add up exactly."""

from collections.abc import Iterator
from math import exp, floor, fsum, log
from typing import NamedTuple

from msgspec import Struct

from opps.domain.model import Channel, Topic
from opps.domain.quadrature import UNIT
from opps.domain.score import HIGHEST, LOWEST, MILLI_POINTS_A_NAT, Score


class Effect(Struct, frozen=True):
    """What one objective, or a context, moved in one channel; MODEL where the prior moved."""

    topic: Topic
    channel: Channel
    milli_points: int


class Change(Struct, frozen=True, kw_only=True):
    """The way from one score to the next: the effects add up to the milli-points, exactly.

    The milli-points of consecutive changes add up as well: each is a difference of whole numbers.
    Effects that round to nothing are left out.
    """

    before: Score
    after: Score
    milli_points: int
    delta_p: float
    effects: tuple[Effect, ...]


class Shift(NamedTuple):
    """How far the log odds of a channel moved because of one topic, in nats."""

    topic: Topic
    channel: Channel
    nats: float


def change(before: Score, after: Score) -> Change:
    """Return what moved the score, by objective and channel.

    Aumann-Shapley along the straight path between both pairs of log odds, with 16 nodes; whole
    milli-points by largest remainder. Where a score is held at .01 or .99, all effects shrink
    alike.
    """
    milli_points = after.milli_points - before.milli_points
    shifts = [shift for shift in _shifts(before, after) if shift.nats]
    parts: list[float] = []
    if shifts:
        slope = _slope(before, after)
        kept = _kept(before, after) * MILLI_POINTS_A_NAT
        parts = [kept * slope[shift.channel] * shift.nats for shift in shifts]
    effects = (
        Effect(shift.topic, shift.channel, whole)
        for shift, whole in zip(shifts, _whole(parts, milli_points), strict=True)
    )
    return Change(
        before=before,
        after=after,
        milli_points=milli_points,
        delta_p=after.p - before.p,
        effects=tuple(effect for effect in effects if effect.milli_points),
    )


def _shifts(before: Score, after: Score) -> Iterator[Shift]:
    """Yield what moved: under one model each topic, and all at once where the model changed."""
    if before.model != after.model:
        happen = after.log_odds_happen - before.log_odds_happen
        yield Shift(Topic.MODEL, Channel.HAPPEN, happen)
        yield Shift(Topic.MODEL, Channel.WIN, after.log_odds_win - before.log_odds_win)
        return
    for one, other in zip(before.contributions, after.contributions, strict=True):
        yield Shift(one.topic, Channel.HAPPEN, other.happen - one.happen)
        yield Shift(one.topic, Channel.WIN, other.win - one.win)


def _slope(before: Score, after: Score) -> dict[Channel, float]:
    """Return how much the log odds of p rise for a nat in each channel, on average over the path.

    With a = exp(-happen) and b = exp(-win), the log odds of p are -log(a + b + ab).
    """
    happen, win = [], []
    for share, weight in UNIT:
        a = exp(-_between(before.log_odds_happen, after.log_odds_happen, share))
        b = exp(-_between(before.log_odds_win, after.log_odds_win, share))
        happen.append(weight * a * (1 + b) / (a + b + a * b))
        win.append(weight * b * (1 + a) / (a + b + a * b))
    return {Channel.HAPPEN: fsum(happen), Channel.WIN: fsum(win)}


def _between(start: float, end: float, share: float) -> float:
    return start + (end - start) * share


def _kept(before: Score, after: Score) -> float:
    """Return the share of the movement that shows: less than all of it at the bounds of p."""
    if not {before.p, after.p} & {LOWEST, HIGHEST}:
        return 1.0
    moved = _log_odds(after) - _log_odds(before)
    shown = (after.milli_points - before.milli_points) / MILLI_POINTS_A_NAT
    return min(max(shown / moved, 0.0), 1.0) if moved else 0.0


def _log_odds(score: Score) -> float:
    a, b = exp(-score.log_odds_happen), exp(-score.log_odds_win)
    return -log(a + b + a * b)


def _whole(parts: list[float], total: int) -> list[int]:
    """Return whole numbers near the parts that add up to the total: by largest remainder."""
    if not parts:
        return []
    floors = [floor(part) for part in parts]
    each, more = divmod(total - sum(floors), len(parts))
    by_remainder = sorted(range(len(parts)), key=lambda one: floors[one] - parts[one])
    lifted = set(by_remainder[:more])
    return [whole + each + (one in lifted) for one, whole in enumerate(floors)]
