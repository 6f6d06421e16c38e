"""By which words a person is found: those of the name, with their beginnings, and the address."""

import unicodedata
from collections.abc import Iterator
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple, Self

from msgspec import Struct

SHORTEST = 3
LONGEST = 8
"""How many letters the beginnings of a word have."""
MOST_WORDS = 8


class TraitKind(StrEnum):
    """What a person can be found by."""

    WORD = "WORD"
    BEGINNING = "BEGINNING"
    ADDRESS = "ADDRESS"
    DOMAIN = "DOMAIN"


class Trait(NamedTuple):
    """Something that a person can be found by: one looks for the same text of the same kind."""

    kind: TraitKind
    text: str


def words(text: str) -> list[str]:
    """Return the words of a text, without accents and in one case, in their order."""
    spread = unicodedata.normalize("NFKD", text.casefold())
    plain = (one for one in spread if not unicodedata.combining(one))
    return ["".join(run) for is_word, run in groupby(plain, str.isalnum) if is_word]


def traits_of(name: str | None, email: str | None) -> frozenset[Trait]:
    """Return all that a person of this name and address can be found by."""
    return frozenset((*_of_name(name or ""), *_of_address(_address(email or ""))))


class Search(Struct, frozen=True):
    """What somebody looks for: words of a name, addresses, and domains of addresses."""

    words: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()

    @classmethod
    def read(cls, text: str) -> Self:
        """Return what a text asks for: `@` begins a domain, or stands within an address."""
        pieces = [_address(one) for one in text.split()]
        names = [one for one in pieces if "@" not in one]
        return cls(
            words=tuple(dict.fromkeys(words(" ".join(names)))),
            addresses=tuple(one for one in pieces if "@" in one[1:]),
            domains=tuple(one[1:] for one in pieces if one.startswith("@") and "@" not in one[1:]),
        )

    @property
    def empty(self) -> bool:
        """Whether it asks for nothing."""
        return not (self.words or self.addresses or any(self.domains))

    @property
    def whole(self) -> list[Trait]:
        """What a person has who is found by whole words; what is rarer comes first."""
        return [*self._addresses(), *(Trait(TraitKind.WORD, one) for one in self._longest_first())]

    @property
    def begun(self) -> list[Trait]:
        """What a person has who is found by beginnings of words; what is rarer comes first."""
        return [*self._addresses(), *(_begun(one) for one in self._longest_first())]

    def finds(self, name: str | None, email: str | None) -> bool:
        """Tell whether somebody of this name and address is meant."""
        own, address = words(name or ""), _address(email or "")
        return (
            all(any(_matches(one, word) for word in own) for one in self.words)
            and all(one == address for one in self.addresses)
            and all(one == address.partition("@")[2] for one in self.domains)
        )

    def _longest_first(self) -> list[str]:
        return sorted(self.words, key=lambda one: (-len(one), one))

    def _addresses(self) -> Iterator[Trait]:
        for address in self.addresses:
            yield Trait(TraitKind.ADDRESS, address)
        for domain in self.domains:
            yield Trait(TraitKind.DOMAIN, domain)


def _matches(asked: str, word: str) -> bool:
    return word == asked if len(asked) < SHORTEST else word.startswith(asked)


def _begun(word: str) -> Trait:
    if len(word) < SHORTEST:
        return Trait(TraitKind.WORD, word)
    return Trait(TraitKind.BEGINNING, word[:LONGEST])


def _of_name(name: str) -> Iterator[Trait]:
    for word in words(name):
        yield Trait(TraitKind.WORD, word)
        for length in range(SHORTEST, min(LONGEST, len(word)) + 1):
            yield Trait(TraitKind.BEGINNING, word[:length])


def _of_address(address: str) -> Iterator[Trait]:
    if "@" in address:
        yield Trait(TraitKind.ADDRESS, address)
        yield Trait(TraitKind.DOMAIN, address.partition("@")[2])


def _address(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()
