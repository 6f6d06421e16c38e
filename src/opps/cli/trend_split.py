"""Which cases of an event log a model learns from, and which it is tested on."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta, Struct

from opps.cli.output import Cannot, note

if TYPE_CHECKING:
    from opps.integrations.importing.replay import Replay
    from opps.learning.asked import Followed

AGES_DAYS = (0.02, 1.0, 3.0, 5.0, 8.0, 12.0, 16.0, 20.0, 25.0, 30.0)

# Without a split: learned from what was first offered and had closed by then, tested on January.
_ZONE = ZoneInfo("Europe/Amsterdam")
_LEARN_UNTIL = datetime(2011, 12, 1, tzinfo=_ZONE)
_TEST_FROM = datetime(2012, 1, 1, tzinfo=_ZONE)
_TEST_UNTIL = datetime(2012, 2, 1, tzinfo=_ZONE)
_NAMED = 5

Age = Annotated[float, Meta(ge=0, le=3650)]
Cases = Annotated[list[str | int], Meta(min_length=1)]


class Side(StrEnum):
    """What a case is for."""

    TRAIN = "TRAIN"
    TEST = "TEST"


class Split(Struct, frozen=True, kw_only=True):
    """Cases by their external ids, and at which ages since the first proposal to ask.

    With `data_sha256` it is for that file alone. What closed at `closed_before` or later is not
    learned from; see `closed_before` for what holds without it.
    """

    train_cases: Cases
    test_cases: Cases
    ages_days: Annotated[tuple[Age, ...], Meta(min_length=1)] = AGES_DAYS
    data_sha256: str | None = None
    closed_before: datetime | None = None

    def __post_init__(self) -> None:
        if both := _names(self.train_cases) & _names(self.test_cases):
            raise ValueError(f"it tests on cases that it learns from: {_some(both)}")
        if self.closed_before is not None and self.closed_before.tzinfo is None:
            raise ValueError("closed_before has no zone: add one, such as Z or +01:00")


class Divided:
    """The cases of both sides, as they are followed from their first proposal on."""

    def __init__(self) -> None:
        self.cases = dict.fromkeys(Side, 0)
        self.followed: dict[Side, list[Followed]] = {side: [] for side in Side}

    def add(self, side: Side, one: "Followed | None") -> None:
        self.cases[side] += 1
        if one is not None:
            self.followed[side].append(one)


def read_split(path: Path) -> Split:
    """Return a split, and note what it says besides.

    Raises:
        Cannot: it is none, or contradicts itself.
    """
    try:
        written = msgspec.json.decode(path.read_bytes())
        split = msgspec.convert(written, Split)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise Cannot(
            f"{path} is no split: {error}. It is JSON with train_cases, test_cases and ages_days."
        ) from None
    if ignored := sorted(written.keys() - set(Split.__struct_fields__)):
        note(f"{path}: not used: {', '.join(ignored)}.")
    return split


def divided(replay: "Replay", split: Split | None, advance: Callable[[int, int], None]) -> Divided:
    """Return the cases that a split names, or without one those of the standard months.

    Raises:
        Cannot: the log lacks cases of the split.
    """
    from opps.learning.asked import follow

    ages = AGES_DAYS if split is None else split.ages_days
    side_of = _by_month if split is None else _by_name(split)
    found = Divided()
    met: set[str] = set()
    for external_id, proposed_at, events in replay.histories(
        lambda one, at: side_of(one, at) is not None, advance
    ):
        side = side_of(external_id, proposed_at)
        assert side is not None
        met.add(external_id)
        found.add(side, follow(external_id, events, ages))
    if missing := _named(split) - met:
        raise Cannot(f"The log lacks cases of the split: {_some(missing)}.")
    return found


def closed_before(
    split: Split | None, train: "Sequence[Followed]", test: "Sequence[Followed]"
) -> datetime | None:
    """Return from when on a close must not be learned from: what the split says, if it does.

    Else nothing is known of the time of the tests before their first proposal; but where proposals
    of both sides lie in one time, no such instant exists.
    """
    if split is None:
        return _TEST_FROM
    if split.closed_before is not None or not (train and test):
        return split.closed_before
    first = min(one.proposed_at for one in test)
    return first if all(one.proposed_at < first for one in train) else None


SideOf = Callable[[str, datetime | None], Side | None]


def _by_month(_: str, proposed_at: datetime | None) -> Side | None:
    if proposed_at is None:
        return None
    if proposed_at < _LEARN_UNTIL:
        return Side.TRAIN
    return Side.TEST if _TEST_FROM <= proposed_at < _TEST_UNTIL else None


def _by_name(split: Split) -> SideOf:
    sides = dict.fromkeys(_names(split.train_cases), Side.TRAIN)
    sides |= dict.fromkeys(_names(split.test_cases), Side.TEST)
    return lambda external_id, _: sides.get(external_id)


def _named(split: Split | None) -> set[str]:
    return set() if split is None else _names(split.train_cases) | _names(split.test_cases)


def _names(cases: Sequence[str | int]) -> set[str]:
    return {str(one) for one in cases}


def _some(names: Collection[str]) -> str:
    """Return some names in words, and how many more there are."""
    shown = ", ".join(sorted(names)[:_NAMED])
    more = len(names) - _NAMED
    return f"{shown} and {more:,} more" if more > 0 else shown
