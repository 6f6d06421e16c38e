"""What may happen once only, with two of everybody who could do it: raising exceptions, sealing."""

import shutil
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from opps.app import Opps
from opps.config import settings
from opps.embedded import EmbeddedPostgres
from opps.integrations.backup import restore_backup
from opps.integrations.backup_file import BackupReader
from opps.ledger.errors import NothingSealed
from opps.ledger.ledger import Ledger
from opps.projections.projector import catch_up
from opps.recording.key_places import key_place
from opps.sample import write_backup
from opps.watching import Watch
from tests.cli.processes import Process, register
from tests.processes.places import database, opps, value
from tests.support import eventually

pytestmark = [pytest.mark.processes, pytest.mark.timeout(300)]


def raised(server: EmbeddedPostgres) -> Counter[UUID]:
    """Return how often each exception was raised."""
    with psycopg.connect(server.conninfo()) as connection:
        rows = connection.execute("SELECT stream FROM opps.events WHERE tag = 'ExceptionRaised'")
        return Counter(stream for (stream,) in rows)


def test_two_watches_raise_nothing_twice(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    with database(tmp_path / "postgres") as server:
        sample(server, tmp_path / "sample.backup", keys)
        before = raised(server)
        url = server.conninfo()

        def project(name: str) -> Any:
            return opps("project", data=tmp_path / name, keys=keys, OPPS_DATABASE_URL=url)

        with project("one") as one, project("other") as other:
            eventually(lambda: raised(server) - before, 60.0)
            assert (one.stop(), other.stop()) == (0, 0)
            assert "Traceback" not in one.said + other.said
        found = settings(
            {
                "OPPS_DATABASE_URL": url,
                "OPPS_ENVIRONMENT": "development",
                "OPPS_DATA_DIRECTORY": str(tmp_path / "one"),
                "OPPS_KEYS_DIRECTORY": str(keys),
            }
        )
        with Opps(found) as third:
            catch_up(third.log, third.log_settings)
            Watch(third.application, url, third.tenants).visit(third.tenant("sample"))

        assert set((raised(server) - before).values()) == {1}


def sample(server: EmbeddedPostgres, file: Path, keys: Path) -> None:
    """Restore the invented opportunities."""
    tenant, today = uuid4(), datetime.now(UTC).date()
    write_backup(file, tenant, today, key_place(keys).keyring(tenant), slug="sample")
    restore_backup(server.conninfo(), BackupReader(file))


def test_two_servers_with_ledgers_of_their_own_sign_one_history(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    with database(tmp_path / "postgres") as server:
        tenant = UUID(str(value(server.conninfo(), "SELECT tenant FROM opps.tenants")))

        def serve(name: str) -> Any:
            return opps(
                *("serve", "--port", "0"),
                data=tmp_path / name,
                keys=keys,
                OPPS_DATABASE_URL=server.conninfo(),
                OPPS_SEAL_EVERY_S="1",
            )

        def sealed(name: str) -> int:
            try:
                return Ledger(tmp_path / name / "ledger", tenant).signed().checkpoint.size
            except NothingSealed:
                return 0

        def recorded(by: Process) -> int:
            answer = register(by.address, "Halden", uuid4())["data"]["registerAccount"]
            return int(answer["position"])

        with serve("one") as one:
            position = recorded(one)
            eventually(lambda: sealed("one") >= position)
            with serve("other") as other:
                position = recorded(other)
                eventually(lambda: sealed("one") >= position)
                eventually(lambda: "sealed elsewhere" in other.said)
                one.stop()
                recorded(other)
                assert sealed("other") == 0

                # The machine of the first one is gone: the second gets its ledger, and goes on.
                shutil.copytree(
                    tmp_path / "one" / "ledger", tmp_path / "other" / "ledger", dirs_exist_ok=True
                )
                position = recorded(other)
                eventually(lambda: sealed("other") >= position)
                assert other.stop() == 0
