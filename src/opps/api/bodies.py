"""Requests as sent: what is asked, or why it cannot be read."""

import asyncio
import re
from typing import Any

import orjson
from msgspec import Struct
from starlette.requests import Request

DEEPEST_BODY = 200
BODY_TIMEOUT_S = 30.0
BATCHED = "Send one operation a request: a list of several is not taken."


class Asked(Struct, frozen=True):
    """One operation to carry out; `query` is empty where only the id of its document was sent."""

    query: str
    variables: dict[str, Any] | None = None
    operation_name: str | None = None
    document_id: str | None = None


class Unreadable(Exception):
    """The request cannot be read: the HTTP status to answer with, and why."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


async def asked(request: Request, most_bytes: int) -> Asked:
    """Return what a GET or POST request asks for, in a body of `most_bytes` at most.

    Raises:
        Unreadable: it is too large, of another type, or no GraphQL request.
    """
    if request.method in ("GET", "HEAD"):
        return _from_url(request, most_bytes)
    if not _is_plain_json(request):
        raise Unreadable(415, "Send the request as application/json in UTF-8, not compressed.")
    return read_asked(json(await _body(request, most_bytes)))


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
    if isinstance(value, list):
        raise Unreadable(400, BATCHED)
    if not isinstance(value, dict):
        raise Unreadable(400, "The body must be a JSON object with the key 'query'.")
    query, variables = value.get("query"), value.get("variables")
    name, extensions = value.get("operationName"), value.get("extensions")
    if variables is not None and not isinstance(variables, dict):
        raise Unreadable(422, "'variables' must be an object.")
    if name is not None and not isinstance(name, str):
        raise Unreadable(422, "'operationName' must be a text.")
    if not isinstance(extensions, dict | None):
        raise Unreadable(422, "'extensions' must be an object.")
    document_id = _document_id(value.get("documentId"), extensions)
    if query is None and document_id is not None:
        return Asked("", variables, name or None, document_id)
    if not isinstance(query, str):
        raise Unreadable(422, "'query' must be a text with a GraphQL document.")
    if not query.strip():
        raise Unreadable(400, "'query' is empty: it must be a GraphQL document.")
    return Asked(query, variables, name or None, document_id)


def _document_id(given: Any, extensions: dict[str, Any] | None) -> str | None:
    """Return the identifier of a document, also where a client says it as Apollo's do."""
    if given is None and extensions:
        persisted = extensions.get("persistedQuery")
        digits = persisted.get("sha256Hash") if isinstance(persisted, dict) else None
        given = f"sha256:{digits}" if isinstance(digits, str) else digits
    if given is not None and not isinstance(given, str):
        raise Unreadable(422, "'documentId' must be a text.")
    return given


def _is_plain_json(request: Request) -> bool:
    kind, *parameters = (
        one.strip() for one in request.headers.get("content-type", "").lower().split(";")
    )
    charset = [one[8:].strip('"') for one in parameters if one.startswith("charset=")]
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    return kind == "application/json" and charset in ([], ["utf-8"]) and encoding == "identity"


def _from_url(request: Request, most_bytes: int) -> Asked:
    if len(request.scope["query_string"]) > most_bytes:
        raise Unreadable(414, f"The address is longer than {most_bytes} bytes: send a POST.")
    given: dict[str, Any] = {
        key: request.query_params.get(key) for key in ("query", "operationName", "documentId")
    }
    for key in ("variables", "extensions"):
        text = request.query_params.get(key)
        given[key] = json(text.encode()) if text else None
    return read_asked(given)


async def _body(request: Request, most_bytes: int) -> bytes:
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_TIMEOUT_S):
            async for chunk in request.stream():
                body += chunk
                if len(body) > most_bytes:
                    raise Unreadable(413, f"The body is larger than {most_bytes} bytes.")
    except TimeoutError:
        raise Unreadable(408, "The body took too long to arrive.") from None
    return bytes(body)


# A text that nobody closed is one too: else each quote in it would be looked behind to the end.
_NESTING = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)


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
