"""The chain of a log: whether each stored event is the next one, and the one its hashes are of."""

from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from opps.recording.codec import Stored
from opps.recording.header import FIRST_LEAF, Header, header_bytes, leaf_hash, sha256

# Where each field of a header ends; what follows is as long as the tag and the commitments.
_ENDS = {
    "format": 1,
    "tenant": 17,
    "position": 25,
    "stream": 41,
    "version": 49,
    "previous_leaf": 81,
    "recorded_at": 89,
    "command_id": 105,
    "event_id": 121,
    "payload": 153,
    "metadata": 185,
    "schema": 187,
}
_FIXED_BYTES = 191
_NO_STREAM = (-1, FIRST_LEAF)


class Sealed(Stored, Protocol):
    """A stored event with what the ledger protects."""

    @property
    def header(self) -> bytes: ...
    @property
    def leaf(self) -> bytes: ...


class Break(NamedTuple):
    """Where a chain breaks: a field holds one value and should hold another."""

    position: int
    field: str
    stored: object
    expected: object


class Chain:
    """Follows a tenant's log from its first event on."""

    def __init__(self, tenant: UUID) -> None:
        self.size = 0
        self.recorded_at: datetime | None = None
        self._tenant = tenant
        self._command_id: UUID | None = None
        self._streams: dict[UUID, tuple[int, bytes]] = {}

    def follow(self, event: Sealed) -> Break | None:
        """Take in one more event; return where it breaks the chain, if it does."""
        version, previous_leaf = self._streams.get(event.stream, _NO_STREAM)
        found = self._place(event, version) or _seal(event, self._tenant, previous_leaf)
        self.size = event.position
        self.recorded_at = event.recorded_at
        self._command_id = event.command_id
        self._streams[event.stream] = (event.version, event.leaf)
        return found

    def version(self, stream: UUID) -> int:
        """Return the last version of a stream, -1 where it has none."""
        return self._streams.get(stream, _NO_STREAM)[0]

    def _place(self, event: Sealed, version: int) -> Break | None:
        if event.position != self.size + 1:
            return Break(self.size + 1, "position", event.position, self.size + 1)
        if event.version != version + 1:
            return Break(event.position, "version", event.version, version + 1)
        if self.recorded_at is None:
            return None
        same = event.command_id == self._command_id
        if event.recorded_at < self.recorded_at or (event.recorded_at == self.recorded_at) != same:
            later = "the same as before" if same else f"later than {self.recorded_at.isoformat()}"
            return Break(event.position, "recorded_at", event.recorded_at, later)
        return None


def _seal(event: Sealed, tenant: UUID, previous_leaf: bytes) -> Break | None:
    header = header_bytes(
        Header(
            tenant=tenant,
            position=event.position,
            stream=event.stream,
            version=event.version,
            previous_leaf=previous_leaf,
            recorded_at=event.recorded_at,
            command_id=event.command_id,
            event_id=event.event_id,
            payload_sha256=sha256(event.payload),
            metadata_sha256=sha256(event.metadata),
            schema=event.schema,
            tag=event.tag,
            commitments=event.header[_FIXED_BYTES + len(event.tag.encode()) :],
        )
    )
    if event.header != header:
        return _difference(event, header)
    if event.leaf != leaf_hash(header):
        return Break(event.position, "leaf", event.leaf.hex(), leaf_hash(header).hex())
    return None


def _difference(event: Sealed, header: bytes) -> Break:
    """Name the first field in which the columns and the header differ."""
    start = 0
    for field, end in _ENDS.items():
        if event.header[start:end] != header[start:end]:
            return Break(
                event.position, field, header[start:end].hex(), event.header[start:end].hex()
            )
        start = end
    return Break(event.position, "tag", header[start:].hex(), event.header[start:].hex())
