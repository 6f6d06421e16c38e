"""A bundle shows every event of one opportunity in its place, or it is found out."""

import json
from base64 import b64encode
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from benchmarks.honest import BEGIN, resealed
from benchmarks.signer import Signer
from tests.verifier.bundles import Document, bundle, check, rotated
from tests.verifier.logs import (
    BOLT,
    ORIGIN,
    SIGNER,
    STRANGER,
    TENANT,
    Found,
    checkpoint,
    event_at,
    found,
    key,
    log,
    naive_root,
    replaced,
    rewritten,
    with_header,
)
from verifier.opps_verify import CANNOT_CHECK, SOUND, TAMPERED, check_bundle, reported

SECOND = Signer(ORIGIN, b"2" * 32)
THIRD = Signer(ORIGIN, b"3" * 32)
NEXT = Signer(f"opps/{TENANT}/2", b"4" * 32)
Change = Callable[[Document], object]


def changed(change: Change, document: Document | None = None) -> Document:
    """Return a bundle after a change."""
    document = document or bundle()
    change(document)
    return document


def test_an_honest_bundle_is_sound() -> None:
    report = check(bundle())

    assert (report.exit_code, found(report), report.unchecked) == (SOUND, [], [])
    assert (report.facts["events"], report.facts["as_of"]) == (3, 5)
    assert report.facts["checkpoints"] == [{"origin": ORIGIN, "size": 5}]


def test_a_bundle_as_of_its_last_event_is_sound() -> None:
    assert check(bundle() | {"as_of": 4}).exit_code == SOUND


def test_what_a_later_version_adds_is_left_alone() -> None:
    def add(document: Document) -> None:
        document["more"] = document["events"][0]["more"] = document["streams"][0]["more"] = 1

    assert check(changed(add)).exit_code == SOUND


def test_a_bundle_that_nobody_vouches_for_cannot_be_checked() -> None:
    content = bundle()
    report = reported("bundle", lambda report: check_bundle(report, json_of(content), ()))

    assert (report.exit_code, found(report)) == (CANNOT_CHECK, [])
    assert report.unchecked == ["checkpoint: give the key that you know with --key"]


def test_without_a_key_what_is_altered_is_found_all_the_same() -> None:
    content = changed(lambda one: one["events"][0].update(payload="AA=="))
    report = reported("bundle", lambda report: check_bundle(report, json_of(content), ()))

    assert found(report) == [(1, "payload", "BYTES_DIFFER")]


