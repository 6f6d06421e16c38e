"""The first day of an operator: from nothing to two servers, as docs/operating.md tells it."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from opps.embedded import EmbeddedPostgres
from tests.cli.processes import running
from tests.cli.test_operators import figure, measured, operators
from tests.support import eventually

PAGE = (Path(__file__).parents[2] / "docs" / "operating.md").read_text()
SECTION = PAGE.partition("## From nothing to two servers")[2].partition("\n## ")[0]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """Yield a server on which the SQL of the page was run, and nothing else."""
    with EmbeddedPostgres(tmp_path_factory.mktemp("fresh") / "postgres") as server:
        with psycopg.connect(server.conninfo("postgres"), autocommit=True) as connection:
            connection.execute("DROP DATABASE opps")
            [block] = re.findall(r"```sql\n(.*?)```", SECTION, re.DOTALL)
            for statement in block.split(";\n"):
                connection.execute(statement.encode())
        yield server


def done(url: str, directory: Path, *command: str) -> str:
    """Run a command in production as one of the logins, and return what it printed."""
    ran = subprocess.run(
        [sys.executable, "-c", "from opps.cli import main; main()", *command],
        env={
            "PATH": os.environ["PATH"],
            "OPPS_DATABASE_URL": url,
            "OPPS_DATA_DIRECTORY": str(directory),
        },
        cwd=directory,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def test_two_servers_run_in_production_as_plain_logins(
    server: EmbeddedPostgres, tmp_path: Path
) -> None:
    migrator = make_conninfo(server.conninfo(), user="opps_migrator")
    serving = make_conninfo(server.conninfo(), user="opps_server")
    done(migrator, tmp_path, "migrate")
    done(serving, tmp_path, "tenant", "create", "default")
    examined = done(serving, tmp_path, "doctor")

    assert "opps_server is a plain login" in examined
    assert not re.search(r"^(watch|mend)", examined, re.MULTILINE)
    settings = {"OPPS_DATABASE_URL": serving, "OPPS_METRICS_PORT": "0"}
    with (
        running("serve", "--port", "0", data_directory=tmp_path, **settings) as one,
        running("serve", "--port", "0", data_directory=tmp_path, **settings) as two,
    ):
        both = [operators(one), operators(two)]
        for apart in both:
            assert httpx.get(f"{apart}/readyz").status_code == 200

        def leading() -> float:
            return sum(figure(measured(apart), "opps_projector_leading") for apart in both)

        eventually(lambda: leading() == 1)
        assert "opps projector leads" in done(serving, tmp_path, "status")
        # Another login may not see how long; that it is told at all is what matters.
        assert "leads" in done(migrator, tmp_path, "status")
        assert (one.stop(), two.stop()) == (0, 0)
