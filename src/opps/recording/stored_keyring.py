"""A keyring over a store: subject keys wrapped by the tenant key, that one by the root key."""

import os
import secrets
from abc import abstractmethod
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from threading import RLock
from typing import Protocol, TypeVar
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from opps.recording.key_lines import Held, WrappedKey, write
from opps.recording.keyring import (
    KEY_BYTES,
    Keyring,
    OtherKey,
    SubjectErased,
    SubjectKeyMissing,
)
from opps.recording.root_key import NONCE_BYTES, RootKey, RootKeyFault

FORMAT = b"\x01"
MOST_OPEN = 4096
"""How many unwrapped keys a keyring remembers."""

Read = TypeVar("Read")
Rewrap = Callable[[UUID, bytes], bytes]
"""Makes of a key's id and what is stored of it what is to be stored."""


class KeyStore(Protocol):
    """Where the wrapped keys of one tenant are kept, for several processes at once."""

    @abstractmethod
    def find(self, id_: UUID) -> bytes | None:
        """Return a key as it is stored, None where it was destroyed or never there."""

    @abstractmethod
    def generation(self, *, now: bool = False) -> object:
        """Return what is another once keys were destroyed or wrapped anew, `now` or of late."""

    @abstractmethod
    def held(self) -> Held:
        """Return all that is stored."""

    @abstractmethod
    def destroyed(self) -> frozenset[UUID]:
        """Return the ids of the keys that were destroyed."""

    @abstractmethod
    def add(self, keys: Mapping[UUID, bytes], under: WrappedKey) -> int | None:
        """Store keys that are neither there nor destroyed, and return how many these were.

        None, and nothing is stored, where another tenant key stands than they are wrapped under.
        """

    @abstractmethod
    def destroy(self, ids: Iterable[UUID]) -> int:
        """Put marks for ever in the place of keys, and return how many there were."""

    @abstractmethod
    def tenant_key(self) -> WrappedKey | None:
        """Return the tenant key."""

    @abstractmethod
    def set_tenant_key(
        self, key: WrappedKey, instead_of: WrappedKey | None, rewrap: Rewrap | None = None
    ) -> WrappedKey:
        """Put a tenant key in the place of another, if that one stands; return what stands now.

        `rewrap` wraps each key anew, in the same step.
        """

    @abstractmethod
    def wrap_bare(self, wrap: Rewrap) -> None:
        """Wrap what was stored before there were tenant keys."""


