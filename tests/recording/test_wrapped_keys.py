"""Keys are stored wrapped: subject keys by the tenant key, the tenant key by the root key."""

import sys
from base64 import b64encode
from pathlib import Path
from uuid import uuid4

import pytest

from opps.recording.key_file import FileKeyring
from opps.recording.key_lines import line_of
from opps.recording.keyring import SUBJECTS
from opps.recording.root_key import (
    CommandRootKey,
    LocalRootKey,
    RootKey,
    RootKeyFault,
    RootKeyMissing,
)

SUBJECT, ANOTHER = uuid4(), uuid4()
OLD = {SUBJECTS: b"s" * 32, SUBJECT: b"a" * 32, ANOTHER: b"b" * 32}

# A service that keeps the key to itself, as a key management service does.
SERVICE = """
import base64, sys
from cryptography.fernet import Fernet

service = Fernet(base64.urlsafe_b64encode(b"k" * 32))
given = base64.b64decode(sys.stdin.read())
act = {"wrap": service.encrypt, "unwrap": service.decrypt}[sys.argv[1]]
print(base64.b64encode(act(given)).decode())
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the keys of a tenant are kept."""
    return tmp_path / "keys" / "tenant.jsonl"


@pytest.fixture(params=["file", "command"])
def root(request: pytest.FixtureRequest, tmp_path: Path) -> RootKey:
    """Return each kind of root key."""
    if request.param == "file":
        return LocalRootKey(tmp_path / "elsewhere" / "root.key")
    script = tmp_path / "service.py"
    script.write_text(SERVICE)
    return CommandRootKey(f"{sys.executable} {script}")


def test_no_key_is_stored_as_it_is(path: Path, root: RootKey) -> None:
    keyring = FileKeyring(path, root)
    key = keyring.key_or_new(SUBJECT)

    assert b64encode(key) not in path.read_bytes()
    assert FileKeyring(path, root).key(SUBJECT) == key
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_root_key_is_readable_by_its_owner_alone(path: Path) -> None:
    FileKeyring(path).key_or_new(SUBJECT)

    assert (path.parent / "root.key").stat().st_mode & 0o777 == 0o600


def test_keys_of_before_are_taken_over_and_written_anew_wrapped(path: Path, root: RootKey) -> None:
    path.parent.mkdir()
    path.write_bytes(b"".join(line_of(id_, key) for id_, key in OLD.items()))
    keyring = FileKeyring(path, root)

    assert keyring.key(SUBJECT) == OLD[SUBJECT]
    assert not any(b64encode(key) in path.read_bytes() for key in OLD.values())
    assert FileKeyring(path, root).keys() == OLD


def test_taking_over_the_keys_of_before_may_break_off_and_is_gone_on_with(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"".join(line_of(id_, key) for id_, key in OLD.items()))
    keyring = FileKeyring(path)
    keyring.key(SUBJECT)
    # As it is after a crash that came once the tenant key was there, and before the rest was.
    tenant_line = path.read_bytes().splitlines(keepends=True)[0]
    half = path.with_name("half.jsonl")
    half.write_bytes(b"".join(line_of(id_, key) for id_, key in OLD.items()) + tenant_line)
    half.with_suffix(".unfinished").write_bytes(b'["torn')

    assert FileKeyring(half).keys() == OLD
    assert not any(b64encode(key) in half.read_bytes() for key in OLD.values())


def test_rotating_the_root_key_wraps_the_tenant_key_anew_and_no_other(path: Path) -> None:
    root = LocalRootKey(path.with_name("root.key"))
    keyring = FileKeyring(path, root)
    key = keyring.key_or_new(SUBJECT)
    before, old_root = path.read_bytes().splitlines(), root.path.read_bytes()

    root.renew()
    keyring.rewrap()
    root.retire()

    after = path.read_bytes().splitlines()
    assert after[1:] == before[1:]
    assert after[0] != before[0]
    assert FileKeyring(path).key(SUBJECT) == keyring.key(SUBJECT) == key
    root.path.write_bytes(old_root)
    with pytest.raises(RootKeyMissing):
        FileKeyring(path).key(SUBJECT)


