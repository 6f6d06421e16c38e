"""The persons: who is registered; their data stays sealed in the log."""

from collections.abc import Iterator
from uuid import UUID

from opps.projections.projection import Projection
from opps.projections.steps import PERSON, Step
from opps.projections.table import Row, Table


class PersonRow(Row, frozen=True, kw_only=True):
    """A registered person, free of personal data."""

    person_id: UUID
    account_id: UUID | None
    merged_into: UUID | None
    version: int
    position: int


def _rows(step: Step) -> Iterator[PersonRow]:
    person = step.after
    yield PersonRow(
        person_id=person.person_id,
        account_id=person.account_id,
        merged_into=person.merged_into,
        version=person.version,
        position=person.position,
    )


TABLE = Table(name="persons", row=PersonRow, key=("person_id",), indexes=("account_id",))

PERSONS = Projection(
    name="persons", version=2, kind=PERSON, tables=(TABLE,), rows=_rows, last_only=True
)
