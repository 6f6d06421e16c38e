"""The keys of personal data move in a file of their own, and never overwrite another key."""

from pathlib import Path
from uuid import UUID, uuid4

import pytest

from opps.recording.keyring import FileKeyring, OtherKey

SUBJECT, ANOTHER = uuid4(), uuid4()


def keyring_with(path: Path, *subjects: UUID) -> FileKeyring:
    keyring = FileKeyring(path)
    for subject in subjects:
        keyring.key_or_new(subject)
    return keyring


def test_keys_are_copied_into_an_empty_keyring(tmp_path: Path) -> None:
    source = keyring_with(tmp_path / "source.jsonl", SUBJECT, ANOTHER)
    target = FileKeyring(tmp_path / "keys" / "target.jsonl")

    assert target.add(source.keys()) == 2
    assert FileKeyring(tmp_path / "keys" / "target.jsonl").keys() == source.keys()


def test_keys_that_are_there_already_are_left_alone(tmp_path: Path) -> None:
    source = keyring_with(tmp_path / "source.jsonl", SUBJECT)

    assert source.add(source.keys()) == 0


def test_a_subjects_key_is_never_replaced(tmp_path: Path) -> None:
    source = keyring_with(tmp_path / "source.jsonl", SUBJECT, ANOTHER)
    target = keyring_with(tmp_path / "target.jsonl", SUBJECT)
    before = target.keys()

    with pytest.raises(OtherKey):
        target.add(source.keys())
    assert target.keys() == before


def test_only_its_owner_can_read_a_keyring(tmp_path: Path) -> None:
    keyring_with(tmp_path / "keys.jsonl", SUBJECT)

    assert (tmp_path / "keys.jsonl").stat().st_mode & 0o777 == 0o600