def json_of(document: Document) -> bytes:
    """Return a bundle as it is stored."""
    return json.dumps(document).encode()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda one: one["events"][1].update(payload="AA=="), [(2, "payload", "BYTES_DIFFER")]),
        (lambda one: one["events"][1].update(metadata=""), [(2, "metadata", "BYTES_DIFFER")]),
        (lambda one: one["events"][1].update(version=3), [(2, "version", "COLUMN_DIFFERS")]),
        (
            lambda one: one["events"][1].update(stream=str(BOLT)),
            [(2, "stream", "COLUMN_DIFFERS")],
        ),
        (
            lambda one: one["events"][1]["proof"].update(index=2),
            [(2, "proof.index", "PROOF_WRONG")],
        ),
        (lambda one: one["events"][1]["proof"].update(size=4), [(2, "proof.size", "PROOF_WRONG")]),
        (
            lambda one: one["events"][1]["proof"]["hashes"].reverse(),
            [(2, "proof.hashes", "PROOF_WRONG")],
        ),
        (
            lambda one: one["events"][1]["proof"]["hashes"].pop(),
            [(2, "proof.hashes", "PROOF_WRONG")],
        ),
        (
            lambda one: one["events"].pop(),
            [
                (None, "streams.last_version", "STREAM_DIFFERS"),
                (None, "streams.last_leaf", "STREAM_DIFFERS"),
            ],
        ),
        (
            lambda one: one["events"].pop(1),
            [(4, "version", "VERSION_GAP"), (4, "previous_leaf", "CHAIN_BROKEN")],
        ),
        (
            lambda one: one["events"].pop(0),
            [
                (2, "version", "VERSION_GAP"),
                (2, "previous_leaf", "CHAIN_BROKEN"),
                (4, "version", "VERSION_GAP"),
            ],
        ),
        (lambda one: one.update(as_of=3), [(4, "position", "NOT_AS_OF")]),
        (lambda one: one.update(as_of=6), [(None, "as_of", "NOT_SEALED")]),
        (
            lambda one: one.update(opportunity=str(BOLT)),
            [
                *((position, "stream", "STREAM_DIFFERS") for position in (1, 2, 4)),
                (None, "streams.stream", "STREAM_DIFFERS"),
            ],
        ),
        (
            lambda one: one["streams"][0].update(stream=str(BOLT)),
            [(None, "streams.stream", "STREAM_DIFFERS")],
        ),
        (
            lambda one: one["streams"][0].update(first_version=1),
            [(None, "streams.first_version", "STREAM_DIFFERS")],
        ),
        (
            lambda one: one["streams"][0].update(last_version=3),
            [(None, "streams.last_version", "STREAM_DIFFERS")],
        ),
        (
            lambda one: one["streams"][0].update(last_leaf="00" * 32),
            [(None, "streams.last_leaf", "STREAM_DIFFERS")],
        ),
        (lambda one: one["streams"].clear(), [(None, "streams", "STREAM_DIFFERS")]),
        (
            lambda one: one["streams"].append(one["streams"][0]),
            [(None, "streams", "STREAM_DIFFERS")],
        ),
        (
            lambda one: one.update(tenant=str(UUID(int=1))),
            [(None, "checkpoint", "ORIGIN_DIFFERS")],
        ),
        (
            lambda one: one.update(checkpoint=checkpoint(log(), signer=STRANGER)),
            [(None, "checkpoint", "KEY_UNKNOWN")],
        ),
        (lambda one: one.update(checkpoint="none"), [(None, "checkpoint", "MALFORMED")]),
        (
            lambda one: one.update(origin=NEXT.name),
            [(None, "public_keys", "KEYS_DIFFER"), (None, "origin", "ORIGIN_DIFFERS")],
        ),
        (lambda one: one.update(public_keys=[]), [(None, "public_keys", "KEYS_DIFFER")]),
        (
            lambda one: one.update(public_keys=[SIGNER.vkey, SECOND.vkey]),
            [(None, "public_keys", "KEYS_DIFFER"), (None, "checkpoint", "KEY_SUPERSEDED")],
        ),
        (lambda one: one.update(statements=["no note"]), [(None, "statements[0]", "MALFORMED")]),
        (lambda one: one["events"][0].update(header="00"), [
            (1, "proof.hashes", "PROOF_WRONG"), (1, "header", "HEADER_MALFORMED"),
            (2, "previous_leaf", "CHAIN_BROKEN")]),
    ],
)  # fmt: skip
def test_what_a_bundle_says_is_checked(change: Change, expected: Found) -> None:
    report = check(changed(change))

    assert (report.exit_code, found(report)) == (TAMPERED, expected)


@pytest.mark.parametrize(
    ("change", "position", "field"),
    [
        (lambda one: one.pop("as_of"), None, "as_of"),
        (lambda one: one.update(as_of=True), None, "as_of"),
        (lambda one: one.update(origin=1), None, "origin"),
        (lambda one: one.update(events={}), None, "events"),
        (lambda one: one.update(public_keys=["none"]), None, "public_keys"),
        (lambda one: one.update(statements=[1]), None, "statements"),
        (lambda one: one["events"].append(1), None, "object"),
        (lambda one: one["events"][0].pop("header"), 1, "header"),
        (lambda one: one["events"][0].update(position="1"), None, "position"),
        (lambda one: one["events"][0].update(header="AB"), 1, "header"),
        (lambda one: one["events"][0].update(header="abc"), 1, "header"),
        (lambda one: one["events"][0].update(proof=[]), 1, "object"),
        (lambda one: one["events"][0]["proof"].update(hashes=["AA=="]), 1, "hashes"),
        (lambda one: one["events"][0]["proof"].pop("hashes"), 1, "hashes"),
        (lambda one: one["streams"][0].pop("last_leaf"), None, "last_leaf"),
    ],
)
def test_a_bundle_is_read_strictly(change: Change, position: int | None, field: str) -> None:
    assert found(check(changed(change)))[-1] == (position, field, "MALFORMED")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\xff", "it is no JSON"),
        (b"{", "it is no JSON"),
        (b'{"format":1,"format":1}', "it is no JSON"),
        (b"[" * 100_000, "it is no JSON"),
        (b"[]", "it is no audit bundle"),
        (b"{}", "it is no audit bundle"),
        (b'{"format":7}', "it is no audit bundle"),
        (b'{"format":"x"}', "it is no audit bundle"),
        (
            b'{"format":"opps-audit-bundle-2"}',
            "it has format opps-audit-bundle-2: take a newer opps-verify",
        ),
    ],
)
def test_another_file_is_no_bundle(content: bytes, why: str) -> None:
    report = check(content)

    assert (report.exit_code, report.unchecked) == (CANNOT_CHECK, [why])


