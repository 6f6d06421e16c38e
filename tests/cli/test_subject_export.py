"""What is held of a person, from the command line."""

import asyncio
import json
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from opps.app import Opps
from opps.application import Request
from opps.config import settings
from opps.domain.person import RegisterPerson
from opps.domain.recorded import Actor, Via
from tests.cli.conftest import Run

NAME = "Nora Lindqvist"


@pytest.fixture
def nora(run: Run, slug: str) -> UUID:
    """Return a registered person."""
    person = uuid4()

    async def register() -> None:
        with Opps(settings()) as opps:
            actor = Actor(principal=uuid4(), role="ADMIN", via=Via.GRAPHQL)
            asking = Request(tenant=opps.tenant(slug), actor=actor, command_id=uuid4())
            await opps.application.person(RegisterPerson(person_id=person, name=NAME), asking)

    asyncio.run(register())
    return person


def test_it_is_written_for_programs_and_for_people(
    run: Run, slug: str, nora: UUID, tmp_path: Path
) -> None:
    file = tmp_path / "nora.html"
    printed = run("privacy", "export", nora, "--json", "--tenant", slug).answer
    written = run("privacy", "export", nora, "--html", "--out", file, "--tenant", slug)
    told = run("privacy", "export", nora, "--tenant", slug)

    assert (printed["format"], printed["values"][0]["text"]) == ("opps-subject-export/1", NAME)
    assert NAME in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600
    assert str(file) in written.out
    assert "1 text held, 0 texts erased" in told.out
    assert NAME not in told.out


def test_a_file_holds_what_would_be_printed(
    run: Run, slug: str, nora: UUID, tmp_path: Path
) -> None:
    file = tmp_path / "nora.json"
    assert run("privacy", "export", nora, "--json", "--out", file, "--tenant", slug).code == 0
    again = run("privacy", "export", nora, "--json", "--out", file, "--tenant", slug)

    assert json.loads(file.read_text())["person_id"] == str(nora)
    assert (again.code, "--force" in again.err) == (2, True)


@pytest.mark.parametrize("wrong", [["--json", "--html"], ["--out", "nora.txt"]])
def test_one_form_is_chosen(run: Run, slug: str, nora: UUID, wrong: list[str]) -> None:
    refused = run("privacy", "export", nora, *wrong, "--tenant", slug)

    assert (refused.code, "--json or --html" in refused.err) == (2, True)
