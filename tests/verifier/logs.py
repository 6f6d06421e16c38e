"""A log of five events that tests tamper with, and what the verifier finds in it."""

import hashlib
import random
import zlib
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from benchmarks.honest import BEGIN, backup_of, rehashed, resealed
from benchmarks.signer import Signer
from opps.eventstore import SealedEvent
from opps.eventstore.transfer import Step, StoredCommand
from verifier.opps_verify import Key, Report, Trust, check_log, read_key, reported

TENANT = UUID("0190a8c4-7e2b-7c3d-9f10-2b3c4d5e6f70")
ACME, BOLT = UUID(int=0xAC), UUID(int=0xB0)
SECOND = timedelta(seconds=1)
ORIGIN = f"opps/{TENANT}/1"
SIGNER = Signer(ORIGIN, bytes(range(32)))
STRANGER = Signer(ORIGIN, bytes(32))
Found = list[tuple[int | None, str, str]]
Steps = list[Step]


def key(signer: Signer = SIGNER) -> Key:
    """Return what a signer's notes are checked with."""
    return read_key(signer.vkey)


def log() -> Steps:
    """Return five commands: Acme, then Acme and Bolt, then none, then Acme, then Bolt."""
    told: Sequence[tuple[UUID, ...]] = ((ACME,), (ACME, BOLT), (), (ACME,), (BOLT,))
    rng = random.Random(1)
    steps = []
    for number, streams in enumerate(told, 1):
        command = StoredCommand(
            command_id=UUID(int=number),
            digest=b"asked",
            first_position=None,
            count=0,
            recorded_at=BEGIN + number * SECOND,
            result=b"",
        )
        steps.append(Step(command, tuple(_draft(stream, rng) for stream in streams)))
    return rehashed(TENANT, steps)


def _draft(stream: UUID, rng: random.Random) -> SealedEvent:
    commitments = rng.randbytes(32 * (stream == BOLT))
    return SealedEvent(
        position=0,
        stream=stream,
        version=0,
        event_id=UUID(bytes=rng.randbytes(16)),
        command_id=UUID(int=0),
        recorded_at=BEGIN,
        tag="Told",
        schema=1,
        payload=rng.randbytes(20),
        metadata=rng.randbytes(10),
        # Only the length of the tag and the commitments are read again from this header.
        header=bytes(188) + b"\x04Told" + bytes(2) + commitments,
        leaf=b"",
    )


def event_at(steps: Steps, position: int) -> SealedEvent:
    """Return the event at a position."""
    return next(one for step in steps for one in step.events if one.position == position)


def replaced(steps: Steps, position: int, event: SealedEvent) -> Steps:
    """Return the log with another event at a position."""
    return [
        Step(
            step.command,
            tuple(event if one.position == position else one for one in step.events),
        )
        for step in steps
    ]


def edited(steps: Steps, position: int, /, **columns: Any) -> Steps:
    """Return the log with other columns at a position, under the old header."""
    changed = msgspec.structs.replace(event_at(steps, position), **columns)
    return replaced(steps, position, changed)


def rewritten(steps: Steps, position: int, leaf: bytes | None = None, **columns: Any) -> Steps:
    """Return the log with other columns at a position, and a header and leaf that fit them."""
    changed = msgspec.structs.replace(event_at(steps, position), **columns)
    return replaced(steps, position, resealed(TENANT, changed, leaf))


def with_header(steps: Steps, position: int, header: bytes) -> Steps:
    """Return the log with other header bytes at a position, and their leaf."""
    leaf = hashlib.sha256(b"\x00" + header).digest()
    return edited(steps, position, header=header, leaf=leaf)


def commanded(steps: Steps, number: int, **columns: Any) -> Steps:
    """Return the log with another record of its nth command."""
    command = msgspec.structs.replace(steps[number - 1].command, **columns)
    return [*steps[: number - 1], Step(command, steps[number - 1].events), *steps[number:]]


def checkpoint(steps: Steps, size: int | None = None, signer: Signer = SIGNER) -> str:
    """Return a signed checkpoint of a log, at a size or of the whole."""
    leaves = [one.leaf for step in steps for one in step.events][:size]
    return signer.checkpoint(len(leaves), naive_root(leaves))


def naive_root(leaves: Sequence[bytes]) -> bytes:
    """Return the Merkle tree hash, word for word as RFC 6962 defines it."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    left = 1
    while left * 2 < len(leaves):
        left *= 2
    return hashlib.sha256(b"\x01" + naive_root(leaves[:left]) + naive_root(leaves[left:])).digest()


def check(
    backup: bytes, notes: Mapping[str, str] | None = None, trust: Trust | None = None
) -> Report:
    """Return what the verifier says of a backup."""
    trust = Trust([key()]) if trust is None else trust
    return reported("log", lambda report: check_log(report, BytesIO(backup), trust, notes))


def check_steps(
    steps: Steps,
    directory: Path,
    notes: Mapping[str, str] | None = None,
    trust: Trust | None = None,
) -> Report:
    """Return what the verifier says of a backup of these steps."""
    return check(backup_of(TENANT, steps, directory), notes, trust)


def found(report: Report) -> Found:
    """Return position, field and kind of everything that was found."""
    return [(one.position, one.field, one.kind) for one in report.findings]


def with_lines(backup: bytes, change: Callable[[list[bytes]], list[bytes]]) -> bytes:
    """Return a backup with other lines; the hash at its end is right."""
    lines = zlib.decompress(backup[14:-72], wbits=31).split(b"\n")[:-1]
    pack = zlib.compressobj(wbits=31)
    changed = b"".join(line + b"\n" for line in change(lines))
    return hashed(backup[:14] + pack.compress(changed) + pack.flush())


def hashed(content: bytes) -> bytes:
    """Return the content of a backup with its hash behind it."""
    return content + b"sha256 %s\n" % hashlib.sha256(content).hexdigest().encode()
