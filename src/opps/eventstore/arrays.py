"""Arrays in PostgreSQL's binary form, written directly: a batch is a dozen of them."""

from collections.abc import Iterable, Sequence
from struct import Struct, pack
from uuid import UUID

from psycopg.abc import AdaptContext
from psycopg.adapt import Dumper
from psycopg.pq import Format

_LENGTH = Struct("!i").pack
_HEAD = Struct("!iiIii").pack
_NULL = _LENGTH(-1)
_UUID_LENGTH = _LENGTH(16)


class Array:
    """An encoded array of one element type."""

    __slots__ = ("encoded",)
    oid = 0
    element_oid = 0

    def __init__(self, encoded: Iterable[bytes], count: int, *, nulls: bool = False) -> None:
        dimensions = 1 if count else 0
        head = _HEAD(dimensions, nulls, self.element_oid, count, 1)
        self.encoded = b"".join((head if count else head[:12], *encoded))


class UuidArray(Array):
    """uuid[]."""

    __slots__ = ()
    oid, element_oid = 2951, 2950

    def __init__(self, values: Sequence[UUID]) -> None:
        super().__init__([_UUID_LENGTH + value.bytes for value in values], len(values))


class BytesArray(Array):
    """bytea[], whose elements may be NULL."""

    __slots__ = ()
    oid, element_oid = 1001, 17

    def __init__(self, values: Sequence[bytes | None]) -> None:
        encoded = [_NULL if value is None else _LENGTH(len(value)) + value for value in values]
        super().__init__(encoded, len(values), nulls=None in values)


class TextArray(Array):
    """text[]."""

    __slots__ = ()
    oid, element_oid = 1009, 25

    def __init__(self, values: Sequence[str]) -> None:
        texts = [value.encode() for value in values]
        super().__init__([_LENGTH(len(text)) + text for text in texts], len(values))


class NumberArray(Array):
    """An array of integers of one width."""

    __slots__ = ()
    width = 0
    code = ""

    def __init__(self, values: Sequence[int]) -> None:
        interleaved = [number for value in values for number in (self.width, value)]
        encoded = pack("!" + f"i{self.code}" * len(values), *interleaved)
        super().__init__((encoded,), len(values))


class SmallintArray(NumberArray):
    """smallint[]."""

    __slots__ = ()
    oid, element_oid, width, code = 1005, 21, 2, "h"


class IntegerArray(NumberArray):
    """integer[]."""

    __slots__ = ()
    oid, element_oid, width, code = 1007, 23, 4, "i"


class BigintArray(NumberArray):
    """bigint[]."""

    __slots__ = ()
    oid, element_oid, width, code = 1016, 20, 8, "q"


class _ArrayDumper(Dumper):
    format = Format.BINARY

    def dump(self, obj: Array) -> bytes:
        return obj.encoded


def register_arrays(context: AdaptContext) -> None:
    """Teach a connection to send these arrays."""
    for kind in (UuidArray, BytesArray, TextArray, SmallintArray, IntegerArray, BigintArray):
        dumper = type(f"{kind.__name__}Dumper", (_ArrayDumper,), {"oid": kind.oid})
        context.adapters.register_dumper(kind, dumper)
