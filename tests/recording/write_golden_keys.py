"""Write the golden files of keys: `python -m tests.recording.write_golden_keys`.

What is there was stored once, and is never written again.
"""

import msgspec

from opps.domain.personal import ErasureLevel
from opps.recording.asked import sealed_asked, sealed_document
from opps.recording.key_file import FileKeyring
from opps.recording.keyring import OWN, SUBJECTS, identity_of
from opps.recording.register import FileRegister
from opps.recording.root_key import LocalRootKey
from opps.recording.seals import seal
from tests.recording.golden_keys import (
    ANNA,
    ASKED,
    BORIS,
    DOCUMENT,
    ERASURE,
    FILES,
    KEYS,
    PLACE,
    READ,
    REGISTER,
    ROOT,
    SEALED,
)


def main() -> None:
    """Write what is missing, all of it under the keys that are written first."""
    FILES.mkdir(exist_ok=True)
    keyring = FileKeyring(KEYS, LocalRootKey(ROOT))
    if not KEYS.exists():
        for id_ in (SUBJECTS, OWN, ANNA, identity_of(ANNA), BORIS):
            keyring.key_or_new(id_)
        keyring.destroy(BORIS, ErasureLevel.FULL)
    if not REGISTER.exists():
        FileRegister(REGISTER).add(ERASURE)
    if not SEALED.exists():
        sealed = {
            "content": seal(keyring, ANNA, PLACE, "We need it"),
            "identity": seal(keyring, ANNA, PLACE, "Anna Muster", identity=True),
            "asked": sealed_asked(keyring, READ, ASKED),
            "document": sealed_document(keyring, DOCUMENT),
        }
        SEALED.write_bytes(msgspec.json.format(msgspec.json.encode(sealed)) + b"\n")
    for lock in FILES.glob("*.lock"):
        lock.unlink()


if __name__ == "__main__":
    main()
