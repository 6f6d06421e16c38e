"""Only a key that the auditor brought, or one that it vouches for, makes a checkpoint count."""

from pathlib import Path
from uuid import UUID

import pytest

from benchmarks.signer import Signer
from tests.verifier.logs import (
    ORIGIN,
    SIGNER,
    STRANGER,
    TENANT,
    Found,
    check_steps,
    checkpoint,
    found,
    key,
    log,
    naive_root,
    rewritten,
)
from verifier.opps_verify import (
    CANNOT_CHECK,
    SOUND,
    TAMPERED,
    Malformed,
    NoteRefused,
    Trust,
    open_note,
    read_checkpoint,
    read_key,
)

NOTE = checkpoint(log())
SECOND = Signer(ORIGIN, b"2" * 32)
THIRD = Signer(ORIGIN, b"3" * 32)
NEXT = Signer(f"opps/{TENANT}/2", b"4" * 32)
ROTATION = SIGNER.sign(f"opps key rotation\n{ORIGIN}\n{SECOND.vkey}\n")
ROOT = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
EPOCH = SIGNER.sign(f"opps new epoch\n{ORIGIN}\n0\n{ROOT}\n{NEXT.vkey}\n")


def test_a_note_that_another_programme_signed_is_read() -> None:
    # The example of Go's package sumdb/note.
    peter = read_key("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    text = (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n"
    )
    signature = (
        "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXg"
        "KvqfqdngotpRZb6KE6RyyBwJnAM="
    )

    assert open_note(f"{text}\n\N{EM DASH} PeterNeumann {signature}\n", [peter]) == (text, peter)


@pytest.mark.parametrize(
    "written",
    [
        None,
        "",
        "name",
        "name+00000000+",
        SIGNER.vkey.replace("+", "+0", 1),
        SIGNER.vkey + "\n",
        SIGNER.vkey[:-4],
        SIGNER.vkey.upper(),
        SIGNER.vkey.replace("opps/", "opps//"),
        Signer("", b"1" * 32).vkey,
        "a+2d9e19a6+" + SIGNER.vkey.rpartition("+")[2],
    ],
)
def test_a_key_that_does_not_name_itself_is_none(written: object) -> None:
    with pytest.raises(Malformed):
        read_key(written)


def test_a_signature_of_somebody_else_is_left_alone() -> None:
    witness = Signer("witness.example", b"9" * 32)
    text = NOTE.partition("\n\n")[0] + "\n"

    for note in (NOTE + witness.signature(text), f"{text}\n{witness.signature(text)}"):
        keys = [key(), read_key(witness.vkey)] if note.count("\N{EM DASH}") == 1 else [key()]

        assert open_note(note, keys)[0] == text


def test_of_two_known_keys_the_one_that_signed_first_is_told() -> None:
    text = NOTE.partition("\n\n")[0] + "\n"

    assert open_note(NOTE + SECOND.signature(text), [key(SECOND), key()])[1] == key()


def test_whoever_signed_a_checkpoint_has_signed_whole_lines() -> None:
    with pytest.raises(NoteRefused, match="it is no signed note"):
        read_checkpoint(NOTE[:-1], [])


def test_a_log_may_be_as_long_as_the_largest() -> None:
    largest = 9_223_372_036_854_775_807

    assert read_checkpoint(SIGNER.sign(f"{ORIGIN}\n{largest}\n{ROOT}\n"), []).size == largest


def test_one_wrong_signature_of_a_known_key_spoils_the_note() -> None:
    text = NOTE.partition("\n\n")[0] + "\n"
    note = NOTE + SECOND.signature(text + "more\n")

    with pytest.raises(NoteRefused) as refused:
        open_note(note, [key(), key(SECOND)])

    assert refused.value.kind == "SIGNATURE_WRONG"


