"""What an import put right in what it read, because somebody said so."""

from typing import Annotated

from msgspec import Meta

from opps.domain.describe import Code, Count, Title
from opps.domain.events.base import Event

# What stood in a cell: it may be empty. Of what names a person, or is free text, an id made with
# the tenant's key, never the words.
Cell = Annotated[str, Meta(max_length=200)]


class ImportCorrectionApplied(Event, frozen=True, kw_only=True):
    """An import read one text of a column as another, as a file of corrections says."""

    column: Code
    was: Cell
    now: Cell
    rows: Count
    reason: Title | None = None
