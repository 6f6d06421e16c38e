"""Keys in PostgreSQL behave as those in files, for every process, and their marks stay for ever."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest

from opps.domain.personal import ErasureLevel
from opps.recording import key_table
from opps.recording.key_places import KeyDatabase
from opps.recording.keyring import OtherKey, SubjectErased, SubjectKeyMissing, identity_of
from opps.recording.root_key import LocalRootKey
from opps.recording.stored_keyring import StoredKeyring

SUBJECT, ANOTHER, TENANT = uuid4(), uuid4(), uuid4()
Process = Callable[..., StoredKeyring]


@pytest.fixture
def root(tmp_path: Path) -> LocalRootKey:
    """Return a root key."""
    return LocalRootKey(tmp_path / "root.key")


@pytest.fixture
def process(
    database: str, root: LocalRootKey, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Process]:
    """Yield a function that gives the keyring of a process of its own, which always looks."""
    monkeypatch.setattr(key_table, "KNOWN_FOR_S", 0)
    with ExitStack() as opened:

        def keyring(tenant: UUID = TENANT) -> StoredKeyring:
            return opened.enter_context(closing(KeyDatabase(database, root))).keyring(tenant)

        yield keyring


def test_two_processes_seal_for_a_subject_under_one_key(process: Process) -> None:
    one, other = process(), process()

    assert one.key_or_new(SUBJECT) == other.key_or_new(SUBJECT) == process().key(SUBJECT)
    assert process().keys() == {SUBJECT: one.key(SUBJECT)}


def test_a_destroyed_key_is_gone_for_every_process_and_never_comes_back(process: Process) -> None:
    one, other = process(), process()
    backup = {SUBJECT: one.key_or_new(SUBJECT)}
    kept = other.key_or_new(ANOTHER)
    other.key(SUBJECT)

    assert one.destroy(SUBJECT) == 1
    with pytest.raises(SubjectKeyMissing):
        other.key(SUBJECT)
    for keyring in (one, other):
        with pytest.raises(SubjectErased):
            keyring.key_or_new(SUBJECT)
    assert other.erased(SUBJECT) is ErasureLevel.FULL
    assert other.add(backup) == 0
    assert process().keys() == {ANOTHER: kept}


def test_erasing_who_somebody_is_leaves_what_they_said(process: Process) -> None:
    keyring = process()
    content = keyring.key_or_new(SUBJECT)
    keyring.key_or_new(identity_of(SUBJECT))

    assert keyring.destroy(SUBJECT, ErasureLevel.IDENTITY) == 1
    assert process().erased(SUBJECT) is ErasureLevel.IDENTITY
    assert process().key(SUBJECT) == content


def test_somebody_who_never_had_a_key_never_gets_one_once_erased(process: Process) -> None:
    assert process().destroy(SUBJECT) == 0

    with pytest.raises(SubjectErased):
        process().key_or_new(SUBJECT)


def test_a_copy_of_keys_moves_and_destroyed_ones_win(process: Process, tmp_path: Path) -> None:
    keyring = process()
    keyring.key_or_new(SUBJECT)
    kept = keyring.key_or_new(ANOTHER)
    copy = tmp_path / "copy.keys"
    assert keyring.copy_to(copy) == 2
    target = process(uuid4())
    target.destroy(SUBJECT)

    assert target.take_over(copy) == 1
    assert target.keys() == {ANOTHER: kept}
    with pytest.raises(OtherKey):
        target.add({ANOTHER: bytes(32)})


def test_tenants_do_not_see_the_keys_of_each_other(process: Process) -> None:
    key = process().key_or_new(SUBJECT)

    assert process(uuid4()).key_or_new(SUBJECT) != key


def test_the_mark_of_a_destroyed_key_cannot_be_taken_away(process: Process, database: str) -> None:
    process().destroy(SUBJECT)

    with psycopg.connect(database, autocommit=True) as connection:
        with pytest.raises(psycopg.errors.RaiseException, match="never comes back"):
            connection.execute(
                "UPDATE opps_keys.subject_keys SET wrapped = 'x', destroyed_at = NULL"
            )
        connection.execute("SET ROLE opps_keys")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM opps_keys.subject_keys")


def test_rotating_the_tenant_key_wraps_every_key_anew(process: Process, database: str) -> None:
    one, other = process(), process()
    key, gone = one.key_or_new(SUBJECT), other.key_or_new(ANOTHER)
    assert gone
    with psycopg.connect(database, autocommit=True) as connection:
        stored = "SELECT wrapped FROM opps_keys.subject_keys WHERE id = %s"
        before = connection.execute(stored, [SUBJECT]).fetchone()
        one.destroy(ANOTHER)

        assert one.rotate() == 1
        assert connection.execute(stored, [SUBJECT]).fetchone() != before
    assert other.key(SUBJECT) == process().key(SUBJECT) == key
    assert other.key_or_new(uuid4())
    assert one.keys() == other.keys() == process().keys()
    assert other.destroyed() == one.destroyed() != frozenset()


def test_a_process_that_looked_a_moment_ago_notices_that_all_was_wrapped_anew(
    database: str, root: LocalRootKey
) -> None:
    with ExitStack() as opened:
        places = [opened.enter_context(closing(KeyDatabase(database, root))) for _ in range(2)]
        one, other = (place.keyring(TENANT) for place in places)
        key = one.key_or_new(SUBJECT)
        new = other.key_or_new(ANOTHER)
        one.rotate()

        assert other.key(SUBJECT) == key
        assert one.rotate() == 2
        assert other.key_or_new(uuid4())
        assert one.rotate() == 3
        assert other.keys() == one.keys()
        assert other.key(ANOTHER) == new


def test_a_lost_connection_is_made_again(process: Process, database: str) -> None:
    keyring = process()
    key = keyring.key_or_new(SUBJECT)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE application_name = 'opps keys' AND datname = current_database()"
        )

    assert keyring.key(SUBJECT) == key
    assert keyring.key_or_new(ANOTHER)


def test_rotating_the_root_key_wraps_the_keys_of_every_tenant(
    database: str, root: LocalRootKey
) -> None:
    tenants = sorted([uuid4(), uuid4()])
    with closing(KeyDatabase(database, root)) as place:
        keys = {one: place.keyring(one).key_or_new(SUBJECT) for one in tenants}

        assert place.rotate_root() == 2
        assert place.tenants() == tenants
    with closing(KeyDatabase(database, LocalRootKey(root.path))) as later:
        assert {one: later.keyring(one).key(SUBJECT) for one in tenants} == keys
