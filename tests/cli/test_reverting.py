"""Imports from the command line: killed and run again, listed, and taken back."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from opps.embedded import EmbeddedPostgres
from opps.eventstore import Log, LoggedEvent, LogSettings
from tests.cli.conftest import Outcome, Run
from tests.cli.processes import running
from tests.integrations.importing.support import CSV_MAPPING, HEADER
from tests.support import eventually

DEALS = 2_500
# A stage, an amount and a category; the title is told by the opening.
TYPED_OF_A_DEAL = 3
EVENTS_OF_A_DEAL = 1 + TYPED_OF_A_DEAL


EXAMPLES = Path(__file__).parents[2] / "examples"
EVERY_IMPORTER = (
    ("xes", "import/quotes.xes", "-m", "mappings/quotes.toml"),
    ("history-csv", "import/crm-history.csv", "-m", "mappings/crm-history.toml"),
    ("facts-csv", "import/deal-review.csv", "-m", "mappings/deal-review.toml"),
    ("salesforce-csv", "import/salesforce"),
    ("hubspot-csv", "import/hubspot"),
)


@pytest.fixture
def crm(tmp_path: Path) -> Path:
    path = tmp_path / "mapping.toml"
    path.write_text(CSV_MAPPING)
    return path


def history(room: Path, deals: int) -> Path:
    """Return a field history of so many opportunities."""
    path = room / "history.csv"
    with path.open("w") as file:
        file.write(HEADER + "\n")
        for number in range(deals):
            for field, value in (
                ("stage", "one"),
                ("amount", number + 1),
                ("forecast", "Commit"),
                ("name", f"Deal {number} of many"),
            ):
                file.write(f"D{number},{field},,{value},2026-03-02T09:00:00+01:00,nuria,crm\n")
    return path


class Told:
    """The log of a tenant, read beside the commands."""

    def __init__(self, log: Log, slug: str) -> None:
        self.log = log
        tenant = log.find_tenant(slug)
        assert tenant is not None
        self.tenant = tenant

    def size(self) -> int:
        head = self.log.head(self.tenant)
        return 0 if head is None else head.size

    def events(self) -> list[LoggedEvent]:
        return self.log.read(self.tenant, 0, 1_000_000)

    def kinds(self) -> Counter[str]:
        return Counter(one.tag for one in self.events())


@pytest.fixture
def told(installation: Path, slug: str) -> Iterator[Told]:
    """Yield the log of the tenant, read beside the commands."""
    settings = LogSettings(url=EmbeddedPostgres(installation / "postgres").conninfo())
    with Log(settings) as log:
        yield Told(log, slug)


def imported(run: Run, slug: str, file: Path, crm: Path) -> Outcome:
    return run("import", "history-csv", file, "-m", crm, "--tenant", slug, "--json")


def test_an_import_that_was_killed_goes_on_and_stores_nothing_twice(
    run: Run, installation: Path, slug: str, told: Told, crm: Path, tmp_path: Path
) -> None:
    file = history(tmp_path, DEALS)
    arguments = ("import", "history-csv", str(file), "-m", str(crm), "--tenant", slug)

    with running(*arguments, data_directory=installation) as process:
        eventually(lambda: told.size() > EVENTS_OF_A_DEAL * 100, 60)
        process.child.kill()
        assert process.ended() != 0
    half = told.kinds()
    listed = run("imports", "list", "--tenant", slug, "--json").answer["imports"]
    resumed = imported(run, slug, file, crm).answer
    whole = told.events()
    again = imported(run, slug, file, crm).answer

    assert 0 < half["OpportunityOpened"] < DEALS
    assert half["ImportCompleted"] == 0
    assert [one["status"] for one in listed] == ["BEGUN"]
    assert resumed["opened"] == DEALS - half["OpportunityOpened"]
    assert resumed["already"] == TYPED_OF_A_DEAL * half["OpportunityOpened"]
    kinds = told.kinds()
    assert kinds["OpportunityOpened"] == kinds["AmountEstimated"] == DEALS
    assert (kinds["ImportStarted"], kinds["ImportCompleted"]) == (1, 1)
    assert len({one.event_id for one in whole}) == len(whole) == sum(kinds.values())
    streams = Counter(one.stream for one in whole)
    assert Counter(streams.values())[EVENTS_OF_A_DEAL] == DEALS
    assert (again["opened"], told.events()) == (0, whole)


def test_a_revert_that_was_killed_goes_on_and_an_import_after_it_comes_in(
    run: Run, installation: Path, slug: str, told: Told, crm: Path, tmp_path: Path
) -> None:
    file = history(tmp_path, DEALS)
    import_id = imported(run, slug, file, crm).answer["import_id"]
    arguments = ("imports", "revert", import_id, "--reason", "The wrong file", "--tenant", slug)
    before = told.size()

    with running(*arguments, data_directory=installation) as process:
        eventually(lambda: told.size() > before, 60)
        process.child.kill()
        process.ended()
    done = run(*arguments, "--json")
    twice = run(*arguments)

    kinds = told.kinds()
    assert done.answer["withdrawn"] == done.answer["events"] == DEALS
    assert (kinds["OpportunityWithdrawn"], kinds["ImportReverted"]) == (DEALS, 1)
    assert twice.code == 2
    assert "was reverted already" in twice.err
    again = imported(run, slug, file, crm).answer
    assert (again["attempt"], again["opened"]) == (2, DEALS)
    shown = run("imports", "show", import_id, "--tenant", slug)
    assert "Reason: The wrong file" in shown.out
    assert "REVERTED" in run("imports", "list", "--tenant", slug).out


def test_an_import_that_came_to_its_end_is_shown_as_complete(
    run: Run, slug: str, crm: Path, tmp_path: Path
) -> None:
    import_id = imported(run, slug, history(tmp_path, 1), crm).answer["import_id"]

    shown = run("imports", "show", import_id, "--tenant", slug)

    assert "attempt 1: COMPLETE." in shown.out
    assert "It is not complete" not in shown.out + shown.err


def test_what_cannot_be_reverted_is_told_plainly(
    run: Run, slug: str, crm: Path, tmp_path: Path
) -> None:
    import_id = imported(run, slug, history(tmp_path, 1), crm).answer["import_id"]
    revert = ("imports", "revert", import_id, "--tenant", slug, "--reason")

    unknown = run("imports", "revert", uuid4(), "--tenant", slug, "--reason", "Wrong")
    blank, long = run(*revert, " "), run(*revert, "x" * 2_001)
    missing = run("imports", "show", uuid4(), "--tenant", slug)
    dry = run(*revert, "Wrong", "--dry-run")

    assert [one.code for one in (unknown, blank, long, missing)] == [2, 2, 2, 2]
    assert "There is no import" in unknown.err
    assert "reason is blank" in blank.err
    assert "2,000 may be" in long.err
    assert "opps imports list" in missing.err
    assert (dry.code, "What a revert would do" in dry.out) == (0, True)
    assert (
        run("imports", "list", "--tenant", slug, "--json").answer["imports"][0]["status"]
        == "COMPLETE"
    )


def test_nothing_imported_is_said_in_words(run: Run, slug: str) -> None:
    assert "Nothing was imported yet." in run("imports", "list", "--tenant", slug).out


@pytest.mark.parametrize("command", EVERY_IMPORTER, ids=lambda command: str(command[0]))
def test_whatever_was_imported_can_be_taken_back_and_imported_again(
    run: Run, slug: str, told: Told, command: tuple[str, ...], tmp_path: Path
) -> None:
    kind, *given = command
    places = [EXAMPLES / one if "/" in one else one for one in given]
    results, rejects = tmp_path / "results.jsonl", tmp_path / "rejects.jsonl"
    files = ("--results", results, "--rejects", rejects)

    def imports() -> dict[str, Any]:
        answer = run("import", kind, *places, *files, "--tenant", slug, "--json").answer
        assert isinstance(answer, dict)
        return answer

    first = imports()
    rows = results.read_text().splitlines()
    revert = ("imports", "revert", first["import_id"], "--reason", "Wrong", "--tenant", slug)
    done = run(*revert, "--json").answer
    second = imports()
    grown = told.size()
    third = imports()

    assert first["opened"] > 0
    assert (done["withdrawn"], done["put_back"]) == (first["opened"], 0)
    assert (second["opened"], second["attempt"]) == (first["opened"], 2)
    in_opportunities = {
        kind: count
        for kind, count in first["stored"].items()
        if not kind.startswith(("Account", "Person"))
    }
    assert {kind: second["stored"][kind] for kind in in_opportunities} == in_opportunities
    assert (third["opened"], third["extended"], told.size()) == (0, 0, grown)
    assert len(rows) >= first["rows"]
