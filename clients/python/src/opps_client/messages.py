"""Requests and answers as bytes; nothing here speaks to a network."""

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec
from msgspec import UNSET, Raw, Struct

from .errors import Failed, Fault
from .operation import Operation

T = TypeVar("T")

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"
EVENTS = "text/event-stream"


_NULL = b"null"


class _Reply(Struct):
    data: Raw = Raw(_NULL)
    errors: list[Fault] = []


_decoder = msgspec.json.Decoder(_Reply)


def request(operation: Operation[T], variables: Mapping[str, Any], *, persisted: bool) -> bytes:
    """Return what asks for an operation, by its text or by its SHA-256."""
    given = {name: value for name, value in variables.items() if value is not UNSET}
    named = {"documentId": operation.document_id} if persisted else {"query": operation.document}
    return msgspec.json.encode({**named, "operationName": operation.name, "variables": given})


def answer(
    operation: Operation[T], status: int, headers: Mapping[str, str], body: bytes | str
) -> T:
    """Return what a request was answered.

    Raises:
        Failed: it has errors, or is no answer of GraphQL at all.
    """
    data, faults = reply(body)
    if faults or data is None:
        raise Failed(faults, status, data=data, retry_after_s=retry_after_s(headers))
    return msgspec.json.decode(data, type=operation.answer)


def reply(body: bytes | str) -> tuple[Raw | None, list[Fault]]:
    """Return the data and the errors of an answer; none of both of what is no answer."""
    try:
        found = _decoder.decode(body)
    except msgspec.MsgspecError:
        return None, []
    return (None if bytes(found.data) == _NULL else found.data), found.errors


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Return when a server wants to be asked again."""
    try:
        return max(float(headers.get("retry-after", "")), 0.0)
    except ValueError:
        return None
