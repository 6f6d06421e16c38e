"""By which words people are found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opps.domain.finding import LONGEST, Search, Trait, TraitKind, traits_of, words

DANA = ("Dana Ruíz-Weiß", "Dana.Ruiz@Halden.example")


@pytest.mark.parametrize(
    "asked",
    [
        "Dana",
        "dan",
        "RUIZ",
        "ruíz",
        "weiss",
        "weiß",
        "Ruiz, Dana",
        "dana.ruiz@halden.example",
        "DANA.RUIZ@HALDEN.EXAMPLE",
        "@halden.example",
        "dan @halden.example",
    ],
)
def test_a_person_is_found_by_words_and_beginnings_by_address_and_by_domain(asked: str) -> None:
    assert Search.read(asked).finds(*DANA)


@pytest.mark.parametrize(
    "asked",
    ["ana", "danaa", "da", "dana klein", "@halden", "@example", "ruiz@halden.example", "d"],
)
def test_a_person_is_not_found_by_what_is_only_near(asked: str) -> None:
    assert not Search.read(asked).finds(*DANA)


def test_a_short_name_is_found_by_the_whole_of_it() -> None:
    assert Search.read("li").finds("Li Wu", None)
    assert not Search.read("l").finds("Li Wu", None)


@pytest.mark.parametrize("asked", ["", "  ", "-", "@", ". , ;"])
def test_what_says_nothing_asks_for_nothing(asked: str) -> None:
    assert Search.read(asked).empty


def test_a_long_word_is_looked_up_by_its_beginning_and_compared_whole() -> None:
    search = Search.read("Schwarzenberg")

    assert search.begun == [Trait(TraitKind.BEGINNING, "schwarze")]
    assert search.finds("Anna Schwarzenberger", None)
    assert not search.finds("Anna Schwarzenau", None)


def test_what_is_rarer_is_looked_up_first() -> None:
    search = Search.read("an ruiz @halden.example d@halden.example")

    assert [one.text for one in search.whole] == [
        "d@halden.example",
        "halden.example",
        "ruiz",
        "an",
    ]


names = st.text(min_size=1, max_size=30)


@given(names, st.integers(min_value=3, max_value=12))
def test_whoever_is_found_by_a_beginning_has_what_it_is_looked_up_by(name: str, size: int) -> None:
    for word in words(name):
        search = Search.read(word[:size])
        if not search.empty and search.finds(name, None):
            assert set(search.begun) <= traits_of(name, None)


@given(names)
def test_no_beginning_is_longer_than_it_may_be(name: str) -> None:
    kinds = {one.text for one in traits_of(name, None) if one.kind is TraitKind.BEGINNING}

    assert all(3 <= len(one) <= LONGEST for one in kinds)


@given(names, st.none() | st.emails())
def test_a_person_is_found_by_their_whole_name_and_address(name: str, email: str | None) -> None:
    for asked in (name, email or ""):
        search = Search.read(asked)
        if not search.empty and ("@" not in asked or asked == email):
            assert search.finds(name, email)
            assert {*search.whole, *search.begun} <= traits_of(name, email)
