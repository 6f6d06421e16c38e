"""The ids that things of a source get: they follow from the source, so each import finds them.

Ids of people, and of rows that name people, follow from the tenant's key too: nobody who only has
the log can try names until one fits.
"""

import hmac
from collections.abc import Iterator, Sequence
from uuid import UUID

from uuid_utils.compat import uuid5

from opps.integrations.importing.again import CaseIds
from opps.integrations.importing.rows import Row

_REMEMBERED = 100_000


class Names:
    """The ids of one source in one tenant, the same at every import."""

    def __init__(self, tenant: UUID, source: str, key: bytes) -> None:
        self._source = uuid5(tenant, f"import:{source}")
        self._secret = UUID(bytes=hmac.digest(key, self._source.bytes, "sha256")[:16])
        self._principals: dict[str, UUID] = {}

    def opportunity(self, external_id: str) -> UUID:
        return uuid5(self._source, f"opportunity:{external_id}")

    def case(self, external_id: str) -> CaseIds:
        """Return the first ids that an opportunity of the source had, or has."""
        return CaseIds(self.opportunity(external_id), self.within(external_id))

    def account(self, external_id: str) -> UUID:
        return uuid5(self._source, f"account:{external_id}")

    def run(self, file_digest: str, mapping_digest: str) -> UUID:
        """Return the stream of the import of one file with one mapping."""
        return uuid5(self._source, f"file:{file_digest}:{mapping_digest}")

    def within(self, external_id: str) -> UUID:
        """Return what ids within an opportunity are made in; it is never stored."""
        return uuid5(self._secret, f"opportunity:{external_id}")

    def text(self, said: str) -> UUID:
        """Return an id of a text that is not to be stored: the same for the same words."""
        return uuid5(self._secret, f"text:{said}")

    def principal(self, actor: str) -> UUID:
        """Return the principal of somebody of the source; of the import itself for no name."""
        known = self._principals.get(actor)
        if known is None:
            known = uuid5(self._secret, f"actor:{actor}")
            if len(self._principals) < _REMEMBERED:
                self._principals[actor] = known
        return known


def opening_id(ids_in: UUID) -> UUID:
    """Return the id of what opens an opportunity, as if it were a row of the source."""
    return uuid5(ids_in, "opening")


def row_names(rows: Sequence[Row], seen: dict[str, int]) -> Iterator[str]:
    """Yield the name of each row of a case: what it says, not where it stands.

    So a later export may bring rows in between, and those imported before are recognised.
    Rows that say the same are told apart by their number; `seen` counts those met so far.
    """
    for row in rows:
        said = row.said or _all_of(row)
        seen[said] = number = seen.get(said, 0) + 1
        yield f"row:{number}\x1f{said}"


def _all_of(row: Row) -> str:
    return "\x1f".join([f"{name}\x1e{text}" for name, text in sorted(row.attributes.items())])


def row_id(ids_in: UUID, name: str) -> UUID:
    """Return the id of a row."""
    return uuid5(ids_in, name)


def event_id(row_id: UUID, kind: str, number: int) -> UUID:
    """Return the id of an event: row, kind, and its number where a row gives several of a kind."""
    return uuid5(row_id, kind if number == 0 else f"{kind}:{number}")
