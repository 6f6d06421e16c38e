"""Access tokens of an identity provider: read, checked for all that they must say, or refused."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from joserfc import jwt
from joserfc.errors import (
    BadSignatureError,
    ExpiredTokenError,
    InvalidClaimError,
    JoseError,
    MissingClaimError,
    UnsupportedAlgorithmError,
)
from joserfc.jws import JWSRegistry
from joserfc.jwt import JWTClaimsRegistry
from msgspec import Struct

from opps.access.provider import Provider
from opps.access.signing_keys import SigningKeys

LEEWAY_S = 60
LONGEST_TOKEN = 8_192
LONGEST_SUBJECT = 255
_LONGEST_LIFE = timedelta(days=366)

# Each would let the token say with which key, or under which rules, it is to be believed.
_REFUSED_HEADERS = ("jwk", "jku", "x5u", "x5c", "crit", "b64", "enc", "zip")
_TYPES = ("jwt", "at+jwt", "application/at+jwt")
# An ID token is for the program that signed somebody in; a bound one is for who holds its key.
_REFUSED_CLAIMS = {
    "at_hash": "It is an ID token: send the access token.",
    "c_hash": "It is an ID token: send the access token.",
    "cnf": "It is bound to a key, which is not supported: ask for a bearer token.",
}


class TokenRefused(Exception):
    """The token opens nothing; the message tells its bearer why."""

    expired = False


class TokenExpired(TokenRefused):
    """The token did open something; a new one will."""

    expired = True


class SignedIn(Struct, frozen=True):
    """Who a token is about, until when, and of which organisation, where it says so."""

    principal: UUID
    until: datetime
    slug: str | None


def principal_of(issuer: str, subject: str) -> UUID:
    """Return the id by which opps knows somebody whom a provider signed in."""
    return uuid5(uuid5(NAMESPACE_URL, issuer), subject)


class _Pinned(JWSRegistry):
    """The algorithms of the setting and no other, whatever a library recommends."""

    max_header_length = 2_048

    def get_alg(self, name: str) -> Any:
        if name not in (self.allowed or ()):
            raise UnsupportedAlgorithmError
        return self.algorithms[name]


class Tokens:
    """The tokens of one provider."""

    def __init__(
        self,
        provider: Provider,
        keys: SigningKeys,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        leeway_s: int = LEEWAY_S,
    ) -> None:
        self._provider = provider
        self._keys = keys
        self._now = now
        self._leeway_s = leeway_s
        self._registry = _Pinned(algorithms=provider.algorithms, strict_check_header=False)

    async def read(self, token: str) -> SignedIn:
        """Return whom a token is about.

        Raises:
            TokenRefused: it opens nothing; the message says why.
            ProviderAway: the keys to check it with cannot be had.
        """
        kid, algorithm = self._announced(token)
        keys = await self._keys.of(kid, algorithm)
        for one in keys:
            try:
                decoded = jwt.decode(token, one.key, registry=self._registry)
            except BadSignatureError:
                continue
            except (JoseError, ValueError, TypeError, RecursionError):
                raise TokenRefused("It is no token that can be read.") from None
            return self._signed_in(decoded.claims)
        if keys:
            raise TokenRefused("Its signature is wrong.")
        raise TokenRefused("The identity provider has no key that it could be signed with.")

    def _announced(self, token: str) -> tuple[str | None, str]:
        """Return the key and the algorithm that a token names, of those that it may name."""
        header = _header(token)
        named = sorted(set(_REFUSED_HEADERS) & header.keys())
        if named:
            raise TokenRefused(f"Its header says {', '.join(named)}, which is not accepted.")
        algorithm, kid, kind = header.get("alg"), header.get("kid"), header.get("typ", "JWT")
        if algorithm not in self._provider.algorithms:
            allowed = ", ".join(self._provider.algorithms)
            raise TokenRefused(f"It is not signed in a way that is accepted: {allowed}.")
        if not isinstance(kind, str) or kind.lower() not in _TYPES:
            raise TokenRefused("It is a token of another type than JWT or at+jwt.")
        if kid is not None and not isinstance(kid, str):
            raise TokenRefused("The key that it names is no text.")
        return kid, algorithm

    def _signed_in(self, claims: dict[str, Any]) -> SignedIn:
        now = self._now()
        self._check(claims, now)
        for name, reason in _REFUSED_CLAIMS.items():
            if name in claims:
                raise TokenRefused(reason)
        subject = claims["sub"]
        if not 0 < len(subject) <= LONGEST_SUBJECT or not subject.isprintable():
            raise TokenRefused("Its subject is empty, too long, or no text.")
        # Compared first: a number may be larger than any date.
        expires = min(claims["exp"], (now + _LONGEST_LIFE).timestamp())
        until = datetime.fromtimestamp(expires, UTC) + timedelta(seconds=self._leeway_s)
        principal = principal_of(self._provider.issuer, subject)
        return SignedIn(principal, until, self._slug(claims))

    def _check(self, claims: dict[str, Any], now: datetime) -> None:
        expected = JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=self._leeway_s,
            iss={"essential": True, "value": self._provider.issuer},
            aud={"essential": True, "value": self._provider.audience},
            exp={"essential": True},
            sub={"essential": True},
        )
        try:
            expected.validate(claims)
        except ExpiredTokenError:
            raise TokenExpired("It has expired.") from None
        except MissingClaimError as error:
            raise TokenRefused(f"It does not say {error.claim}.") from None
        except InvalidClaimError as error:
            raise TokenRefused(f"What it says of {error.claim} is not accepted.") from None
        except (JoseError, ValueError, TypeError, OverflowError):
            raise TokenRefused("What it says cannot be read.") from None

    def _slug(self, claims: dict[str, Any]) -> str | None:
        name = self._provider.tenant_claim
        if name is None:
            return None
        slug = claims.get(name)
        if not isinstance(slug, str):
            raise TokenRefused(f"It does not say {name}: the organisation.")
        return slug


def _header(token: str) -> dict[str, Any]:
    """Return what a token says before it is believed."""
    if len(token) > LONGEST_TOKEN:
        raise TokenRefused(f"It is longer than {LONGEST_TOKEN} characters.")
    parts = token.split(".")
    if len(parts) != 3 or not all(parts):
        raise TokenRefused("It is no signed token: header, claims and signature.")
    try:
        padded = parts[0] + "=" * (-len(parts[0]) % 4)
        header = json.loads(urlsafe_b64decode(padded), object_pairs_hook=_said_once)
    except (ValueError, RecursionError):
        raise TokenRefused("Its header cannot be read.") from None
    if not isinstance(header, dict):
        raise TokenRefused("Its header cannot be read.")
    return header


def _said_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("something is said twice")
    return found
