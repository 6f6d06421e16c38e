"""Checks logs, bundles and checkpoints of opps for somebody who trusts nobody.

One file on purpose, so that it can be read whole: it imports nothing of opps and shares no code
with it, only the stored formats. Exit status: 0 sound, 1 tampered, 2 cannot check.
"""

import argparse
import hashlib
import json
import re
import struct
import sys
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime, timedelta
from io import SEEK_END
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

__version__ = "0.1.0"

SOUND, TAMPERED, CANNOT_CHECK = 0, 1, 2
VERDICTS = {SOUND: "sound", TAMPERED: "tampered", CANNOT_CHECK: "cannot check"}
MAX_FINDINGS = 1_000


# ---------------------------------------------------------------------------- what was found


class CannotCheck(Exception):
    """There is no verdict: the input cannot be read, or something is missing to check it."""


@dataclass(frozen=True)
class Finding:
    """One place that is not as it must be; the position is None where no event is meant."""

    position: int | None
    field: str
    kind: str
    message: str


class Tampered(Exception):
    """A finding behind which nothing can be read any more."""

    def __init__(self, field: str, kind: str, message: str, position: int | None = None) -> None:
        super().__init__(message)
        self.finding = Finding(position, field, kind, message)


@dataclass
class Report:
    """What was checked, what was found, and what nobody could tell."""

    subject: str
    findings: list[Finding] = field(default_factory=list)
    more: int = 0
    unchecked: list[str] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)

    def add(self, position: int | None, field: str, kind: str, message: str) -> None:
        """Note one finding; the first thousand are kept, the others only counted."""
        if len(self.findings) < MAX_FINDINGS:
            self.findings.append(Finding(position, field, kind, message))
        else:
            self.more += 1

    @property
    def exit_code(self) -> int:
        """The verdict: whatever was found outweighs what could not be checked."""
        if self.findings:
            return TAMPERED
        return CANNOT_CHECK if self.unchecked else SOUND


def reported(subject: str, check: Callable[[Report], None]) -> Report:
    """Return the report of a check, also where it had to stop half-way."""
    report = Report(subject)
    try:
        check(report)
    except Tampered as tampered:
        report.findings.append(tampered.finding)
    except CannotCheck as reason:
        report.unchecked.append(str(reason))
    return report


# ---------------------------------------------------------------------------- the tree of RFC 6962

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256().digest()
MAX_SIZE = 2**63 - 1


def leaf_hash(header: bytes) -> bytes:
    """Return the hash of a leaf: SHA-256(0x00 || header)."""
    return hashlib.sha256(b"\x00" + header).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node: SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """A tree that grows leaf by leaf and keeps one hash for each doubling of its size."""

    def __init__(self) -> None:
        self.size = 0
        self._whole: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """Append one leaf hash."""
        top, size = leaf, self.size
        while size % 2 == 1:
            top, size = node_hash(self._whole.pop(), top), size // 2
        self._whole.append(top)
        self.size += 1

    @property
    def root(self) -> bytes:
        """The hash over all leaves so far."""
        if not self._whole:
            return EMPTY_ROOT
        top = self._whole[-1]
        for left in reversed(self._whole[:-1]):
            top = node_hash(left, top)
        return top


class ProofRefused(Exception):
    """A proof has not the length that its sizes ask for."""


def root_of_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """Return the root that a proof of inclusion leads to, by the definition of PATH in RFC 6962.

    Raises:
        ProofRefused: there is no such leaf, or the proof is too short or too long.
    """
    if not 0 <= index < size <= MAX_SIZE:
        raise ProofRefused(f"a tree of {size} leaves has no leaf {index}")
    if size == 1:
        if path:
            raise ProofRefused("the proof is too long")
        return leaf
    if not path:
        raise ProofRefused("the proof is too short")
    left = _left(size)
    if index < left:
        return node_hash(root_of_inclusion(leaf, index, left, path[:-1]), path[-1])
    return node_hash(path[-1], root_of_inclusion(leaf, index - left, size - left, path[:-1]))


