"""A file of corrections: what somebody says a text of a column should be, and why."""

import csv
import hashlib
import io
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from opps.domain.describe import Code, Title
from opps.domain.events.mending import Cell
from opps.integrations.formulas import guarded, unguarded
from opps.integrations.importing.errors import MappingRefused, Meant, Problem
from opps.integrations.private_files import private_text

_MARKS = ",;\t|"
_NEEDED = ("column", "was", "now")


class CorrectionsRefused(MappingRefused):
    """A file of corrections is wrong; the message names every problem with its line and field."""


class Correction(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One text of a column, and what is meant by it: everywhere, or in one opportunity alone."""

    column: Code
    was: Cell
    now: Cell
    reason: Title | None = None
    external_id: Annotated[str, Meta(min_length=1, max_length=200)] | None = None


class Applied(Struct, frozen=True):
    """A correction that met rows; what of several opportunities is the same, is one."""

    column: str
    was: str
    now: str
    reason: str | None


class Corrections:
    """The corrections of a file, applied to cells as they are read, and counted by rows."""

    def __init__(self, given: tuple[Correction, ...] = (), digest: str = "") -> None:
        self.digest = digest
        self._given = given
        self._of = {(one.column, one.was, one.external_id): one for one in given}
        self._columns = tuple(dict.fromkeys(one.column for one in given))
        self._met: Counter[Correction] = Counter()

    def __bool__(self) -> bool:
        return bool(self._given)

    def mended(self, cells: dict[str, str], external_id: str) -> dict[str, str]:
        """Return the cells of a row, those that a correction names with what is meant by them."""
        return self._mended(cells, self._meant(cells, external_id)) if self._given else cells

    def mended_change(
        self, cells: dict[str, str], external_id: str, field: str, values: tuple[str, ...]
    ) -> dict[str, str]:
        """Return a change of one field, mended: what corrects the field is for its values."""
        if not self._given:
            return cells
        meant = self._meant(cells, external_id)
        for name in values:
            if one := self._correction(field, cells.get(name, ""), external_id):
                meant[name] = one
        return self._mended(cells, meant)

    def applied(self) -> list[tuple[Applied, int]]:
        """Return the corrections that met rows, in the order of the file, with how many."""
        found: Counter[Applied] = Counter()
        for one in self._given:
            if self._met[one]:
                found[Applied(one.column, one.was, one.now, one.reason)] += self._met[one]
        return list(found.items())

    def unmet(self) -> list[Correction]:
        """Return the corrections that met no row: mistyped, or of another file."""
        return [one for one in self._given if not self._met[one]]

    def _meant(self, cells: dict[str, str], external_id: str) -> dict[str, Correction]:
        return {
            column: one
            for column in self._columns
            if column in cells and (one := self._correction(column, cells[column], external_id))
        }

    def _correction(self, column: str, text: str, external_id: str) -> Correction | None:
        own = self._of.get((column, text, external_id))
        return own or self._of.get((column, text, None))

    def _mended(self, cells: dict[str, str], meant: dict[str, Correction]) -> dict[str, str]:
        if not meant:
            return cells
        self._met.update(set(meant.values()))
        return {**cells, **{name: one.now for name, one in meant.items()}}


def read_corrections(path: Path) -> Corrections:
    """Return the corrections of a file: TOML with [[corrections]], or a table in CSV.

    Raises:
        CorrectionsRefused: it cannot be read or something in it is wrong, with line and field.
    """
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except OSError as error:
        problem = Problem("file", f"cannot be read: {error.strerror}")
        raise CorrectionsRefused(path, [problem]) from None
    except UnicodeDecodeError:
        raise CorrectionsRefused(path, [Problem("file", "is no UTF-8: save it as that")]) from None
    written = _of_toml(path, text) if path.suffix == ".toml" else _of_csv(path, text)
    given: list[Correction] = []
    problems: list[Problem] = []
    said: dict[tuple[str, str, str | None], str] = {}
    for place, line, one in written:
        try:
            correction = msgspec.convert(one, Correction)
        except msgspec.ValidationError as error:
            problems.append(Problem(place, str(error).replace("`", "'"), line))
            continue
        of = (correction.column, correction.was, correction.external_id)
        if said.setdefault(of, correction.now) != correction.now:
            message = f"{correction.was!r} is to be {said[of]!r} above, and here {correction.now!r}"
            problems.append(Problem(place, message, line))
        given.append(correction)
    if problems:
        raise CorrectionsRefused(path, problems)
    return Corrections(tuple(given), hashlib.sha256(content).hexdigest())


def _of_toml(path: Path, text: str) -> Iterator[tuple[str, int | None, Any]]:
    try:
        written = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise CorrectionsRefused(path, [Problem("file", f"is no TOML: {error}")]) from None
    corrections = written.get("corrections")
    if written.keys() != {"corrections"} or not isinstance(corrections, list):
        raise CorrectionsRefused(path, [Problem("file", "write each as [[corrections]]")])
    for number, one in enumerate(corrections, 1):
        yield f"corrections[{number}]", None, one


def _of_csv(path: Path, text: str) -> Iterator[tuple[str, int | None, Any]]:
    first = text.partition("\n")[0]
    mark = max(_MARKS, key=first.count)
    rows = csv.DictReader(io.StringIO(text), delimiter=mark, strict=True)
    names = rows.fieldnames or ()
    missing = [name for name in _NEEDED if name not in names]
    if missing:
        message = (
            f"has no column {', '.join(missing)}; its first line must name column, was and now, "
            "and may name reason and external_id"
        )
        raise CorrectionsRefused(path, [Problem("file", message, 1)])
    try:
        for row in rows:
            yield "row", rows.line_num, _said(row)
    except csv.Error as error:
        problem = Problem("file", f"is no readable CSV: {error}", rows.line_num)
        raise CorrectionsRefused(path, [problem]) from None


def _said(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the cells of a row; an empty reason or id says nothing, and no guard is left."""
    return {
        str(name): unguarded(text) if isinstance(text, str) else text
        for name, text in row.items()
        if text or name in _NEEDED or not isinstance(text, str)
    }


def write_proposed(path: Path, meant: Iterable[Meant]) -> None:
    """Write what may be meant by some texts as a file of corrections, for a person to judge.

    No text in it is a formula; reading it takes the guard away.
    """
    with private_text(path) as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow([*_NEEDED, "reason"])
        for one in meant:
            rows.writerow([*map(guarded, (one.column, one.was, one.now)), ""])


NO_CORRECTIONS = Corrections()
