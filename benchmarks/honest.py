"""Honest logs to tamper with: random ones, made, sealed and written with the project's own code."""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from uuid import UUID

import msgspec
from msgspec import Struct

from opps.eventstore import SealedEvent
from opps.eventstore.transfer import Step, StoredCommand
from opps.integrations.backup_file import BackupWriter
from opps.ledger.bundle import bundle
from opps.ledger.ledger import ConsistencyProof, InclusionProof, Ledger
from opps.ledger.sealer import rotate_key, seal
from opps.recording.chain import Chain
from opps.recording.header import FIRST_LEAF, Header, header_bytes, leaf_hash, sha256
from opps.recording.keyring import MemoryKeyring
from opps.sample import sample_steps

BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)
_FIXED_BYTES = 191


class Honest(Struct, frozen=True, kw_only=True):
    """A log, and what was signed and proven of it while it grew."""

    tenant: UUID
    steps: list[Step]
    early_steps: int
    first_key: str
    early: str
    newest: str
    growth: ConsistencyProof
    inclusion: InclusionProof
    bundle: bytes
    opportunity: UUID

    @property
    def events(self) -> list[SealedEvent]:
        """Every event of the log."""
        return [event for step in self.steps for event in step.events]


class LeavesOf:
    """A log in memory, as the sealer sees it."""

    def __init__(self, events: Sequence[SealedEvent]) -> None:
        self._leaves = [event.leaf for event in events]

    def size(self) -> int:
        return len(self._leaves)

    def leaves(self, after: int, until: int) -> tuple[bytes, int | None]:
        return b"".join(self._leaves[after:until]), None

    def restored_at(self) -> int | None:
        return None

    def sealed_by(self, first_key: str | None = None, *, taking_over: bool = False) -> str | None:
        """Return the key: nobody else seals it."""
        return first_key


def honest(rng: random.Random, directory: Path) -> Honest:
    """Return a random honest log, sealed in a directory while it grew and after."""
    tenant = _uuid(rng)
    steps = random_steps(rng, tenant, rng.randint(6, 30))
    ledger = Ledger(directory, tenant)
    early_steps = rng.randint(3, len(steps) - 2)
    early = seal(ledger, LeavesOf(_events(steps[:early_steps])), _monday)
    first_key = str(ledger.public_keys()[0])
    if rng.random() < 0.5:
        rotate_key(ledger, _monday)
    events = _events(steps)
    newest = seal(ledger, LeavesOf(events), _monday)
    opportunity = rng.choice(events).stream
    own = [event for event in events if event.stream == opportunity]
    return Honest(
        tenant=tenant,
        steps=steps,
        early_steps=early_steps,
        first_key=first_key,
        early=early.note,
        newest=newest.note,
        growth=ledger.consistency_proof(early.checkpoint.size),
        inclusion=ledger.inclusion_proof(rng.randint(1, len(events))),
        bundle=msgspec.json.encode(bundle(ledger, opportunity, own, len(events))),
        opportunity=opportunity,
    )


def random_steps(rng: random.Random, tenant: UUID, count: int) -> list[Step]:
    """Return commands of a new log, each with none to four events; the first and last have some.

    What the events say is taken from the sample, which was decided for real.
    """
    streams = [_uuid(rng) for _ in range(rng.randint(1, 6))]
    at = BEGIN
    steps: list[Step] = []
    for number in range(count):
        at += timedelta(microseconds=rng.choice([1, 2, 1_000_003, 86_400_000_000]))
        some = number in (0, 1, 2, 3, count - 1) or rng.random() < 0.9
        drafts = [_draft(rng, rng.choice(streams)) for _ in range(rng.randint(1, 4) if some else 0)]
        steps.append(Step(_command(rng, at), tuple(drafts)))
    return rehashed(tenant, steps)


def rehashed(tenant: UUID, steps: Sequence[Step]) -> list[Step]:
    """Return steps as the log of a tenant: numbered, chained and hashed, whatever they held."""
    ends: dict[UUID, tuple[int, bytes]] = {}
    chain, position, done = Chain(tenant), 0, []
    for step in steps:
        first, events = position + 1, []
        for event in step.events:
            position += 1
            version, previous_leaf = ends.get(event.stream, (-1, FIRST_LEAF))
            placed = msgspec.structs.replace(
                event,
                position=position,
                version=version + 1,
                command_id=step.command.command_id,
                recorded_at=step.command.recorded_at,
            )
            events.append(resealed(tenant, placed, previous_leaf))
            ends[event.stream] = (version + 1, events[-1].leaf)
            found = chain.follow(events[-1])
            assert found is None, found
        command = msgspec.structs.replace(
            step.command, first_position=first if events else None, count=len(events)
        )
        done.append(Step(command, tuple(events)))
    return done


def resealed(tenant: UUID, event: SealedEvent, previous_leaf: bytes | None = None) -> SealedEvent:
    """Return an event with a header that says what its columns say, and the leaf of that header."""
    header = header_bytes(
        Header(
            tenant=tenant,
            position=event.position,
            stream=event.stream,
            version=event.version,
            previous_leaf=event.header[49:81] if previous_leaf is None else previous_leaf,
            recorded_at=event.recorded_at,
            command_id=event.command_id,
            event_id=event.event_id,
            payload_sha256=sha256(event.payload),
            metadata_sha256=sha256(event.metadata),
            schema=event.schema,
            tag=event.tag,
            commitments=event.header[_FIXED_BYTES + event.header[188] :],
        )
    )
    return msgspec.structs.replace(event, header=header, leaf=leaf_hash(header))


def backup_of(tenant: UUID, steps: Sequence[Step], directory: Path) -> bytes:
    """Return the bytes of a backup of these steps; the hash at its end is right."""
    path = directory / "log.backup"
    with BackupWriter(path, tenant, "acme", written_by="opps tamper") as writer:
        for step in steps:
            writer.add(step)
    return path.read_bytes()


def _monday() -> datetime:
    return BEGIN


def _events(steps: Sequence[Step]) -> list[SealedEvent]:
    return [event for step in steps for event in step.events]


def _draft(rng: random.Random, stream: UUID) -> SealedEvent:
    said = rng.choice(_said())
    commitments = rng.choice([0, 0, 0, 1, 3])
    header = msgspec.structs.replace(said, stream=stream, event_id=_uuid(rng))
    # Only the length of the tag and the commitments are read again from this header.
    ends = bytes(_FIXED_BYTES - 3) + bytes([len(said.tag)]) + said.tag.encode()
    return msgspec.structs.replace(
        header, header=ends + bytes(2) + rng.randbytes(32 * commitments), leaf=b""
    )


def _command(rng: random.Random, at: datetime) -> StoredCommand:
    return StoredCommand(
        command_id=_uuid(rng),
        digest=rng.choice([None, rng.randbytes(32)]),
        first_position=None,
        count=0,
        recorded_at=at,
        result=rng.choice([b"", b"1000"]),
    )


@cache
def _said() -> tuple[SealedEvent, ...]:
    steps = sample_steps(UUID(int=5), date(2026, 3, 2), MemoryKeyring())
    return tuple(event for step in steps for event in step.events)


def _uuid(rng: random.Random) -> UUID:
    return UUID(bytes=rng.randbytes(16), version=4)
