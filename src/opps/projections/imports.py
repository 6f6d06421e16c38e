"""The imports: which were begun, how far they came, and which were taken back."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from opps.domain.imports import ImportRun, ImportStatus
from opps.projections.projection import Projection
from opps.projections.reading import Condition, Reading
from opps.projections.steps import IMPORT, Step
from opps.projections.table import Row, Table


class Counted(Struct, frozen=True):
    """How many there are of something that an import counted."""

    name: str
    count: int


class Corrected(Struct, frozen=True):
    """A text of the source that was read as another one, and in how many rows."""

    column: str
    was: str
    now: str
    rows: int
    reason: str | None


class ImportRow(Row, frozen=True, kw_only=True):
    """An import, as of `version` of its stream."""

    import_id: UUID
    source: str
    mapping: str
    file_digest: str
    attempt: int
    status: ImportStatus
    begun_at: datetime
    completed_at: datetime | None
    counts: list[Counted]
    corrections: list[Corrected]
    reverted_at: datetime | None
    reverted_by: UUID | None
    reason: str | None
    events: int
    opportunities: int
    begun_position: int
    version: int
    position: int


def row(run: ImportRun) -> ImportRow:
    """Return the row of an import."""
    return ImportRow(
        import_id=run.import_id,
        source=run.source,
        mapping=run.mapping,
        file_digest=run.file_digest,
        attempt=run.attempt,
        status=run.status,
        begun_at=run.begun_at,
        completed_at=run.completed_at,
        counts=[Counted(name, count) for name, count in sorted(run.counts.items())],
        corrections=[
            Corrected(one.column, one.was, one.now, one.rows, one.reason) for one in run.corrections
        ],
        reverted_at=run.reverted_at,
        reverted_by=run.reverted_by,
        reason=run.reason,
        events=run.events,
        opportunities=run.opportunities,
        begun_position=run.begun_position,
        version=run.version,
        position=run.position,
    )


def _rows(step: Step) -> Iterator[ImportRow]:
    yield row(step.after)


TABLE = Table(name="imports", row=ImportRow, key=("import_id",), indexes=("begun_position",))

IMPORTS = Projection(
    name="imports", version=2, kind=IMPORT, tables=(TABLE,), rows=_rows, last_only=True
)


async def imports(
    reading: Reading,
    tenant: UUID,
    behind: int | None = None,
    limit: int = 100,
    *,
    ids: Sequence[UUID] | None = None,
) -> list[ImportRow]:
    """Return imports, the latest first, from behind the position at which one began."""
    conditions = []
    if behind is not None:
        conditions.append(Condition("t.begun_position < %s", (behind,)))
    if ids is not None:
        conditions.append(Condition("t.import_id = ANY (%s)", (list(ids),)))
    order = "t.begun_position DESC"
    return await reading.of_table(ImportRow, tenant, TABLE, conditions, order, limit)
