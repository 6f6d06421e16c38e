"""Rebuild and verify from the command line."""

from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from opps.embedded import EmbeddedPostgres
from opps.projections.registry import PROJECTIONS
from tests.cli.conftest import Run
from tests.cli.quiet import installation
from tests.cli.stock import stock

__all__ = ["installation"]

NAMES = [projection.name for projection in PROJECTIONS]


@pytest.fixture
def stocked(run: Run, slug: str) -> str:
    """Return the short name of a tenant with an account, projected."""
    stock(slug)
    assert run("rebuild", "all").code == 0
    return slug


def test_what_was_rebuilt_is_up_to_the_log(run: Run, stocked: str) -> None:
    shown = run("status", "--tenant", stocked, "--json").answer

    assert sorted(one["name"] for one in shown["projections"]) == sorted(NAMES)
    assert {one["lag"] for one in shown["projections"]} == {0}


def test_a_log_without_read_models_is_told(run: Run, slug: str) -> None:
    empty = run("verify", "--tenant", slug)
    stock(slug)

    shown, compared = run("status", "--tenant", slug), run("verify", "--tenant", slug)

    assert "The log is empty" in empty.out
    assert (shown.code, compared.code) == (0, 0)
    assert all("No read models yet: `opps serve` or" in one.out for one in (shown, compared))
    assert "Log and read models" not in compared.out
    assert "projections" in run("doctor").out
    assert run("verify", "--tenant", slug, "--json").answer["missing"] is not None


def test_read_models_that_are_missing_are_named(run: Run, slug: str) -> None:
    stock(slug)
    run("rebuild", "accounts")

    told = run("verify", "--tenant", slug).out
    run("rebuild", "all")

    others = [name for name in NAMES if name != "accounts"]
    assert f"No {', '.join(others)} yet" in " ".join(told.split())
    assert "Log and read models are what they should be" in run("verify", "--tenant", slug).out


def test_every_projection_is_rebuilt_by_its_name(run: Run, stocked: str) -> None:
    for name in NAMES:
        assert run("rebuild", name, "--json").answer == {"projections": [name]}


def test_an_unknown_projection_is_told_with_the_known_ones(run: Run) -> None:
    outcome = run("rebuild", "nonsense")

    assert outcome.code == 2
    assert all(name in outcome.err for name in NAMES)


def test_a_sound_tenant_is_verified(run: Run, stocked: str) -> None:
    outcome = run("verify", "--tenant", stocked, "--json")

    assert outcome.code == 0
    assert (outcome.answer["events"], outcome.answer["difference"]) == (2, None)


def test_a_changed_row_ends_with_1_and_says_where(
    run: Run, installation: Path, stocked: str
) -> None:
    tenant = UUID(run("verify", "--tenant", stocked, "--json").answer["tenant"])
    server = EmbeddedPostgres(installation / "postgres")
    with psycopg.connect(server.conninfo(), autocommit=True) as connection:
        connection.execute("SET ROLE opps_projector")
        connection.execute("SELECT set_config('app.tenant', %s, false)", [str(tenant)])
        connection.execute("UPDATE opps_views.accounts SET name = 'Other'")

    outcome = run("verify", "--tenant", stocked)

    assert outcome.code == 1
    assert "accounts" in outcome.out
    assert "name is Other, and should be Halden Foods" in outcome.out
    assert run("verify", "--all").code == 1
    assert run("rebuild", "accounts").code == 0
    assert run("verify", "--tenant", stocked).code == 0
