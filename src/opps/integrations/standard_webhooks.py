"""Signatures of Standard Webhooks: who sent a message, when, and that nobody changed it."""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from opps.domain.webhooks.secret_text import PREFIX

_FEWEST_BYTES, _MOST_BYTES = 24, 64  # what the specification asks of a secret


class SecretMalformed(ValueError):
    """A text that is no secret; it is never repeated."""

    def __init__(self) -> None:
        super().__init__(f"a secret is {PREFIX} and 24 to 64 bytes in base64")


def signed(message_id: str, at: datetime, body: bytes, secrets: Sequence[str]) -> dict[str, str]:
    """Return the headers that prove a message, with one signature for each secret.

    The signature holds the time of this attempt: each attempt is signed anew, under the same id.

    Raises:
        SecretMalformed: a secret is none.
    """
    seconds = str(int(at.timestamp()))
    content = b".".join((message_id.encode("ascii"), seconds.encode(), body))
    return {
        "webhook-id": message_id,
        "webhook-timestamp": seconds,
        "webhook-signature": " ".join(_signature(one, content) for one in secrets),
    }


def _signature(secret: str, content: bytes) -> str:
    return "v1," + b64encode(hmac.digest(_bytes_of(secret), content, sha256)).decode()


def _bytes_of(secret: str) -> bytes:
    try:
        found = b64decode(secret.removeprefix(PREFIX), validate=True)
    except ValueError:
        raise SecretMalformed from None
    if not secret.startswith(PREFIX) or not _FEWEST_BYTES <= len(found) <= _MOST_BYTES:
        raise SecretMalformed
    return found
