"""Read models hold nothing personal: an erasure has nothing to take from them."""

from typing import Any, get_args, get_type_hints

import pytest
from msgspec import Struct

from opps.domain.personal import Clear, Redacted, Sealed
from opps.projections.registry import PROJECTIONS
from opps.projections.table import Table

TABLES = [table for projection in PROJECTIONS for table in projection.tables]


def kinds(hint: Any) -> set[type]:
    """Return every kind of value that a column can hold, however deep."""
    found = {hint} if isinstance(hint, type) else set()
    if isinstance(hint, type) and issubclass(hint, Struct):
        for one in get_type_hints(hint).values():
            found |= kinds(one)
    for part in get_args(hint):
        found |= kinds(part)
    return found


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_no_column_of_a_read_model_can_hold_personal_text(table: Table) -> None:
    assert kinds(table.row).isdisjoint({Clear, Sealed, Redacted, object, Any})
