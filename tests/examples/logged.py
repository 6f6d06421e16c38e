"""Events as the log gives them back."""

from uuid import UUID, uuid5

import msgspec

from opps.domain.events import Event
from opps.eventstore import LoggedEvent
from opps.recording import codec
from tests.examples.changes import DEAL, MONDAY
from tests.recording.golden import METADATA, name_of


def logged(event: Event, position: int = 7, stream: UUID = DEAL) -> LoggedEvent:
    """Return an event in its place, its personal data in clear: more than is ever stored."""
    return LoggedEvent(
        position=position,
        stream=stream,
        version=3,
        event_id=uuid5(stream, name_of(event)),
        command_id=stream,
        recorded_at=MONDAY,
        tag=codec.tag_of(event),
        schema=event.schema,
        payload=msgspec.json.encode(event),
        metadata=codec.encode_metadata(METADATA),
    )
