"""What is no good token opens nothing: each is refused with 401, and told why, and nothing else."""

import hmac
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from joserfc.jwk import OctKey
from websockets.exceptions import ConnectionClosed

from tests.access.letting_in import Door, door_of, letting_in
from tests.access.provider import (
    EC,
    ED,
    JWKS,
    OTHER_CURVE,
    RSA,
    STRANGER,
    WEAK_RSA,
    FakeProvider,
    coded,
    published,
    signed,
    unsigned,
)
from tests.api.support import PATIENCE_S, Api, Installation, Socket

WHO = {"query": "{ viewer { principal role } }"}
NOW = int(datetime.now(UTC).timestamp())
HOUR = 3_600
SECRET = OctKey.import_key("a secret that somebody guessed, long enough")

Bad = Callable[[FakeProvider], str]


def with_header(**more: Any) -> Bad:
    """Return what makes a good token whose header says more."""
    return lambda of: of.token(header=more)


def saying(**changed: Any) -> Bad:
    """Return what makes a token that is signed well and says something else."""
    return lambda of: of.token(**changed)


def cut(of: FakeProvider, *parts: int) -> str:
    """Return some parts of a good token."""
    return ".".join(of.token().split(".")[one] for one in parts)


def with_other_claims(of: FakeProvider) -> str:
    """Return a good token with the claims of somebody else put in."""
    header, _, signature = of.token().split(".")
    return f"{header}.{coded(of.claims('boris'))}.{signature}"


def by_our_public_key(of: FakeProvider) -> str:
    """Return a token signed with the text of the public key, as if it were a secret."""
    text = f"{coded({'alg': 'HS256', 'kid': 'rsa'})}.{coded(of.claims())}"
    signature = hmac.digest(RSA.as_pem(private=False), text.encode(), "sha256")
    return f"{text}.{coded(signature)}"


def twice_in_the_header(of: FakeProvider) -> str:
    """Return a token that names two algorithms, one of them good."""
    header = coded(b'{"alg":"none","alg":"RS256","kid":"rsa"}')
    return f"{header}.{coded(of.claims())}.{of.token().split('.')[2]}"


BAD: dict[str, Bad] = {
    "nothing of a token": lambda of: "anna",
    "two parts": lambda of: cut(of, 0, 1),
    "four parts": lambda of: of.token() + ".more",
    "no signature": lambda of: cut(of, 0, 1) + ".",
    "no claims": lambda of: cut(of, 0) + ".." + cut(of, 2),
    "a header that is no base64": lambda of: "!!!." + cut(of, 1, 2),
    "a header that is no JSON": lambda of: coded(b"{alg}") + "." + cut(of, 1, 2),
    "a header that is a list": lambda of: coded(["RS256"]) + "." + cut(of, 1, 2),
    "a header nested deep": lambda of: coded(b"[" * 3_000) + "." + cut(of, 1, 2),
    "a header that says alg twice": twice_in_the_header,
    "claims that are no JSON": lambda of: cut(of, 0) + "." + coded(b"{") + "." + cut(of, 2),
    "claims of somebody else": with_other_claims,
    "a token longer than any": lambda of: of.token(more="x" * 9_000),
    "encrypted, five parts": lambda of: of.token() + ".a.b",
    "alg none, unsigned": lambda of: unsigned({"alg": "none"}, of.claims()),
    "alg none, with a signature": lambda of: unsigned({"alg": "none"}, of.claims(), "c2ln"),
    "alg NONE": lambda of: unsigned({"alg": "NONE", "kid": "rsa"}, of.claims(), "c2ln"),
    "no alg": lambda of: unsigned({"kid": "rsa"}, of.claims(), "c2ln"),
    "alg that is no text": lambda of: unsigned({"alg": ["RS256"]}, of.claims(), "c2ln"),
    "HS256 with a guessed secret": lambda of: of.token(key=SECRET, header={"kid": "rsa"}),
    "HS256 with our public key": by_our_public_key,
    "an algorithm that is not pinned": lambda of: of.token(header={"alg": "PS256"}),
    "an algorithm of another kind of key": lambda of: unsigned(
        {"alg": "RS256", "kid": "ec"}, of.claims(), "c2ln"
    ),
    "a signature of a stranger under our kid": lambda of: of.token(key=STRANGER),
    "a signature cut short": lambda of: of.token()[:-8],
    "a key too short": lambda of: of.token(key=WEAK_RSA),
    "a key on another curve": lambda of: signed(
        {"alg": "ES384", "kid": "p384"}, of.claims(), OTHER_CURVE
    ),
    "a kid that nobody knows": with_header(kid="other"),
    "a kid that is no text": with_header(kid=7),
    "no kid where it could be several keys": lambda of: of.token(key=EC, header={"kid": "rsa"}),
    "jwk: a key of its own": lambda of: of.token(
        key=STRANGER, header={"jwk": STRANGER.as_dict(private=False)}
    ),
    "jku: where its keys are": with_header(jku="https://elsewhere.example/keys"),
    "x5u: where its certificate is": with_header(x5u="https://elsewhere.example/certificate"),
    "x5c: a certificate of its own": with_header(x5c=["MIIB"]),
    "crit: rules of its own": with_header(crit=["exp"]),
    "b64: another way of signing": with_header(b64=False),
    "typ of a logout token": with_header(typ="logout+jwt"),
    "typ of a proof": with_header(typ="dpop+jwt"),
    "another issuer": saying(iss="https://elsewhere.example"),
    "the issuer with a slash more": lambda of: of.token(iss=of.issuer + "/"),
    "no issuer": saying(iss=None),
    "another audience": saying(aud="billing"),
    "several other audiences": saying(aud=["billing", "mail"]),
    "an audience that holds ours as a part": saying(aud="opps-api-old"),
    "no audience": saying(aud=None),
    "an audience that is a number": saying(aud=1),
    "expired": saying(exp=NOW - HOUR),
    "expired since more than the leeway": saying(exp=NOW - 65),
    "no expiry": saying(exp=None),
    "an expiry that is a text": saying(exp=str(NOW + HOUR)),
    "an expiry that is a yes": saying(exp=True),
    "an expiry that is no number": saying(exp=float("nan")),
    "not valid yet": saying(nbf=NOW + HOUR),
    "issued in the future": saying(iat=NOW + HOUR),
    "no subject": saying(sub=None),
    "an empty subject": saying(sub=""),
    "a subject that is a number": saying(sub=7),
    "a subject with a line break": saying(sub="anna\nboris"),
    "a subject without end": saying(sub="a" * 256),
    "an ID token": saying(at_hash="x"),
    "a token bound to a key": saying(cnf={"jkt": "x"}),
}


