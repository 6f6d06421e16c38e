"""A header is read to its last byte, and to no byte behind it."""

import pytest

from tests.verifier.logs import event_at, log
from verifier.opps_verify import Malformed, read_header

HEADER = event_at(log(), 5).header
TAG = HEADER.index(b"Told")


def tagged(length: int) -> bytes:
    """Return a header whose tag is so long."""
    return HEADER[: TAG - 2] + length.to_bytes(2) + b"T" * length + HEADER[TAG + 4 :]


def test_no_beginning_of_a_header_is_one() -> None:
    for length in range(len(HEADER)):
        with pytest.raises(Malformed):
            read_header(HEADER[:length])


@pytest.mark.parametrize(
    ("length", "why"), [(TAG + 1, "it is too short"), (TAG + 2, "its tag has another length")]
)
def test_a_header_that_ends_in_its_tag_says_so(length: int, why: str) -> None:
    with pytest.raises(Malformed, match=why):
        read_header(HEADER[:length])


@pytest.mark.parametrize("length", [1, 200])
def test_a_tag_has_up_to_two_hundred_bytes(length: int) -> None:
    assert read_header(tagged(length)).tag == "T" * length


@pytest.mark.parametrize("length", [0, 201])
def test_no_tag_and_a_longer_one_are_refused(length: int) -> None:
    with pytest.raises(Malformed, match="its tag has another length"):
        read_header(tagged(length))
