"""A server that is killed under a projector: the rows are complete again soon after it is back."""

from threading import Event, Thread
from uuid import uuid4

import pytest

from opps.embedded import EmbeddedPostgres
from opps.eventstore import Log, LogSettings, migrations, register_tenant
from opps.projections.projector import Projector, catch_up
from opps.projections.verify import verify
from tests.domain.given import cfo_known, opened
from tests.projections.support import Teller, rows
from tests.support import eventually


def test_rows_are_complete_after_the_server_was_killed(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    finish = Event()
    with EmbeddedPostgres(tmp_path_factory.mktemp("crash") / "postgres") as server:
        database = server.conninfo()
        migrations.migrate(database)
        tenant = register_tenant(database, uuid4(), "acme")
        settings = LogSettings(url=database, patience_s=30.0)
        with Log(settings) as log:
            catch_up(log, settings)
        with Log(settings) as log, Projector(log, settings, poll_s=0.1):
            teller = Teller(log, tenant)

            def write() -> None:
                while not finish.is_set():
                    teller.tell(uuid4(), opened, cfo_known)

            writer = Thread(target=write)
            writer.start()
            eventually(lambda: len(rows(database, "board", tenant)) > 5, 30)
            server.kill()
            server.start()
            size = len(log.read(tenant, 0, 100_000))
            eventually(lambda: len(log.read(tenant, 0, 100_000)) > size + 20, 30)
            finish.set()
            writer.join()
            told = len(log.read(tenant, 0, 100_000))
            eventually(lambda: len(rows(database, "timeline", tenant)) == told, 30)

        with Log(settings) as log:
            catch_up(log, settings)
            assert verify(log, settings, tenant).difference is None
