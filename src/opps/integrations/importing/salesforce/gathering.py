"""The rows of an export, gathered on disk by opportunity, with the names that its ids stand for."""

import csv
import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import msgspec

from opps.integrations.importing.csv_file import texts
from opps.integrations.importing.errors import SourceMalformed
from opps.integrations.importing.packing import Counting, Part, parts_of
from opps.integrations.importing.report import FileTaken
from opps.integrations.importing.salesforce.ids import long_id
from opps.integrations.importing.salesforce.looking import Looked, look
from opps.integrations.importing.salesforce.objects import (
    SHAPES,
    Kind,
    doubled,
    kind_of,
    nearest,
    places,
    plain,
)
from opps.integrations.importing.salesforce.settings import SalesforcePart

Cells = Mapping[str, str]
_REMEMBERED = 20_000
_OF_NAMES = frozenset({Kind.ACCOUNT, Kind.CONTACT, Kind.USER})
_IDS = ("Id", "OpportunityId", "AccountId", "ContactId", "OwnerId", "CreatedById")
_ALL_IDS = frozenset({*_IDS, "LastModifiedById"})
_ORDER = {kind: number for number, kind in enumerate(Kind)}
_KINDS = tuple(Kind)


class Told(NamedTuple):
    """A row of an export: its number in all of it, its object, and where it stands."""

    number: int
    kind: Kind
    file: str
    line: int
    cells: Cells


class Export:
    """An export of Salesforce: files, folders and zips, gathered once and read by opportunity.

    Raises:
        SourceMalformed: a path cannot be read, or is no export; nothing was imported then.
    """

    def __init__(self, paths: Sequence[Path], settings: SalesforcePart) -> None:
        self.bytes_read = 0
        self.files: list[FileTaken] = []
        self.stages: dict[str, tuple[str, str]] = {}
        self._looked = [look(part, settings) for part in parts_of(paths)]
        self._check(paths)
        self.bytes_total = sum(one.part.bytes_total for one in self._looked)
        self._store = sqlite3.connect("")
        self._after_some: Callable[[], None] = lambda: None
        self.named = lru_cache(_REMEMBERED)(self._named)

    @property
    def lacks_currency(self) -> bool:
        """Whether opportunities come without a column for their currency."""
        opportunities = [one for one in self._looked if one.kind is Kind.OPPORTUNITY]
        wanted = plain("CurrencyIsoCode")
        return any(wanted not in map(plain, one.header) for one in opportunities)

    def digest(self) -> str:
        """Return a digest of all files, in whatever order and packing they come."""
        told = sorted(one.digest for one in self._looked if one.kind is not None)
        return hashlib.sha256("".join(told).encode()).hexdigest()

    def gather(self, after_some: Callable[[], None] = lambda: None) -> None:
        """Read all files into a store on disk, so that an export of any size needs little memory.

        `after_some` is called now and then.

        Raises:
            SourceMalformed: a file cannot be read on.
        """
        store = self._store
        self._after_some = after_some
        store.execute("PRAGMA journal_mode = OFF")
        store.execute("PRAGMA temp_store = FILE")
        store.execute(
            "CREATE TABLE told (opportunity TEXT, kind INTEGER, file INTEGER, line INTEGER, "
            "content BLOB)"
        )
        store.execute("CREATE TABLE named (kind INTEGER, id TEXT, content BLOB)")
        for number, looked in enumerate(self._looked):
            rows = self._take(number, looked) if looked.kind is not None else 0
            self.files.append(FileTaken(file=looked.part.name, taken_as=looked.kind, rows=rows))
        store.execute("CREATE INDEX by_id ON named (kind, id)")

    def opportunities(self) -> Iterator[tuple[str, list[Told]]]:
        """Yield the rows of each opportunity, by object and in the order of the files."""
        found = self._store.execute(
            "SELECT opportunity, rowid, kind, file, line, content FROM told ORDER BY 1, 3, 4, 5"
        )
        for opportunity, rows in groupby(found, itemgetter(0)):
            yield opportunity, [self._told(*row) for row in rows]

    def _told(self, _: str, number: int, kind: int, file: int, line: int, content: bytes) -> Told:
        cells = msgspec.json.decode(content, type=dict[str, str])
        return Told(number, _KINDS[kind], self._looked[file].part.name, line, cells)

    def _named(self, kind: Kind, id_: str) -> Cells:
        """Return what the export has of somebody or something by its id: nothing, if it is not."""
        found = self._store.execute(
            "SELECT content FROM named WHERE kind = ? AND id = ? ORDER BY rowid DESC LIMIT 1",
            (_ORDER[kind], id_),
        ).fetchone()
        return msgspec.json.decode(found[0], type=dict[str, str]) if found else {}

    def _take(self, number: int, looked: Looked) -> int:
        kind = looked.kind
        assert kind is not None
        at = places(kind, looked.header)
        order = _ORDER[kind]
        before = self._store.total_changes
        if kind in _OF_NAMES:
            self._store.executemany(
                "INSERT INTO named VALUES (?, ?, ?)",
                (
                    (order, cells["Id"], msgspec.json.encode(cells))
                    for _, cells in self._rows(looked, at)
                ),
            )
        else:
            by = "Id" if kind is Kind.OPPORTUNITY else "OpportunityId"
            self._store.executemany(
                "INSERT INTO told VALUES (?, ?, ?, ?, ?)",
                (
                    (cells[by], order, number, line, msgspec.json.encode(cells))
                    for line, cells in self._rows(looked, at)
                ),
            )
        return self._store.total_changes - before

    def _rows(self, looked: Looked, at: dict[str, int]) -> Iterator[tuple[int, dict[str, str]]]:
        part, header = looked.part, looked.header
        wanted = list(at.items())
        ids = [name for name in at if name in _ALL_IDS]
        firsts = _first_names()
        is_opportunity = looked.kind is Kind.OPPORTUNITY
        lines = csv.reader(self._texts(looked), delimiter=looked.delimiter, strict=True)
        try:
            next(lines, None)
            for cells in lines:
                if not cells:
                    continue
                if len(cells) != len(header) or cells[0].casefold() in firsts:
                    _check_row(part, header, cells, lines.line_num)
                row = {name: cells[place] for name, place in wanted}
                for name in ids:
                    row[name] = long_id(row[name])
                if is_opportunity:
                    self._note_stage(row)
                yield lines.line_num, row
        except csv.Error as error:
            raise SourceMalformed(part.path, f"no readable CSV: {error}", lines.line_num) from None

    def _note_stage(self, row: Cells) -> None:
        """Note what a stage means: opportunities in it say whether they are closed, and won."""
        stage, closed = row["StageName"], row.get("IsClosed")
        if closed and len(self.stages) < _REMEMBERED:
            self.stages.setdefault(stage, (closed, row.get("IsWon", "")))

    def _texts(self, looked: Looked) -> Iterator[str]:
        return texts(Counting(looked.part, self._count), looked.encoding)

    def _count(self, read: int) -> None:
        self.bytes_read += read
        self._after_some()

    def _check(self, paths: Sequence[Path]) -> None:
        """Refuse what is no export: a file that somebody named, or a place without any."""
        for one in self._looked:
            if one.kind is None and one.part.named:
                raise SourceMalformed(one.part.path, _unknown(one), 1)
            if one.kind is not None and (name := doubled(one.kind, one.header)):
                message = f"two columns are called {name}: take out the one that is not meant"
                raise SourceMalformed(one.part.path, message, 1)
        if not any(one.kind for one in self._looked):
            message = (
                "there is no export of Salesforce in it: a table that has the columns of "
                f"{', '.join(SHAPES)}; --print-soql prints the queries that export them"
            )
            raise SourceMalformed(paths[0], message)
        if not any(one.kind is not None and one.kind not in _OF_NAMES for one in self._looked):
            message = (
                "it has names and no opportunities: export Opportunity too; "
                "--print-soql prints the queries"
            )
            raise SourceMalformed(paths[0], message)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with closing(self._store):
            self.named.cache_clear()


