"""The keys with which an identity provider signs: fetched, kept a while, and fetched anew."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, Key, OKPKey, RSAKey
from msgspec import Struct

from opps.access.fetching import ProviderAway, fetched

logger = logging.getLogger("opps.access")

# A key that the provider withdraws is taken no longer than this.
FRESH_FOR_S = 600.0
# While the provider is away, its keys are trusted no longer than this.
KEPT_FOR_S = 3_600.0
# However many tokens name unknown keys, the provider is not asked more often than this.
ASKED_AGAIN_AFTER_S = 10.0
MOST_KEYS = 100
LEAST_RSA_BITS = 2_048
_LEAST_RSA_TEXT = LEAST_RSA_BITS // 6  # characters of base64
_DISCOVERY = "/.well-known/openid-configuration"
_PUBLIC = ("kty", "n", "e", "crv", "x", "y")


class SigningKey(Struct, frozen=True):
    """A public key of a provider, its name, and the algorithm that it says it is for."""

    kid: str | None
    algorithm: str | None
    key: Key

    def fits(self, algorithm: str) -> bool:
        """Tell whether signatures of an algorithm can be checked with it."""
        if self.algorithm not in (None, algorithm):
            return False
        match algorithm, self.key:
            case "RS256", RSAKey():
                public = self.key.public_key
                return isinstance(public, RSAPublicKey) and public.key_size >= LEAST_RSA_BITS
            case "ES256", ECKey():
                return self.key.curve_name == "P-256"
            case "EdDSA", OKPKey():
                return self.key.curve_name == "Ed25519"
            case _:
                return False


class SigningKeys:
    """The keys of one provider, which says where they are unless `url` does."""

    def __init__(
        self,
        issuer: str,
        url: str | None = None,
        get: Callable[[str], Awaitable[dict[str, Any]]] = fetched,
        now: Callable[[], float] = monotonic,
    ) -> None:
        self._issuer = issuer
        self._url = url
        self._get = get
        self._now = now
        self._held: list[SigningKey] = []
        self._fetched_at: float | None = None
        self._asked_at: float | None = None
        self._turn = asyncio.Lock()

    async def of(self, kid: str | None, algorithm: str) -> list[SigningKey]:
        """Return the keys that may have signed; none where the provider has no such key.

        Raises:
            ProviderAway: its keys are not known, and cannot be fetched now.
        """
        found = self._found(kid, algorithm)
        if found and (self._age() < FRESH_FOR_S or self._turn.locked()):
            return found
        async with self._turn:
            found = self._found(kid, algorithm)
            if (not found or self._age() >= FRESH_FOR_S) and self._may_ask():
                await self._renew()
        if self._fetched_at is None:
            raise ProviderAway("The keys of the identity provider cannot be fetched.")
        return self._found(kid, algorithm)

    def _found(self, kid: str | None, algorithm: str) -> list[SigningKey]:
        if self._age() >= KEPT_FOR_S:
            self._held, self._fetched_at = [], None
        fitting = [one for one in self._held if one.fits(algorithm)]
        if kid is None:
            return fitting if len(fitting) == 1 else []
        return [one for one in fitting if one.kid == kid]

    def _age(self) -> float:
        return 0.0 if self._fetched_at is None else self._now() - self._fetched_at

    def _may_ask(self) -> bool:
        return self._asked_at is None or self._now() - self._asked_at >= ASKED_AGAIN_AFTER_S

    async def _renew(self) -> None:
        self._asked_at = self._now()
        try:
            answer = await self._get(self._url or await self._discovered())
        except ProviderAway as reason:
            logger.warning("The identity provider does not tell its keys: %s", reason)
            return
        entries = answer.get("keys")
        listed = entries[:MOST_KEYS] if isinstance(entries, list) else []
        self._held = [key for one in listed if (key := _usable(one)) is not None]
        self._fetched_at = self._now()
        if not self._held:
            logger.warning("The identity provider has no key that can be used")

    async def _discovered(self) -> str:
        """Return where the provider says that its keys are.

        Raises:
            ProviderAway: it does not say, or speaks for another issuer.
        """
        found = await self._get(self._issuer.rstrip("/") + _DISCOVERY)
        url = found.get("jwks_uri")
        if found.get("issuer") != self._issuer or not isinstance(url, str):
            raise ProviderAway("its discovery names another issuer, or no jwks_uri")
        return url


def _usable(entry: Any) -> SigningKey | None:
    """Return a key that is for checking signatures; None for any other entry."""
    if not isinstance(entry, dict) or entry.get("kty") not in ("RSA", "EC", "OKP"):
        return None
    try:
        operations = entry.get("key_ops", ["verify"])
        if entry.get("use", "sig") != "sig" or "verify" not in operations:
            return None
        if entry["kty"] == "RSA" and len(entry["n"]) < _LEAST_RSA_TEXT:
            return None
        # The public parts alone: a provider that shows the private ones is not to be copied.
        key = JWKRegistry.import_key({name: entry[name] for name in _PUBLIC if name in entry})
        return SigningKey(entry.get("kid"), entry.get("alg"), key)
    except (JoseError, ValueError, TypeError, KeyError):
        return None
