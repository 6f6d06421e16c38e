"""Commands run in this process against one durable server, which they find running."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import pytest

from opps.cli import main
from opps.embedded import EmbeddedPostgres
from opps.eventstore.migrations import migrate


class Outcome(NamedTuple):
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def answer(self) -> Any:
        """The JSON it printed."""
        assert self.out, self.err
        return json.loads(self.out)


Run = Callable[..., Outcome]


@contextmanager
def installed(directory: Path) -> Iterator[Path]:
    """Yield a data directory whose server runs."""
    with EmbeddedPostgres(directory / "postgres") as server:
        migrate(server.conninfo())
        yield directory


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Yield the data directory that most tests share, each with a tenant of its own."""
    with installed(tmp_path_factory.mktemp("installation")) as directory:
        yield directory


@pytest.fixture(scope="session")
def quiet_installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Yield one for tests that rebuild: that is done for every tenant, and here are few."""
    with installed(tmp_path_factory.mktemp("quiet")) as directory:
        yield directory


@pytest.fixture
def run(
    installation: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Return a function that runs one command there."""
    monkeypatch.setenv("OPPS_DATA_DIRECTORY", str(installation))
    monkeypatch.setenv("OPPS_ENVIRONMENT", "development")
    monkeypatch.setenv("COLUMNS", "200")

    def run_one(*arguments: object) -> Outcome:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        code = ended.value.code
        return Outcome(code if isinstance(code, int) else 0, printed.out, printed.err)

    return run_one


@pytest.fixture
def slug(run: Run) -> str:
    """Return the short name of a fresh tenant."""
    name = f"t{uuid4().hex[:12]}"
    assert run("tenant", "create", name).code == 0
    return name
