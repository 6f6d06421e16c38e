"""Messages as a socket brings them: read, or the end of the socket."""

from collections.abc import MutableMapping
from typing import Any

from starlette.websockets import WebSocketDisconnect

from opps.api.bodies import Unreadable, json
from opps.api.ending import BAD_MESSAGE, Ended


def size_of(received: MutableMapping[str, Any]) -> int:
    """Return how many bytes a message has."""
    return len((received.get("text") or "").encode()) or len(received.get("bytes") or b"")


def read_message(received: MutableMapping[str, Any]) -> dict[str, Any]:
    """Return a message of the client.

    Raises:
        Ended: it is none of graphql-transport-ws.
        WebSocketDisconnect: the client has gone.
    """
    if received["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(received.get("code", 1000))
    text = received.get("text")
    if text is None:
        raise Ended(BAD_MESSAGE, "Send messages as text.")
    try:
        message = json(text.encode())
    except (Unreadable, UnicodeEncodeError):
        raise Ended(BAD_MESSAGE, "The message is no JSON.") from None
    if not isinstance(message, dict):
        raise Ended(BAD_MESSAGE, "The message is no JSON object.")
    return message
