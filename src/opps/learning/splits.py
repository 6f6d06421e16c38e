"""Which rows of a table a model learns from and which it is asked about: a file of protocols."""

from collections.abc import Collection, Iterator
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

Row = Annotated[int, Meta(ge=0)]


class SplitsRefused(Exception):
    """A splits file that cannot be followed; the message says where and why."""


class Aggregate(StrEnum):
    """What a figure is of: the mean over folds, or over repeats whose folds are pooled first."""

    MEAN = "mean"
    POOLED = "pooled"


class Fold(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Rows to ask about, and rows to learn from: all others where none are named.

    `hidden` names for each row to ask about the columns that count as not asked.
    """

    test: Annotated[list[Row], Meta(min_length=1)]
    train: list[Row] | None = None
    hidden: list[list[str]] | None = None

    def learned_from(self, rows: int) -> list[int]:
        """Return the rows to learn from."""
        if self.train is not None:
            return self.train
        asked = set(self.test)
        return [row for row in range(rows) if row not in asked]

    def asked(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the rows to ask about, each with what is hidden of it."""
        yield from zip(self.test, self.hidden or [[]] * len(self.test), strict=True)


class Plan(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A protocol: repeats of folds, without the columns that it drops."""

    aggregate: Aggregate
    repeats: Annotated[list[Annotated[list[Fold], Meta(min_length=1)]], Meta(min_length=1)]
    drop_columns: list[str] = []

    @property
    def folds(self) -> int:
        return sum(map(len, self.repeats))

    @property
    def hides(self) -> bool:
        """Whether something that is known is asked without."""
        return any(fold.hidden is not None for folds in self.repeats for fold in folds)


class Splits(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Protocols by their names, for the file of that SHA-256."""

    protocols: Annotated[dict[str, Plan], Meta(min_length=1)]
    data_sha256: str | None = None


def read_splits(path: Path) -> tuple[Splits, str]:
    """Return a splits file and its SHA-256.

    Raises:
        SplitsRefused: it is none.
    """
    content = path.read_bytes()
    try:
        return msgspec.json.decode(content, type=Splits), sha256(content).hexdigest()
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SplitsRefused(
            f'{path} is no splits file: {error}. It is JSON: {{"data_sha256", "protocols": '
            '{name: {"aggregate": "mean" or "pooled", "drop_columns", "repeats"}}}.'
        ) from None


def chosen(splits: Splits, names: Collection[str]) -> dict[str, Plan]:
    """Return the protocols of some names, all without any.

    Raises:
        SplitsRefused: there is none of a name.
    """
    if unknown := [name for name in names if name not in splits.protocols]:
        raise SplitsRefused(
            f"There is no protocol {', '.join(unknown)}. There are {', '.join(splits.protocols)}."
        )
    return {name: splits.protocols[name] for name in names or splits.protocols}


def check(plans: dict[str, Plan], rows: int, columns: Collection[str]) -> None:
    """Make sure that a table has all that protocols name.

    Raises:
        SplitsRefused: it has not, or a protocol asks about what it learned from.
    """
    for name, plan in plans.items():
        for column in plan.drop_columns:
            if column not in columns:
                raise SplitsRefused(_no_column(f"protocol {name}, drop_columns", column, columns))
        for repeat, folds in enumerate(plan.repeats):
            for number, fold in enumerate(folds):
                _check(fold, f"protocol {name}, repeat {repeat}, fold {number}", rows, columns)


def _check(fold: Fold, place: str, rows: int, columns: Collection[str]) -> None:
    for row in (*fold.test, *(fold.train or ())):
        if row >= rows:
            there = f"{rows:,} rows, from 0 to {rows - 1}" if rows else "no rows"
            raise SplitsRefused(f"{place}: there is no row {row}. The table has {there}")
    if both := set(fold.test).intersection(fold.train or ()):
        raise SplitsRefused(f"{place}: row {min(both)} is learned from and asked about")
    if fold.hidden is None:
        return
    if len(fold.hidden) != len(fold.test):
        raise SplitsRefused(
            f"{place}: hidden has {len(fold.hidden)} entries for {len(fold.test)} rows of test"
        )
    for hidden in fold.hidden:
        for column in hidden:
            if column not in columns:
                raise SplitsRefused(_no_column(f"{place}, hidden", column, columns))


def _no_column(place: str, column: str, columns: Collection[str]) -> str:
    return f"{place}: the mapping has no column {column!r}. It has {', '.join(columns)}"
