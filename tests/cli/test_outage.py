"""A database that goes away under a running server, and comes back."""

from pathlib import Path
from uuid import uuid4

from opps.embedded import EmbeddedPostgres
from opps.eventstore import register_tenant
from opps.eventstore.migrations import migrate
from tests.cli.processes import ask, register, running
from tests.support import eventually

HEAD = "{ logHead { position } }"


def test_commands_are_safe_to_repeat_and_reads_recover(tmp_path: Path) -> None:
    database = EmbeddedPostgres(tmp_path / "database")
    database.start()
    url = database.conninfo()
    migrate(url)
    register_tenant(url, uuid4(), "default")
    with running(
        "serve",
        "--port",
        "0",
        data_directory=tmp_path / "data",
        OPPS_DATABASE_URL=url,
        OPPS_ENVIRONMENT="development",
    ) as process:
        address = process.address
        stored, interrupted = uuid4(), uuid4()
        assert register(address, "Before", stored)["data"]["registerAccount"]["position"]
        database.kill()

        refused = register(address, "During", interrupted)
        read = ask(address, HEAD)

        assert [error["extensions"]["code"] for error in refused["errors"]] == ["UNAVAILABLE"]
        assert [error["extensions"]["code"] for error in read["errors"]] == ["UNAVAILABLE"]
        assert "psycopg" not in str(refused) + str(read)

        database.start()
        try:
            eventually(lambda: "errors" not in ask(address, HEAD), timeout_s=30.0)
            eventually(lambda: "errors" not in register(address, "During", interrupted), 30.0)
            again = register(address, "During", interrupted)["data"]["registerAccount"]
            before = register(address, "Before", stored)["data"]["registerAccount"]
            head = ask(address, HEAD)["data"]["logHead"]["position"]

            assert (again["replayed"], before["replayed"]) == (True, True)
            assert int(head) == int(again["position"]) == int(before["position"]) + 1
            assert process.stop() == 0
        finally:
            database.stop()
