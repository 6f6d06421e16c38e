"""What takes too long is given up, and what was stored by then stays stored."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.sql import SQL

from opps.api.limits import Limits
from opps.api.negotiation import GRAPHQL_JSON
from opps.api.timing import TookTooLong, within
from opps.eventstore import StatementTimeout
from opps.projections.views import Views
from tests.api.deals import evaluator, learned, new_id, opened, stated
from tests.api.support import Api, Installation, Socket, served_api
from tests.support import eventually

HURRIED = Limits(execution_s=0.5)
COUNT = "{ opportunities { totalCount } }"
WHO = "{ viewer { role } }"
NEWS = "subscription { scoreChanged { __typename } }"
RENAME = """mutation ($input: RenameOpportunityInput!) {
  renameOpportunity(input: $input) { replayed version userErrors { code } %s }
}"""


@pytest.fixture(scope="module")
def hurried(installation: Installation) -> Iterator[Api]:
    """Yield a client of a server that gives up after half a second."""
    with served_api(installation, limits=HURRIED) as client:
        yield client


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let counting opportunities, and looking for the next question, never end."""

    async def wait(*_: Any) -> Any:
        await asyncio.Event().wait()

    monkeypatch.setattr(Views, "count", wait)
    monkeypatch.setattr("opps.api.mutations.next_best_questions", wait)


def rename(id_: str) -> dict[str, Any]:
    return {
        "commandId": new_id(),
        "opportunityId": id_,
        "expectedVersion": None,
        "title": "Renamed",
    }


def code(answer: httpx.Response) -> str:
    [error] = answer.json()["errors"]
    found: str = error["extensions"]["code"]
    return found


@pytest.mark.usefixtures("endless")
@pytest.mark.parametrize("accept", ["application/json", GRAPHQL_JSON])
def test_a_query_that_takes_too_long_is_given_up_and_the_next_one_is_answered(
    hurried: Api, accept: str
) -> None:
    slow = hurried.client.post(hurried.url, json={"query": COUNT}, headers={"accept": accept})

    assert (slow.status_code, code(slow)) == (503, "TIMEOUT")
    assert "data" not in slow.json()
    assert hurried.ask(WHO) == {"viewer": {"role": "ADMIN"}}


@pytest.mark.usefixtures("endless")
def test_what_a_command_stored_before_it_was_given_up_stays_and_is_told_on_repeating_it(
    api: Api, hurried: Api
) -> None:
    command = rename(opened(api))
    slow = hurried.post(RENAME % "nextBestQuestions { words }", {"input": command})
    again = api.ask(RENAME % "", input=command)["renameOpportunity"]

    assert code(slow) == "TIMEOUT"
    assert "repeat it under its id" in slow.json()["errors"][0]["message"]
    assert again == {"replayed": True, "version": 1, "userErrors": []}


def test_a_command_that_waits_for_the_log_longer_than_its_caller_is_stored_all_the_same(
    api: Api, hurried: Api, installation: Installation
) -> None:
    command = rename(opened(api))
    with nobody_writes(installation.database):
        slow = hurried.post(RENAME % "", {"input": command})
    query = "query ($id: ID!) { opportunity(id: $id) { version } }"
    eventually(lambda: api.ask(query, id=command["opportunityId"])["opportunity"]["version"] == 1)
    again = api.ask(RENAME % "", input=command)["renameOpportunity"]

    assert code(slow) == "TIMEOUT"
    assert again == {"replayed": True, "version": 1, "userErrors": []}


@pytest.mark.usefixtures("endless")
def test_over_a_socket_a_query_is_given_up_and_a_subscription_goes_on(
    api: Api, hurried: Api
) -> None:
    id_ = opened(api)
    with hurried.socket() as socket:
        socket.subscribe(NEWS, id="news")
        for number in range(2):
            socket.subscribe(COUNT, id=str(number))
            told = next_of(socket, str(number))
            assert told["type"] == "error"
            assert told["payload"][0]["extensions"]["code"] == "TIMEOUT"
        learned(api, id_, stated(evaluator(new_id(), "CEO")))
        kinds = iter(lambda: kind_of(next_of(socket, "news")), "ScoreChanged")

        assert set(kinds) <= {"StreamCaughtUp"}


def next_of(socket: Socket, id_: str) -> dict[str, Any]:
    """Return the next message of an operation."""
    while (message := socket.receive())["id"] != id_:
        pass
    return message


def kind_of(message: dict[str, Any]) -> str:
    """Return what kind of news a message has."""
    assert message["type"] == "next", message
    kind: str = message["payload"]["data"]["scoreChanged"]["__typename"]
    return kind


def test_a_statement_that_takes_too_long_is_told_as_such(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def slow(views: Views, tenant: Any, *_: Any) -> int:
        return len(await views.reading.rows(tenant, SQL("SELECT pg_sleep(20)")))

    monkeypatch.setattr(Views, "count", slow)
    with served_api(installation, statement_s=0.2) as api:
        answer = api.post(COUNT)

    assert code(answer) == "STATEMENT_TIMEOUT"
    assert "pg_sleep" not in answer.text


async def test_a_statement_may_take_as_long_as_is_allowed_and_the_connection_is_used_again(
    installation: Installation,
) -> None:
    views = Views(installation.database, connections=1, statement_s=0.5)
    async with views:
        quick = await views.reading.rows(installation.tenant, SQL("SELECT pg_sleep(0.01)"))
        with pytest.raises(StatementTimeout):
            await views.reading.rows(installation.tenant, SQL("SELECT pg_sleep(20)"))
        again = await views.reading.rows(installation.tenant, SQL("SELECT 1 AS one"))

    assert (len(quick), again) == (1, [{"one": 1}])


async def test_whoever_is_given_up_leaves_a_connection_that_the_next_one_can_use(
    installation: Installation,
) -> None:
    views = Views(installation.database, connections=1)
    async with views:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await views.reading.rows(installation.tenant, SQL("SELECT pg_sleep(20)"))
        again = await views.reading.rows(installation.tenant, SQL("SELECT 1 AS one"))

    assert again == [{"one": 1}]


@contextmanager
def nobody_writes(database: str) -> Iterator[None]:
    """Let every append wait within the block."""
    with psycopg.connect(database) as connection:
        connection.execute("LOCK TABLE opps.events IN EXCLUSIVE MODE")
        yield


async def test_somebody_elses_impatience_is_not_ours() -> None:
    with pytest.raises(TimeoutError):
        async with within(20):
            raise TimeoutError
    with pytest.raises(TookTooLong):
        async with within(20), within(0.01):
            await asyncio.Event().wait()


async def test_without_a_limit_it_takes_as_long_as_it_does() -> None:
    async with within(0):
        await asyncio.sleep(0)
