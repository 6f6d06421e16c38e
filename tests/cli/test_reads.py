"""Saved reads from the command line: listed, shown, replayed, and purged."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from opps.api.audited import carried_out
from opps.api.bodies import Asked
from opps.api.context import Services
from opps.api.identity import Viewer
from opps.api.schema import schema
from opps.api.shutdown import Draining
from opps.app import Opps
from opps.application.read_saving import ReadSaving
from opps.config import settings
from opps.domain.audited_reads import AuditedReads
from opps.domain.recorded import Actor, Via
from tests.cli.conftest import Run
from tests.cli.stock import NAME, open_deal, stock

MANAGER = UUID(int=77)
EVENTS = "query Looking($n: Int) { events(first: $n) { nodes { tag content } } }"


@pytest.fixture
def looked(run: Run, slug: str) -> dict[str, Any]:
    """Return the one saved read: a manager looked at what was recorded."""
    stock(slug)
    asyncio.run(_look(slug))
    [found] = run("reads", "list", "--tenant", slug, "--json").answer
    read: dict[str, Any] = found
    return read


async def _look(slug: str) -> None:
    with Opps(settings()) as opps:
        actor = Actor(principal=MANAGER, role="MANAGER", via=Via.GRAPHQL)
        viewer = Viewer(tenant=opps.tenant(slug), slug=slug, actor=actor)
        marks = AuditedReads.read("role:MANAGER")
        async with opps.views() as views:
            saving = ReadSaving(opps.log)
            services = Services(opps.application, views, opps.ledger, Draining(), saving, marks)
            wanted = Asked(EVENTS, {"n": 9})
            result = await carried_out(schema(), services, viewer, wanted)
        assert not result.errors


def test_a_read_is_listed_with_who_saw_what(run: Run, slug: str, looked: dict[str, Any]) -> None:
    told = run("reads", "list", "--tenant", slug)

    assert (looked["principal"], looked["role"]) == (str(MANAGER), "MANAGER")
    assert (looked["operation"], looked["position"]) == ("Looking", 2)
    assert [one["path"] for one in looked["shown"]] == ["events.nodes.content"]
    assert looked["read_id"] in told.out
    assert NAME not in told.out


def test_reads_are_found_by_person_principal_and_time(
    run: Run, slug: str, looked: dict[str, Any]
) -> None:
    def found(*options: object) -> int:
        return len(run("reads", "list", "--tenant", slug, "--json", *options).answer)

    person = looked["shown"][0]["person_id"]
    assert found("--person", person) == 1
    assert found("--person", uuid4()) == 0
    assert found("--principal", MANAGER) == 1
    assert found("--operation", "Other") == 0
    assert found("--since", "2020-01-01") == 1
    assert found("--until", "2020-01-01") == 0


def test_one_read_is_shown(run: Run, slug: str, looked: dict[str, Any]) -> None:
    told = run("reads", "show", looked["read_id"], "--tenant", slug)

    assert run("reads", "show", looked["read_id"], "--tenant", slug, "--json").answer == looked
    assert "MANAGER" in told.out
    assert "events.nodes.content" in told.out


def test_what_was_seen_is_shown_again_and_that_is_saved_too(
    run: Run, slug: str, looked: dict[str, Any]
) -> None:
    open_deal(slug)
    replayed = run("reads", "replay", looked["read_id"], "--tenant", slug, "--json")
    told = run("reads", "replay", looked["read_id"], "--tenant", slug)

    assert replayed.code == 0
    assert replayed.answer["identical"]
    assert replayed.answer["variables"] == {"n": 9}
    assert "OpportunityOpened" not in replayed.answer["answer"]
    assert NAME in told.out
    assert "byte for byte" in told.out
    listed = run("reads", "list", "--tenant", slug, "--json").answer
    assert [one["operation"] for one in listed] == ["Replay", "Replay", "Looking"]


@pytest.mark.parametrize("command", ["show", "replay"])
def test_a_read_that_never_was_is_told(run: Run, slug: str, command: str) -> None:
    outcome = run("reads", command, uuid4(), "--tenant", slug)

    assert outcome.code == 2
    assert "no saved read" in outcome.err


def test_old_reads_are_purged_and_young_ones_kept(
    run: Run, slug: str, looked: dict[str, Any]
) -> None:
    answer = run("reads", "purge", "--tenant", slug, "--json").answer

    assert answer == {"deleted": 0, "kept_days": 365}
    assert "0 reads" in run("reads", "purge", "--older-than-days", 1, "--tenant", slug).out
    assert len(run("reads", "list", "--tenant", slug, "--json").answer) == 1
