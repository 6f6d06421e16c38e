"""An organisation of NATS: who may come in is said by tokens that keys have signed."""

import base64
import binascii
import json
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_PREFIXES = {"operator": 14 << 3, "account": 0, "user": 20 << 3}
_LIMITS = "subs data payload imports exports conn leaf mem_storage disk_storage streams consumer"
_UNLIMITED = {"wildcards": True, **dict.fromkeys(_LIMITS.split(), -1)}


class Named:
    """An operator, an account or a user, with a key of its own."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._key = Ed25519PrivateKey.generate()

    @property
    def name(self) -> str:
        """The public key, by which NATS calls it."""
        public = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return _base32(bytes([_PREFIXES[self.kind]]) + public)

    @property
    def seed(self) -> str:
        """The private key, as it stands in a file."""
        prefix = _PREFIXES[self.kind]
        return _base32(
            bytes([18 << 3 | prefix >> 5, (prefix & 31) << 3]) + self._key.private_bytes_raw()
        )

    def vouches_for(self, other: "Named", **rights: Any) -> str:
        """Return a token that says who somebody is."""
        said = {
            "jti": other.name,
            "iat": 1_700_000_000,
            "iss": self.name,
            "sub": other.name,
            "name": other.kind,
            "nats": {"type": other.kind, "version": 2, **rights},
        }
        text = f"{_part({'typ': 'JWT', 'alg': 'ed25519-nkey'})}.{_part(said)}"
        return f"{text}.{_base64(self._key.sign(text.encode()))}"


def organisation(folder: Path) -> tuple[Path, Path]:
    """Return the settings of a server that lets nobody in but one, and the file of that one."""
    operator, system = Named("operator"), Named("account")
    account, user = Named("account"), Named("user")
    settings, credentials = folder / "server.conf", folder / "relay.creds"
    settings.write_text(
        f"operator: {operator.vouches_for(operator)}\n"
        f"system_account: {system.name}\n"
        "resolver: MEMORY\n"
        "resolver_preload: {\n"
        f"  {system.name}: {operator.vouches_for(system)}\n"
        f"  {account.name}: {operator.vouches_for(account, limits=_UNLIMITED)}\n"
        "}\n"
    )
    token = account.vouches_for(user, subs=-1, data=-1, payload=-1)
    credentials.write_text(
        f"-----BEGIN NATS USER JWT-----\n{token}\n"
        "------END NATS USER JWT------\n\nKeep it to yourself.\n\n"
        f"-----BEGIN USER NKEY SEED-----\n{user.seed}\n------END USER NKEY SEED------\n"
    )
    return settings, credentials


def _part(said: dict[str, Any]) -> str:
    return _base64(json.dumps(said).encode())


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _base32(content: bytes) -> str:
    checksum = binascii.crc_hqx(content, 0).to_bytes(2, "little")
    return base64.b32encode(content + checksum).decode().rstrip("=")
