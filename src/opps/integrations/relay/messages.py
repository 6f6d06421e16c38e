"""An event as the broker gets it: a subject to choose by, headers, and a CloudEvent."""

import re
from typing import get_args
from uuid import UUID

from msgspec import UNSET, Struct, structs

from opps.domain.events import TAGS, AccountEvent, OpportunityEvent, PersonEvent
from opps.eventstore import LoggedEvent
from opps.integrations.cloud_events import cloud_event, source_of
from opps.integrations.jsonl_lines import ENCODER
from opps.integrations.thin_events import CONTENT_TYPE

MESSAGE_ID = "Nats-Msg-Id"
EXPECTED_STREAM = "Nats-Expected-Stream"
EXPECTED_LAST = "Nats-Expected-Last-Sequence"
HEADER_BYTES = 1_000  # more than ours take

_TAG = re.compile(r"[A-Za-z0-9_]+")
_KINDS = (("account", get_args(AccountEvent)), ("person", get_args(PersonEvent)))


class Message(Struct, frozen=True):
    """What is published of an event."""

    position: int
    subject: str
    headers: dict[str, str]
    body: bytes


def subjects_of(slug: str) -> str:
    """Return the subjects of everything that a tenant tells."""
    return f"opps.{slug}.>"


def message_of(
    tenant: UUID, slug: str, stream: str, event: LoggedEvent, most_bytes: int
) -> Message:
    """Return the message of an event; the broker takes it only behind the event before it.

    Personal data stays sealed. What is too large for the broker goes without its data, and says
    with `dataref` of the CloudEvents extensions where it is: at its position in the log.
    """
    told = cloud_event(tenant, event, keyring=None)
    body = ENCODER.encode(told)
    if len(body) > most_bytes - HEADER_BYTES:
        dataref = f"{source_of(tenant)}#{event.position}"
        body = ENCODER.encode(structs.replace(told, data=UNSET, data_base64=b"", dataref=dataref))
    return Message(
        event.position,
        _subject(slug, event),
        {
            MESSAGE_ID: str(event.event_id),
            EXPECTED_STREAM: stream,
            EXPECTED_LAST: str(event.position - 1),
            "content-type": CONTENT_TYPE,
        },
        body,
    )


def _subject(slug: str, event: LoggedEvent) -> str:
    # What a newer version wrote may have any name; a point or a star in it would mean something.
    tag = event.tag if _TAG.fullmatch(event.tag) else "Unknown"
    return f"opps.{slug}.{_kind(event.tag)}.{event.stream}.{tag}"


def _kind(tag: str) -> str:
    known = TAGS.get(tag)
    if known is None:
        return "other"
    if issubclass(known, OpportunityEvent):
        return "opportunity"
    return next((kind for kind, members in _KINDS if known in members), "other")
