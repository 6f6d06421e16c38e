"""What compose.yaml and the units stand on: secrets in files, and logins with as little as does."""

import json
import os
import stat
import subprocess
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from socket import create_server

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.errors import InsufficientPrivilege

from opps.embedded import EmbeddedPostgres
from opps.embedded.files import binary
from tests.cli.processes import running
from tests.support import eventually

DEPLOY = Path(__file__).parents[1] / "deploy"


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    """Return a folder of secrets that were just made."""
    subprocess.run([DEPLOY / "compose" / "secrets.sh", tmp_path], check=True, capture_output=True)
    return tmp_path / "secrets"


@pytest.fixture
def prepared(tmp_path: Path, secrets: Path) -> Iterator[str]:
    """Yield the superuser's connection to a new server that the image's script has prepared."""
    with EmbeddedPostgres(tmp_path / "postgres", durable=True) as server:
        url = server.conninfo()
        given = conninfo_to_dict(url)
        environment = {
            "PATH": f"{binary('psql').parent}:{os.environ['PATH']}",
            "PGHOST": str(given["host"]),
            "PGPORT": str(given["port"]),
            "POSTGRES_USER": str(given["user"]),
            "POSTGRES_DB": str(given["dbname"]),
            "OPPS_SECRETS": str(secrets),
        }
        subprocess.run(
            [DEPLOY / "compose" / "logins.sh"], check=True, env=environment, capture_output=True
        )
        yield url


def secret_url(secrets: Path, superuser: str, login: str) -> Path:
    """Write the connection of a login to this server into a file."""
    password = (secrets / f"{login}-password").read_text()
    file = secrets / f"here-{login}"
    file.write_text(make_conninfo(superuser, user=f"opps_{login}", password=password))
    return file


def free_port() -> int:
    with create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def asked(port: int, path: str) -> tuple[int, dict[str, object]]:
    with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())


def test_secrets_are_made_once_each_in_a_file_of_its_own(secrets: Path) -> None:
    before = {one.name: one.read_text() for one in secrets.iterdir()}

    subprocess.run([DEPLOY / "compose" / "secrets.sh", secrets.parent], check=True)

    assert {one.name: one.read_text() for one in secrets.iterdir()} == before
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o700
    passwords = [text for name, text in before.items() if name.endswith("-password")]
    assert len(passwords) == len(set(passwords)) == 3
    assert before["server-password"] in before["server-url"]


def test_a_server_and_a_projector_run_in_production_with_the_logins_of_compose(
    tmp_path: Path, secrets: Path, prepared: str
) -> None:
    migrator = secret_url(secrets, prepared, "migrator")
    server = secret_url(secrets, prepared, "server")
    data, serving, projecting = tmp_path / "data", free_port(), free_port()

    for arguments in (["migrate"], ["tenant", "create", "default"]):
        with running(*arguments, data_directory=data, OPPS_DATABASE_URL_FILE=str(migrator)) as done:
            assert done.ended() == 0, done.said
    with (
        running(
            "project",
            data_directory=data,
            OPPS_DATABASE_URL_FILE=str(server),
            OPPS_METRICS_PORT=str(projecting),
        ),
        running(
            "serve",
            "--no-projector",
            data_directory=data,
            OPPS_PORT="0",
            OPPS_DATABASE_URL_FILE=str(server),
            OPPS_METRICS_PORT=str(serving),
        ) as served,
    ):
        assert served.address
        eventually(lambda: asked(serving, "/readyz")[1]["ready"] is True)
        assert asked(serving, "/healthz") == (200, {"alive": True})
        eventually(lambda: answers(projecting))
        assert asked(projecting, "/healthz") == (200, {"alive": True})


def answers(port: int) -> bool:
    try:
        asked(port, "/healthz")
    except OSError:
        return False
    return True


def test_the_login_that_serves_changes_no_schema_and_makes_no_roles(
    secrets: Path, prepared: str
) -> None:
    server = secret_url(secrets, prepared, "server").read_text()

    for forbidden in ("CREATE ROLE more", "CREATE SCHEMA more", "SET ROLE opps_migrator"):
        with (
            psycopg.connect(server, autocommit=True) as connection,
            pytest.raises(InsufficientPrivilege),
        ):
            connection.execute(forbidden.encode())


def test_a_nightly_copy_is_two_files_apart_and_old_ones_go(tmp_path: Path) -> None:
    backups, keys = tmp_path / "backups", tmp_path / "keys"
    backups.mkdir()
    keys.mkdir()
    gone = backups / "acme-20250101T020000Z.backup", keys / "acme-20250101T020000Z.keys"
    kept = [
        folder / f"acme-{name}-20250101T020000Z{suffix}"
        for folder, suffix in ((backups, ".backup"), (keys, ".keys"))
        for name in ("other", "2", "20250101t020000z")
    ]
    for old in (*gone, *kept):
        old.touch()
        os.utime(old, (0, 0))
    told = tmp_path / "opps"
    told.write_text('#!/bin/sh\nshift\necho log > "$1"\necho keys > "$3"\n')
    told.chmod(0o700)

    subprocess.run(
        [DEPLOY / "systemd" / "backup", "acme"],
        check=True,
        env={
            "PATH": os.environ["PATH"],
            "OPPS": str(told),
            "OPPS_BACKUPS": str(backups),
            "OPPS_KEY_BACKUPS": str(keys),
        },
    )

    (made,) = {*backups.iterdir()}.difference(kept)
    (its_keys,) = {*keys.iterdir()}.difference(kept)
    assert (made.stem, made.read_text()) == (its_keys.stem, "log\n")
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert all(one.exists() for one in kept)
