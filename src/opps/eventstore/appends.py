"""What goes into the log and what comes out of it: bytes under names, nothing of the domain."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from opps.eventstore.errors import MalformedAppend

NEW_STREAM = -1
MAX_EVENTS = 1_000
_MAX_TAG_BYTES = 200
_MAX_SCHEMA = 32_767
_COMMITMENT_BYTES = 32
# The header is never compressed nor moved out of its row, so it has to fit into one page.
_MAX_COMMITMENTS = 100
_MAX_DIGEST_BYTES = 64
_MAX_RESULT_BYTES = 64 * 1024
# Far beyond any event, and a batch of them still fits into memory.
_MAX_BYTES = 16 * 1024 * 1024


class NewEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event that has no position yet."""

    stream: UUID
    event_id: UUID
    tag: str
    schema: int
    payload: bytes
    metadata: bytes
    commitments: bytes = b""


class Append(msgspec.Struct, frozen=True, kw_only=True):
    """The events of one command, stored all or not at all.

    `digest` tells one request from another under the same command id; empty is never compared.
    `expected` names every stream that is written, or only checked, with its last version.
    `events` may be empty: the command is remembered all the same.
    `result` is a small answer, given back when the command is repeated.
    """

    tenant: UUID
    command_id: UUID
    digest: bytes = b""
    expected: Mapping[UUID, int]
    events: tuple[NewEvent, ...]
    result: bytes = b""


class Appended(msgspec.Struct, frozen=True):
    """Where an append stands in the log; `replayed` when an earlier attempt put it there."""

    first_position: int | None
    count: int
    recorded_at: datetime
    replayed: bool
    result: bytes

    @property
    def last_position(self) -> int | None:
        """The position of the last event, `None` for a command without events."""
        return None if self.first_position is None else self.first_position + self.count - 1


class LoggedEvent(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """An event in its place; `recorded_at` is aware and UTC."""

    position: int
    stream: UUID
    version: int
    event_id: UUID
    command_id: UUID
    recorded_at: datetime
    tag: str
    schema: int
    payload: bytes
    metadata: bytes


class SealedEvent(LoggedEvent, frozen=True, kw_only=True):
    """A logged event with the header that the ledger protects and its leaf hash."""

    header: bytes
    leaf: bytes


class LogHead(msgspec.Struct, frozen=True):
    """How long a tenant's log is, and when it last grew."""

    size: int
    recorded_at: datetime


def check(append: Append) -> None:
    """Refuse an append that the database could only refuse together with its whole batch.

    Raises:
        MalformedAppend: a limit of the stored format is exceeded, or a stream is not expected.
    """
    if len(append.events) > MAX_EVENTS:
        raise MalformedAppend(f"an append holds at most {MAX_EVENTS} events")
    if len(append.digest) > _MAX_DIGEST_BYTES or len(append.result) > _MAX_RESULT_BYTES:
        raise MalformedAppend(
            f"a digest is at most {_MAX_DIGEST_BYTES}, a result {_MAX_RESULT_BYTES} bytes"
        )
    if any(version < NEW_STREAM for version in append.expected.values()):
        raise MalformedAppend("an expected version is -1 (a new stream) or more")
    for event in append.events:
        _check_event(event, append.expected)


def _check_event(event: NewEvent, expected: Mapping[UUID, int]) -> None:
    if event.stream not in expected:
        raise MalformedAppend(f"stream {event.stream} has no expected version")
    if not 1 <= len(event.tag.encode()) <= _MAX_TAG_BYTES or "\0" in event.tag:
        raise MalformedAppend(f"a tag is 1 to {_MAX_TAG_BYTES} bytes without NUL: {event.tag!r}")
    if not 1 <= event.schema <= _MAX_SCHEMA:
        raise MalformedAppend(f"a schema number is 1 to {_MAX_SCHEMA}, not {event.schema}")
    commitments, rest = divmod(len(event.commitments), _COMMITMENT_BYTES)
    if rest or commitments > _MAX_COMMITMENTS:
        raise MalformedAppend(f"commitments are 0 to {_MAX_COMMITMENTS} hashes of 32 bytes")
    if len(event.payload) + len(event.metadata) > _MAX_BYTES:
        raise MalformedAppend(f"payload and metadata together exceed {_MAX_BYTES} bytes")
