"""A text in which nothing can be seen says nothing."""

import pytest

from opps.domain.errors import Blank
from opps.domain.words import not_blank


@pytest.mark.parametrize("text", ["", " ", "\t\n", "\u200b", "\u2060 \ufeff", "\u00a0"])
def test_what_cannot_be_seen_is_blank(text: str) -> None:
    with pytest.raises(Blank):
        not_blank("title", text)


@pytest.mark.parametrize("text", ["x", " x ", "\u200bx", "東", "é", "?", "👍"])
def test_one_character_that_can_be_seen_is_enough(text: str) -> None:
    not_blank("title", text)
