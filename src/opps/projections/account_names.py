"""The names of accounts as they were: one row wherever an account was named."""

from collections.abc import Iterator
from uuid import UUID

from opps.projections.projection import Projection
from opps.projections.steps import ACCOUNT, Step
from opps.projections.table import Row, Table


class AccountNameRow(Row, frozen=True, kw_only=True):
    """How an account is called from a position of the log on."""

    account_id: UUID
    position: int
    name: str


def _rows(step: Step) -> Iterator[AccountNameRow]:
    if step.before is None or step.before.name != step.after.name:
        yield AccountNameRow(
            account_id=step.stream, position=step.recorded.position, name=step.after.name
        )


TABLE = Table(
    name="account_names", row=AccountNameRow, key=("account_id", "position"), added_only=True
)

ACCOUNT_NAMES = Projection(
    name="account_names", version=1, kind=ACCOUNT, tables=(TABLE,), rows=_rows
)