@pytest.mark.parametrize(
    ("note", "kind"),
    [
        ("", "MALFORMED"),
        (NOTE[:-1], "MALFORMED"),
        (NOTE.replace("\n\n", "\n"), "MALFORMED"),
        (NOTE.replace("\N{EM DASH}", "-"), "MALFORMED"),
        (NOTE + "\n", "MALFORMED"),
        (NOTE[:-2] + "\n", "MALFORMED"),
        (NOTE.replace("\n5\n", "\n6\n"), "SIGNATURE_WRONG"),
        (NOTE.replace(f"\N{EM DASH} {ORIGIN}", "\N{EM DASH} other"), "KEY_UNKNOWN"),
        (checkpoint(log(), signer=SECOND), "KEY_UNKNOWN"),
        (SIGNER.sign(f"{ORIGIN}\n5\n"), "MALFORMED"),
        (SIGNER.sign(f"{ORIGIN}\n05\n{ROOT}\n"), "MALFORMED"),
        (SIGNER.sign(f"{ORIGIN}\n-5\n{ROOT}\n"), "MALFORMED"),
        (SIGNER.sign(f"{ORIGIN}\n9999999999999999999\n{ROOT}\n"), "MALFORMED"),
        (SIGNER.sign(f"{ORIGIN}\n5\n{ROOT[4:]}\n"), "MALFORMED"),
        (SIGNER.sign(f"example.com\n5\n{ROOT}\n"), "MALFORMED"),
        (SIGNER.sign(f"opps/{TENANT}/2\n5\n{ROOT}\n"), "ORIGIN_DIFFERS"),
    ],
)
def test_a_checkpoint_is_three_lines_that_the_key_of_its_log_signed(note: str, kind: str) -> None:
    with pytest.raises(NoteRefused) as refused:
        read_checkpoint(note, [key()])

    assert refused.value.kind == kind


def test_a_log_is_compared_with_its_checkpoints_of_every_size(tmp_path: Path) -> None:
    notes = {str(size): checkpoint(log(), size) for size in range(6)}
    report = check_steps(log(), tmp_path, notes)

    assert (report.exit_code, found(report)) == (SOUND, [])
    assert report.facts["checkpoints"] == [{"origin": ORIGIN, "size": n} for n in range(6)]


@pytest.mark.parametrize("size", range(6))
def test_a_root_that_differs_at_any_size_is_found(size: int, tmp_path: Path) -> None:
    report = check_steps(log(), tmp_path, {"kept": SIGNER.checkpoint(size, b"r" * 32)})

    assert (report.exit_code, found(report)) == (TAMPERED, [(None, "root", "ROOT_DIFFERS")])


def test_a_log_that_is_shorter_than_what_was_signed_is_found(tmp_path: Path) -> None:
    report = check_steps(log()[:4], tmp_path, {"kept": NOTE})

    assert found(report) == [(5, "size", "LOG_SHORTENED")]


def test_an_event_rewritten_with_its_header_at_the_end_is_told_by_the_checkpoint_only(
    tmp_path: Path,
) -> None:
    steps = rewritten(log(), 5, payload=b"other")

    assert check_steps(steps, tmp_path).exit_code == SOUND
    assert found(check_steps(steps, tmp_path, {"kept": NOTE})) == [(None, "root", "ROOT_DIFFERS")]


def test_a_checkpoint_of_another_tenant_is_of_no_use(tmp_path: Path) -> None:
    other = Signer(f"opps/{UUID(int=1)}/1", b"1" * 32)
    report = check_steps(
        log(), tmp_path, {"kept": checkpoint(log(), signer=other)}, Trust([key(other)])
    )

    assert found(report) == [(None, "kept", "ORIGIN_DIFFERS")]


def test_without_a_key_a_checkpoint_is_compared_but_not_believed(tmp_path: Path) -> None:
    report = check_steps(log(), tmp_path, {"kept": NOTE}, Trust([]))
    forged = rewritten(log(), 5, payload=b"other")

    assert (report.exit_code, found(report)) == (CANNOT_CHECK, [])
    assert report.unchecked == ["kept: give the key that you know with --key"]
    assert check_steps(forged, tmp_path, {"kept": NOTE}, Trust([])).exit_code == TAMPERED


@pytest.mark.parametrize("note", ["no note", "text\n\nsignatures"])
def test_without_a_key_a_text_is_no_checkpoint_either(note: str, tmp_path: Path) -> None:
    report = check_steps(log(), tmp_path, {"kept": note}, Trust([]))

    assert found(report) == [(None, "kept", "MALFORMED")]


