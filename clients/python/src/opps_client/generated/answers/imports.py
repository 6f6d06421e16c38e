"""The imports, the latest first: how far each came, what it counted, and which were taken back.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from datetime import datetime
from uuid import UUID

from ...operation import Operation
from ...parts import Answer
from ..enums import ImportStatus


class ImportsNodesCounts(Answer, frozen=True, kw_only=True):
    """How many there are of something that an import counted."""

    name: str
    count: int


class ImportsNodesCorrections(Answer, frozen=True, kw_only=True):
    """A text of the source that an import read as another one, as a file of corrections said.
    Of columns that may hold anything it is an id made of the text.
    """

    column: str
    was: str
    now: str
    rows: int
    reason: str | None


class ImportsNodes(Answer, frozen=True, kw_only=True):
    """A run of an import of another system's history."""

    import_id: UUID
    source: str
    attempt: int
    status: ImportStatus
    begun_at: datetime
    completed_at: datetime | None
    counts: list[ImportsNodesCounts]
    corrections: list[ImportsNodesCorrections]
    reverted_at: datetime | None
    reverted_by: str | None
    reason: str | None
    opportunities_reverted: int


class ImportsPageInfo(Answer, frozen=True, kw_only=True):
    """Where a page lies in its list."""

    has_next_page: bool
    end_cursor: str | None


class Imports(Answer, frozen=True, kw_only=True):
    """One page of a list."""

    nodes: list[ImportsNodes]
    page_info: ImportsPageInfo


class ImportsQuery(Answer, frozen=True, kw_only=True):
    """The imports, the latest first: how far each came, what it counted, and which were taken
    back.
    """

    imports: Imports


IMPORTS = Operation(
    "Imports",
    """# The imports, the latest first: how far each came, what it counted, and which were taken back.
query Imports($after: String, $atLeast: Position) {
  imports(first: 20, after: $after, atLeast: $atLeast) {
    nodes {
      importId
      source
      attempt
      status
      begunAt
      completedAt
      counts { name count }
      corrections { column was now rows reason }
      revertedAt
      revertedBy
      reason
      opportunitiesReverted
    }
    pageInfo { hasNextPage endCursor }
  }
}
""",
    ImportsQuery,
)
