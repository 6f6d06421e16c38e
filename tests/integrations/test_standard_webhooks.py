"""Signatures of webhooks: what is signed, with which secrets, and what is no secret."""

import hmac
from base64 import b64encode
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opps.domain.webhooks.secret_text import text_of
from opps.integrations.standard_webhooks import SecretMalformed, signed

MONDAY = datetime(2026, 3, 2, 9, 0, 0, 999_999, tzinfo=UTC)
KEY, OLD_KEY = bytes(range(32)), bytes(range(32, 64))


def secret(key: bytes) -> str:
    return "whsec_" + b64encode(key).decode()


def test_what_is_signed_is_the_id_the_time_and_the_content() -> None:
    headers = signed("m1", MONDAY, b'{"a":1}', [secret(KEY)])

    expected = hmac.new(KEY, b'm1.1772442000.{"a":1}', sha256).digest()
    assert headers == {
        "webhook-id": "m1",
        "webhook-timestamp": "1772442000",
        "webhook-signature": "v1," + b64encode(expected).decode(),
    }


def test_while_a_secret_is_replaced_both_sign() -> None:
    both = signed("m1", MONDAY, b"{}", [secret(KEY), secret(OLD_KEY)])["webhook-signature"]

    alone = [signed("m1", MONDAY, b"{}", [secret(key)]) for key in (KEY, OLD_KEY)]
    assert both.split(" ") == [one["webhook-signature"] for one in alone]


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_another_content_has_another_signature(one: bytes, other: bytes) -> None:
    signatures = {
        signed("m1", MONDAY, content, [secret(KEY)])["webhook-signature"]
        for content in (one, other)
    }

    assert len(signatures) == len({one, other})


def test_a_secret_signs_as_its_receiver_is_shown_it() -> None:
    assert signed("m1", MONDAY, b"{}", [text_of(KEY)]) == signed("m1", MONDAY, b"{}", [secret(KEY)])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "whsec_",
        secret(b"x" * 23),
        secret(b"x" * 65),
        secret(KEY).removeprefix("whsec_"),
        secret(KEY) + "!",
        "whsec_ä",
    ],
)
def test_what_is_no_secret_signs_nothing_and_is_not_repeated(text: str) -> None:
    with pytest.raises(SecretMalformed) as refused:
        signed("m1", MONDAY, b"{}", [text])

    assert str(refused.value) == "a secret is whsec_ and 24 to 64 bytes in base64"


@pytest.mark.parametrize("size", [24, 64])
def test_the_shortest_and_the_longest_secret_sign(size: int) -> None:
    assert signed("m1", MONDAY, b"{}", [secret(b"x" * size)])
