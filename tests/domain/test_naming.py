"""Free text names people by token; taken apart it is still the same text."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from opps.domain.naming import Named, Segment, segments

DANA = UUID("7c9e6679-7425-40de-944b-e07fc1f90ae7")
TOKENS = (f"{{person:{DANA}}}", f"{{evaluator:{DANA}}}")


def test_a_text_is_taken_apart_at_the_people_it_names() -> None:
    text = f"Ask {TOKENS[0]} before {TOKENS[1]}"

    assert list(segments(text)) == [
        Segment("Ask "),
        Segment(TOKENS[0], Named.PERSON, DANA),
        Segment(" before "),
        Segment(TOKENS[1], Named.EVALUATOR, DANA),
    ]


def test_what_looks_almost_like_a_token_is_text() -> None:
    for text in ("{person:Dana}", f"{{seller:{DANA}}}", f"{{person:{DANA}", "{person:}"):
        assert list(segments(text)) == [Segment(text)]


@given(st.lists(st.text(max_size=20) | st.sampled_from([*TOKENS, "{", "}", "{person:"])))
def test_the_parts_of_a_text_are_the_text(parts: list[str]) -> None:
    text = "".join(parts)

    assert "".join(one.text for one in segments(text)) == text
