"""The secret of an endpoint as its receiver is shown it."""

from base64 import b64encode

PREFIX = "whsec_"


def text_of(secret: bytes) -> str:
    """Return a secret in the form of Standard Webhooks."""
    return PREFIX + b64encode(secret).decode()