def asked(api: Api, authorization: str) -> Any:
    return api.client.post(api.url, json=WHO, headers={"Authorization": authorization})


@pytest.fixture(scope="module")
def one_key(installation: Installation) -> Iterator[Door]:
    """Yield a server whose provider has one key, and a stranger's token without a kid."""
    from tests.access.provider import provider

    with provider() as single:
        single.tells(JWKS, published(RSA))
        with door_of(installation, single, letting_in(installation, single)) as found:
            yield found


def test_there_are_at_least_thirty_kinds() -> None:
    assert len(BAD) >= 30


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_token_opens_nothing_and_is_told_why(door: Door, kind: str) -> None:
    token = BAD[kind](door.provider)
    answer = asked(door.api, f"Bearer {token}")
    [error] = answer.json()["errors"]

    assert (answer.status_code, error["extensions"]["code"]) == (401, "UNAUTHENTICATED")
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert "data" not in answer.json()
    assert error["message"].startswith("The token is refused. ")
    assert token not in answer.text


@pytest.mark.parametrize("kind", ["two parts", "alg none, unsigned", "another audience"])
def test_a_bad_token_opens_no_socket_and_is_not_tried_again(door: Door, kind: str) -> None:
    assert closed(door.api, f"Bearer {BAD[kind](door.provider)}") == 4401


def test_after_an_expired_token_a_client_may_try_a_new_one(door: Door) -> None:
    assert closed(door.api, f"Bearer {BAD['expired'](door.provider)}") == 4403


def closed(api: Api, authorization: Any) -> int:
    """Return the code with which a socket is closed when it begins."""
    with api.raw_socket() as connection:
        Socket(connection).send(type="connection_init", payload={"Authorization": authorization})
        with pytest.raises(ConnectionClosed):
            connection.recv(timeout=PATIENCE_S)

        assert connection.close_code is not None
        return connection.close_code


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Basic YW5uYTpwYXNz", "anna", "bearertoken"]
)
def test_what_is_no_bearer_is_refused(door: Door, authorization: str) -> None:
    assert asked(door.api, authorization).status_code == 401


def test_two_tokens_at_once_are_refused(door: Door) -> None:
    good = f"Bearer {door.provider.token()}"
    headers = [("Authorization", good), ("Authorization", good)]
    answer = door.api.client.post(door.api.url, json=WHO, headers=headers)

    assert answer.status_code == 401


def test_a_token_in_the_address_is_not_read(door: Door) -> None:
    query = {"query": WHO["query"], "access_token": door.provider.token()}

    assert door.api.client.get(door.api.url, params=query).status_code == 401


@pytest.mark.parametrize("payload", [7, ["Bearer x"], {"a": 1}, "Basic x"])
def test_a_socket_that_says_something_else_is_closed(door: Door, payload: object) -> None:
    assert closed(door.api, payload) == 4401


def test_without_a_kid_the_only_key_is_tried_and_no_other(one_key: Door) -> None:
    of = one_key.provider
    good = asked(one_key.api, f"Bearer {of.token(header={'kid': None})}")
    bad = asked(one_key.api, f"Bearer {of.token(key=STRANGER, header={'kid': None})}")

    assert (good.status_code, bad.status_code) == (403, 401)
    assert "no role was granted" in good.text


def test_only_the_algorithms_of_the_setting_are_believed(
    installation: Installation, signing: FakeProvider
) -> None:
    only = letting_in(installation, signing, algorithms=("ES256",))
    with door_of(installation, signing, only) as door:
        answers = [
            asked(door.api, f"Bearer {signing.token('nobody', key)}") for key in (RSA, ED, EC)
        ]

    assert [one.status_code for one in answers] == [401, 401, 403]
