"""What everybody may fetch of a ledger, and how it is told that there is nothing."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import httpx
import pytest
from starlette.applications import Starlette

from opps.api.published import published_routes
from opps.eventstore import Log
from opps.eventstore.errors import LogUnavailable
from opps.ledger.checkpoint import read_checkpoint
from opps.ledger.sealer import new_epoch
from tests.ledger import naive
from tests.ledger.logs import TENANT, MemoryLog, ledger_in, monday, sealed

SIZE = 300


class Tenants:
    """As much of a log as it takes to find a tenant."""

    away = False

    def find_tenant(self, slug: str) -> UUID | None:
        if self.away:
            raise LogUnavailable("gone")
        return TENANT if slug == "acme" else None

    async def aside(self, read: Callable[..., Any], *arguments: Any) -> Any:
        return read(*arguments)


@pytest.fixture
def log(tmp_path: Path) -> MemoryLog:
    """Return a log of 300 events that is sealed."""
    log = MemoryLog(SIZE)
    sealed(tmp_path, log)
    return log


@pytest.fixture
def tenants() -> Tenants:
    return Tenants()


class Web:
    """Asks the routes alone, and goes where it is led."""

    def __init__(self, application: Starlette) -> None:
        self._application = application

    def get(self, path: str) -> httpx.Response:
        return asyncio.run(self._get(path))

    async def _get(self, path: str) -> httpx.Response:
        to = httpx.ASGITransport(self._application)
        async with httpx.AsyncClient(
            transport=to, base_url="http://opps", follow_redirects=True
        ) as client:
            return await client.get(path)


@pytest.fixture
def web(tmp_path: Path, tenants: Tenants) -> Web:
    routes = published_routes(cast(Log, tenants), lambda _: ledger_in(tmp_path))
    return Web(Starlette(routes=routes))


def test_the_checkpoint_is_found_from_the_short_name_alone(
    web: Web, log: MemoryLog, tmp_path: Path
) -> None:
    answer = web.get("/ledger/acme/checkpoint")

    found = read_checkpoint(answer.text, ledger_in(tmp_path).public_keys())
    assert (found.size, found.root) == (SIZE, naive.root(log.hashes))
    assert answer.url.path == "/ledger/acme/1/checkpoint"
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.history[0].headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    ("path", "begin", "end"), [("0/000", 0, 256), ("0/001.p/44", 256, 300), ("0/001.p/7", 256, 263)]
)
def test_a_tile_holds_the_hashes_of_its_leaves_and_may_be_kept_for_ever(
    web: Web, log: MemoryLog, path: str, begin: int, end: int
) -> None:
    answer = web.get(f"/ledger/acme/1/tile/{path}")

    assert answer.content == b"".join(log.hashes[begin:end])
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["access-control-allow-origin"] == "*"


def test_a_tile_above_holds_the_hashes_of_whole_tiles(web: Web, log: MemoryLog) -> None:
    assert web.get("/ledger/acme/tile/1/000.p/1").content == naive.root(log.hashes[:256])


def test_a_large_tile_number_is_read_in_groups(web: Web, tmp_path: Path) -> None:
    many = MemoryLog(0)
    many.hashes = [bytes(32)] * (256 * 1001)
    sealed(tmp_path, many)

    assert web.get("/ledger/acme/1/tile/0/x001/000").content == bytes(32 * 256)


@pytest.mark.parametrize(
    "path",
    [
        "nobody/checkpoint",
        "nobody/1/checkpoint",
        "acme/2/checkpoint",
        "acme/2/tile/0/000",
        "acme/1/tile/0/001",
        "acme/1/tile/0/001.p/45",
        "acme/1/tile/0/000.p/0",
        "acme/1/tile/0/001.p/256",
        "acme/1/tile/0/0",
        "acme/1/tile/0/x000/001.p/1",
        "acme/1/tile/1/000",
        "acme/1/tile/8/000.p/1",
        "acme/1/tile/entries/000",
        "acme/",
    ],
)
def test_what_is_not_there_is_told_as_nothing(web: Web, log: MemoryLog, path: str) -> None:
    answer = web.get(f"/ledger/{path}")

    assert answer.status_code == 404
    assert answer.json()["code"] in ("NOTHING_SEALED", "NO_SUCH_TILE")
    assert answer.headers["cache-control"] == "no-cache"


def test_nothing_is_published_before_the_first_seal(web: Web) -> None:
    assert web.get("/ledger/acme/checkpoint").json()["code"] == "NOTHING_SEALED"


def test_a_new_epoch_has_an_address_of_its_own(web: Web, log: MemoryLog, tmp_path: Path) -> None:
    new_epoch(ledger_in(tmp_path), log, monday)

    assert web.get("/ledger/acme/checkpoint").url.path == "/ledger/acme/2/checkpoint"
    assert web.get("/ledger/acme/1/checkpoint").status_code == 404


@pytest.mark.parametrize("level", ["level-0", "level-4", "level-8"])
def test_a_corrupted_tile_is_not_handed_out(
    web: Web, log: MemoryLog, tmp_path: Path, level: str
) -> None:
    kept = ledger_in(tmp_path).directory / "epoch-1" / level
    kept.write_bytes(bytes(len(kept.read_bytes())))

    answer = web.get("/ledger/acme/1/tile/0/000")

    assert (answer.status_code, answer.json()["code"]) == (503, "TREE_ALTERED")
    assert str(tmp_path) not in answer.text


def test_a_state_that_disagrees_is_not_handed_out(web: Web, log: MemoryLog, tmp_path: Path) -> None:
    state = ledger_in(tmp_path).directory / "epoch-1" / "state.json"
    state.write_text(state.read_text().replace("\\n300\\n", "\\n299\\n"))

    answer = web.get("/ledger/acme/1/checkpoint")

    assert (answer.status_code, answer.json()["code"]) == (503, "LEDGER_STATE_ALTERED")


def test_a_database_that_is_away_is_told(web: Web, log: MemoryLog, tenants: Tenants) -> None:
    tenants.away = True

    answer = web.get("/ledger/acme/checkpoint")

    assert (answer.status_code, answer.json()["code"]) == (503, "LOG_UNAVAILABLE")
