"""A checkpoint that somebody kept shows whether the log only grew since, and what was in it."""

import json
from base64 import b64encode
from typing import Any
from uuid import UUID

import pytest

from benchmarks.forged_proofs import consistency_of, inclusion_of
from benchmarks.signer import Signer
from tests.verifier.logs import (
    ORIGIN,
    SIGNER,
    STRANGER,
    TENANT,
    Found,
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
    Report,
    Trust,
    check_proof,
    check_since,
    reported,
)

LEAVES = [one.leaf for step in log() for one in step.events]
OLD, NEW = checkpoint(log(), 3), checkpoint(log())
PATH = [b64encode(one).decode() for one in consistency_of(LEAVES, 3)]
GROWTH: dict[str, Any] = {"from": 3, "to": 5, "hashes": PATH}
NEXT = Signer(f"opps/{TENANT}/2", b"4" * 32)
OTHER = Signer(f"opps/{UUID(int=1)}/1", b"5" * 32)


def since(kept: str, newer: str, proof: object, *signers: Signer) -> Report:
    """Return what the verifier says of a proof that the log grew."""
    content = proof if isinstance(proof, bytes) else json.dumps(proof).encode()
    trust = Trust([key(one) for one in signers or (SIGNER,)])
    return reported("since", lambda report: check_since(report, kept, newer, content, trust))


def test_a_log_that_grew_is_sound() -> None:
    report = since(OLD, NEW, GROWTH)

    assert (report.exit_code, found(report)) == (SOUND, [])
    assert [one["size"] for one in report.facts["checkpoints"]] == [3, 5]


def test_what_an_answer_tells_besides_is_left_alone() -> None:
    assert since(OLD, NEW, GROWTH | {"more": 1}).exit_code == SOUND


def test_a_log_that_did_not_grow_is_sound() -> None:
    assert since(NEW, NEW, {"from": 5, "to": 5, "hashes": []}).exit_code == SOUND


def test_a_log_whose_beginning_is_another_is_found() -> None:
    forged = rewritten(log(), 2, payload=b"other")
    leaves = [one.leaf for step in forged for one in step.events]
    path = [b64encode(one).decode() for one in consistency_of(leaves, 3)]
    report = since(OLD, checkpoint(forged), GROWTH | {"hashes": path})

    assert (report.exit_code, found(report)) == (TAMPERED, [(None, "proof.hashes", "NOT_GROWN")])


@pytest.mark.parametrize(
    ("kept", "newer", "proof", "expected"),
    [
        (OLD, NEW, GROWTH | {"from": 2}, [(None, "proof.from", "PROOF_WRONG")]),
        (OLD, NEW, GROWTH | {"to": 6}, [(None, "proof.to", "PROOF_WRONG")]),
        (OLD, NEW, GROWTH | {"hashes": PATH[1:]}, [(None, "proof.hashes", "NOT_GROWN")]),
        (OLD, NEW, GROWTH | {"hashes": ["AA=="]}, [(None, "hashes", "MALFORMED")]),
        (OLD, NEW, {"from": 3, "to": 5}, [(None, "hashes", "MALFORMED")]),
        (OLD, NEW, [], [(None, "object", "MALFORMED")]),
        (NEW, OLD, GROWTH, [(4, "size", "LOG_SHORTENED")]),
        ("none", NEW, GROWTH, [(None, "kept", "MALFORMED")]),
        (OLD, "none", GROWTH, [(None, "checkpoint", "MALFORMED")]),
        (
            OLD,
            checkpoint(log(), signer=STRANGER),
            GROWTH,
            [(None, "checkpoint", "KEY_UNKNOWN")],
        ),
    ],
)
def test_a_proof_is_of_these_two_checkpoints(
    kept: str, newer: str, proof: object, expected: Found
) -> None:
    assert found(since(kept, newer, proof)) == expected


@pytest.mark.parametrize("proof", [b"{", b"\xff", b"[" * 100_000])
def test_without_a_proof_nothing_can_be_checked(proof: bytes) -> None:
    report = since(OLD, NEW, proof)

    assert (report.exit_code, report.unchecked) == (CANNOT_CHECK, ["the proof is no JSON"])


