"""Sealed text is seen in the bytes of its event, so that all others are read without a search."""

import pytest

from opps.domain.events import Event
from opps.recording import codec
from tests.examples.events import ALL_EVENTS


@pytest.mark.parametrize("event", ALL_EVENTS, ids=codec.tag_of)
def test_the_bytes_show_whether_an_event_holds_sealed_text(event: Event) -> None:
    assert (codec.SEALED in codec.encode(event)) == ("Sealed(" in repr(event))
