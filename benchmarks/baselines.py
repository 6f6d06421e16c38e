"""What the log is compared with: the same rows, stored by others, on the same server."""

import os
import re
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import psycopg
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.conninfo import conninfo_to_dict

PAYLOAD = b'{"kind":"business_issue","text":"orders are keyed in twice"}' * 3
METADATA = b'{"via":"GRAPHQL","learned_at":"2026-03-01T09:00:00Z"}' * 3

_TABLE = """
DROP TABLE IF EXISTS benchmark_rows;
CREATE TABLE benchmark_rows (
  position bigserial PRIMARY KEY, stream uuid NOT NULL, version bigint NOT NULL,
  payload bytea NOT NULL, metadata bytea NOT NULL, UNIQUE (stream, version))
"""
_INSERT = "INSERT INTO benchmark_rows (stream, version, payload, metadata) VALUES (%b, 0, %b, %b)"
_INSERT_MANY = (
    "INSERT INTO benchmark_rows (stream, version, payload, metadata)"
    " SELECT u.stream, 0, u.payload, u.metadata"
    " FROM unnest(%b::uuid[], %b::bytea[], %b::bytea[]) u(stream, payload, metadata)"
)


def new_id() -> UUID:
    return UUID(bytes=os.urandom(16))


def counted(work: Callable[[], int], callers: int, seconds: float) -> float:
    """Return what `work` got done a second, done by some threads over and over."""
    done = [0] * callers
    start = threading.Barrier(callers + 1)
    until = float("inf")

    def run(caller: int) -> None:
        start.wait()
        while time.perf_counter() < until:
            done[caller] += work()

    threads = [threading.Thread(target=run, args=(caller,)) for caller in range(callers)]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    until = began + seconds
    for thread in threads:
        thread.join()
    return sum(done) / (time.perf_counter() - began)


def single_inserts(url: str, seconds: float) -> float:
    """Return rows a second: one connection, one row a commit."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_TABLE)

        def insert() -> int:
            connection.execute(_INSERT, [new_id(), PAYLOAD, METADATA], prepare=True)
            return 1

        return counted(insert, 1, seconds)


def inserts_of_a_hundred(url: str, seconds: float) -> float:
    """Return rows a second: one connection, a hundred rows a statement and commit."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_TABLE)

        def insert() -> int:
            streams = [new_id() for _ in range(100)]
            connection.execute(
                _INSERT_MANY, [streams, [PAYLOAD] * 100, [METADATA] * 100], prepare=True
            )
            return 100

        return counted(insert, 1, seconds)


def stock_recorder(url: str, callers: int, seconds: float) -> float:
    """Return saves a second of the recorder that comes with the eventsourcing library."""
    target = conninfo_to_dict(url)
    datastore = PostgresDatastore(
        dbname=str(target["dbname"]),
        host=str(target["host"]),
        port=str(target.get("port") or ""),
        user=str(target["user"]),
        password=str(target.get("password") or ""),
        pool_size=callers,
        max_overflow=0,
    )
    with datastore:
        recorder = PostgresApplicationRecorder(datastore, events_table_name="benchmark_stored")
        recorder.create_table()

        def save() -> int:
            recorder.insert_events([StoredEvent(new_id(), 0, "fact_learned", PAYLOAD + METADATA)])
            return 1

        save()
        return counted(save, callers, seconds)


def unordered_pgbench(url: str, seconds: float) -> float | None:
    """Return rows a second of 16 clients that insert without any order; `None` without pgbench."""
    pgbench = _pgbench()
    if pgbench is None:
        return None
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_TABLE)
    payload = f"'\\x{PAYLOAD.hex()}'::bytea, '\\x{METADATA.hex()}'::bytea"
    script = (
        "INSERT INTO benchmark_rows (stream, version, payload, metadata)"
        f" VALUES (gen_random_uuid(), 0, {payload});"
    )
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        command = [pgbench, "--no-vacuum", "--client=16", "--jobs=2", "--protocol=prepared"]
        command += [f"--time={max(1, round(seconds))}", f"--file={file.name}", url]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = re.search(r"tps = ([0-9.]+)", said)
    assert found is not None
    return float(found[1])


def _pgbench() -> str | None:
    from opps.embedded.files import binary

    ours = Path(str(binary("postgres"))).with_name("pgbench")
    return str(ours) if ours.exists() else shutil.which("pgbench")
