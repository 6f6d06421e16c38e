"""The text of an API key: read back as it was written, and no other text is taken for one."""

from hashlib import sha256
from uuid import UUID

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from opps.domain.access.key_text import KeyNamed, digest_of, read_text, text_of
from tests.domain.given import named

KEY, SECRET = named("key"), bytes(range(32))
TEXT = text_of("acme", KEY, SECRET)

slugs = st.from_regex(r"[a-z0-9][a-z0-9-]{0,62}", fullmatch=True)


@drawn(slugs, st.uuids(), st.binary(min_size=32, max_size=32))
def test_a_key_is_read_back_as_it_was_written(slug: str, key: UUID, secret: bytes) -> None:
    assert read_text(text_of(slug, key, secret)) == KeyNamed(slug, key, digest_of(secret))


@drawn(st.integers(0, len(TEXT) - 1), st.characters(codec="ascii"))
def test_a_key_with_one_other_character_is_no_key(place: int, character: str) -> None:
    changed = TEXT[:place] + character + TEXT[place + 1 :]

    assert (read_text(changed) is None) is (changed != TEXT)


@pytest.mark.parametrize(
    "text",
    ["", "opps_", TEXT[:-1], TEXT + "0", TEXT.upper(), f" {TEXT}", f"{TEXT}\n", "x" * 100_000],
)
def test_what_is_not_written_like_a_key_is_none(text: str) -> None:
    assert read_text(text) is None


def test_of_a_secret_its_sha_256_is_stored() -> None:
    assert digest_of(SECRET) == sha256(SECRET).hexdigest()
    assert SECRET.hex() in TEXT
    assert SECRET.hex() not in str(read_text(TEXT))
