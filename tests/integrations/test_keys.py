"""The keys of personal data move in a file of their own, and never overwrite another key."""

from pathlib import Path
from uuid import UUID, uuid4

import pytest

from opps.domain.personal import ErasureLevel
from opps.recording.key_file import FileKeyring
from opps.recording.keyring import OtherKey

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


def test_a_copy_of_the_keys_is_one_file_for_its_owner_only(tmp_path: Path) -> None:
    source = keyring_with(tmp_path / "keys" / "source.jsonl", SUBJECT, ANOTHER)
    copy = tmp_path / "copies" / "acme.keys"
    copy.parent.mkdir()

    assert source.copy_to(copy) == 2
    assert list(copy.parent.iterdir()) == [copy]
    assert copy.stat().st_mode & 0o777 == 0o600
    assert FileKeyring(tmp_path / "keys" / "target.jsonl").take_over(copy) == 2


def test_a_destroyed_key_stays_destroyed_where_the_keys_are_taken_over(tmp_path: Path) -> None:
    source = keyring_with(tmp_path / "source.jsonl", SUBJECT, ANOTHER)
    early, late = tmp_path / "early.keys", tmp_path / "late.keys"
    source.copy_to(early)
    source.destroy(SUBJECT)
    source.copy_to(late)
    target = FileKeyring(tmp_path / "target.jsonl")
    target.take_over(early)

    target.take_over(late)

    assert target.keys() == source.keys()
    assert target.erased(SUBJECT) is ErasureLevel.FULL
    assert target.destroyed() == source.destroyed()
    assert source.take_over(early) == 0
    assert list(source.keys()) == [ANOTHER]
