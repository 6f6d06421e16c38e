"""Each check of a log finds what it is there for, says where, and is silent otherwise."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest

from benchmarks.honest import BEGIN, resealed
from opps.eventstore.transfer import Step
from tests.verifier.logs import (
    ACME,
    SECOND,
    TENANT,
    Found,
    Steps,
    check_steps,
    commanded,
    edited,
    event_at,
    found,
    log,
    replaced,
    rewritten,
    with_header,
)
from verifier.opps_verify import CANNOT_CHECK, SOUND, TAMPERED, Report

HEADER = event_at(log(), 5).header
TAG = HEADER.index(b"Told")


def header(at: int, written: bytes) -> bytes:
    """Return the header of the last event with other bytes at a place."""
    return HEADER[:at] + written + HEADER[at + len(written) :]


def test_an_honest_log_is_sound(tmp_path: Path) -> None:
    report = check_steps(log(), tmp_path)

    assert (report.exit_code, found(report)) == (SOUND, [])
    told = {name: report.facts[name] for name in ("tenant", "events", "commands", "streams")}
    assert told == {"tenant": str(TENANT), "events": 5, "commands": 5, "streams": 2}


def test_an_empty_log_is_sound(tmp_path: Path) -> None:
    report = check_steps([], tmp_path)

    assert (report.exit_code, report.facts["events"]) == (SOUND, 0)
    assert report.facts["root"] == "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="


@pytest.mark.parametrize(
    ("field", "value", "kind"),
    [
        ("payload", b"other", "BYTES_DIFFER"),
        ("metadata", b"other", "BYTES_DIFFER"),
        ("leaf", bytes(32), "LEAF_DIFFERS"),
        ("stream", ACME, "COLUMN_DIFFERS"),
        ("version", 3, "COLUMN_DIFFERS"),
        ("event_id", UUID(int=9), "COLUMN_DIFFERS"),
        ("tag", "Tell", "COLUMN_DIFFERS"),
        ("schema", 2, "COLUMN_DIFFERS"),
    ],
)
def test_what_the_header_speaks_for_cannot_be_altered(
    field: str, value: object, kind: str, tmp_path: Path
) -> None:
    report = check_steps(edited(log(), 3, **{field: value}), tmp_path)

    assert (report.exit_code, found(report)) == (TAMPERED, [(3, field, kind)])


def test_the_place_of_an_event_cannot_be_altered(tmp_path: Path) -> None:
    report = check_steps(edited(log(), 3, position=9), tmp_path)

    assert found(report) == [(9, "position", "COLUMN_DIFFERS")]


@pytest.mark.parametrize(
    ("field", "value"), [("command_id", UUID(int=9)), ("recorded_at", BEGIN + 9 * SECOND)]
)
def test_what_an_event_shares_with_its_command_is_compared_twice(
    field: str, value: object, tmp_path: Path
) -> None:
    report = check_steps(edited(log(), 3, **{field: value}), tmp_path)

    twice: Found = [(3, field, "COLUMN_DIFFERS"), (3, field, "COMMAND_DIFFERS")]
    missing: Found = [(4, "count", "COUNT_DIFFERS")] if field == "command_id" else []
    assert found(report) == twice + missing


@pytest.mark.parametrize(
    "written",
    [
        b"",
        b"\x01",
        HEADER[:190],
        HEADER[:-1],
        HEADER + b"\x00",
        b"\x00" + HEADER[1:],
        header(TAG - 2, b"\x00\x00"),
        header(TAG - 2, b"\x00\xc9"),
        header(TAG - 2, b"\xff\xff"),
        header(TAG - 2, b"\x00\x40"),
        header(TAG + 4, b"\x00\x02"),
        header(TAG + 4, b"\xff\xff"),
        header(TAG, b"\xff"),
    ],
)
def test_a_header_has_one_layout(written: bytes, tmp_path: Path) -> None:
    report = check_steps(with_header(log(), 5, written), tmp_path)

    assert found(report) == [(5, "header", "HEADER_MALFORMED")]


def test_behind_a_header_that_is_none_the_log_is_followed_further(tmp_path: Path) -> None:
    report = check_steps(with_header(log(), 4, HEADER[:190]), tmp_path)

    assert found(report) == [(4, "header", "HEADER_MALFORMED")]
    assert report.facts["events"] == 5


def test_a_header_of_a_newer_format_cannot_be_checked(tmp_path: Path) -> None:
    report = check_steps(with_header(log(), 5, b"\x02" + HEADER[1:]), tmp_path)

    assert (report.exit_code, found(report)) == (CANNOT_CHECK, [])
    assert report.unchecked == ["a header has format 2: take a newer opps-verify"]


def test_a_newer_format_hides_no_altered_header(tmp_path: Path) -> None:
    report = check_steps(edited(log(), 5, header=b"\x02" + HEADER[1:]), tmp_path)

    assert (report.exit_code, found(report)) == (TAMPERED, [(5, "leaf", "LEAF_DIFFERS")])


def test_an_event_of_another_tenant_is_none_of_this_log(tmp_path: Path) -> None:
    foreign = resealed(UUID(int=7), event_at(log(), 5))
    report = check_steps(replaced(log(), 5, foreign), tmp_path)

    assert found(report) == [(5, "tenant", "COLUMN_DIFFERS")]


def test_a_missing_event_leaves_a_gap(tmp_path: Path) -> None:
    steps = log()
    report = check_steps([*steps[:3], steps[4]], tmp_path)

    assert found(report) == [(5, "position", "POSITION_GAP")]


def test_a_missing_version_leaves_a_gap_in_its_stream(tmp_path: Path) -> None:
    report = check_steps(rewritten(log(), 5, version=2), tmp_path)

    assert found(report) == [(5, "version", "VERSION_GAP")]
    assert report.findings[0].message == "version 1 of the stream must come here"


def test_an_event_that_does_not_go_on_from_the_last_one_of_its_stream_is_found(
    tmp_path: Path,
) -> None:
    report = check_steps(rewritten(log(), 5, leaf=b"\x07" * 32), tmp_path)

    assert found(report) == [(5, "previous_leaf", "CHAIN_BROKEN")]


def test_an_event_that_is_rewritten_with_its_header_breaks_the_chain_behind_it(
    tmp_path: Path,
) -> None:
    report = check_steps(rewritten(log(), 2, payload=b"other"), tmp_path)

    assert found(report) == [(4, "previous_leaf", "CHAIN_BROKEN")]


def at(seconds: float, of: Callable[[Steps], Steps] = lambda steps: steps) -> Steps:
    """Return the log with the last command and its event at another time."""
    instant = BEGIN + seconds * SECOND
    return commanded(rewritten(log(), 5, recorded_at=instant), 5, recorded_at=instant)


def test_time_never_falls(tmp_path: Path) -> None:
    report = check_steps(at(3.5), tmp_path)

    assert found(report) == [
        (5, "recorded_at", "TIME_FELL"),
        (5, "recorded_at", "TIME_FELL"),
        (None, "recorded_at", "COMMAND_DIFFERS"),
    ]


def test_two_commands_share_no_time(tmp_path: Path) -> None:
    assert found(check_steps(at(4), tmp_path)) == [(5, "recorded_at", "TIME_SHARED")]


def test_a_microsecond_later_is_later(tmp_path: Path) -> None:
    assert found(check_steps(at(4.000001), tmp_path)) == []


def test_the_events_of_a_command_share_their_time(tmp_path: Path) -> None:
    steps = rewritten(log(), 3, recorded_at=BEGIN + 2.5 * SECOND)

    assert found(check_steps(steps, tmp_path)) == [
        (3, "recorded_at", "COMMAND_DIFFERS"),
        (3, "recorded_at", "TIME_SHARED"),
        (5, "previous_leaf", "CHAIN_BROKEN"),
    ]


def test_the_time_of_a_command_without_events_never_falls(tmp_path: Path) -> None:
    report = check_steps(commanded(log(), 3, recorded_at=BEGIN + SECOND), tmp_path)

    assert found(report) == [(None, "recorded_at", "TIME_FELL")]


def test_a_command_without_events_may_be_of_the_same_instant(tmp_path: Path) -> None:
    report = check_steps(commanded(log(), 3, recorded_at=BEGIN + 2 * SECOND), tmp_path)

    assert found(report) == []


@pytest.mark.parametrize(
    ("number", "columns", "expected"),
    [
        (5, {"recorded_at": BEGIN + 6 * SECOND}, [(5, "recorded_at", "COMMAND_DIFFERS")]),
        (5, {"first_position": 4}, [(5, "first_position", "COMMAND_DIFFERS")]),
        (3, {"first_position": 4}, [(4, "first_position", "COMMAND_DIFFERS")]),
        (
            5,
            {"first_position": None},
            [(None, "first_position", "COMMAND_DIFFERS"), (5, "first_position", "COMMAND_DIFFERS")],
        ),
        (3, {"command_id": UUID(int=1)}, [(None, "command_id", "COMMAND_REPEATED")]),
        (2, {"count": 1}, [(3, "command_id", "COUNT_DIFFERS")]),
        (2, {"count": 3}, [(4, "count", "COUNT_DIFFERS")]),
        (5, {"count": 2}, [(6, "count", "COUNT_DIFFERS")]),
        (
            5,
            {"command_id": UUID(int=9)},
            [(5, "command_id", "COMMAND_DIFFERS"), (6, "count", "COUNT_DIFFERS")],
        ),
    ],
)
def test_the_record_of_a_command_agrees_with_its_events(
    number: int, columns: dict[str, object], expected: Found, tmp_path: Path
) -> None:
    assert found(check_steps(commanded(log(), number, **columns), tmp_path)) == expected


def test_two_events_that_changed_places_are_found_where_they_stand(tmp_path: Path) -> None:
    one, other = log()[1].events
    steps = [log()[0], Step(log()[1].command, (other, one)), *log()[2:]]

    assert found(check_steps(steps, tmp_path)) == [
        (3, "first_position", "COMMAND_DIFFERS"),
        (3, "position", "POSITION_GAP"),
        (2, "position", "POSITION_GAP"),
        (4, "position", "POSITION_GAP"),
    ]


def test_of_very_many_findings_a_thousand_are_shown_and_all_counted(tmp_path: Path) -> None:
    event = event_at(log(), 5)
    many = Step(log()[4].command, (event,) * 1_100)
    report = check_steps([*log()[:4], many], tmp_path)

    assert (len(report.findings), report.exit_code) == (1_000, TAMPERED)
    assert report.more > 1_099 * 3 - 1_000


def test_each_finding_behind_the_thousandth_counts_once() -> None:
    report = Report("log")
    for position in range(1_003):
        report.add(position, "tag", "COLUMN_DIFFERS", "another tag")

    assert (len(report.findings), report.more) == (1_000, 3)