def is_grown(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Tell whether a proof of consistency shows that the new tree is the old one, grown."""
    if not 0 <= old <= new <= MAX_SIZE:
        return False
    if old == new:
        return old_root == new_root and not path
    if old == 0:
        return old_root == EMPTY_ROOT and not path
    try:
        return _roots_of_consistency(old, new, old_root, path) == (old_root, new_root)
    except ProofRefused:
        return False


def _roots_of_consistency(
    old: int, new: int, whole: bytes | None, path: Sequence[bytes]
) -> tuple[bytes, bytes]:
    """Return both roots by the definition of SUBPROOF; `whole` is the old root while on its way."""
    if old == new and whole is not None:
        if path:
            raise ProofRefused("the proof is too long")
        return whole, whole
    if not path:
        raise ProofRefused("the proof is too short")
    if old == new:
        if len(path) > 1:
            raise ProofRefused("the proof is too long")
        return path[0], path[0]
    left = _left(new)
    if old <= left:
        before, after = _roots_of_consistency(old, left, whole, path[:-1])
        return before, node_hash(after, path[-1])
    before, after = _roots_of_consistency(old - left, new - left, None, path[:-1])
    return node_hash(path[-1], before), node_hash(path[-1], after)


def _left(size: int) -> int:
    """Return how many leaves the left side has: the largest power of two below the size."""
    return 1 << ((size - 1).bit_length() - 1)


# ---------------------------------------------------------------------------- reading values


class Malformed(Exception):
    """A value is not written as the format says."""


def from_base64(text: object) -> bytes:
    """Return the bytes of standard base64 with padding, written the one way there is."""
    try:
        found = b64decode(text, validate=True) if isinstance(text, str) else None
    except ValueError:
        found = None
    if found is None or to_base64(found) != text:
        raise Malformed("it is no base64")
    return found


def to_base64(found: bytes) -> str:
    """Return bytes as standard base64."""
    return b64encode(found).decode()


def _hash(text: object) -> bytes:
    found = from_base64(text)
    if len(found) != HASH_BYTES:
        raise Malformed("it is no hash of 32 bytes")
    return found


def _hex(text: object) -> bytes:
    if not isinstance(text, str) or not re.fullmatch("(?:[0-9a-f]{2})*", text):
        raise Malformed("it is no lower-case hexadecimal")
    return bytes.fromhex(text)


def _leaf(text: str) -> bytes:
    return _hash(text) if text.endswith("=") else _hex(text)


def _uuid(text: object) -> UUID:
    if not isinstance(text, str) or not re.fullmatch(
        "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text
    ):
        raise Malformed("it is no lower-case uuid")
    return UUID(text)


def _text(text: object) -> str:
    if not isinstance(text, str):
        raise Malformed("it is no text")
    return text


def _number(number: object) -> int:
    if type(number) is not int or not 0 <= number <= MAX_SIZE:
        raise Malformed("it is no number from 0 on")
    return number


_INSTANT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{6}))?Z")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _instant(text: object) -> int:
    """Return the microseconds since 1970 of a time in UTC, written the one way there is."""
    match = _INSTANT.fullmatch(text) if isinstance(text, str) else None
    if match is None or match[2] == "000000":
        raise Malformed("it is no time in UTC")
    try:
        found = datetime.fromisoformat(f"{match[1]}+00:00")
    except ValueError:
        raise Malformed("it is no time in UTC") from None
    return microseconds(found) + int(match[2] or 0)


def microseconds(instant: datetime) -> int:
    """Return the microseconds since 1970."""
    return (instant - _EPOCH) // timedelta(microseconds=1)


Read = Callable[[object], Any]


def _optional(read: Read) -> Read:
    return lambda found: None if found is None else read(found)


def _list(read: Read) -> Read:
    def read_all(found: object) -> list[Any]:
        if not isinstance(found, list):
            raise Malformed("it is no list")
        return [read(one) for one in found]

    return read_all


def _object(
    shape: Mapping[str, Read], found: object, position: int | None = None, *, closed: bool = False
) -> dict[str, Any]:
    """Return the values of a JSON object that has these fields; `closed` allows no others."""
    if not isinstance(found, dict):
        raise Tampered("object", "MALFORMED", "it is no JSON object", position)
    for name in sorted(shape.keys() - found.keys()):
        raise Tampered(name, "MALFORMED", f"the field {name!r} is missing", position)
    for name in sorted(found.keys() - shape.keys()) if closed else ():
        raise CannotCheck(f"the field {name!r} is unknown: take a newer opps-verify")
    read = {}
    for name, read_value in shape.items():
        try:
            read[name] = read_value(found[name])
        except Malformed as malformed:
            raise Tampered(name, "MALFORMED", f"{name}: {malformed}", position) from None
    return read


def _json(text: bytes) -> Any:
    """Return what a JSON text says; a field that is there twice would say two things."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(found := dict(pairs)) != len(pairs):
            raise ValueError("a field is there twice")
        return found

    return json.loads(text.decode(), object_pairs_hook=once)


# ---------------------------------------------------------------------------- signed notes

_ED25519 = b"\x01"
_ORIGIN = re.compile("opps/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/([1-9][0-9]{0,17})")


class NoteRefused(Exception):
    """A signed note is not one, or is not signed by whom it must be."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True)
class Key:
    """Who signs, and the Ed25519 key to check it with; written `name+hash+base64`."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The four bytes by which a signature names its key."""
        named = self.name.encode() + b"\n" + _ED25519 + self.public
        return hashlib.sha256(named).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{to_base64(_ED25519 + self.public)}"

    def signed(self, text: str, signature: bytes) -> bool:
        """Tell whether a signature is of this key and this text."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


def read_key(text: object) -> Key:
    """Return a written key.

    Raises:
        Malformed: it is none.
    """
    name, _, rest = _text(text).partition("+")
    encoded = from_base64(rest.partition("+")[2])
    key = Key(name, encoded[1:])
    if not name or len(encoded) != 33 or str(key) != text:
        raise Malformed("it is no Ed25519 key like name+hash+base64")
    return key


def open_note(note: str, keys: Iterable[Key]) -> tuple[str, Key]:
    """Return the text of a note and the key that signed it; signatures of others are left alone.

    Raises:
        NoteRefused: it is no note, none of the keys signed it, or a signature is wrong.
    """
    text, below = unsigned(note), note.rpartition("\n\n")[2]
    known = {(key.name, key.key_id): key for key in keys}
    signers = []
    for line in below[:-1].split("\n"):
        name, signature = _signature(line)
        key = known.get((name, signature[:4]))
        if key is not None:
            if not key.signed(text, signature[4:]):
                raise NoteRefused("SIGNATURE_WRONG", f"the signature of {name} is not of this text")
            signers.append(key)
    if not signers:
        raise NoteRefused("KEY_UNKNOWN", "none of the known keys signed it")
    return text, signers[0]


def unsigned(note: str) -> str:
    """Return the text of a note, whoever signed it.

    Raises:
        NoteRefused: it is no note.
    """
    text, found, below = note.rpartition("\n\n")
    if not found or not below.endswith("\n"):
        raise NoteRefused("MALFORMED", "it is no signed note: a text, an empty line, signatures")
    return text + "\n"


def _signature(line: str) -> tuple[str, bytes]:
    match = re.fullmatch("\N{EM DASH} ([^ ]+) ([^ ]+)", line)
    try:
        if match is not None:
            return match[1], from_base64(match[2])
    except Malformed:
        pass
    raise NoteRefused("MALFORMED", "a line below the text is no signature")


@dataclass(frozen=True)
class Checkpoint:
    """The head of a log that somebody signed."""

    origin: str
    size: int
    root: bytes
    signer: Key | None

    @property
    def log(self) -> tuple[UUID, int]:
        """The tenant whose log it is, and how often that log began."""
        return _epoch(self.origin)


def read_checkpoint(note: str, keys: Sequence[Key]) -> Checkpoint:
    """Return the checkpoint of a note that one of the keys signed; without keys, of any note.

    Raises:
        NoteRefused: it is none, or none of the keys of its log signed it.
    """
    text, signer = open_note(note, keys) if keys else (unsigned(note), None)
    origin, size, root = [*text.split("\n"), "", ""][:3]
    try:
        _epoch(origin)
        checkpoint = Checkpoint(origin, _decimal(size), _hash(root), signer)
    except Malformed:
        raise NoteRefused("MALFORMED", "it is no checkpoint: origin, size and root") from None
    if signer is not None and signer.name != origin:
        raise NoteRefused("ORIGIN_DIFFERS", f"{signer.name} signed a checkpoint of {origin}")
    return checkpoint


def _decimal(text: str) -> int:
    if not re.fullmatch("0|[1-9][0-9]{0,18}", text):
        raise Malformed("it is no number")
    return _number(int(text))


class Trust:
    """The keys that the auditor brought, and those that these keys vouch for.

    Keys that only the checked document names are known as well, so that its signatures can be
    checked at all; nothing becomes trusted by them.
    """

    def __init__(self, brought: Sequence[Key], named: Sequence[Key] = ()) -> None:
        self.trusted = list(brought)
        self.known = [*brought, *named]
        self.introduced: list[Key] = []

    def follow(self, statement: str) -> None:
        """Take in a statement by which a key vouches for its successor.

        Raises:
            NoteRefused: it is no statement, or not signed by the key it speaks for.
        """
        signed_by_known = True
        try:
            text, signer = open_note(statement, self.known)
        except NoteRefused as refused:
            if refused.kind != "KEY_UNKNOWN":
                raise
            text, signed_by_known = unsigned(statement), False
        origin, successor = _successor(text)
        self.introduced.append(successor)
        self.known.append(successor)
        if not signed_by_known:
            return  # of a key from before the one that the auditor brought
        if signer.name != origin:
            raise NoteRefused("ORIGIN_DIFFERS", f"{signer.name} spoke for {origin}")
        if signer in self.trusted:
            self.trusted.append(successor)


def _successor(text: str) -> tuple[str, Key]:
    """Return for which origin a statement speaks, and the key that it names."""
    said, *rest = text.split("\n")
    try:
        if said == "opps key rotation" and len(rest) == 3:
            origin, key = rest[0], read_key(rest[1])
            if key.name == origin:
                return origin, key
        if said == "opps new epoch" and len(rest) == 5:
            origin, key = rest[0], read_key(rest[3])
            _decimal(rest[1])
            _hash(rest[2])
            if _epoch(key.name) == (_epoch(origin)[0], _epoch(origin)[1] + 1):
                return origin, key
    except Malformed:
        pass
    raise NoteRefused("MALFORMED", "it says neither a rotation of keys nor a new epoch")


def _epoch(origin: str) -> tuple[UUID, int]:
    """Return the tenant and the epoch in the name of a log."""
    match = _ORIGIN.fullmatch(origin)
    if match is None:
        raise Malformed("it is no origin of opps")
    return UUID(match[1]), int(match[2])


def signed_checkpoint(
    report: Report, name: str, note: str, trust: Trust, tenant: UUID | None = None
) -> Checkpoint | None:
    """Return a checkpoint that can be compared with; note what is wrong with its signature."""
    try:
        checkpoint = read_checkpoint(note, trust.known)
    except NoteRefused as refused:
        report.add(None, name, refused.kind, f"{name}: {refused}")
        return None
    if tenant is not None and checkpoint.log[0] != tenant:
        why = f"{name}: {checkpoint.origin} is another log than that of {tenant}"
        report.add(None, name, "ORIGIN_DIFFERS", why)
        return None
    if not trust.trusted:
        report.unchecked.append(f"{name}: give the key that you know with --key")
    elif checkpoint.signer not in trust.trusted:
        why = f"{name}: no key that you brought vouches for {checkpoint.signer}"
        report.add(None, name, "KEY_UNKNOWN", why)
    return checkpoint


# ---------------------------------------------------------------------------- headers

_LAYOUT = struct.Struct(">c16sq16sq32sq16s16s32s32shh")
_COMMITMENTS = struct.Struct(">h")
HEADER_FORMAT = b"\x01"


@dataclass(frozen=True)
class Header:
    """What the ledger says of one event (header format 1)."""

    tenant: UUID
    position: int
    stream: UUID
    version: int
    previous_leaf: bytes
    recorded_at: int
    command_id: UUID
    event_id: UUID
    payload_sha256: bytes
    metadata_sha256: bytes
    schema: int
    tag: str


def read_header(stored: bytes) -> Header:
    """Return the header of stored bytes.

    Raises:
        Malformed: they are none.
        CannotCheck: their format is newer than this tool.
    """
    if stored[:1] > HEADER_FORMAT:
        raise CannotCheck(f"a header has format {stored[0]}: take a newer opps-verify")
    if stored[:1] != HEADER_FORMAT or len(stored) < _LAYOUT.size + _COMMITMENTS.size:
        raise Malformed("it is too short")
    values = list(_LAYOUT.unpack_from(stored)[1:])
    length = values.pop()
    commitments = _LAYOUT.size + length
    if not 1 <= length <= 200 or len(stored) < commitments + _COMMITMENTS.size:
        raise Malformed("its tag has another length")
    (count,) = _COMMITMENTS.unpack_from(stored, commitments)
    if len(stored) != commitments + _COMMITMENTS.size + HASH_BYTES * count:
        raise Malformed("it has another length")
    try:
        values.append(stored[_LAYOUT.size : commitments].decode())
    except UnicodeDecodeError:
        raise Malformed("its tag is no text") from None
    for place in (0, 2, 6, 7):
        values[place] = UUID(bytes=values[place])
    return Header(*values)


# ---------------------------------------------------------------------------- the log


@dataclass(frozen=True)
class Row:
    """One event as stored: the columns, the bytes, the header over them and its leaf."""

    tenant: UUID
    position: int
    stream: UUID
    version: int
    event_id: UUID
    command_id: UUID
    recorded_at: int
    tag: str
    schema: int
    payload: bytes
    metadata: bytes
    header: bytes
    leaf: bytes


@dataclass(frozen=True)
class Command:
    """What the log remembers of a command; no position where it led to no event."""

    command_id: UUID
    first_position: int | None
    count: int
    recorded_at: int


_COLUMNS = (
    "tenant",
    "position",
    "stream",
    "version",
    "recorded_at",
    "command_id",
    "event_id",
    "schema",
    "tag",
)
_NO_STREAM = (-1, bytes(HASH_BYTES))


class Walk:
    """Follows a log from its first event on and notes each place at which it is not one."""

    def __init__(self, report: Report, tenant: UUID, checkpoints: Sequence[Checkpoint]) -> None:
        self.tree = Tree()
        self.tenant = tenant
        self.recorded_at: int | None = None
        self.commands = 0
        self._report = report
        self._checkpoints = checkpoints
        self._next = 1
        self._streams: dict[UUID, tuple[int, bytes]] = {}
        self._command: Command | None = None
        self._last_command: UUID | None = None
        self._left = 0
        self._seen: set[UUID] = set()
        self.last_at: int | None = None
        self._compare_roots()

    def begin(self, command: Command) -> None:
        """Follow a command; its events come next."""
        self._end_command()
        where = command.first_position
        if command.command_id in self._seen:
            self._add(where, "command_id", "COMMAND_REPEATED", "the command is there already")
        if (where is None) != (command.count == 0):
            self._add(where, "first_position", "COMMAND_DIFFERS", "it has events or a position")
        if self.last_at is not None and command.recorded_at < self.last_at:
            self._add(where, "recorded_at", "TIME_FELL", "the command is earlier than the last one")
        self._seen.add(command.command_id)
        self._command, self._left = command, command.count
        self.last_at = command.recorded_at
        self.commands += 1

    def follow(self, row: Row) -> None:
        """Follow the next event."""
        position = row.position
        for name, kind, message in chain(differences(row), self._of_command(row)):
            self._add(position, name, kind, message)
        leaf = leaf_hash(row.header)
        self.tree.add(leaf)
        self._compare_roots()
        try:
            header = read_header(row.header)
        except Malformed:
            self._next = position + 1
            return
        for name, kind, message in self._place(header):
            self._add(position, name, kind, message)
        self._next = header.position + 1
        self.recorded_at = header.recorded_at
        self._last_command = header.command_id
        self._streams[header.stream] = (header.version, leaf)

    def end(self) -> None:
        """Note what is missing at the end."""
        self._end_command()
        size = self.tree.size
        for checkpoint in self._checkpoints:
            if checkpoint.size > size:
                why = f"{checkpoint.origin} was signed with {checkpoint.size} events"
                self._add(size + 1, "size", "LOG_SHORTENED", f"{why}; there are {size}")
        self._report.facts.update(
            tenant=str(self.tenant),
            events=size,
            commands=self.commands,
            streams=len(self._streams),
            root=to_base64(self.tree.root),
        )

    def _of_command(self, row: Row) -> Iterator[tuple[str, str, str]]:
        command = self._command
        if command is None or command.command_id != row.command_id:
            yield "command_id", "COMMAND_DIFFERS", "it does not belong to the command before it"
            return
        first = self._left == command.count
        self._left -= 1
        if self._left < 0:
            yield "command_id", "COUNT_DIFFERS", f"its command has {command.count} events only"
        if first and command.first_position != row.position:
            yield (
                "first_position",
                "COMMAND_DIFFERS",
                (f"its command begins at {command.first_position}"),
            )
        if command.recorded_at != row.recorded_at:
            yield "recorded_at", "COMMAND_DIFFERS", "its command has another time"

    def _place(self, header: Header) -> Iterator[tuple[str, str, str]]:
        """Yield where an event does not go on from those before it."""
        if header.position != self._next:
            yield "position", "POSITION_GAP", f"position {self._next} must come here"
        version, leaf = self._streams.get(header.stream, _NO_STREAM)
        if header.version != version + 1:
            yield "version", "VERSION_GAP", f"version {version + 1} of the stream must come here"
        if header.previous_leaf != leaf:
            yield "previous_leaf", "CHAIN_BROKEN", "the event before it in its stream is another"
        if self.recorded_at is None:
            return
        same = header.command_id == self._last_command
        if header.recorded_at < self.recorded_at:
            yield "recorded_at", "TIME_FELL", "it is earlier than the event before it"
        elif (header.recorded_at == self.recorded_at) != same:
            yield "recorded_at", "TIME_SHARED", "events share their time within a command only"

    def _end_command(self) -> None:
        if self._command is not None and self._left > 0:
            why = f"{self._left} of {self._command.count} events of the command are missing"
            self._add(self._next, "count", "COUNT_DIFFERS", why)

    def _compare_roots(self) -> None:
        for checkpoint in self._checkpoints:
            if checkpoint.size == self.tree.size and checkpoint.root != self.tree.root:
                why = f"{checkpoint.origin} was signed with another root at {checkpoint.size}"
                self._add(None, "root", "ROOT_DIFFERS", why)

    def _add(self, position: int | None, field: str, kind: str, message: str) -> None:
        self._report.add(position, field, kind, message)


def differences(row: Row) -> Iterator[tuple[str, str, str]]:
    """Yield field, kind and message where columns, bytes or leaf are not what the header says."""
    if row.leaf != leaf_hash(row.header):
        yield "leaf", "LEAF_DIFFERS", "the leaf is not the hash of the header"
    try:
        header = read_header(row.header)
    except Malformed as malformed:
        yield "header", "HEADER_MALFORMED", f"header: {malformed}"
        return
    for name in _COLUMNS:
        if getattr(row, name) != getattr(header, name):
            yield name, "COLUMN_DIFFERS", f"the header says {getattr(header, name)}"
    for name in ("payload", "metadata"):
        if hashlib.sha256(getattr(row, name)).digest() != getattr(header, f"{name}_sha256"):
            yield name, "BYTES_DIFFER", f"the {name} is not the one whose hash is in the header"


# ---------------------------------------------------------------------------- backup files

_MAGIC = b"opps backup "
_FIRST_LINE = _MAGIC + b"1\n"
_TRAILER = re.compile(rb"sha256 ([0-9a-f]{64})\n")
_TRAILER_BYTES = 72
_CHUNK = 1 << 16
_MAX_LINE = 64 << 20
_LOG: dict[str, Read] = {"kind": _text, "tenant": _uuid, "slug": _text, "written_by": _text}
_COMMAND: dict[str, Read] = {
    "kind": _text,
    "command_id": _uuid,
    "digest": _optional(from_base64),
    "first_position": _optional(_number),
    "count": _number,
    "recorded_at": _instant,
    "result": from_base64,
}
_EVENT: dict[str, Read] = {
    "kind": _text,
    "position": _number,
    "stream": _uuid,
    "version": _number,
    "event_id": _uuid,
    "command_id": _uuid,
    "recorded_at": _instant,
    "tag": _text,
    "schema": _number,
    "payload": from_base64,
    "metadata": from_base64,
    "header": from_base64,
    "leaf": from_base64,
}
_END: dict[str, Read] = {
    "kind": _text,
    "size": _number,
    "commands": _number,
    "recorded_at": _optional(_instant),
}


def check_log(
    report: Report, file: BinaryIO, trust: Trust, notes: Mapping[str, str] | None = None
) -> None:
    """Check a backup file, event by event, and against signed checkpoints by their names."""
    end = _checked_length(file)
    lines = _lines(file, len(_FIRST_LINE), end)
    log = _object(_LOG, _line(next(lines, b"null"), {"log"}), closed=True)
    walk = Walk(report, log["tenant"], _checkpoints(report, notes or {}, trust, log["tenant"]))
    last = None
    for line in lines:
        if last is not None:
            raise Tampered("end", "MALFORMED", "there are lines behind the last one")
        found = _line(line, {"command", "event", "end"})
        position = walk.tree.size + 1
        if found["kind"] == "command":
            walk.begin(_command_of(_object(_COMMAND, found, position, closed=True)))
        elif found["kind"] == "event":
            values = _object(_EVENT, found, position, closed=True)
            values.pop("kind")
            walk.follow(Row(tenant=walk.tenant, **values))
        else:
            last = _object(_END, found, closed=True)
    walk.end()
    if last is None:
        raise Tampered("end", "LOG_SHORTENED", "its last line is missing", walk.tree.size + 1)
    for name, held in (("size", walk.tree.size), ("commands", walk.commands)):
        if last[name] != held:
            report.add(None, name, "COUNT_DIFFERS", f"{last[name]} were written; there are {held}")
    if last["recorded_at"] != walk.last_at:
        report.add(None, "recorded_at", "COMMAND_DIFFERS", "the last line has another time")


def _command_of(values: Mapping[str, Any]) -> Command:
    return Command(**{one.name: values[one.name] for one in fields(Command)})


def _checkpoints(
    report: Report, notes: Mapping[str, str], trust: Trust, tenant: UUID
) -> list[Checkpoint]:
    found = [signed_checkpoint(report, name, note, trust, tenant) for name, note in notes.items()]
    checkpoints = [one for one in found if one is not None]
    report.facts["checkpoints"] = [{"origin": one.origin, "size": one.size} for one in checkpoints]
    return checkpoints


def _checked_length(file: BinaryIO) -> int:
    """Return where the packed lines end, if the hash at the end of the file is that of the file."""
    size = file.seek(0, SEEK_END)
    length = max(0, size - _TRAILER_BYTES)
    file.seek(length)
    trailer = _TRAILER.fullmatch(file.read())
    file.seek(0)
    digest = hashlib.sha256()
    while file.tell() < length:
        digest.update(file.read(min(_CHUNK, length - file.tell())))
    file.seek(0)
    first = file.readline(len(_FIRST_LINE) + 20)
    sealed = trailer is not None and trailer[1].decode() == digest.hexdigest()
    if first != _FIRST_LINE and (sealed or trailer is None):
        newer = re.fullmatch(rb"opps backup ([0-9]+)\n", first)
        raise CannotCheck(
            f"it has backup format {newer[1].decode()}: take a newer opps-verify"
            if newer
            else "it is no file that `opps backup` wrote"
        )
    if not sealed:
        raise Tampered("sha256", "FILE_ALTERED", "the file is not the one whose hash it ends with")
    return length


def _lines(file: BinaryIO, begin: int, end: int) -> Iterator[bytes]:
    unpack = zlib.decompressobj(wbits=31)
    rest = b""
    file.seek(begin)
    try:
        while file.tell() < end and not unpack.eof:
            rest += unpack.decompress(file.read(min(_CHUNK, end - file.tell())))
            *lines, rest = rest.split(b"\n")
            yield from lines
            if len(rest) > _MAX_LINE:
                raise CannotCheck(f"a line is longer than {_MAX_LINE} bytes")
    except zlib.error:
        raise Tampered("lines", "MALFORMED", "it cannot be unpacked") from None
    if rest or not unpack.eof or unpack.unused_data or file.tell() < end:
        raise Tampered("lines", "MALFORMED", "it does not end where it must")


def _line(line: bytes, kinds: set[str]) -> dict[str, Any]:
    try:
        found = _json(line)
    except (ValueError, RecursionError):
        raise Tampered("lines", "MALFORMED", "a line is no JSON") from None
    if not isinstance(found, dict) or found.get("kind") not in kinds:
        raise Tampered("kind", "MALFORMED", f"a line of {' or '.join(sorted(kinds))} must be here")
    return found


# ---------------------------------------------------------------------------- databases

_TENANT = "SELECT tenant FROM opps.list_tenants() WHERE slug = %s OR tenant::text = %s"
_HEAD = "SELECT size, recorded_at FROM opps.tenant_head WHERE tenant = %s"
_COMMANDS = (
    "SELECT command_id, first_position, count, recorded_at FROM opps.commands WHERE tenant = %s"
    " ORDER BY recorded_at, first_position NULLS LAST, command_id"
)
_EVENTS = (
    "SELECT tenant, position, stream, version, event_id, command_id, recorded_at, tag, schema,"
    " payload, metadata, header, leaf FROM opps.events WHERE tenant = %s ORDER BY position"
)


def check_database(
    report: Report, url: str, tenant: str, trust: Trust, notes: Mapping[str, str]
) -> None:
    """Check the rows of a tenant in one snapshot of a running database."""
    try:
        import psycopg
    except ImportError:
        raise CannotCheck("psycopg is not installed: pip install 'opps-verify[db]'") from None
    try:
        with psycopg.connect(url, application_name="opps-verify") as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            _check_rows(report, connection, tenant, trust, notes)
    except psycopg.Error as error:
        raise CannotCheck(f"the database does not answer: {error}") from None


def _check_rows(
    report: Report, connection: Any, named: str, trust: Trust, notes: Mapping[str, str]
) -> None:
    found = connection.execute(_TENANT, [named, named]).fetchone()
    if found is None:
        raise CannotCheck(f"there is no tenant {named!r} in this database")
    (tenant,) = found
    connection.execute("SELECT set_config('app.tenant', %s, true)", [str(tenant)])
    walk = Walk(report, tenant, _checkpoints(report, notes, trust, tenant))
    with connection.cursor("commands") as commands, connection.cursor("events") as events:
        commands.itersize = events.itersize = 1_000
        rows = map(_row, events.execute(_EVENTS, [tenant]))
        for command_id, first_position, count, at in commands.execute(_COMMANDS, [tenant]):
            walk.begin(Command(command_id, first_position, count, microseconds(at)))
            for _, row in zip(range(count), rows, strict=False):
                walk.follow(row)
        for row in rows:
            walk.follow(row)
    walk.end()
    head = connection.execute(_HEAD, [tenant]).fetchone()
    if head is None:
        raise CannotCheck("the head of the tenant cannot be read: the role needs opps_reader")
    if head[0] != walk.tree.size:
        why = f"the head says {head[0]} events; there are {walk.tree.size}"
        report.add(None, "size", "COUNT_DIFFERS", why)
    if microseconds(head[1]) != (walk.recorded_at or 0):
        report.add(None, "recorded_at", "COLUMN_DIFFERS", "the head has another time")


def _row(columns: Sequence[Any]) -> Row:
    values = dict(zip((one.name for one in fields(Row)), columns, strict=True))
    return Row(**(values | {"recorded_at": microseconds(values["recorded_at"])}))


# ---------------------------------------------------------------------------- bundles

_PROOF: dict[str, Read] = {"index": _number, "size": _number, "hashes": _list(_hash)}
_BUNDLE_EVENT: dict[str, Read] = {
    "position": _number,
    "version": _number,
    "stream": _uuid,
    "header": _hex,
    "payload": from_base64,
    "metadata": from_base64,
    "proof": lambda found: found,
}
_STREAM: dict[str, Read] = {
    "stream": _uuid,
    "first_version": _number,
    "last_version": _number,
    "last_leaf": _hex,
}
BUNDLE_FORMAT = "opps-audit-bundle-1"


def _format(text: object) -> str:
    if text != BUNDLE_FORMAT:
        newer = isinstance(text, str) and re.fullmatch("opps-audit-bundle-[0-9]+", text)
        raise CannotCheck(
            f"it has format {text}: take a newer opps-verify" if newer else "it is no audit bundle"
        )
    return BUNDLE_FORMAT


_BUNDLE: dict[str, Read] = {
    "format": _format,
    "origin": _text,
    "tenant": _uuid,
    "opportunity": _uuid,
    "as_of": _number,
    "checkpoint": _text,
    "public_keys": _list(read_key),
    "statements": _list(_text),
    "events": _list(lambda found: found),
    "streams": _list(lambda found: found),
}


def check_bundle(report: Report, stored: bytes, brought: Sequence[Key]) -> None:
    """Check an audit bundle: every event of one opportunity, and its place in the signed log."""
    try:
        found = _json(stored)
    except (ValueError, RecursionError):
        raise CannotCheck("it is no JSON") from None
    if not isinstance(found, dict) or "format" not in found:
        raise CannotCheck("it is no audit bundle")
    bundle = _object({"format": _format}, {"format": found["format"]}) and _object(_BUNDLE, found)
    trust = Trust(brought, bundle["public_keys"])
    _follow_statements(report, bundle, trust)
    note = bundle["checkpoint"]
    checkpoint = signed_checkpoint(report, "checkpoint", note, trust, bundle["tenant"])
    if checkpoint is None:
        return
    if checkpoint.origin != bundle["origin"]:
        report.add(None, "origin", "ORIGIN_DIFFERS", f"the checkpoint is of {checkpoint.origin}")
    if bundle["public_keys"] and checkpoint.signer != bundle["public_keys"][-1]:
        report.add(None, "checkpoint", "KEY_SUPERSEDED", "a newer key must have signed it")
    if bundle["as_of"] > checkpoint.size:
        report.add(None, "as_of", "NOT_SEALED", f"{checkpoint.size} events were signed")
    _check_streams(report, bundle, _check_events(report, bundle, checkpoint))
    report.facts.update(
        tenant=str(bundle["tenant"]),
        opportunity=str(bundle["opportunity"]),
        as_of=bundle["as_of"],
        events=len(bundle["events"]),
        checkpoints=[{"origin": checkpoint.origin, "size": checkpoint.size}],
        root=to_base64(checkpoint.root),
    )


def _follow_statements(report: Report, bundle: Mapping[str, Any], trust: Trust) -> None:
    """Note statements that do not lead to the keys of the bundle."""
    for number, statement in enumerate(bundle["statements"]):
        try:
            trust.follow(statement)
        except NoteRefused as refused:
            name = f"statements[{number}]"
            report.add(None, name, refused.kind, f"{name}: {refused}")
            return
    keys, origin = bundle["public_keys"], bundle["origin"]
    vouched = [key for key in trust.introduced if key.name == origin]
    first = [key for key in keys[:1] if key.name == origin and origin.endswith("/1")]
    if keys != first + vouched or not keys:
        report.add(
            None, "public_keys", "KEYS_DIFFER", "they are not those that the log vouches for"
        )


def _check_events(
    report: Report, bundle: Mapping[str, Any], checkpoint: Checkpoint
) -> tuple[int, bytes]:
    """Note what is wrong with the events; return the last version of the stream and its leaf."""
    version, last = _NO_STREAM
    before: Header | None = None
    for number, found in enumerate(bundle["events"]):
        event = _object(_BUNDLE_EVENT, found, _position_of(found))
        position = event["position"]
        # First of all: it needs nothing of what the header says, not even its format.
        leaf = leaf_hash(event["header"])
        _check_inclusion(report, position, leaf, event["proof"], checkpoint)
        row, header = _row_of(report, bundle, event)
        if row is None or header is None:
            continue
        for name, kind, message in differences(row):
            report.add(position, name, kind, message)
        for name, kind, message in _place_in_bundle(bundle, header, number, last, before):
            report.add(position, name, kind, message)
        version, last, before = header.version, leaf, header
    return version, last


def _position_of(found: object) -> int | None:
    position = found.get("position") if isinstance(found, dict) else None
    return position if type(position) is int else None


def _row_of(
    report: Report, bundle: Mapping[str, Any], event: Mapping[str, Any]
) -> tuple[Row | None, Header | None]:
    """Return an event of a bundle as a row, in which the header speaks for what is not written."""
    stored = event["header"]
    try:
        header = read_header(stored)
    except Malformed as malformed:
        report.add(event["position"], "header", "HEADER_MALFORMED", f"header: {malformed}")
        return None, None
    row = Row(
        tenant=bundle["tenant"],
        position=event["position"],
        stream=event["stream"],
        version=event["version"],
        event_id=header.event_id,
        command_id=header.command_id,
        recorded_at=header.recorded_at,
        tag=header.tag,
        schema=header.schema,
        payload=event["payload"],
        metadata=event["metadata"],
        header=stored,
        leaf=leaf_hash(stored),
    )
    return row, header


def _place_in_bundle(
    bundle: Mapping[str, Any], header: Header, version: int, last: bytes, before: Header | None
) -> Iterator[tuple[str, str, str]]:
    """Yield where an event of a bundle does not go on from the one before it."""
    if header.stream != bundle["opportunity"]:
        yield "stream", "STREAM_DIFFERS", "it is of another stream than the opportunity"
    if header.version != version:
        yield "version", "VERSION_GAP", f"version {version} must come here"
    if header.previous_leaf != last:
        yield "previous_leaf", "CHAIN_BROKEN", "the event before it in its stream is another"
    if header.position > bundle["as_of"]:
        yield "position", "NOT_AS_OF", f"it is behind position {bundle['as_of']}"
    if before is None:
        return
    if header.position <= before.position:
        yield "position", "POSITION_FELL", "it stands before the event that it goes on from"
    same = header.command_id == before.command_id
    if header.recorded_at < before.recorded_at:
        yield "recorded_at", "TIME_FELL", "it is earlier than the event before it"
    elif (header.recorded_at == before.recorded_at) != same:
        yield "recorded_at", "TIME_SHARED", "events share their time within a command only"


def _check_inclusion(
    report: Report, position: int, leaf: bytes, found: object, checkpoint: Checkpoint
) -> None:
    proof = _object(_PROOF, found, position)
    if proof["index"] != position - 1:
        report.add(position, "proof.index", "PROOF_WRONG", f"its leaf is {position - 1}")
    if proof["size"] != checkpoint.size:
        why = f"the checkpoint is of {checkpoint.size} leaves"
        report.add(position, "proof.size", "PROOF_WRONG", why)
    try:
        right = root_of_inclusion(leaf, position - 1, checkpoint.size, proof["hashes"])
    except ProofRefused as refused:
        report.add(position, "proof.hashes", "PROOF_WRONG", str(refused))
        return
    if right != checkpoint.root:
        why = "the proof does not lead from the event to the signed root"
        report.add(position, "proof.hashes", "PROOF_WRONG", why)


def _check_streams(report: Report, bundle: Mapping[str, Any], end: tuple[int, bytes]) -> None:
    """Note where the stream does not end as the bundle says."""
    streams = [_object(_STREAM, found) for found in bundle["streams"]]
    expected = {
        "stream": bundle["opportunity"],
        "first_version": 0,
        "last_version": end[0],
        "last_leaf": end[1],
    }
    if len(streams) != 1:
        report.add(None, "streams", "STREAM_DIFFERS", "there must be one, that of the opportunity")
        return
    for name, value in expected.items():
        if streams[0][name] != value:
            why = f"it is not that of the last event shown, version {end[0]}"
            report.add(None, f"streams.{name}", "STREAM_DIFFERS", why)


# ---------------------------------------------------------------------------- kept checkpoints

_GROWTH: dict[str, Read] = {"from": _number, "to": _number, "hashes": _list(_hash)}


def check_since(report: Report, kept: str, newer: str, proof: bytes, trust: Trust) -> None:
    """Check that the log of a newer checkpoint is the one of a kept checkpoint, grown."""
    old = signed_checkpoint(report, "kept", kept, trust)
    new = signed_checkpoint(report, "checkpoint", newer, trust)
    if old is None or new is None:
        return
    report.facts["checkpoints"] = [{"origin": one.origin, "size": one.size} for one in (old, new)]
    if old.log[0] != new.log[0]:
        report.add(None, "origin", "ORIGIN_DIFFERS", f"{new.origin} is the log of another tenant")
        return
    if old.origin != new.origin:
        raise CannotCheck(
            f"the log began again, as {new.origin}: no proof leads there from {old.origin}. "
            "Ask for the whole log and give it with --log"
        )
    if new.size < old.size:
        why = f"{old.size} events were signed before, now {new.size}"
        report.add(new.size + 1, "size", "LOG_SHORTENED", why)
        return
    try:
        found = _json(proof)
    except (ValueError, RecursionError):
        raise CannotCheck("the proof is no JSON") from None
    growth = _object(_GROWTH, found)
    for name, size in (("from", old.size), ("to", new.size)):
        if growth[name] != size:
            report.add(None, f"proof.{name}", "PROOF_WRONG", f"the checkpoint is of {size} leaves")
    if not is_grown(old.size, new.size, old.root, new.root, growth["hashes"]):
        why = "the newer log is not shown to be the older one, grown"
        report.add(None, "proof.hashes", "NOT_GROWN", why)


def check_proof(report: Report, proof: str, leaf: bytes, trust: Trust) -> None:
    """Check that a leaf is in a signed log, by a tlog-proof of C2SP."""
    head, found, note = proof.partition("\n\n")
    said, *lines = head.split("\n")
    if said != "c2sp.org/tlog-proof@v1" or not found:
        raise CannotCheck("it is no tlog-proof")
    if lines and lines[0].startswith("extra "):
        del lines[0]
    try:
        index = _decimal(lines[0].removeprefix("index ")) if lines else None
        path = [_hash(line) for line in lines[1:]]
    except Malformed as malformed:
        raise Tampered("proof", "MALFORMED", f"proof: {malformed}") from None
    if index is None or not lines[0].startswith("index "):
        raise Tampered("proof.index", "MALFORMED", "the line of the index is missing")
    checkpoint = signed_checkpoint(report, "checkpoint", note, trust)
    if checkpoint is None:
        return
    report.facts.update(
        position=index + 1,
        leaf=leaf.hex(),
        checkpoints=[{"origin": checkpoint.origin, "size": checkpoint.size}],
    )
    try:
        right = root_of_inclusion(leaf, index, checkpoint.size, path)
    except ProofRefused as refused:
        report.add(index + 1, "proof", "PROOF_WRONG", str(refused))
        return
    if right != checkpoint.root:
        why = "the proof does not lead from the leaf to the signed root"
        report.add(index + 1, "proof", "PROOF_WRONG", why)


# ---------------------------------------------------------------------------- the command line

_EPILOG = """exit status: 0 sound, 1 tampered, 2 cannot check.
What is sound and what that does not show: README.md beside this file."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Check what the arguments name, tell the verdict and return it."""
    options = _parser().parse_args(arguments)
    try:
        report = reported(options.subject(options), lambda report: options.check(report, options))
    # Whatever goes wrong must never be taken for a verdict, least of all for a sound one.
    except Exception as error:
        report = Report(options.command, unchecked=[f"{type(error).__name__}: {error}"])
    print(as_json(report) if options.json else as_text(report))
    return report.exit_code


def as_json(report: Report) -> str:
    """Return a report for a program."""
    told = {"verdict": VERDICTS[report.exit_code], "exit": report.exit_code}
    return json.dumps(told | asdict(report), indent=2)


def as_text(report: Report) -> str:
    """Return a report for a person."""
    lines = [f"{VERDICTS[report.exit_code].upper()}: {report.subject}"]
    for one in report.findings:
        where = "" if one.position is None else f"position {one.position}, "
        lines.append(f"  {where}{one.field}: {one.kind}: {one.message}")
    if report.more:
        lines.append(f"  and {report.more} more")
    lines += [f"  not checked: {one}" for one in report.unchecked]
    for name, fact in report.facts.items():
        if name == "checkpoints":
            lines += [f"  checkpoint {one['origin']} at {one['size']}" for one in fact]
        else:
            lines.append(f"  {name.replace('_', ' ')} {fact}")
    if report.facts.get("checkpoints") == []:
        lines.append("  no signed checkpoint: a log forged as a whole would look the same")
    return "\n".join(lines)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "opps-verify",
        description="Checks logs, bundles and checkpoints of opps.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(dest="command", required=True)

    def command(name: str, check: Callable[[Report, Any], None], told: str) -> Any:
        added = commands.add_parser(name, help=told, description=told, epilog=_EPILOG)
        added.set_defaults(check=check, subject=lambda options: str(options.file))
        added.add_argument(
            "--key",
            action="append",
            default=[],
            metavar="VKEY",
            help="a key known from elsewhere, as name+hash+base64 or @FILE; may be repeated",
        )
        added.add_argument("--json", action="store_true", help="answer as JSON")
        return added

    def statements(added: Any) -> None:
        told = "a statement by which an older key vouches for a newer one; may be repeated"
        added.add_argument("--statement", action="append", default=[], type=Path, help=told)

    def checkpoints(added: Any) -> None:
        told = "a signed checkpoint to compare with; may be repeated"
        added.add_argument("--checkpoint", action="append", default=[], type=Path, help=told)
        statements(added)

    log = command("log", _run_log, "Check the file of `opps backup`: every event of a log.")
    log.add_argument("file", type=Path)
    checkpoints(log)
    db = command("db", _run_database, "Check the rows of a database: every event of a tenant.")
    db.add_argument("url", help="the address of the database; its role needs opps_reader")
    db.add_argument("--tenant", required=True, help="the short name or the uuid")
    db.set_defaults(subject=lambda options: f"tenant {options.tenant}")
    checkpoints(db)
    bundle = command("bundle", _run_bundle, "Check an audit bundle: the events of one opportunity.")
    bundle.add_argument("file", type=Path)
    since = command("since", _run_since, "Check that a log only grew since a kept checkpoint.")
    since.add_argument("file", type=Path, help="the checkpoint that you kept")
    since.add_argument("--checkpoint", type=Path, help="the newer checkpoint")
    since.add_argument("--proof", type=Path, help="the proof of consistency between the two")
    since.add_argument("--log", type=Path, help="the whole log, instead of a proof")
    statements(since)
    proof = command("proof", _run_proof, "Check that one event is in a signed log (tlog-proof).")
    proof.add_argument("file", type=Path)
    shown = proof.add_mutually_exclusive_group(required=True)
    shown.add_argument("--header", help="the header of the event, in hexadecimal")
    shown.add_argument("--leaf", help="its leaf hash, in hexadecimal or in base64")
    statements(proof)
    return parser


def _run_log(report: Report, options: Any) -> None:
    notes = {str(path): _read_text(path) for path in options.checkpoint}
    with _opened(options.file) as file:
        check_log(report, file, _trust(report, options), notes)


def _run_database(report: Report, options: Any) -> None:
    notes = {str(path): _read_text(path) for path in options.checkpoint}
    check_database(report, options.url, options.tenant, _trust(report, options), notes)


def _run_bundle(report: Report, options: Any) -> None:
    check_bundle(report, _read(options.file), _keys(options))


def _run_since(report: Report, options: Any) -> None:
    paths = [options.file, *([options.checkpoint] if options.checkpoint else [])]
    trust = _trust(report, options)
    if options.log is not None and options.proof is None:
        notes = {str(path): _read_text(path) for path in paths}
        with _opened(options.log) as file:
            check_log(report, file, trust, notes)
    elif options.log is None and options.proof is not None and options.checkpoint is not None:
        kept, newer = map(_read_text, paths)
        check_since(report, kept, newer, _read(options.proof), trust)
    else:
        raise CannotCheck("give --checkpoint and --proof, or --log")


def _run_proof(report: Report, options: Any) -> None:
    try:
        leaf = leaf_hash(_hex(options.header)) if options.leaf is None else _leaf(options.leaf)
    except Malformed as malformed:
        raise CannotCheck(f"--header or --leaf: {malformed}") from None
    check_proof(report, _read_text(options.file), leaf, _trust(report, options))


def _keys(options: Any) -> list[Key]:
    keys = []
    for given in options.key:
        text = _read_text(Path(given[1:])).strip() if given.startswith("@") else given
        try:
            keys.append(read_key(text))
        except Malformed as malformed:
            raise CannotCheck(f"--key: {malformed}") from None
    return keys


def _trust(report: Report, options: Any) -> Trust:
    trust = Trust(_keys(options))
    for path in options.statement:
        try:
            trust.follow(_read_text(path))
        except NoteRefused as refused:
            report.add(None, str(path), refused.kind, f"{path}: {refused}")
    return trust


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise CannotCheck(f"{path} cannot be read: {error.strerror}") from None


def _read(path: Path) -> bytes:
    with _opened(path) as file:
        return file.read()


def _read_text(path: Path) -> str:
    try:
        return _read(path).decode()
    except UnicodeDecodeError:
        raise CannotCheck(f"{path} is no text") from None


if __name__ == "__main__":
    sys.exit(main())
