"""An identity provider on this machine: it tells its keys over HTTP, and signs what a test says."""

import json
import threading
import warnings
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, Key, OctKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry
from joserfc.registry import Header

AUDIENCE = "opps-api"
DISCOVERY = "/.well-known/openid-configuration"
JWKS = "/keys"


class _Anything(JWSRegistry):
    """Signs in any way, also in those that nobody should."""

    max_header_length = 100_000
    max_payload_length = 1_000_000

    def get_alg(self, name: str) -> Any:
        return self.algorithms[name]

    def check_header(self, header: Header) -> None:
        """Find nothing wrong."""


_ANYTHING = _Anything(strict_check_header=False)

RSA = RSAKey.generate_key(2_048, {"kid": "rsa"})
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    WEAK_RSA = RSAKey.generate_key(1_024, {"kid": "weak"})
EC = ECKey.generate_key("P-256", {"kid": "ec"})
OTHER_CURVE = ECKey.generate_key("P-384", {"kid": "p384"})
ED = OKPKey.generate_key("Ed25519", {"kid": "ed"})
STRANGER = RSAKey.generate_key(2_048, {"kid": "rsa"})
OURS: tuple[Key, ...] = (RSA, WEAK_RSA, EC, OTHER_CURVE, ED)


def published(*keys: Key) -> dict[str, Any]:
    """Return keys as a provider shows them."""
    return {"keys": [one.as_dict(private=False) for one in keys]}


class FakeProvider:
    """What the provider answers, path by path, and how often it was asked."""

    def __init__(self, address: str) -> None:
        self.issuer = address
        self.answers: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {}
        self.asked: list[str] = []
        self.tells(DISCOVERY, {"issuer": address, "jwks_uri": f"{address}{JWKS}"})
        self.tells(JWKS, published(*OURS))

    def tells(self, path: str, content: Any, status: int = 200, **headers: str) -> None:
        """Answer a path with JSON, or with bytes as they are, from here on."""
        body = content if isinstance(content, bytes) else json.dumps(content).encode()

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            handler.send_header("Content-Length", str(len(body)))
            for name, value in headers.items():
                handler.send_header(name, value)
            handler.end_headers()
            handler.wfile.write(body)

        self.answers[path] = answer

    def claims(self, subject: str = "anna", **changed: Any) -> dict[str, Any]:
        """Return what a good token says; what is changed to None is left out."""
        now = int(datetime.now(UTC).timestamp())
        said = {"iss": self.issuer, "aud": AUDIENCE, "sub": subject, "iat": now, "exp": now + 300}
        return {name: held for name, held in {**said, **changed}.items() if held is not None}

    def token(
        self,
        subject: str = "anna",
        key: Key = RSA,
        header: Mapping[str, Any] | None = None,
        **changed: Any,
    ) -> str:
        """Return a good token, but for what is changed."""
        says = {"alg": algorithm_of(key), "kid": key.kid, **(header or {})}
        return signed(
            {n: v for n, v in says.items() if v is not None}, self.claims(subject, **changed), key
        )


def algorithm_of(key: Key) -> str:
    """Return how a key signs."""
    if isinstance(key, OctKey):
        return "HS256"
    if isinstance(key, OKPKey):
        return "EdDSA"
    return "RS256" if isinstance(key, RSAKey) else "ES256"


def signed(header: Mapping[str, Any], claims: dict[str, Any], key: Key) -> str:
    """Return a signed token, whatever it says."""
    asked = {name: held for name, held in header.items() if name != "b64"}
    token = jwt.encode(asked, claims, key, registry=_ANYTHING, default_type=None)
    if asked == header:
        return token
    # The library would sign otherwise then, and in no way that this test is about.
    return ".".join([coded(dict(header)), *token.split(".")[1:]])


def unsigned(header: Any, claims: Any, signature: str = "") -> str:
    """Return a token as it would be written, with any signature."""
    return f"{coded(header)}.{coded(claims)}.{signature}"


def coded(content: Any) -> str:
    """Return a part of a token."""
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    return urlsafe_b64encode(text).decode().rstrip("=")


@contextmanager
def provider() -> Iterator[FakeProvider]:
    """Yield a provider that answers over HTTP."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    found = FakeProvider(f"http://127.0.0.1:{server.server_address[1]}")

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append(self.path)
            answer = found.answers.get(self.path)
            if answer is None:
                self.send_error(404)
            else:
                answer(self)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server.RequestHandlerClass = Answering
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
