"""Rows of OpportunityFieldHistory: one change of one field, a lookup told twice counted once."""

import re
from collections.abc import Sequence

from opps.domain.times import Learned
from opps.integrations.importing.rows import Row
from opps.integrations.importing.salesforce import changes
from opps.integrations.importing.salesforce.changes import Changes, Value
from opps.integrations.importing.salesforce.gathering import Told
from opps.integrations.importing.salesforce.ids import long_id
from opps.integrations.importing.salesforce.objects import plain
from opps.integrations.importing.salesforce.words import Words

TOLD_TWICE = "a lookup told twice"
_ID = re.compile(r"[a-zA-Z0-9]{15}(?:[A-Z0-5]{3})?")
_OURS = {
    "stagename": changes.STAGE,
    "amount": changes.AMOUNT,
    "closedate": changes.CLOSE_DATE,
    "forecastcategory": changes.CATEGORY,
    "forecastcategoryname": changes.CATEGORY,
    "name": changes.NAME,
    "owner": changes.OWNER,
    "ownerid": changes.OWNER,
}


def told_twice(rows: Sequence[Told]) -> frozenset[int]:
    """Return the numbers of rows that say by name what another row of one change says by id."""
    by_change: dict[tuple[str, ...], list[Told]] = {}
    for told in rows:
        cells = told.cells
        change = (plain(cells["Field"]).removesuffix("id"), cells["CreatedDate"])
        by_change.setdefault(change, []).append(told)
    doubled: set[int] = set()
    for found in by_change.values():
        by_id = [told for told in found if _by_id(told)]
        by_name = [told for told in found if told not in by_id]
        doubled.update(told.number for told, _ in zip(by_name, by_id, strict=False))
    return frozenset(doubled)


def take(told: Told, gathered: Changes, learned: Learned, words: Words) -> None:
    """Take a row: what its field held before counts as what the opportunity began with.

    Raises:
        RowRefused: a value is not what its field holds.
    """
    cells = told.cells
    field = _OURS.get(plain(cells["Field"]))
    old, new = cells.get("OldValue", ""), cells["NewValue"]
    if field is None:
        gathered.add(_other(told, old, new, learned))
        return
    if old:
        gathered.began(told, field, _value(field, old, words))
    gathered.set(told, field, _value(field, new, words), learned)


def _value(field: str, text: str, words: Words) -> Value:
    match field:
        case changes.STAGE:
            return changes.stage_value(text, words.meaning(text), "")
        case changes.AMOUNT:
            return changes.amount_value(text, words)
        case changes.CLOSE_DATE:
            return changes.day_value(text, words)
        case changes.CATEGORY:
            return changes.category_value(text, words)
        case changes.OWNER:
            return Value(long_id(text), long_id(text))
        case _:
            return Value(text, text)


def _other(told: Told, old: str, new: str, learned: Learned) -> Row:
    """Return the change of a field that is none of ours: a rule of the mapping may know it."""
    return changes.change(told, told.cells["Field"].strip(), Value(new, new), old, learned)


def _by_id(told: Told) -> bool:
    cells = told.cells
    if cells.get("DataType", "").strip().casefold() == "entityid":
        return True
    values = [text.strip() for text in (cells.get("OldValue", ""), cells["NewValue"]) if text]
    return bool(values) and all(_is_id(text) for text in values)


def _is_id(text: str) -> bool:
    return _ID.fullmatch(text) is not None and any(one.isdigit() for one in text)
