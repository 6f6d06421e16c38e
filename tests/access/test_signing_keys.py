"""The keys of a provider: fetched once, fetched anew when they change, and never at any price."""

import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from opps.access import fetching
from opps.access.fetching import MOST_BYTES, ProviderAway
from opps.access.provider import is_safe
from opps.access.signing_keys import (
    ASKED_AGAIN_AFTER_S,
    FRESH_FOR_S,
    KEPT_FOR_S,
    SigningKeys,
)
from tests.access.provider import (
    DISCOVERY,
    EC,
    ED,
    JWKS,
    OTHER_CURVE,
    RSA,
    STRANGER,
    WEAK_RSA,
    FakeProvider,
    provider,
    published,
)


@pytest.fixture
def of() -> Iterator[FakeProvider]:
    """Yield a fresh provider."""
    with provider() as found:
        yield found


class Clock:
    """Seconds that a test sets."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


async def kids(keys: SigningKeys, kid: str | None = "rsa", algorithm: str = "RS256") -> list[Any]:
    return [one.kid for one in await keys.of(kid, algorithm)]


async def test_keys_are_found_by_discovery_and_fetched_once(of: FakeProvider) -> None:
    keys = SigningKeys(of.issuer)
    found = [await kids(keys) for _ in range(5)]

    assert found == [["rsa"]] * 5
    assert of.asked == [DISCOVERY, JWKS]


async def test_an_address_of_the_setting_takes_the_place_of_discovery(of: FakeProvider) -> None:
    await kids(SigningKeys(of.issuer, f"{of.issuer}{JWKS}"))

    assert of.asked == [JWKS]


async def test_a_new_key_is_fetched_when_a_token_names_it(of: FakeProvider) -> None:
    clock = Clock()
    of.tells(JWKS, published(RSA))
    keys = SigningKeys(of.issuer, now=clock)
    before = await kids(keys, "ed", "EdDSA")
    of.tells(JWKS, published(RSA, ED))
    clock.now += ASKED_AGAIN_AFTER_S

    assert before == []
    assert await kids(keys, "ed", "EdDSA") == ["ed"]


async def test_tokens_with_unknown_keys_do_not_make_us_ask_again_and_again(
    of: FakeProvider,
) -> None:
    clock = Clock()
    keys = SigningKeys(of.issuer, now=clock)
    for number in range(50):
        assert await kids(keys, f"guess {number}") == []
    clock.now += ASKED_AGAIN_AFTER_S - 0.1
    await kids(keys, "one more")

    assert of.asked.count(JWKS) == 1


async def test_a_key_that_is_withdrawn_is_not_taken_after_ten_minutes(of: FakeProvider) -> None:
    clock = Clock()
    keys = SigningKeys(of.issuer, now=clock)
    await kids(keys)
    of.tells(JWKS, published(EC))
    clock.now += FRESH_FOR_S - 1
    still = await kids(keys)
    clock.now += 1

    assert still == ["rsa"]
    assert await kids(keys) == []


async def test_while_the_provider_is_away_its_keys_are_trusted_for_an_hour(
    of: FakeProvider,
) -> None:
    clock = Clock()
    keys = SigningKeys(of.issuer, now=clock)
    await kids(keys)
    of.tells(JWKS, {}, 503)
    clock.now += KEPT_FOR_S - 1
    still = await kids(keys)
    clock.now += 1

    assert still == ["rsa"]
    with pytest.raises(ProviderAway):
        await kids(keys)


async def test_keys_that_are_not_for_this_are_left_out(of: FakeProvider) -> None:
    [rsa] = published(RSA)["keys"]
    odd: list[Any] = [
        {**rsa, "kid": "encrypts", "use": "enc"},
        {**rsa, "kid": "signs", "key_ops": ["sign"]},
        {**rsa, "kid": "other", "alg": "PS256"},
        {**rsa, "kid": "odd", "key_ops": 7},
        {"kty": "oct", "kid": "secret", "k": "c2VjcmV0"},
        {"kty": "AKP", "kid": "new"},
        {"kty": "RSA", "kid": "empty"},
        {"kty": ["RSA"]},
        "a text",
        None,
    ]
    weak = published(WEAK_RSA, OTHER_CURVE)["keys"]
    of.tells(JWKS, {"keys": [*odd, *weak, rsa]})
    keys = SigningKeys(of.issuer)
    names = [one["kid"] for one in [*odd, *weak] if isinstance(one, dict) and "kid" in one]

    assert await kids(keys) == ["rsa"]
    for name in names:
        for algorithm in ("RS256", "ES256", "EdDSA"):
            assert await kids(keys, name, algorithm) == []


async def test_of_two_keys_of_one_name_both_may_have_signed(of: FakeProvider) -> None:
    of.tells(JWKS, published(RSA, STRANGER))

    assert await kids(SigningKeys(of.issuer)) == ["rsa", "rsa"]


@pytest.mark.parametrize(
    ("path", "content", "status", "headers"),
    [
        (DISCOVERY, {}, 404, {}),
        (DISCOVERY, {"issuer": "https://elsewhere.example", "jwks_uri": JWKS}, 200, {}),
        (DISCOVERY, b"no JSON", 200, {}),
        (DISCOVERY, [], 200, {}),
        (DISCOVERY, b"[" * 100_000, 200, {}),
        (JWKS, {}, 500, {}),
        (JWKS, b"", 302, {"Location": "/elsewhere"}),
        (JWKS, b" " * (MOST_BYTES + 1), 200, {}),
        (JWKS, b"\xff\xfe", 200, {}),
    ],
)
async def test_a_provider_that_does_not_tell_its_keys_is_away(
    of: FakeProvider, path: str, content: Any, status: int, headers: dict[str, str]
) -> None:
    of.tells("/elsewhere", published(RSA))
    of.tells(path, content, status, **headers)
    with pytest.raises(ProviderAway):
        await kids(SigningKeys(of.issuer))

    assert "/elsewhere" not in of.asked


async def test_discovery_does_not_lead_to_where_anybody_could_answer(of: FakeProvider) -> None:
    of.tells(DISCOVERY, {"issuer": of.issuer, "jwks_uri": "http://elsewhere.example/keys"})
    with pytest.raises(ProviderAway):
        await kids(SigningKeys(of.issuer))


async def test_a_provider_that_never_answers_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "TIMEOUT_S", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        issuer = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(ProviderAway):
            await kids(SigningKeys(issuer))


async def test_a_provider_that_answers_drop_by_drop_is_away(
    of: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "TIMEOUT_S", 0.2)

    def drop(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while True:
            try:
                handler.wfile.write(b" ")
            except OSError:
                return

    of.answers[JWKS] = drop
    with pytest.raises(ProviderAway):
        await kids(SigningKeys(of.issuer))


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://login.example/realms/sales", True),
        ("http://localhost:8080", True),
        ("http://127.0.0.1:8080/a", True),
        ("http://[::1]:8080/a", True),
        ("http://login.example", False),
        ("http://127.0.0.1.example", False),
        ("https://anna:secret@login.example", False),
        ("https://login.example/#here", False),
        ("https://", False),
        ("https://login.example:99999", False),
        ("https://[", False),
        ("file:///etc/passwd", False),
        ("ftp://127.0.0.1/keys", False),
        ("login.example", False),
    ],
)
def test_only_https_or_this_machine_is_safe(url: str, safe: bool) -> None:
    assert is_safe(url) is safe