def test_a_rotation_that_broke_off_is_gone_on_with(path: Path) -> None:
    root = LocalRootKey(path.with_name("root.key"))
    other = FileKeyring(path.with_name("other.jsonl"), root)
    keyring = FileKeyring(path, root)
    keys = keyring.key_or_new(SUBJECT), other.key_or_new(SUBJECT)
    root.renew()
    keyring.rewrap()
    assert (keyring.key(SUBJECT), other.key(SUBJECT)) == keys

    root.renew()
    for one in (keyring, other):
        one.rewrap()
    root.retire()

    assert (keyring.key(SUBJECT), other.key(SUBJECT)) == keys


def test_two_processes_that_come_first_agree_on_the_tenant_key(path: Path) -> None:
    one, other = FileKeyring(path), FileKeyring(path)

    assert one.key_or_new(SUBJECT) == other.key(SUBJECT)
    assert other.key_or_new(ANOTHER) == one.key(ANOTHER)


def test_without_its_root_key_a_keyring_opens_nothing_and_makes_nothing(path: Path) -> None:
    FileKeyring(path).key_or_new(SUBJECT)
    (path.parent / "root.key").unlink()

    for act in (FileKeyring(path).key, FileKeyring(path).key_or_new):
        with pytest.raises(RootKeyMissing, match="OPPS_KEYS_DIRECTORY"):
            act(SUBJECT)
    assert not (path.parent / "root.key").exists()


def test_a_copy_of_keys_opens_with_the_root_key_they_were_wrapped_by(tmp_path: Path) -> None:
    source = FileKeyring(tmp_path / "here" / "keys.jsonl")
    key = source.key_or_new(SUBJECT)
    copy = tmp_path / "copy.keys"
    source.copy_to(copy)
    target = FileKeyring(tmp_path / "there" / "keys.jsonl")
    with pytest.raises(RootKeyMissing, match="--root-key FILE"):
        target.take_over(copy)

    assert b64encode(key) not in copy.read_bytes()
    assert target.take_over(copy, LocalRootKey(tmp_path / "here" / "root.key")) == 1
    assert target.key(SUBJECT) == key


def test_a_destroyed_key_is_noticed_even_when_a_file_gets_the_number_of_an_older_one(
    path: Path,
) -> None:
    reader, writer = FileKeyring(path), FileKeyring(path)
    subjects = [uuid4() for _ in range(20)]
    for subject in subjects:
        writer.key_or_new(subject)
    for subject in subjects:
        reader.key(subject)

    for subject in subjects:
        writer.destroy(subject)

    assert all(reader.erased(subject) for subject in subjects)


def test_a_root_key_program_that_fails_is_told_without_what_it_was_given(path: Path) -> None:
    fails = f"{sys.executable} -c 'import sys; sys.exit(\"no such key\")'"
    keyring = FileKeyring(path, CommandRootKey(fails))

    with pytest.raises(RootKeyFault, match="ended with 1: no such key"):
        keyring.key_or_new(SUBJECT)
    with pytest.raises(RootKeyFault, match="gave no key: FileNotFoundError"):
        FileKeyring(path, CommandRootKey("/no/such/program")).key_or_new(SUBJECT)


def test_an_altered_key_is_told(path: Path) -> None:
    keyring = FileKeyring(path)
    keyring.key_or_new(SUBJECT)
    wrapped = keyring.key_or_new(ANOTHER)
    assert wrapped
    text = path.read_text().replace(str(SUBJECT), str(uuid4()))
    path.write_text(text.replace(str(ANOTHER), str(SUBJECT)))

    with pytest.raises(RootKeyFault, match="altered"):
        FileKeyring(path).key(SUBJECT)
