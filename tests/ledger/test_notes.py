"""Checkpoints and keys are written as C2SP says, and only the signer can make them."""

from base64 import b64encode

import pytest

from opps.ledger.checkpoint import Checkpoint, read_checkpoint, signed, written_proof
from opps.ledger.note import NoteRefused, new_signer, open_note, read_verifier, signer_of

ORIGIN = "opps/0190a8c4-7e2b-7c3d-9f10-2b3c4d5e6f70/1"
KEY = signer_of(ORIGIN, bytes(range(32)))
CHECKPOINT = Checkpoint(origin=ORIGIN, size=12, root=bytes(32))
NOTE = signed(CHECKPOINT, KEY)


def test_a_checkpoint_is_three_lines_and_a_signature() -> None:
    text, _, signature = NOTE.partition("\n\n")

    assert text.splitlines() == [ORIGIN, "12", b64encode(bytes(32)).decode()]
    assert signature.startswith(f"\u2014 {ORIGIN} ")
    assert read_checkpoint(NOTE, [KEY.verifier]) == CHECKPOINT


@pytest.mark.parametrize(("size", "more"), [(0, ""), (12, "a line that others may add\n")])
def test_a_checkpoint_of_nothing_and_one_with_more_lines_are_read(size: int, more: str) -> None:
    checkpoint = Checkpoint(origin=ORIGIN, size=size, root=bytes(32))

    assert read_checkpoint(KEY.sign(checkpoint.text + more), [KEY.verifier]) == checkpoint


def test_a_key_is_written_with_its_name_and_hash() -> None:
    name, key_id, _ = str(KEY.verifier).split("+", 2)

    assert (name, key_id) == (ORIGIN, KEY.verifier.key_id.hex())
    assert read_verifier(str(KEY.verifier)) == KEY.verifier


def test_the_example_key_of_the_go_implementation_has_the_same_hash() -> None:
    known = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"

    assert read_verifier(known).name == "PeterNeumann"


def test_a_signature_of_somebody_else_beside_it_does_no_harm() -> None:
    witness = new_signer("witness.example")
    both = NOTE + witness.sign(CHECKPOINT.text).partition("\n\n")[2]

    assert read_checkpoint(both, [KEY.verifier]) == CHECKPOINT
    assert open_note(both, [witness.verifier])[1] == witness.verifier


@pytest.mark.parametrize(
    "note",
    [
        NOTE.replace("\n12\n", "\n13\n"),
        NOTE.replace("\u2014", "-"),
        NOTE.replace("\n\n", "\n"),
        NOTE.rstrip("\n"),
        NOTE + "no signature\n",
        NOTE + "\u2014 AAAA\n",
        NOTE.partition("\n\n")[0] + "\n\n",
        "",
        KEY.sign(f"{ORIGIN}\n12\n"),
        KEY.sign(f"{ORIGIN}\n012\n{b64encode(bytes(32)).decode()}\n"),
        KEY.sign(f"{ORIGIN}\n-1\n{b64encode(bytes(32)).decode()}\n"),
        KEY.sign(f"{ORIGIN}\n12\n{b64encode(bytes(31)).decode()}\n"),
        KEY.sign(f"{ORIGIN}\n12\nno root\n"),
        KEY.sign(f"opps/other/1\n12\n{b64encode(bytes(32)).decode()}\n"),
    ],
)
def test_what_is_no_checkpoint_of_this_log_is_refused(note: str) -> None:
    with pytest.raises(NoteRefused):
        read_checkpoint(note, [KEY.verifier])


@pytest.mark.parametrize(
    ("root", "why"),
    [
        (f"-{b64encode(bytes(32)).decode()}", "its size or its root is none"),
        (b64encode(bytes(31)).decode(), "its size or its root is not written as it must be"),
    ],
)
def test_whoever_signed_a_wrong_root_reads_what_is_wrong_with_it(root: str, why: str) -> None:
    with pytest.raises(NoteRefused, match=why):
        read_checkpoint(KEY.sign(f"{ORIGIN}\n12\n{root}\n"), [KEY.verifier])


def test_another_key_of_the_same_name_does_not_speak_for_the_log() -> None:
    with pytest.raises(NoteRefused, match="none of the known keys"):
        read_checkpoint(signed(CHECKPOINT, new_signer(ORIGIN)), [KEY.verifier])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "+00000000+AQ==",
        str(KEY.verifier).replace("opps", "apps"),
        str(KEY.verifier)[:-4],
        str(KEY.verifier)[:-4] + "!" + str(KEY.verifier)[-4:],
        str(KEY.verifier).replace("+AQ", "+BA", 1),
    ],
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(NoteRefused):
        read_verifier(text)


@pytest.mark.parametrize("name", ["", "with space", "with+plus"])
def test_a_key_is_not_named_so_that_it_could_not_be_read(name: str) -> None:
    with pytest.raises(AssertionError):
        new_signer(name)


def test_a_proof_stands_alone_with_its_checkpoint() -> None:
    proof = written_proof(4, [bytes(32), bytes([1]) * 32], NOTE)

    head, _, rest = proof.partition("\n\n")
    assert head.splitlines() == [
        "c2sp.org/tlog-proof@v1",
        "index 4",
        b64encode(bytes(32)).decode(),
        b64encode(bytes([1]) * 32).decode(),
    ]
    assert rest == NOTE