def test_a_newer_header_cannot_be_checked_but_must_be_in_the_tree() -> None:
    newer = b"\x02" + event_at(log(), 4).header[1:]
    honest = bundle(with_header(log(), 4, newer))
    altered = changed(lambda one: one["events"][2].update(header=newer.hex()))

    assert check(honest).unchecked == ["a header has format 2: take a newer opps-verify"]
    assert check(honest).exit_code == CANNOT_CHECK
    assert found(check(altered)) == [(4, "proof.hashes", "PROOF_WRONG")]


def test_a_header_of_another_tenant_is_none_of_this_log() -> None:
    foreign = resealed(UUID(int=7), event_at(log(), 4))

    assert found(check(bundle(replaced(log(), 4, foreign)))) == [(4, "tenant", "COLUMN_DIFFERS")]


def test_in_the_signed_log_too_time_must_not_fall() -> None:
    early = bundle(rewritten(log(), 4, recorded_at=BEGIN))
    same = bundle(rewritten(log(), 4, recorded_at=event_at(log(), 2).recorded_at))
    later = event_at(log(), 2).recorded_at + timedelta(microseconds=1)

    assert found(check(early)) == [(4, "recorded_at", "TIME_FELL")]
    assert found(check(same)) == [(4, "recorded_at", "TIME_SHARED")]
    assert found(check(bundle(rewritten(log(), 4, recorded_at=later)))) == []


def test_two_events_of_one_command_share_their_time() -> None:
    command_id = event_at(log(), 2).command_id
    steps = rewritten(log(), 4, command_id=command_id)

    assert found(check(bundle(steps))) == [(4, "recorded_at", "TIME_SHARED")]


def test_the_events_of_a_stream_stand_in_the_order_of_the_log() -> None:
    # Signed as it is: the second event of Acme at position 4, the third one at position 2.
    steps = rewritten(log(), 4, event_at(log(), 1).leaf, version=1)
    steps = rewritten(steps, 2, event_at(steps, 4).leaf, version=2)
    document = bundle(steps)
    document["events"][1:] = reversed(document["events"][1:])
    document["streams"] = [
        bundle()["streams"][0] | {"last_leaf": event_at(steps, 2).leaf.hex()},
    ]

    assert found(check(document)) == [
        (2, "position", "POSITION_FELL"),
        (2, "recorded_at", "TIME_FELL"),
    ]


def test_an_event_that_is_shown_twice_does_not_go_on_from_itself() -> None:
    document = changed(lambda one: one["events"].insert(1, one["events"][0]))

    assert (1, "position", "POSITION_FELL") in found(check(document))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda one: one["events"][1]["proof"].update(index=2), "its leaf is 1"),
        (
            lambda one: one["streams"][0].update(last_version=3),
            "it is not that of the last event shown, version 2",
        ),
    ],
)
def test_a_finding_says_what_would_be_right(change: Change, why: str) -> None:
    assert [one.message for one in check(changed(change)).findings] == [why]


def test_the_first_key_is_enough_after_rotations() -> None:
    document = rotated(bundle(), SIGNER, SECOND, THIRD)

    assert check(document).exit_code == SOUND
    assert check(document, key(SECOND)).exit_code == SOUND
    assert check(document, key(THIRD)).exit_code == SOUND
    assert found(check(document, key(STRANGER))) == [(None, "checkpoint", "KEY_UNKNOWN")]


def test_the_key_before_the_newest_signs_no_more() -> None:
    document = rotated(bundle(), SIGNER, SECOND) | {"checkpoint": checkpoint(log())}

    assert found(check(document)) == [(None, "checkpoint", "KEY_SUPERSEDED")]


def test_a_statement_that_is_left_out_is_missed() -> None:
    document = rotated(bundle(), SIGNER, SECOND) | {"statements": []}

    assert found(check(document)) == [
        (None, "public_keys", "KEYS_DIFFER"),
        (None, "checkpoint", "KEY_UNKNOWN"),
    ]


def test_a_bundle_after_a_new_epoch_is_reached_from_the_first_key() -> None:
    root = naive_root([])
    told = f"opps new epoch\n{ORIGIN}\n0\n{b64encode(root).decode()}\n{NEXT.vkey}\n"
    document = bundle(signer=NEXT) | {"statements": [SIGNER.sign(told)]}

    assert check(document).exit_code == SOUND
    assert check(document, key(NEXT)).exit_code == SOUND
    assert found(check(document | {"statements": []}, key(NEXT))) == [
        (None, "public_keys", "KEYS_DIFFER")
    ]


def test_a_stranger_cannot_vouch_for_his_own_key() -> None:
    told = f"opps key rotation\n{ORIGIN}\n{STRANGER.vkey}\n"
    document = bundle() | {
        "checkpoint": checkpoint(log(), signer=STRANGER),
        "public_keys": [STRANGER.vkey],
        "statements": [STRANGER.sign(told)],
    }

    assert (None, "checkpoint", "KEY_UNKNOWN") in found(check(document))
