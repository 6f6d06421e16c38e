"""Log lines tell what broke and where, with ids, and never what anybody stated."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any, NoReturn
from uuid import UUID, uuid4

import psycopg
import pytest

from opps.eventstore import LogUnavailable
from opps.telemetry import asking, logs

PLANTED = "Dana Okafor wants a discount"
LOGGER = logging.getLogger("opps.tests")


@pytest.fixture
def told() -> Iterator[io.StringIO]:
    """Yield what is logged, as JSON lines."""
    yield from _logged("json")


@pytest.fixture
def text() -> Iterator[io.StringIO]:
    """Yield what is logged, as lines for people."""
    yield from _logged("text")


def _logged(form: str) -> Iterator[io.StringIO]:
    root, own = logging.getLogger(), logging.getLogger("opps")
    before, level, own_level = root.handlers[:], root.level, own.level
    stream = io.StringIO()
    handler = logs.begin(form, "info", stream)
    try:
        yield stream
    finally:
        root.removeHandler(handler)
        root.handlers[:] = before
        root.setLevel(level)
        own.setLevel(own_level)
        logging.raiseExceptions = True


def line(told: io.StringIO) -> dict[str, Any]:
    """Return the one line that was logged."""
    [found] = told.getvalue().splitlines()
    parsed: dict[str, Any] = json.loads(found)
    return parsed


def fail() -> NoReturn:
    """Fail on something that somebody stated."""
    try:
        raise KeyError(PLANTED)
    except KeyError as cause:
        raise ValueError(f"cannot read {PLANTED}") from cause


def test_a_failure_is_told_by_its_kind_and_place_and_not_by_its_words(told: io.StringIO) -> None:
    try:
        fail()
    except ValueError:
        LOGGER.exception("stumbled")
    error, cause = line(told)["error"]

    assert PLANTED not in told.getvalue()
    assert (error["told"], cause["told"]) == ("ValueError", "KeyError")
    assert error["stack"][-1].endswith(" fail")
    assert "tests/telemetry/test_logs.py:" in error["stack"][-1]


def test_a_failure_within_a_message_is_told_as_carefully(told: io.StringIO) -> None:
    LOGGER.warning("it waits: %s", ValueError(PLANTED))

    assert line(told)["message"] == "it waits: ValueError"


def test_what_is_known_to_speak_of_servers_only_is_told_in_its_words(told: io.StringIO) -> None:
    away = LogUnavailable("the database does not answer: connection refused\nDETAIL: " + PLANTED)
    LOGGER.warning("%s", away)

    assert line(told)["message"] == (
        "LogUnavailable: the database does not answer: connection refused"
    )


def test_what_a_database_refuses_is_told_by_its_names(told: io.StringIO, database: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("CREATE TEMP TABLE guests (name text UNIQUE)")
        connection.execute("INSERT INTO guests VALUES (%s)", [PLANTED])
        try:
            connection.execute("INSERT INTO guests VALUES (%s)", [PLANTED])
        except psycopg.Error as refused:
            LOGGER.error("refused: %s", refused, exc_info=refused)

    assert PLANTED not in told.getvalue()
    assert line(told)["message"] == "refused: UniqueViolation 23505 guests guests_name_key"


def test_a_line_told_while_a_request_is_answered_carries_its_ids(told: io.StringIO) -> None:
    command, undertaking = uuid4(), uuid4()
    now = asking.Asking(request_id="r" * 16, correlation_id=undertaking, command_id=command)
    with asking.answering(now):
        LOGGER.info("answered", extra={"operation": "Board", "ms": 1.5, "unknown": PLANTED})
    found = line(told)

    assert (found["request_id"], found["command_id"]) == ("r" * 16, str(command))
    assert found["correlation_id"] == str(undertaking)
    assert (found["operation"], found["ms"]) == ("Board", 1.5)
    assert PLANTED not in told.getvalue()
    assert found["time"].endswith("Z")


def test_no_line_can_be_made_to_look_like_two(text: io.StringIO) -> None:
    LOGGER.warning("a name: %s", "x\r\x1b[2J\u2028y")

    assert len(text.getvalue().splitlines()) == 1
    assert "\x1b" not in text.getvalue()


def test_what_a_line_quotes_begins_no_line_of_its_own(text: io.StringIO) -> None:
    LOGGER.warning("a name: %s", "x\n2026-01-01T00:00:00.000Z ERROR opps: all is lost")

    [first, *others] = text.getvalue().splitlines()
    assert "a name: x" in first
    assert all(one.startswith("  ") for one in others)


def test_people_read_the_same_in_lines_of_text(text: io.StringIO) -> None:
    with asking.answering(asking.Asking(request_id="r" * 16)):
        try:
            fail()
        except ValueError:
            LOGGER.exception("stumbled")

    assert PLANTED not in text.getvalue()
    assert f"ERROR opps.tests: stumbled [request_id={'r' * 16}]" in text.getvalue()
    assert "  ValueError\n" in text.getvalue()


def test_what_others_log_is_cut_where_it_shows_what_they_work_on(told: io.StringIO) -> None:
    logging.getLogger("asyncio").error("Task exception was never retrieved\nfuture: " + PLANTED)

    assert line(told)["message"] == "Task exception was never retrieved"


def test_what_others_log_in_detail_is_left_out(told: io.StringIO) -> None:
    logging.getLogger("websockets.server").info("< TEXT %s", PLANTED)

    assert told.getvalue() == ""


@pytest.mark.parametrize(
    "given", ["0190a8c4-0000-7000-8000-000000000001", "4bf92f3577b34da6a3ce929d0e0e4736"]
)
def test_the_id_that_a_proxy_gave_is_kept(given: str) -> None:
    assert asking.request_id(given) == given


@pytest.mark.parametrize(
    "given",
    ["", "1", "Dana", "dana@halden.example", "DanaOkaforFromHalden", "a" * 80 + "1", "id\n" * 9,
     "4bf92f3577b34da6 3ce929d0e0e4736"],
)  # fmt: skip
def test_what_could_be_anything_else_is_no_id(given: str) -> None:
    made = asking.request_id(given)

    assert made != given
    assert UUID(made)


def test_only_a_uuid_ties_requests_together() -> None:
    undertaking = uuid4()

    assert asking.correlation_id(str(undertaking)) == undertaking
    assert asking.correlation_id("Dana") is None
    assert asking.correlation_id(None) is None
