"""Verifies webhooks and reads the CloudEvents in them; run by a Python that has the libraries."""

import json
import sys
from typing import Any

from cloudevents.core.bindings.http import HTTPMessage, from_http_event
from standardwebhooks import Webhook, WebhookVerificationError


def verdict(message: dict[str, Any]) -> str:
    """Return whether a message is genuine, or what refuses it."""
    try:
        Webhook(message["secret"]).verify(message["body"], message["headers"])
    except WebhookVerificationError as error:
        return type(error).__name__
    return "genuine"


def seen(message: dict[str, Any]) -> dict[str, Any]:
    """Return what a CloudEvent says."""
    event = from_http_event(HTTPMessage(message["headers"], message["body"].encode()))
    return {**event.get_attributes(), "data": event.get_data()}


found = [{"standardwebhooks": verdict(one), "event": seen(one)} for one in json.loads(sys.argv[1])]
print(json.dumps(found, default=lambda instant: instant.isoformat()))
