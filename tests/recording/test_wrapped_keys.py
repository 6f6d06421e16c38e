"""Keys are stored wrapped: subject keys by the tenant key, the tenant key by the root key."""

import sys
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID, uuid4

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from opps.recording.key_file import FileKeyring
from opps.recording.key_lines import line_of
from opps.recording.keyring import SUBJECTS, SubjectErased
from opps.recording.root_key import (
    CommandRootKey,
    LocalRootKey,
    RootKey,
    RootKeyFault,
    RootKeyMissing,
)

SUBJECT, ANOTHER = uuid4(), uuid4()
WHICH = st.sampled_from([0, 1])
PEOPLE = st.integers(10, 13).map(lambda number: UUID(int=number))
OLD = {SUBJECTS: b"s" * 32, SUBJECT: b"a" * 32, ANOTHER: b"b" * 32}

ROOT_KEY_ONCE = '[{"id":"0123456789abcdef","key":"cnJycnJycnJycnJycnJycnJycnJycnJycnJycnJycnI="}]\n'
KEYS_ONCE = (
    '["00000000-0000-0000-0000-000000000002",{"root":"0123456789abcdef","wrapped":"'
    "rBdRC99/OOBiKlEJbtpEskHdWoGcG4/q8UJKwVfY8Py990MZeQ4g7Ey8fuTEtJxBxxHI38y5FMJNiO"
    '3D"}]\n'
    '["00000000-0000-0000-0000-000000000007","AX5uh8EEETGEM3hgjbG29e1yUOj/31oFL3OIW'
    'DiqP+/s09pWbLI1z2O0WNK2r9SE0OyURpAPoEdkF6cJyA=="]\n'
    '["00000000-0000-0000-0000-000000000008",null]\n'
)

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


@pytest.mark.parametrize("before", [{}, OLD], ids=["nothing", "keys of before"])
def test_many_that_come_at_once_agree(path: Path, before: dict[UUID, bytes]) -> None:
    path.parent.mkdir()
    path.write_bytes(b"".join(line_of(id_, key) for id_, key in before.items()))

    def comes(_: int) -> bytes:
        return FileKeyring(path).key_or_new(SUBJECT)

    with ThreadPoolExecutor(8) as threads:
        keys = set(threads.map(comes, range(16)))

    assert keys == {FileKeyring(path).key(SUBJECT)}
    assert before.items() <= FileKeyring(path).keys().items()


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


def test_keys_that_were_stored_years_ago_still_open(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(KEYS_ONCE)
    path.with_name("root.key").write_text(ROOT_KEY_ONCE)
    keyring = FileKeyring(path)

    assert keyring.keys() == {UUID(int=7): b"d" * 32}
    assert keyring.destroyed() == {UUID(int=8)}
    assert path.read_text() == KEYS_ONCE


class TwoProcesses(RuleBasedStateMachine):
    """Two processes on one file, in any order: they agree, and what is destroyed stays so."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.path = Path(self.folder.name) / "keys.jsonl"
        self.keyrings = [FileKeyring(self.path), FileKeyring(self.path)]
        self.root = LocalRootKey(self.path.with_name("root.key"))
        self.known: dict[UUID, bytes] = {}
        self.gone: set[UUID] = set()

    @rule(which=WHICH, subject=PEOPLE)
    def seal(self, which: int, subject: UUID) -> None:
        """Somebody seals for a subject."""
        if subject in self.gone:
            with pytest.raises(SubjectErased):
                self.keyrings[which].key_or_new(subject)
        else:
            key = self.keyrings[which].key_or_new(subject)
            assert self.known.setdefault(subject, key) == key

    @rule(which=WHICH, subject=PEOPLE)
    def destroy(self, which: int, subject: UUID) -> None:
        """Somebody destroys a key."""
        there = subject in self.known
        assert self.keyrings[which].destroy_keys([subject]) == there
        self.known.pop(subject, None)
        self.gone.add(subject)

    @rule(which=WHICH)
    def rotate(self, which: int) -> None:
        """Somebody rotates the root key."""
        self.root.renew()
        self.keyrings[which].rewrap()
        self.root.retire()

    @rule(which=WHICH)
    def rotate_tenant(self, which: int) -> None:
        """Somebody rotates the tenant key."""
        assert self.keyrings[which].rotate() == len(self.known)

    @rule(which=WHICH)
    def bring_back(self, which: int) -> None:
        """Somebody restores a copy of all there is."""
        copy = self.path.with_suffix(".copy")
        self.keyrings[1 - which].copy_to(copy)
        assert self.keyrings[which].take_over(copy) == 0

    @invariant()
    def both_know_the_same(self) -> None:
        """Each process opens what is there, and nothing else."""
        for keyring in self.keyrings:
            assert keyring.keys() == self.known
            assert keyring.destroyed() == self.gone

    def teardown(self) -> None:
        """Remove the file."""
        self.folder.cleanup()


TestTwoProcesses = TwoProcesses.TestCase
TestTwoProcesses.settings = settings(max_examples=15, stateful_step_count=15, deadline=None)
