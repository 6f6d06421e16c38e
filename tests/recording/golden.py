"""Stored bytes as they were first written: they decode for ever, and encode as they did."""

from pathlib import Path

from opps.domain.events import Event, FactLearned
from opps.domain.recorded import Actor, Metadata, Via
from opps.recording.codec import tag_of
from opps.recording.header import FIRST_LEAF, Header, header_bytes, sha256
from tests.examples.events import ALL_EVENTS
from tests.examples.facts import MARCH_1, STREAM, named

FOLDER = Path(__file__).parent / "golden"
HEADERS = FOLDER / "headers.v1.txt"
METADATA_FILE = FOLDER / "metadata.v1.json"

METADATA = Metadata(
    actor=Actor(
        principal=named("seller"),
        role="SELLER",
        on_behalf_of=named("colleague"),
        via=Via.INTEGRATION,
    ),
    causation_id=named("cause"),
    correlation_id=named("thread"),
    source_recorded_at=MARCH_1,
)


def name_of(event: Event) -> str:
    """Return the name of an example: its tag, and for a plain fact its kind."""
    if isinstance(event, FactLearned) and event.supersedes is None:
        return f"FactLearned.{event.fact.kind()}"
    return tag_of(event)


EXAMPLES: dict[str, Event] = {name_of(event): event for event in ALL_EVENTS}


def payload_file(name: str) -> Path:
    """Return where the golden payload of an example is kept, with a line end behind it."""
    return FOLDER / f"{name}.v1.json"


def stored_payload(name: str) -> bytes:
    """Return the golden payload of an example."""
    return payload_file(name).read_bytes().removesuffix(b"\n")


def stored_metadata() -> bytes:
    """Return the golden metadata."""
    return METADATA_FILE.read_bytes().removesuffix(b"\n")


def stored_headers() -> dict[str, bytes]:
    """Return the golden header of each example."""
    lines = (line.split() for line in HEADERS.read_text().splitlines())
    return {name: bytes.fromhex(digits) for name, digits in lines}


def header_of(name: str) -> bytes:
    """Return the header of an example's golden payload, at position 7 and version 0."""
    return header_bytes(
        Header(
            tenant=named("tenant"),
            position=7,
            stream=STREAM,
            version=0,
            previous_leaf=FIRST_LEAF,
            recorded_at=MARCH_1,
            command_id=named("command"),
            event_id=named(f"event {name}"),
            payload_sha256=sha256(stored_payload(name)),
            metadata_sha256=sha256(stored_metadata()),
            schema=1,
            tag=name.partition(".")[0],
        )
    )
