"""Take an import back: what it opened is withdrawn, what it added to opportunities of ours is put back.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from datetime import datetime
from uuid import UUID

from ...operation import Operation
from ...parts import Answer
from ..enums import ImportStatus


class RevertImportImport(Answer, frozen=True, kw_only=True):
    """A run of an import of another system's history."""

    import_id: UUID
    status: ImportStatus
    reverted_at: datetime | None


class RevertImportRevertStays(Answer, frozen=True, kw_only=True):
    """How many there are of something that an import counted."""

    name: str
    count: int


class RevertImportRevert(Answer, frozen=True, kw_only=True):
    """What taking an import back did, or would do. Accounts and persons stay: persons are
    erased one by one.
    """

    withdrawn: int
    put_back: int
    events: int
    stays: list[RevertImportRevertStays]
    accounts: int
    persons: int


class RevertImportUserErrors(Answer, frozen=True, kw_only=True):
    """Why a command was not carried out; nothing was stored."""

    code: str
    message: str
    path: list[str]
    total: int | None = None
    dependents: list[str] | None = None


class RevertImport(Answer, frozen=True, kw_only=True):
    """What taking an import back answers."""

    position: int | None
    replayed: bool
    import_: RevertImportImport | None
    revert: RevertImportRevert | None
    user_errors: list[RevertImportUserErrors]


class RevertImportMutation(Answer, frozen=True, kw_only=True):
    """Take an import back: what it opened is withdrawn, what it added to opportunities of ours
    is put back.
    """

    revert_import: RevertImport


REVERT_IMPORT = Operation(
    "RevertImport",
    """# Take an import back: what it opened is withdrawn, what it added to opportunities of ours is put back.
mutation RevertImport($input: RevertImportInput!) {
  revertImport(input: $input) {
    position
    replayed
    import { importId status revertedAt }
    revert { withdrawn putBack events stays { name count } accounts persons }
    userErrors { code message path ... on ImportBuiltOn { total dependents } }
  }
}
""",
    RevertImportMutation,
)
