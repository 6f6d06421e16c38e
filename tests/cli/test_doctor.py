"""The doctor finds what is wrong, each thing where it really is, and says what to do."""

from collections.abc import Iterator
from datetime import datetime, tzinfo
from pathlib import Path
from tempfile import TemporaryDirectory
from time import time
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import sql

from opps.cli.examination import database, machine
from opps.embedded import EmbeddedPostgres
from opps.eventstore import Log, migrations, register_tenant
from opps.projections.projector import catch_up
from tests.cli.conftest import Run
from tests.eventstore.support import append
from tests.eventstore.support import settings as log_settings
from tests.operating.conftest import an_hour_passes
from tests.processes.places import Pooler


@pytest.fixture
def url(installation: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Yield a migrated database of the test's own, which OPPS_DATABASE_URL names."""
    server = EmbeddedPostgres(installation / "postgres")
    name = sql.Identifier(f"own_{uuid4().hex}")
    with psycopg.connect(server.conninfo("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
        own = server.conninfo(name.as_string().strip('"'))
        migrations.migrate(own)
        monkeypatch.setenv("OPPS_DATABASE_URL", own)
        yield own
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


@pytest.fixture
def tenant(url: str) -> UUID:
    """Return a tenant whose read models have followed three events."""
    tenant = register_tenant(url, uuid4(), "acme")
    with Log(log_settings(url)) as log:
        log.append_now(append(tenant, events=3))
        catch_up(log, log_settings(url))
    return tenant


@pytest.fixture(autouse=True)
def nothing_waits(installation: Path) -> None:
    """Show what other tests left in the installation that they share: how long ago is chance."""
    shared = EmbeddedPostgres(installation / "postgres").conninfo()
    with Log(log_settings(shared)) as log:
        catch_up(log, log_settings(shared))


def examined(run: Run, *arguments: object) -> dict[str, Any]:
    """Return the findings that are not good, by subject; the exit code says whether to mend."""
    outcome = run("doctor", "--json", *arguments)
    findings = {one["subject"]: one for one in outcome.answer if one["verdict"] != "good"}
    findings.pop("schema file", None) if not arguments else None
    to_mend = any(one["verdict"] == "mend" for one in outcome.answer)
    assert outcome.code == (1 if to_mend else 0)
    assert all(one["advice"] for one in findings.values())
    return findings


def only(findings: dict[str, Any], subject: str, verdict: str = "mend") -> str:
    """Return what was found of the one subject that is not good, with the advice."""
    assert {name: one["verdict"] for name, one in findings.items()} == {subject: verdict}
    return f"{findings[subject]['finding']} {findings[subject]['advice']}"


def test_nothing_is_wrong_with_a_sound_database(run: Run, url: str, tenant: UUID) -> None:
    # In development, on a database that others reach: that much is said.
    assert "administrator" in only(examined(run), "settings", "watch")


def found_beside(run: Run, subject: str, verdict: str = "mend", *arguments: object) -> str:
    """Return what was found of one subject, beside that of the settings."""
    findings = examined(run, *arguments)
    findings.pop("settings")
    return only(findings, subject, verdict)


def test_a_python_that_is_too_old(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_LOWEST_PYTHON", (99, 0))

    assert "opps needs Python" in only(examined(run), "python")


def distribution(place: Path, name: str, version: str, *needs: str) -> None:
    """Install a package of which there is nothing but its metadata."""
    metadata = place / f"{name.replace('-', '_')}-{version}.dist-info"
    metadata.mkdir()
    lines = [f"Requires-Dist: {need}" for need in needs]
    text = [f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}", *lines]
    (metadata / "METADATA").write_text("\n".join(text) + "\n")


def test_a_package_of_another_version(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    distribution(tmp_path, "eventsourcing", "10.0.0")
    monkeypatch.syspath_prepend(tmp_path)

    assert "eventsourcing is 10.0.0, opps needs >=9.5.6,<10" in only(examined(run), "versions")


def test_a_package_that_is_missing(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    distribution(tmp_path, "opps", "0.1.0", "gone-away>=1", "gone-too>=1; extra == 'more'")
    monkeypatch.syspath_prepend(tmp_path)

    assert only(examined(run), "versions").startswith("gone-away is missing ")


def test_a_schema_file_of_another_version(run: Run, tmp_path: Path) -> None:
    old = tmp_path / "schema.graphql"
    old.write_text("type Query { hello: String }\n")

    told = only(examined(run, "--schema-file", old), "schema file")
    missing = only(examined(run, "--schema-file", tmp_path / "none"), "schema file")

    assert f"opps schema > {old}" in told
    assert f"no {tmp_path / 'none'} here" in missing


def test_a_secret_that_others_may_read(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    secret = tmp_path / "tenant"
    secret.write_text("default")
    monkeypatch.setenv("OPPS_TENANT_FILE", str(secret))
    secret.chmod(0o644)
    told = only(examined(run), "setting files", "watch")
    secret.chmod(0o600)

    assert f"chmod go= {secret}" in told
    assert examined(run) == {}


def test_settings_that_are_wrong(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPPS_PORT", "many")

    assert "OPPS_PORT is 'many'" in only(examined(run), "settings")


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="only Linux has a disk without room")
def test_a_disk_without_room(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPPS_DATA_DIRECTORY", "/proc/opps")

    assert "0.0 GB free" in only(examined(run), "disk", "watch")


def test_a_database_that_is_not_there(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPPS_DATABASE_URL", "postgresql://opps@127.0.0.1:1/opps")
    findings = examined(run)
    findings.pop("settings")

    assert "OPPS_DATABASE_URL names it" in only(findings, "database")


def test_a_database_of_an_older_version(
    run: Run, installation: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = EmbeddedPostgres(installation / "postgres")
    name = f"old_{uuid4().hex}"
    with psycopg.connect(server.conninfo("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    migrations.migrate(server.conninfo(name), to=migrations.revisions()[-2])
    monkeypatch.setenv("OPPS_DATABASE_URL", server.conninfo(name))

    assert "opps migrate" in found_beside(run, "schema")


def test_a_database_whose_clock_is_an_hour_ahead(run: Run, url: str) -> None:
    an_hour_passes(url)
    told = found_beside(run, "clock")

    assert "the database is 3,600 s ahead" in told
    assert "NTP" in told


def test_a_database_that_is_slow_to_answer_has_no_other_time(
    run: Run, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    late_by_s = iter([20, 0])

    class Slow(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Slow":
            return cls.fromtimestamp(time() - next(late_by_s), tz)

    monkeypatch.setattr(database, "datetime", Slow)

    assert "clock" not in examined(run)


def test_read_models_that_are_far_behind(run: Run, url: str, tenant: UUID) -> None:
    with Log(log_settings(url)) as log:
        log.append_now(append(tenant, events=2))
    an_hour_passes(url)
    findings = examined(run)

    assert findings["lag"]["verdict"] == "watch"
    assert "is a projector running?" in findings["lag"]["advice"].lower()


def test_a_stream_that_was_given_up(run: Run, url: str, tenant: UUID) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO opps_views.parked"
            " (tenant, projection, stream, position, event_id, tag, reason)"
            " VALUES (%s, 'board', %s, 1, %s, 'fact_learned', 'ValueError: x')",
            [tenant, uuid4(), uuid4()],
        )

    assert "`opps rebuild board`" in found_beside(run, "projections of acme")


def test_a_role_that_may_do_everything(run: Run, url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        # Roles belong to all databases of the server: this one is nobody else's.
        connection.execute("CREATE ROLE opps_too_mighty BYPASSRLS")
        try:
            told = found_beside(run, "roles")
        finally:
            connection.execute("DROP ROLE opps_too_mighty")

    assert "ALTER ROLE opps_too_mighty NOSUPERUSER NOBYPASSRLS" in told


def test_a_direct_connection_through_a_pooler(
    run: Run, installation: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = EmbeddedPostgres(installation / "postgres")
    with (
        TemporaryDirectory(prefix="opps") as directory,
        Pooler(server, Path(directory) / "pooler").running() as pooler,
    ):
        monkeypatch.setenv("OPPS_DATABASE_URL", pooler.url)
        monkeypatch.setenv("OPPS_DATABASE_DIRECT_URL", server.conninfo())
        beside = examined(run)
        monkeypatch.setenv("OPPS_DATABASE_DIRECT_URL", pooler.url)
        told = found_beside(run, "connections")

    assert list(beside) == ["settings"]
    assert "Set OPPS_DATABASE_DIRECT_URL to the server itself" in told
