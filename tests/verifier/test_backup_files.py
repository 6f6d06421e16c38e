"""The file of a backup is read strictly: what is not written as the format says is found."""

import gzip
import random
import zlib
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from benchmarks.honest import backup_of
from tests.verifier.logs import TENANT, check, found, hashed, log, with_lines
from verifier.opps_verify import CANNOT_CHECK, SOUND, TAMPERED

Lines = Callable[[list[bytes]], list[bytes]]


@pytest.fixture
def backup(tmp_path: Path) -> bytes:
    """Return the backup of a log; its lines: the log, command, event, command, two events, ..."""
    return backup_of(TENANT, log(), tmp_path)


def replace(number: int, old: bytes, new: bytes) -> Lines:
    """Return the change of one line."""

    def change(lines: list[bytes]) -> list[bytes]:
        assert lines[number].count(old) == 1, lines[number]
        lines[number] = lines[number].replace(old, new)
        return lines

    return change


def test_a_bit_of_the_file_that_changes_is_found_wherever_it_is(backup: bytes) -> None:
    for place in range(len(backup)):
        flipped = bytearray(backup)
        flipped[place] ^= 1 << place % 8

        assert found(check(bytes(flipped))) == [(None, "sha256", "FILE_ALTERED")], place


@pytest.mark.parametrize("length", [14, 15, 80, -73, -72, -1])
def test_a_file_that_was_cut_off_is_found(length: int, backup: bytes) -> None:
    assert found(check(backup[:length])) == [(None, "sha256", "FILE_ALTERED")]


@pytest.mark.parametrize("content", [b"", b"\n", b"opps backup 1", b"{}", bytes(100), b"x" * 100])
def test_another_file_cannot_be_checked(content: bytes) -> None:
    report = check(content)

    assert (report.exit_code, found(report)) == (CANNOT_CHECK, [])
    assert report.unchecked == ["it is no file that `opps backup` wrote"]


def test_a_newer_backup_cannot_be_checked(backup: bytes) -> None:
    report = check(hashed(b"opps backup 12\n" + backup[14:-72]))

    assert report.exit_code == CANNOT_CHECK
    assert report.unchecked == ["it has backup format 12: take a newer opps-verify"]


@pytest.mark.parametrize(
    ("digits", "why"),
    [
        (21, f"it has backup format {'1' * 21}: take a newer opps-verify"),
        (22, "it is no file that `opps backup` wrote"),
    ],
)
def test_the_number_of_a_format_is_not_read_for_ever(digits: int, why: str, backup: bytes) -> None:
    report = check(hashed(b"opps backup " + b"1" * digits + b"\n" + backup[14:-72]))

    assert report.unchecked == [why]


@pytest.mark.parametrize("packed", [b"", b"no gzip", gzip.compress(b"{}\n", mtime=0)[:-9]])
def test_what_cannot_be_unpacked_is_found(packed: bytes) -> None:
    report = check(hashed(b"opps backup 1\n" + packed))

    assert (report.exit_code, found(report)[0][2]) == (TAMPERED, "MALFORMED")


@pytest.mark.parametrize("behind", [b"more", gzip.compress(b"{}\n", mtime=0), bytes(200_000)])
def test_nothing_hides_behind_the_packed_lines(behind: bytes, backup: bytes) -> None:
    report = check(hashed(backup[:-72] + behind))

    assert found(report) == [(None, "lines", "MALFORMED")]


