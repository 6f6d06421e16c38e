"""Header v1: the canonical bytes of an event that the ledger protects, and their leaf hash."""

import hashlib
import struct
from datetime import UTC, datetime, timedelta
from uuid import UUID

from msgspec import Struct

FORMAT = b"\x01"
FIRST_LEAF = bytes(32)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Header(Struct, frozen=True, kw_only=True):
    """What the ledger says of one event; free of personal data."""

    tenant: UUID
    position: int
    stream: UUID
    version: int
    previous_leaf: bytes
    recorded_at: datetime
    command_id: UUID
    event_id: UUID
    payload_sha256: bytes
    metadata_sha256: bytes
    schema: int
    tag: str
    commitments: bytes = b""


def header_bytes(header: Header) -> bytes:
    """Return the header as stored and hashed: big-endian, fixed order (architecture: the log)."""
    tag = header.tag.encode()
    return b"".join(
        (
            FORMAT,
            header.tenant.bytes,
            struct.pack(">q", header.position),
            header.stream.bytes,
            struct.pack(">q", header.version),
            header.previous_leaf,
            struct.pack(">q", (header.recorded_at - EPOCH) // timedelta(microseconds=1)),
            header.command_id.bytes,
            header.event_id.bytes,
            header.payload_sha256,
            header.metadata_sha256,
            struct.pack(">hh", header.schema, len(tag)),
            tag,
            struct.pack(">h", len(header.commitments) // 32),
            header.commitments,
        )
    )


def leaf_hash(header: bytes) -> bytes:
    """Return the RFC 6962 leaf hash: SHA-256(0x00 || header)."""
    return hashlib.sha256(b"\x00" + header).digest()


def sha256(stored: bytes) -> bytes:
    """Return the hash of stored bytes."""
    return hashlib.sha256(stored).digest()