def test_a_strangers_signature_is_found(tmp_path: Path) -> None:
    note = checkpoint(log(), signer=STRANGER)

    assert found(check_steps(log(), tmp_path, {"kept": note})) == [(None, "kept", "KEY_UNKNOWN")]


def test_a_key_that_is_only_named_is_not_trusted(tmp_path: Path) -> None:
    trust = Trust([key()], named=[key(STRANGER)])
    report = check_steps(log(), tmp_path, {"kept": checkpoint(log(), signer=STRANGER)}, trust)

    assert found(report) == [(None, "kept", "KEY_UNKNOWN")]


@pytest.mark.parametrize(("statement", "newer"), [(ROTATION, SECOND), (EPOCH, NEXT)])
def test_the_key_you_kept_vouches_for_the_next(
    statement: str, newer: Signer, tmp_path: Path
) -> None:
    trust = Trust([key()])
    trust.follow(statement)
    report = check_steps(log(), tmp_path, {"new": checkpoint(log(), signer=newer)}, trust)

    assert (report.exit_code, found(report)) == (SOUND, [])


def test_trust_goes_from_key_to_key() -> None:
    trust = Trust([key()])
    trust.follow(ROTATION)
    trust.follow(SECOND.sign(f"opps key rotation\n{ORIGIN}\n{THIRD.vkey}\n"))

    assert trust.trusted == [key(), key(SECOND), key(THIRD)]


def test_whom_you_do_not_trust_can_vouch_for_nobody() -> None:
    trust = Trust([key(SECOND)])
    trust.follow(ROTATION)

    assert trust.trusted == [key(SECOND)]
    assert trust.introduced == [key(SECOND)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"opps key rotation\n{ORIGIN}\n{NEXT.vkey}\n", "MALFORMED"),
        (f"opps key rotation\n{ORIGIN}\n{SECOND.vkey}\nmore\n", "MALFORMED"),
        (f"opps key rotation\n{ORIGIN}\nno key\n", "MALFORMED"),
        (f"opps rotation\n{ORIGIN}\n{SECOND.vkey}\n", "MALFORMED"),
        (f"opps key rotation\n{NEXT.name}\n{NEXT.vkey}\n", "ORIGIN_DIFFERS"),
        (f"opps new epoch\n{ORIGIN}\n0\n{ROOT}\n{SECOND.vkey}\n", "MALFORMED"),
        (f"opps new epoch\n{ORIGIN}\n-1\n{ROOT}\n{NEXT.vkey}\n", "MALFORMED"),
        (f"opps new epoch\n{ORIGIN}\n0\n{ROOT[4:]}\n{NEXT.vkey}\n", "MALFORMED"),
        (f"opps new epoch\nexample.com\n0\n{ROOT}\n{NEXT.vkey}\n", "MALFORMED"),
        (f"opps new epoch\n{ORIGIN}\n0\n{ROOT}\n{NEXT.vkey}\nmore\n", "MALFORMED"),
        (
            f"opps new epoch\n{ORIGIN}\n0\n{ROOT}\n"
            f"{Signer(f'opps/{UUID(int=1)}/2', b'5' * 32).vkey}\n",
            "MALFORMED",
        ),
    ],
)
def test_a_statement_says_one_of_two_things(text: str, kind: str) -> None:
    with pytest.raises(NoteRefused) as refused:
        Trust([key()]).follow(SIGNER.sign(text))

    assert refused.value.kind == kind


def test_a_statement_with_a_wrong_signature_is_found() -> None:
    with pytest.raises(NoteRefused) as refused:
        Trust([key()]).follow(ROTATION.replace(SECOND.vkey, THIRD.vkey))

    assert refused.value.kind == "SIGNATURE_WRONG"


def test_the_roots_of_the_tests_are_those_of_the_log(tmp_path: Path) -> None:
    report = check_steps(log(), tmp_path)
    leaves = [one.leaf for step in log() for one in step.events]
    expected: Found = []

    assert found(check_steps(log(), tmp_path, {"c": NOTE})) == expected
    assert NOTE.split("\n")[2] == report.facts["root"]
    assert SIGNER.checkpoint(5, naive_root(leaves)) == NOTE