def _first_names() -> frozenset[str]:
    """Return how the first cell of another header may read, so that one is noticed in the rows."""
    names = {name for shape in SHAPES.values() for name in shape.columns()}
    return frozenset({name.casefold() for name in names} | {_snake(name) for name in names})


def _snake(name: str) -> str:
    return "".join("_" + one if one.isupper() else one for one in name).lstrip("_").casefold()


def _check_row(part: Part, header: Sequence[str], cells: Sequence[str], line: int) -> None:
    """Refuse a row that is the header of another table, or has too many or too few cells."""
    kind = kind_of(cells)
    if kind is not None or list(cells) == list(header):
        message = (
            f"here begins another table, {kind or 'the same once more'}: this file is several "
            "exports in one; give each a file of its own"
        )
        raise SourceMalformed(part.path, message, line)
    if len(cells) != len(header):
        message = (
            f"{len(cells)} cells, but there are {len(header)} columns: is another export in this "
            "file, or a cell with its delimiter and without quotes?"
        )
        raise SourceMalformed(part.path, message, line)


def _unknown(looked: Looked) -> str:
    """Say of a file what it lacks to be an export that we read."""
    near = nearest(looked.header)
    query = "--print-soql prints the queries that export what an import reads"
    if near is None:
        there = ", ".join(looked.header[:12]) or "none"
        return (
            f"it is no export of Salesforce that opps reads: its columns are {there}; {query}, "
            "and [salesforce.columns] of a mapping says what yours are called"
        )
    kind, missing = near
    return (
        f"it is nearly an export of {kind}, and lacks {', '.join(missing)}; {query}, and "
        "[salesforce.columns] of a mapping says what yours are called"
        if missing
        else f"its columns say too little to tell what it is; {query}"
    )
