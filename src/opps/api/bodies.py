"""Requests as sent: what is asked, or why it cannot be read."""

import re
from typing import Any

import orjson
from msgspec import Struct
from starlette.requests import Request

LARGEST_BODY_BYTES = 1_048_576
DEEPEST_BODY = 200


class Asked(Struct, frozen=True):
    """One operation to carry out."""

    query: str
    variables: dict[str, Any] | None = None
    operation_name: str | None = None


class Unreadable(Exception):
    """The request cannot be read: the HTTP status to answer with, and why."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


async def asked(request: Request) -> Asked:
    """Return what a GET or POST request asks for.

    Raises:
        Unreadable: it is too large, of another type, or no GraphQL request.
    """
    if request.method == "GET":
        return _from_url(request)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Unreadable(415, "Send the request as application/json.")
    return read_asked(json(await _body(request)))


def json(body: bytes) -> Any:
    """Return the value of a JSON text.

    Raises:
        Unreadable: it is none, or nested too deep.
    """
    if _deep(body):
        raise Unreadable(400, f"The JSON is nested more than {DEEPEST_BODY} levels deep.")
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Unreadable(400, f"What was sent is no JSON in UTF-8: {error}.") from None


def read_asked(value: Any) -> Asked:
    """Return the operation in a JSON value.

    Raises:
        Unreadable: it is no GraphQL request.
    """
    if not isinstance(value, dict):
        raise Unreadable(400, "The body must be a JSON object with the key 'query'.")
    query, variables = value.get("query"), value.get("variables")
    name = value.get("operationName")
    if not isinstance(query, str) or not query.strip():
        raise Unreadable(400, "'query' must be a text with a GraphQL document.")
    if variables is not None and not isinstance(variables, dict):
        raise Unreadable(400, "'variables' must be an object.")
    if name is not None and not isinstance(name, str):
        raise Unreadable(400, "'operationName' must be a text.")
    if not isinstance(value.get("extensions"), dict | None):
        raise Unreadable(400, "'extensions' must be an object.")
    return Asked(query, variables, name or None)


def _from_url(request: Request) -> Asked:
    given: dict[str, Any] = {
        key: request.query_params.get(key) for key in ("query", "operationName")
    }
    for key in ("variables", "extensions"):
        text = request.query_params.get(key)
        given[key] = json(text.encode()) if text else None
    return read_asked(given)


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY_BYTES:
            raise Unreadable(413, f"The body is larger than {LARGEST_BODY_BYTES} bytes.")
    return bytes(body)


_NESTING = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)


def _deep(body: bytes) -> bool:
    """Tell whether the brackets outside of texts nest too deep."""
    if body.count(b"[") + body.count(b"{") <= DEEPEST_BODY:
        return False
    depth = 0
    for found in _NESTING.finditer(body):
        mark = found[0]
        if mark in b"[{":
            depth += 1
            if depth > DEEPEST_BODY:
                return True
        elif mark in b"]}":
            depth -= 1
    return False