class StoredKeyring(Keyring):
    """The keys of one tenant in a store, which never sees one that is not wrapped."""

    def __init__(self, store: KeyStore, root: RootKey) -> None:
        self._store = store
        self._root = root
        self._lock = RLock()
        self._generation: object = None
        self._standing: WrappedKey | None = None
        self._tenant_key: AESGCM | None = None
        self._open: OrderedDict[UUID, bytes] = OrderedDict()

    def key(self, id_: UUID) -> bytes:
        """Return a key."""
        with self._lock:
            if (found := self._found(id_)) is None:
                raise SubjectKeyMissing(id_)
            return found

    def key_or_new(self, id_: UUID) -> bytes:
        """Return a key, made and stored durably first if there is none."""
        with self._lock:
            found = self._found(id_)
            if found is None and id_ not in self._store.destroyed():
                # Another process may have been first: its key counts for all.
                self._add({id_: secrets.token_bytes(KEY_BYTES)})
                found = self._found(id_)
            if found is None:
                raise SubjectErased(id_)
            return found

    def keys(self) -> dict[UUID, bytes]:
        """Return every key."""
        with self._lock:
            return self._current(
                lambda: {
                    id_: self._unwrapped(id_, it) for id_, it in self._store.held().keys.items()
                }
            )

    def destroyed(self) -> frozenset[UUID]:
        """Return the ids of the keys that were destroyed."""
        with self._lock:
            return self._store.destroyed()

    def destroy_keys(self, ids: Iterable[UUID]) -> int:
        """Destroy keys for every process."""
        with self._lock:
            destroyed = self._store.destroy(ids)
            self._refresh()
            return destroyed

    def check(self) -> None:
        """Unwrap the tenant key, if there is one, and change nothing.

        Raises:
            RootKeyFault: it cannot be unwrapped; the message says what to do.
        """
        with self._lock:
            if (standing := self._store.tenant_key()) is not None:
                self._root.unwrap(standing)

    def copy_to(self, path: Path, behind: Callable[[], bytes] = bytes) -> int:
        """Write all that is stored to a file of its own, wrapped as it is; return how many keys.

        `behind` gives the lines that follow, as they are once the keys were read.
        """
        with self._lock:
            self._refresh()
            held = self._store.held()
            path.unlink(missing_ok=True)  # whoever may read an older file may not read this one
            write(path, held.lines() + behind(), os.O_EXCL)
            return len(held.keys)

    def take_over(self, path: Path, root: RootKey | None = None) -> int:
        """Take over what `copy_to` wrote, and return how many keys were new.

        `root` unwraps them, if it is another than that of this keyring. A key that was destroyed
        on either side is destroyed here.

        Raises:
            OtherKey: a subject has another key already; then nothing is taken over.
            RootKeyFault: the root key that wrapped them cannot be had.
        """
        source = Held.read(path)
        tenant_key: AESGCM | None = None
        if source.tenant_key is not None:
            tenant_key = AESGCM((root or self._root).unwrap(source.tenant_key))
        added = self.add({id_: _bare(tenant_key, id_, it) for id_, it in source.keys.items()})
        if gone := source.destroyed - self.destroyed():
            self.destroy_keys(gone)
        return added

    def add(self, keys: Mapping[UUID, bytes]) -> int:
        """Take over keys of a back-up, stored durably, and return how many were new.

        A key that was destroyed here stays so.

        Raises:
            OtherKey: a subject has another key already; then none is taken over.
        """
        with self._lock:
            self._refresh()
            for id_, key in keys.items():
                if self._found(id_) not in (None, key):
                    raise OtherKey(id_)
            return self._add(keys)

    def rewrap(self) -> None:
        """Wrap the tenant key by the current root key, and no other key."""
        with self._lock:
            self._refresh()
            if (old := self._store.tenant_key()) is not None:
                self._store.set_tenant_key(self._root.wrap(self._root.unwrap(old)), old)

    def rotate(self) -> int:
        """Wrap every key by a new tenant key, so that what was stored before opens nothing.

        Returns how many keys were wrapped anew.
        """
        with self._lock:
            self._refresh()
            if (old := self._store.tenant_key()) is None:
                return 0
            fresh, opens = secrets.token_bytes(KEY_BYTES), AESGCM(self._root.unwrap(old))
            closes, rewrapped = AESGCM(fresh), set[UUID]()

            def rewrap(id_: UUID, stored: bytes) -> bytes:
                rewrapped.add(id_)
                return _closed(closes, id_, _bare(opens, id_, stored))

            self._store.set_tenant_key(self._root.wrap(fresh), old, rewrap)
            self._refresh()
            return len(rewrapped)

    def _add(self, keys: Mapping[UUID, bytes]) -> int:
        while True:
            wrapped = {id_: self._wrapped(id_, key) for id_, key in keys.items()}
            if (added := self._store.add(wrapped, self._wrapping_by())) is not None:
                return added
            self._tenant_key = self._standing = None  # it was rotated a moment ago

    def _all(self) -> dict[UUID, bytes]:
        return {
            id_: self._unwrapped(id_, stored) for id_, stored in self._store.held().keys.items()
        }

    def _found(self, id_: UUID) -> bytes | None:
        return self._current(lambda: self._looked_up(id_))

    def _looked_up(self, id_: UUID) -> bytes | None:
        stored = self._store.find(id_)
        if stored is None:
            return None
        if (known := self._open.get(id_)) is not None:
            self._open.move_to_end(id_)
            return known
        key = self._open[id_] = self._unwrapped(id_, stored)
        if len(self._open) > MOST_OPEN:
            self._open.popitem(last=False)
        return key

    def _current(self, read: Callable[[], Read]) -> Read:
        """Return what is read; once more where all was wrapped anew in the meantime."""
        self._refresh()
        try:
            return read()
        except RootKeyFault:
            if self._store.generation(now=True) == self._generation:
                raise
            return self._current(read)

    def _refresh(self) -> None:
        """Forget what may be another by now, and wrap what never was."""
        if (generation := self._store.generation()) != self._generation:
            self._open.clear()
            self._tenant_key = self._standing = None
            self._store.wrap_bare(self._wrapped)
            self._generation = generation

    def _wrapped(self, id_: UUID, key: bytes) -> bytes:
        return _closed(self._wrapping(), id_, key)

    def _unwrapped(self, id_: UUID, stored: bytes) -> bytes:
        return _bare(self._wrapping(), id_, stored)

    def _wrapping(self) -> AESGCM:
        if self._tenant_key is None:
            self._tenant_key = AESGCM(self._root.unwrap(self._wrapping_by()))
        return self._tenant_key

    def _wrapping_by(self) -> WrappedKey:
        if self._standing is None:
            self._standing = self._store.tenant_key()
        if self._standing is None:
            new = self._root.wrap(secrets.token_bytes(KEY_BYTES))
            self._standing = self._store.set_tenant_key(new, None)
        return self._standing


def _closed(tenant_key: AESGCM, id_: UUID, key: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return FORMAT + nonce + tenant_key.encrypt(nonce, key, FORMAT + id_.bytes)


def _bare(tenant_key: AESGCM | None, id_: UUID, stored: bytes) -> bytes:
    """Return a key unwrapped, or as it is where it was stored before there were tenant keys."""
    if len(stored) == KEY_BYTES:
        return stored
    nonce, closed = stored[1 : 1 + NONCE_BYTES], stored[1 + NONCE_BYTES :]
    try:
        if tenant_key is not None:
            return tenant_key.decrypt(nonce, closed, FORMAT + id_.bytes)
    except InvalidTag:
        pass
    raise RootKeyFault("A key of personal data was altered, or is of another tenant: restore it.")
