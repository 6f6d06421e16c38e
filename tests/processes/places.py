"""Several real servers: databases that repeat each other, a pooler, and opps in many processes."""

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from opps.embedded import EmbeddedPostgres, files
from opps.embedded.process import clean_environment, launch_command
from opps.eventstore import register_tenant
from opps.eventstore.migrations import migrate
from tests.cli.processes import Process, running
from tests.support import eventually

_BASE_BACKUP_WITHIN_S = 60
_LEADS = """
SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid)
WHERE l.locktype = 'advisory' AND l.classid = 7303280 AND l.objid = 28787 AND l.granted
"""


@contextmanager
def database(directory: Path) -> Iterator[EmbeddedPostgres]:
    """Yield a durable server with a migrated database and its first tenant."""
    with EmbeddedPostgres(directory) as server:
        migrate(server.conninfo())
        register_tenant(server.conninfo(), uuid4(), "default")
        yield server


@contextmanager
def replica_of(primary: EmbeddedPostgres, directory: Path) -> Iterator[EmbeddedPostgres]:
    """Yield a server that repeats another one as it goes on, streaming."""
    host = conninfo_to_dict(primary.conninfo())["host"]
    subprocess.run(
        [
            *(files.binary("pg_basebackup"), "--pgdata", directory),
            *("--host", str(host), "--port", "5432", "--username", "postgres"),
            *("--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast"),
        ],
        env=clean_environment(),
        check=True,
        timeout=_BASE_BACKUP_WITHIN_S,
    )
    with EmbeddedPostgres(directory) as replica:
        eventually(lambda: value(primary.conninfo(), "SELECT count(*) FROM pg_stat_replication"))
        yield replica


def wait_for_replicas(primary: EmbeddedPostgres) -> None:
    """Let no commit be acknowledged that a replica has not written down too."""
    with psycopg.connect(primary.conninfo(), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
        connection.execute("SELECT pg_reload_conf()")
    eventually(
        lambda: value(primary.conninfo(), "SELECT sync_state FROM pg_stat_replication") == "sync"
    )


def promote(replica: EmbeddedPostgres) -> None:
    """Let a replica go on by itself."""
    assert value(replica.conninfo(), "SELECT pg_promote()") is True


def kill(server: EmbeddedPostgres) -> None:
    """Kill every process of a server at once: none of them sends or writes anything more."""
    assert server.pid is not None
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(server.pid)], capture_output=True, text=True
    ).stdout
    for child in listed.split():
        with suppress(ProcessLookupError):
            os.kill(int(child), signal.SIGKILL)
    server.kill()


def either(*servers: EmbeddedPostgres) -> str:
    """Return a connection to whichever of some servers takes writes."""
    each = [conninfo_to_dict(server.conninfo()) for server in servers]
    return make_conninfo(
        host=",".join(str(one["host"]) for one in each),
        port=",".join(str(one["port"]) for one in each),
        dbname="opps",
        user="postgres",
        target_session_attrs="read-write",
    )


def value(url: str, query: str) -> object:
    """Return the one value of a query, None where there is no row."""
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(query.encode()).fetchone()
    return None if row is None else row[0]


def named(url: str, name: str) -> str:
    """Return a connection whose sessions bear a name in the database."""
    return make_conninfo(url, application_name=name)


def leader(url: str) -> str | None:
    """Return the name of the process whose projector leads."""
    found = value(url, _LEADS)
    return None if found is None else str(found)


def runs_with_another(url: str, projectors: Collection[str]) -> bool:
    """Tell whether one of the projectors leads, and every other one waits to take over."""
    waiting = value(
        url,
        "SELECT array_agg(DISTINCT application_name) FROM pg_stat_activity"
        " WHERE query LIKE '%pg_try_advisory_lock%' AND pid <> pg_backend_pid()",
    )
    lead = leader(url)
    rest = {name for name in projectors if name != lead}
    return lead in projectors and isinstance(waiting, list) and rest <= set(waiting)


def log_size(url: str) -> int:
    """Return how long the log is."""
    return int(str(value(url, "SELECT size FROM opps.tenant_head")))


def rows_show(url: str) -> int:
    """Return up to where every projection shows the log."""
    return int(str(value(url, "SELECT coalesce(min(position), 0) FROM opps_views.positions")))


def opps(
    *command: str, data: Path, keys: Path, **environment: str
) -> AbstractContextManager[Process]:
    """Return a process of opps with data of its own, and keys that all of them share."""
    return running(
        *command,
        data_directory=data,
        OPPS_ENVIRONMENT="development",
        OPPS_KEYS_DIRECTORY=str(keys),
        **environment,
    )


def verify(url: str, data: Path, keys: Path) -> None:
    """Compare every stored byte with its hash, and every row with a fold."""
    found = subprocess.run(
        [sys.executable, "-c", "from opps.cli import main; main()", "verify"],
        env={
            **os.environ,
            "OPPS_DATABASE_URL": url,
            "OPPS_ENVIRONMENT": "development",
            "OPPS_DATA_DIRECTORY": str(data),
            "OPPS_KEYS_DIRECTORY": str(keys),
        },
        capture_output=True,
        text=True,
    )
    assert found.returncode == 0, found.stdout + found.stderr


class Pooler:
    """A PgBouncer in transaction mode before a server."""

    def __init__(self, server: EmbeddedPostgres, directory: Path) -> None:
        self.url = make_conninfo(host=str(directory), port=6432, dbname="opps", user="postgres")
        self.admin_url = make_conninfo(self.url, dbname="pgbouncer")
        target = conninfo_to_dict(server.conninfo())
        directory.mkdir()
        settings = directory / "pgbouncer.ini"
        settings.write_text(
            f"""
[databases]
opps = host={target["host"]} port={target["port"]} dbname=opps user=postgres

[pgbouncer]
listen_addr =
listen_port = 6432
unix_socket_dir = {directory}
auth_type = any
admin_users = postgres
stats_users = postgres
pool_mode = transaction
default_pool_size = 3
"""
        )
        self._command = launch_command([_pgbouncer(), settings])

    @contextmanager
    def running(self) -> Iterator["Pooler"]:
        """Run it as long as the block."""
        with subprocess.Popen(
            self._command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as child:
            assert child.stdout is not None
            said: list[str] = []
            reading = threading.Thread(target=said.extend, args=(child.stdout,), daemon=True)
            reading.start()
            try:
                eventually(lambda: child.poll() is not None or self._answers())
                assert child.poll() is None, said
                yield self
            finally:
                child.terminate()
                child.wait()
                reading.join()

    def transactions(self) -> int:
        """Return how many transactions went through it."""
        with psycopg.connect(self.admin_url, autocommit=True) as connection:
            cursor = psycopg.ClientCursor(connection)
            for row in cursor.execute("SHOW STATS_TOTALS"):
                if row[0] == "opps":
                    return int(row[1])
        return 0

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url).close()
        except psycopg.OperationalError:
            return False
        return True


def _pgbouncer() -> str:
    found = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None:
        pytest.skip("PgBouncer is not installed here (apt-get install pgbouncer)")
    return found
