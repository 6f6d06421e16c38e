"""The root key, which wraps the key of each tenant: in a file of its own, or kept by others."""

import base64
import binascii
import hashlib
import os
import secrets
import shlex
import subprocess
from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import Protocol

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Struct

from opps.recording.key_lines import WrappedKey, make_directory, write, write_anew
from opps.recording.keyring import KEY_BYTES

NONCE_BYTES = 12
COMMAND_TIMEOUT_S = 30
PURPOSE = b"opps tenant key"


class RootKeyFault(Exception):
    """The root key cannot be used; the message says what to do."""


class RootKeyMissing(RootKeyFault):
    """A tenant key was wrapped by a root key that is not here."""

    def __init__(self, id_: str) -> None:
        super().__init__(
            f"The keys of personal data were wrapped by root key {id_}, which is not here. Put "
            "its file root.key into OPPS_KEYS_DIRECTORY, or where keys are restored, name it with "
            "--root-key FILE."
        )


class RootKey(Protocol):
    """What wraps tenant keys: the only secret that is not stored wrapped."""

    @abstractmethod
    def wrap(self, key: bytes) -> WrappedKey:
        """Return a tenant key wrapped by the current root key, made first if there is none.

        Raises:
            RootKeyFault: it cannot be had.
        """

    @abstractmethod
    def unwrap(self, wrapped: WrappedKey) -> bytes:
        """Return a tenant key.

        Raises:
            RootKeyFault: the root key that wrapped it cannot be had.
        """

    @abstractmethod
    def renew(self) -> None:
        """Wrap by a new root key from now on; the older ones still unwrap."""

    @abstractmethod
    def retire(self) -> None:
        """Forget all root keys but the current one."""


class _Root(Struct, frozen=True):
    id: str
    key: bytes


class LocalRootKey(RootKey):
    """Root keys in a file that only its owner can read: the current one last."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def wrap(self, key: bytes) -> WrappedKey:
        """Return a tenant key wrapped by the current root key, made first if there is none."""
        root = (self._roots() or self._made())[-1]
        nonce = secrets.token_bytes(NONCE_BYTES)
        closed = AESGCM(root.key).encrypt(nonce, key, PURPOSE)
        return WrappedKey(root.id, nonce + closed)

    def unwrap(self, wrapped: WrappedKey) -> bytes:
        """Return a tenant key."""
        for root in self._roots():
            if root.id == wrapped.root:
                nonce, closed = wrapped.wrapped[:NONCE_BYTES], wrapped.wrapped[NONCE_BYTES:]
                try:
                    return AESGCM(root.key).decrypt(nonce, closed, PURPOSE)
                except InvalidTag:
                    raise RootKeyFault("A tenant key was altered: restore the keys.") from None
        raise RootKeyMissing(wrapped.root)

    def renew(self) -> None:
        """Wrap by a new root key from now on.

        Where a renewal broke off, that one is gone on with: there are never more than two.
        """
        with self._alone():
            roots = self._roots()
            if len(roots) < 2:
                self._write([*roots, _new_root()])

    def retire(self) -> None:
        """Forget all root keys but the current one."""
        with self._alone():
            self._write(self._roots()[-1:])

    def copy_to(self, path: Path) -> bool:
        """Copy the root keys to a file that only its owner can read; False where there is none."""
        if roots := self._roots():
            path.unlink(missing_ok=True)  # whoever may read an older file may not read this one
            write(path, msgspec.json.encode(roots) + b"\n", os.O_EXCL)
        return bool(roots)

    def _made(self) -> list[_Root]:
        with self._alone():
            if not (roots := self._roots()):
                self._write([_new_root()])
            return roots or self._roots()

    def _roots(self) -> list[_Root]:
        try:
            return msgspec.json.decode(self.path.read_bytes(), type=list[_Root])
        except FileNotFoundError:
            return []
        except msgspec.DecodeError:
            raise RootKeyFault(f"{self.path} is no root key of opps: restore that file.") from None

    def _write(self, roots: list[_Root]) -> None:
        write_anew(self.path, msgspec.json.encode(roots) + b"\n")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        make_directory(self.path.parent)
        with self.path.with_suffix(".lock").open("a") as lock:
            flock(lock, LOCK_EX)
            yield


def _new_root() -> _Root:
    key = secrets.token_bytes(KEY_BYTES)
    return _Root(hashlib.sha256(b"opps root key" + key).hexdigest()[:16], key)


class CommandRootKey(RootKey):
    """A root key that another program keeps, such as the client of a key management service.

    `COMMAND wrap` reads a key in base64 and writes it wrapped, in base64; `COMMAND unwrap` does
    the reverse. Which of its own keys it takes, and when it makes a new one, is its affair.
    """

    ID = "command"

    def __init__(self, command: str) -> None:
        self._command = shlex.split(command)

    def wrap(self, key: bytes) -> WrappedKey:
        """Return a tenant key wrapped by the program."""
        return WrappedKey(self.ID, self._run("wrap", key))

    def unwrap(self, wrapped: WrappedKey) -> bytes:
        """Return a tenant key."""
        if wrapped.root != self.ID:
            raise RootKeyMissing(wrapped.root)
        return self._run("unwrap", wrapped.wrapped)

    def renew(self) -> None:
        """Leave it to the program which key it wraps by."""

    def retire(self) -> None:
        """Leave it to the program what it keeps."""

    def _run(self, what: str, given: bytes) -> bytes:
        name = self._command[0]
        try:
            ran = subprocess.run(
                [*self._command, what],
                input=base64.b64encode(given) + b"\n",
                capture_output=True,
                timeout=COMMAND_TIMEOUT_S,
                check=True,
            )
            return base64.b64decode(ran.stdout.strip(), validate=True)
        except subprocess.CalledProcessError as failed:
            said = failed.stderr.decode(errors="replace").strip()
            raise RootKeyFault(
                f"{name} {what}, the program of OPPS_ROOT_KEY_COMMAND, ended with "
                f"{failed.returncode}: {said or 'it said nothing'}"
            ) from None
        except (OSError, subprocess.TimeoutExpired, binascii.Error) as problem:
            # Nothing that it was given, and nothing that it wrote: both may be keys.
            kind = type(problem).__name__
            raise RootKeyFault(
                f"{name} {what}, the program of OPPS_ROOT_KEY_COMMAND, gave no key: {kind}"
            ) from None
