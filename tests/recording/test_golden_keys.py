"""What was sealed once can be opened for ever, by the keys as they were stored then."""

from pathlib import Path
from shutil import copy
from uuid import UUID

import msgspec
import pytest

from opps.recording.asked import opened_asked, opened_document
from opps.recording.key_file import FileKeyring
from opps.recording.keyring import SubjectErased, identity_of
from opps.recording.register import FileRegister
from opps.recording.root_key import LocalRootKey
from opps.recording.seals import Opened, unseal
from tests.recording.golden_keys import (
    ANNA,
    ASKED,
    BORIS,
    DOCUMENT,
    ERASURE,
    KEYS,
    PLACE,
    READ,
    REGISTER,
    ROOT,
    SEALED,
)

STORED = msgspec.json.decode(SEALED.read_bytes(), type=dict[str, bytes])


@pytest.fixture
def keyring(tmp_path: Path) -> FileKeyring:
    """Return the keys of the golden files, in a copy that may be written to."""
    for one in (ROOT, KEYS):
        copy(one, tmp_path)
    return FileKeyring(tmp_path / KEYS.name, LocalRootKey(tmp_path / ROOT.name))


@pytest.mark.parametrize(
    ("name", "opened"),
    [
        ("content", Opened(ANNA, identity=False, text="We need it")),
        ("identity", Opened(ANNA, identity=True, text="Anna Muster")),
    ],
)
def test_text_of_both_formats_is_opened(keyring: FileKeyring, name: str, opened: Opened) -> None:
    assert unseal(keyring, PLACE, STORED[name]) == opened


def test_the_question_of_a_saved_read_is_opened(keyring: FileKeyring) -> None:
    assert opened_asked(keyring, READ, STORED["asked"]) == ASKED
    assert opened_document(keyring, STORED["document"]) == DOCUMENT


@pytest.mark.parametrize("key", [BORIS, identity_of(BORIS)])
def test_what_was_destroyed_stays_destroyed(keyring: FileKeyring, key: UUID) -> None:
    with pytest.raises(SubjectErased):
        keyring.key_or_new(key)


def test_the_register_is_read(tmp_path: Path) -> None:
    copy(REGISTER, tmp_path)
    register = FileRegister(tmp_path / REGISTER.name)

    assert register.of(ERASURE.tenant) == [ERASURE]


def test_the_register_is_written_as_ever(tmp_path: Path) -> None:
    FileRegister(tmp_path / REGISTER.name).add(ERASURE)

    assert (tmp_path / REGISTER.name).read_bytes() == REGISTER.read_bytes()


def test_keys_are_copied_line_by_line_as_they_are_stored(
    keyring: FileKeyring, tmp_path: Path
) -> None:
    keyring.copy_to(tmp_path / "copy.jsonl")

    assert (tmp_path / "copy.jsonl").read_bytes() == KEYS.read_bytes()
