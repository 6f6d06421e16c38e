"""Copies of keys with the register of erasures: what was erased travels with what could open it."""

from pathlib import Path
from uuid import UUID

from opps.recording.key_lines import Held
from opps.recording.keyring import NoKeysInFile
from opps.recording.register import Register, lines_of, read_lines
from opps.recording.root_key import RootKey
from opps.recording.stored_keyring import StoredKeyring


def copy_keys(keyring: StoredKeyring, register: Register, tenant: UUID, path: Path) -> int:
    """Write the keys of a tenant and its erasures to a file; return how many keys.

    The register is read after the keys: whoever is erased in between is told to be.
    """
    return keyring.copy_to(path, lambda: lines_of(register.of(tenant)))


def take_over_keys(
    keyring: StoredKeyring,
    register: Register,
    tenant: UUID,
    path: Path,
    root: RootKey | None = None,
) -> int:
    """Take over what `copy_keys` wrote, and return how many keys were new.

    Whoever is told to be erased, there or here, has no keys when this returns, however old the
    copy is.

    Raises:
        NoKeysInFile: it is another file.
        OtherKey, RootKeyFault: see `StoredKeyring.take_over`.
    """
    erasures = list(read_lines(path))
    # Where nobody had a key yet, the copy is empty.
    if path.stat().st_size and not erasures and Held.read(path) == Held():
        raise NoKeysInFile(path)
    for one in erasures:
        if one.tenant == tenant:
            register.add(one)
    new = keyring.take_over(path, root)
    erased = {key for one in register.of(tenant) for key in one.keys}
    if left := erased - keyring.destroyed():
        keyring.destroy_keys(left)
    return new
