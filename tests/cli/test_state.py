"""Status, doctor, tenants and the catalogue of events."""

import os
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from opps.app import Opps
from opps.config import settings
from opps.embedded import EmbeddedPostgres
from tests.cli.conftest import Outcome, Run
from tests.support import eventually


def test_status_shows_the_log(run: Run, slug: str) -> None:
    shown = run("status", "--tenant", slug, "--json").answer

    assert (shown["slug"], shown["head"]["position"], shown["embedded"]) == (slug, 0, True)
    assert f"Tenant {slug}" in run("status", "--tenant", slug).out


def test_tenants_are_listed_with_their_logs(run: Run, slug: str) -> None:
    listed = {one["slug"]: one["events"] for one in run("tenant", "list", "--json").answer}

    assert listed[slug] == 0


def test_making_a_tenant_again_changes_nothing(run: Run, slug: str) -> None:
    first = run("tenant", "create", slug, "--json").answer

    assert run("tenant", "create", slug, "--json").answer == first
    assert run("tenant", "create", slug, "--id", uuid4()).code == 2


def test_a_slug_that_breaks_the_rules_is_refused(run: Run) -> None:
    refused = run("tenant", "create", "Not A Slug")

    assert (refused.code, "a to z" in refused.err) == (2, True)
    assert "constraint" not in refused.err


def test_an_id_stands_for_one_tenant(run: Run, slug: str) -> None:
    taken = run("tenant", "create", slug, "--json").answer["tenant"]

    refused = run("tenant", "create", f"{slug}-2", "--id", taken)

    assert (refused.code, "opps tenant list" in refused.err) == (2, True)
    assert "constraint" not in refused.err


@pytest.mark.parametrize(
    "command",
    ["status", "verify", "rebuild all", "tenant list", "backup {}/a.backup", "export jsonl {}/a"],
)
def test_who_only_looks_makes_no_data(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str
) -> None:
    nowhere = tmp_path / "nowhere"
    monkeypatch.setenv("OPPS_DATA_DIRECTORY", str(nowhere))

    refused = run(*command.format(tmp_path).split())

    assert refused.code == 2
    assert f"no data of opps in {nowhere}" in refused.err
    assert "OPPS_DATA_DIRECTORY" in refused.err
    assert list(tmp_path.iterdir()) == []


def test_migrating_again_says_so(run: Run) -> None:
    assert "already" in run("migrate").out


def test_the_doctor_finds_a_sound_installation_sound(run: Run) -> None:
    outcome = run("doctor", "--json")

    subjects = {one["subject"]: one["verdict"] for one in outcome.answer}
    assert outcome.code == 0
    assert {"python", "database", "durability", "roles", "row security", "keys"} <= subjects.keys()
    assert set(subjects.values()) <= {"good", "watch"}


def test_the_doctor_finds_keys_that_others_may_read(run: Run, installation: Path) -> None:
    keys = installation / "keys"
    keys.mkdir(mode=0o700, exist_ok=True)
    try:
        keys.chmod(0o755)
        outcome = run("doctor", "--json")
    finally:
        keys.chmod(0o700)

    assert (outcome.code, _to_mend(outcome)) == (1, ["keys"])


