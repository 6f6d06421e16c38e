"""The accounts: every buying organisation by its name."""

from collections.abc import Iterator
from uuid import UUID

from opps.projections.projection import Projection
from opps.projections.steps import ACCOUNT, Step
from opps.projections.table import Row, Table


class AccountRow(Row, frozen=True, kw_only=True):
    """A buying organisation."""

    account_id: UUID
    name: str
    external_id: str | None
    merged_into: UUID | None
    version: int
    position: int


def _rows(step: Step) -> Iterator[AccountRow]:
    account = step.after
    yield AccountRow(
        account_id=account.account_id,
        name=account.name,
        external_id=account.external_id,
        merged_into=account.merged_into,
        version=account.version,
        position=account.position,
    )


TABLE = Table(name="accounts", row=AccountRow, key=("account_id",), indexes=("name", "external_id"))

ACCOUNTS = Projection(
    name="accounts", version=2, kind=ACCOUNT, tables=(TABLE,), rows=_rows, last_only=True
)