def test_the_log_of_another_tenant_is_another_log() -> None:
    report = since(OLD, checkpoint(log(), signer=OTHER), GROWTH, SIGNER, OTHER)

    assert found(report) == [(None, "origin", "ORIGIN_DIFFERS")]


def test_to_a_log_that_began_again_no_proof_leads() -> None:
    report = since(OLD, checkpoint(log(), signer=NEXT), GROWTH, SIGNER, NEXT)

    assert (report.exit_code, found(report)) == (CANNOT_CHECK, [])
    assert report.unchecked[0].startswith(f"the log began again, as {NEXT.name}")


def proof(
    note: str = NEW, index: object = 1, hashes: list[bytes] | None = None, extra: str = ""
) -> str:
    """Return a proof that an event is in the log of five."""
    path = inclusion_of(LEAVES, 1) if hashes is None else hashes
    lines = "".join(f"{b64encode(one).decode()}\n" for one in path)
    return f"c2sp.org/tlog-proof@v1\n{extra}index {index}\n{lines}\n{note}"


def shown(text: str, leaf: bytes = LEAVES[1], *signers: Signer) -> Report:
    """Return what the verifier says of it."""
    trust = Trust([key(one) for one in signers or (SIGNER,)])
    return reported("proof", lambda report: check_proof(report, text, leaf, trust))


@pytest.mark.parametrize("extra", ["", "extra AAAA\n"])
def test_an_event_is_shown_to_be_in_the_log(extra: str) -> None:
    report = shown(proof(extra=extra))

    assert (report.exit_code, found(report)) == (SOUND, [])
    assert report.facts["position"] == 2
    assert report.facts["checkpoints"] == [{"origin": ORIGIN, "size": 5}]


def test_a_log_of_one_event_is_its_leaf() -> None:
    alone = checkpoint(log(), 1)

    assert shown(proof(alone, index=0, hashes=[]), LEAVES[0]).exit_code == SOUND


@pytest.mark.parametrize(
    ("text", "leaf", "expected"),
    [
        (proof(), LEAVES[0], [(2, "proof", "PROOF_WRONG")]),
        (proof(index=0), LEAVES[1], [(1, "proof", "PROOF_WRONG")]),
        (proof(index=5), LEAVES[1], [(6, "proof", "PROOF_WRONG")]),
        (proof(OLD), LEAVES[1], [(2, "proof", "PROOF_WRONG")]),
        (proof(hashes=[]), LEAVES[1], [(2, "proof", "PROOF_WRONG")]),
        (proof(hashes=[bytes(32)] * 3), LEAVES[1], [(2, "proof", "PROOF_WRONG")]),
        (proof(index="01"), LEAVES[1], [(None, "proof", "MALFORMED")]),
        (proof(index=-1), LEAVES[1], [(None, "proof", "MALFORMED")]),
        (proof(hashes=[b"short"]), LEAVES[1], [(None, "proof", "MALFORMED")]),
        (proof().replace("index 1\n", ""), LEAVES[1], [(None, "proof", "MALFORMED")]),
        (proof().replace("index 1\n", "1\n"), LEAVES[1], [(None, "proof.index", "MALFORMED")]),
        (f"c2sp.org/tlog-proof@v1\n\n{NEW}", LEAVES[1], [(None, "proof.index", "MALFORMED")]),
        (proof("none"), LEAVES[1], [(None, "checkpoint", "MALFORMED")]),
        (
            proof(checkpoint(log(), signer=STRANGER)),
            LEAVES[1],
            [(None, "checkpoint", "KEY_UNKNOWN")],
        ),
    ],
)
def test_a_proof_of_something_else_is_found(text: str, leaf: bytes, expected: Found) -> None:
    assert found(shown(text, leaf)) == expected


@pytest.mark.parametrize("text", ["", "c2sp.org/tlog-proof@v2\nindex 1\n\n", proof().strip()[:40]])
def test_another_text_is_no_proof(text: str) -> None:
    report = shown(text)

    assert (report.exit_code, report.unchecked) == (CANNOT_CHECK, ["it is no tlog-proof"])


def test_the_roots_are_those_of_the_log() -> None:
    assert SIGNER.checkpoint(3, naive_root(LEAVES[:3])) == OLD