def test_the_doctor_changes_nothing_where_opps_never_ran(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("OPPS_DATA_DIRECTORY", str(tmp_path))

    assert run("doctor").code == 0
    assert list(tmp_path.iterdir()) == []


def test_the_catalogue_names_every_event_and_kind_of_fact(run: Run) -> None:
    from opps.domain.events import TAGS
    from opps.domain.facts import KINDS

    shown = run("events", "--json").answer

    assert {one["tag"] for one in shown["events"]} == set(TAGS)
    assert {one["kind"] for one in shown["facts"]} == set(KINDS)


def test_every_kind_of_fact_shows_its_rules(run: Run) -> None:
    influence = next(
        one for one in run("events", "--json").answer["facts"] if one["kind"] == "influence"
    )

    assert influence["key"] == ["influence:{evaluator_id}"]
    assert influence["conflict"] == "Two steps apart."
    assert influence["facets"] == ["INFLUENCE"]
    assert influence["horizon_days"] == 120


def test_scripts_read_the_schema_and_whether_it_is_current(run: Run) -> None:
    file = Path(__file__).parents[2] / "schema.graphql"

    schema = run("schema", "--json").answer["graphql"]
    compared = run("schema", "--check", "--file", file, "--json").answer

    assert "type Query {" in schema
    assert compared == {"file": str(file), "current": schema.strip() == file.read_text().strip()}


def test_the_page_of_events_is_current(run: Run) -> None:
    page = Path(__file__).parents[2] / "docs" / "events.md"

    assert run("events", "--check", "--file", page).code == 0


def test_an_old_page_of_events_ends_with_1(run: Run, tmp_path: Path) -> None:
    old = tmp_path / "events.md"
    old.write_text("# Events\n")

    outcome = run("events", "--check", "--file", old)

    assert (outcome.code, "opps events --markdown" in outcome.err) == (1, True)


@pytest.fixture
def own_database(installation: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Name an empty database of one's own, as OPPS_DATABASE_URL does."""
    server = EmbeddedPostgres(installation / "postgres")
    name = f"own_{uuid4().hex}"
    with psycopg.connect(server.conninfo("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    monkeypatch.setenv("OPPS_DATABASE_URL", server.conninfo(name))
    return name


def test_a_database_of_ones_own_is_migrated_only_on_request(run: Run, own_database: str) -> None:
    before = run("status")
    migrated = run("migrate", "--json").answer
    after = run("status")
    made = run("tenant", "create", "default")

    assert (before.code, "opps migrate" in before.err) == (2, True)
    assert migrated["before"] is None
    assert (after.code, "opps tenant create default" in after.err) == (2, True)
    assert (made.code, run("status").code) == (0, 0)


def test_in_production_a_login_that_sees_everything_is_refused(
    run: Run, own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("migrate")
    monkeypatch.setenv("OPPS_ENVIRONMENT", "production")

    refused = run("status")
    examined = run("doctor", "--json")

    assert (refused.code, "superuser" in refused.err) == (2, True)
    assert (examined.code, "login" in _to_mend(examined)) == (1, True)


def test_the_doctor_finds_a_guard_that_was_taken_away(run: Run, own_database: str) -> None:
    run("migrate")
    with psycopg.connect(os.environ["OPPS_DATABASE_URL"], autocommit=True) as connection:
        connection.execute("ALTER TABLE opps.events NO FORCE ROW LEVEL SECURITY")

    examined = run("doctor", "--json")

    assert (examined.code, _to_mend(examined)) == (1, ["row security"])


def test_the_doctor_finds_a_database_that_forgets(run: Run, own_database: str) -> None:
    run("migrate")
    with psycopg.connect(os.environ["OPPS_DATABASE_URL"], autocommit=True) as connection:
        connection.execute(
            sql.SQL("ALTER DATABASE {} SET synchronous_commit = off").format(
                sql.Identifier(own_database)
            )
        )

    examined = run("doctor", "--json")

    assert (examined.code, _to_mend(examined)) == (1, ["durability"])


def _to_mend(examined: Outcome) -> list[str]:
    return [one["subject"] for one in examined.answer if one["verdict"] == "mend"]


def test_status_shows_who_leads_and_how_long_events_wait(run: Run, own_database: str) -> None:
    run("migrate")
    run("tenant", "create", "default")
    before = run("status", "--json").answer
    with Opps(settings()) as opps, opps.projecting() as projector:
        eventually(lambda: projector.leading)
        during = run("status", "--json").answer
        said = run("status").out

    assert before["leader"] is None
    assert during["leader"]["name"] == "opps projector"
    assert "opps projector leads since" in said
    assert (during["sealed"], during["lag_s"]) == (None, 0.0)