def test_a_last_line_without_an_end_is_found(backup: bytes) -> None:
    lines = gzip.decompress(backup[14:-72])
    report = check(hashed(backup[:14] + gzip.compress(lines[:-1])))

    assert found(report) == [(None, "lines", "MALFORMED")]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda lines: lines[1:], [(None, "kind", "MALFORMED")]),
        (lambda lines: [], [(None, "kind", "MALFORMED")]),
        (lambda lines: lines[:-1], [(6, "end", "LOG_SHORTENED")]),
        (lambda lines: [*lines, lines[-1]], [(None, "end", "MALFORMED")]),
        (lambda lines: [*lines, lines[1]], [(None, "end", "MALFORMED")]),
        (lambda lines: [lines[0], *lines], [(None, "kind", "MALFORMED")]),
        (lambda lines: [lines[0], b"[]", *lines[1:]], [(None, "kind", "MALFORMED")]),
        (lambda lines: [lines[0], b"{", *lines[1:]], [(None, "lines", "MALFORMED")]),
        (lambda lines: [lines[0], b"[" * 100_000, *lines[1:]], [(None, "lines", "MALFORMED")]),
        (lambda lines: [lines[0], b"\xff", *lines[1:]], [(None, "lines", "MALFORMED")]),
        (replace(1, b'"count":1', b'"count":1,"count":1'), [(None, "lines", "MALFORMED")]),
        (replace(2, b'"version":0,', b""), [(1, "version", "MALFORMED")]),
        (replace(-1, b'"size":5', b'"size":4'), [(None, "size", "COUNT_DIFFERS")]),
        (replace(-1, b'"commands":5', b'"commands":6'), [(None, "commands", "COUNT_DIFFERS")]),
        (replace(-1, b"09:00:05Z", b"09:00:06Z"), [(None, "recorded_at", "COMMAND_DIFFERS")]),
        (lambda lines: [lines[0], *lines[2:]], [
            (1, "command_id", "COMMAND_DIFFERS"), (None, "commands", "COUNT_DIFFERS")]),
    ],
)  # fmt: skip
def test_the_lines_are_those_that_a_backup_has(
    change: Lines, expected: list[tuple[int | None, str, str]], backup: bytes
) -> None:
    assert found(check(with_lines(backup, change))) == expected


@pytest.mark.parametrize(
    ("number", "field", "old", "new"),
    [
        (0, "tenant", b"0190a8c4", b"0190A8C4"),
        (0, "slug", b'"acme"', b"5"),
        (1, "command_id", b'"00000000-0000-0000-0000-000000000001"', b"1"),
        (1, "digest", b'"YXNrZWQ="', b'"YXNrZWR="'),
        (1, "digest", b'"YXNrZWQ="', b'"YXNrZWQ"'),
        (1, "digest", b'"YXNrZWQ="', b'"YXNr\\nZWQ="'),
        (1, "result", b'""', b"null"),
        (1, "count", b'"count":1', b'"count":true'),
        (1, "count", b'"count":1', b'"count":1.0'),
        (1, "count", b'"count":1', b'"count":-1'),
        (1, "count", b'"count":1', b'"count":9223372036854775808'),
        (1, "recorded_at", b"09:00:01Z", b"09:00:01.000000Z"),
        (1, "recorded_at", b"09:00:01Z", b"09:00:01+00:00"),
        (1, "recorded_at", b"09:00:01Z", b"09:00:61Z"),
        (1, "recorded_at", b'"2026-03-02T09:00:01Z"', b"1"),
        (2, "position", b'"position":1', b'"position":"1"'),
        (2, "tag", b'"Told"', b"null"),
    ],
)
def test_a_value_is_written_in_one_way_only(
    number: int, field: str, old: bytes, new: bytes, backup: bytes
) -> None:
    report = check(with_lines(backup, replace(number, old, new)))

    position = 1 if number else None
    assert found(report) == [(position, field, "MALFORMED")]


@pytest.mark.parametrize("number", [0, 1, 2, -1])
def test_a_field_that_is_not_known_cannot_be_checked(number: int, backup: bytes) -> None:
    report = check(with_lines(backup, replace(number, b'{"kind"', b'{"more":1,"kind"')))

    assert (report.exit_code, found(report)) == (CANNOT_CHECK, [])
    assert report.unchecked == ["the field 'more' is unknown: take a newer opps-verify"]


def test_a_line_without_end_is_not_read_for_ever(backup: bytes) -> None:
    report = check(hashed(backup[:14] + gzip.compress(b" " * (65 << 20), 1)))

    assert report.unchecked == ["a line is longer than 67108864 bytes"]


def test_a_line_may_be_as_long_as_the_longest(backup: bytes) -> None:
    report = check(hashed(backup[:14] + gzip.compress(b" " * (64 << 20), 1)))

    assert (found(report), report.unchecked) == ([(None, "lines", "MALFORMED")], [])


def test_lines_that_another_programme_packed_are_no_backup(backup: bytes) -> None:
    packed = zlib.compress(gzip.decompress(backup[14:-72]))

    assert found(check(hashed(backup[:14] + packed))) == [(None, "lines", "MALFORMED")]


def test_what_repeats_from_far_away_is_unpacked(backup: bytes) -> None:
    name = random.Random(1).randbytes(12_000).hex().encode()

    def rename(lines: list[bytes]) -> list[bytes]:
        told = msgspec.json.decode(lines[0])
        return [msgspec.json.encode(told | {"slug": name, "written_by": name}), *lines[1:]]

    report = check(with_lines(backup, rename))

    assert (report.exit_code, found(report)) == (SOUND, [])
