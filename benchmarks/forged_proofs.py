"""Forgeries of checkpoints, proofs and bundles, and what the verifier says of them."""

import hashlib
from base64 import b64encode
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from benchmarks.forged_logs import Case, Forgery, forked
from benchmarks.signer import Signer
from opps.eventstore.transfer import Step
from verifier.opps_verify import (
    Report,
    Trust,
    check_bundle,
    check_proof,
    check_since,
    read_key,
    reported,
)


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the Merkle tree hash, word for word as RFC 6962 defines it."""
    if len(leaves) == 1:
        return leaves[0]
    left = _left(len(leaves))
    return hashlib.sha256(b"\x01" + root_of(leaves[:left]) + root_of(leaves[left:])).digest()


def consistency_of(leaves: Sequence[bytes], old: int, *, whole: bool = True) -> list[bytes]:
    """Return the proof of consistency, word for word as RFC 6962 defines it."""
    if old == len(leaves):
        return [] if whole else [root_of(leaves)]
    left = _left(len(leaves))
    if old <= left:
        return [*consistency_of(leaves[:left], old, whole=whole), root_of(leaves[left:])]
    return [*consistency_of(leaves[left:], old - left, whole=False), root_of(leaves[:left])]


def inclusion_of(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Return the proof of inclusion, word for word as RFC 6962 defines it."""
    if len(leaves) == 1:
        return []
    left = _left(len(leaves))
    if index < left:
        return [*inclusion_of(leaves[:left], index), root_of(leaves[left:])]
    return [*inclusion_of(leaves[left:], index - left), root_of(leaves[:left])]


def _left(size: int) -> int:
    left = 1
    while left * 2 < size:
        left *= 2
    return left


def since(case: Case, old: int, new: int, hashes: Sequence[bytes], newer: str) -> Report:
    """Return the verdict on a proof that the log grew since the early checkpoint."""
    proof = msgspec.json.encode({"from": old, "to": new, "hashes": list(hashes)})
    kept = case.honest.early
    return reported("since", lambda report: check_since(report, kept, newer, proof, case.trust))


def inclusion(case: Case, text: str, leaf: bytes | None = None) -> Report:
    """Return the verdict on a proof that an event is in the log."""
    shown = case.honest.inclusion.leaf if leaf is None else leaf
    assert (text, shown) != (case.honest.inclusion.text, case.honest.inclusion.leaf)
    return reported("proof", lambda report: check_proof(report, text, shown, case.trust))


def bundled(case: Case) -> Report:
    """Return the verdict on the bundle as it was changed."""
    content = msgspec.json.encode(case.document)
    assert case.document != msgspec.json.decode(case.honest.bundle), "nothing is forged"
    key = read_key(case.honest.first_key)
    return reported("bundle", lambda report: check_bundle(report, content, [key]))


def _other_path(case: Case, path: list[bytes]) -> list[bytes]:
    place = case.rng.randrange(len(path))
    return case.rng.choice(
        [
            [*path[:place], case.flipped(path[place]), *path[place + 1 :]],
            [*path[:place], *path[place + 1 :]],
            [*path[:place], case.rng.randbytes(32), *path[place:]],
            [*path, path[-1]],
        ]
    )


def flip_checkpoint(case: Case) -> Report:
    """A sign of the checkpoint beside the log is another one."""
    note = case.honest.newest
    place = case.rng.randrange(len(note))
    changed = case.rng.choice([one for one in "Aa0 +/=\n" if one != note[place]])
    return case.file(case.backup(), newest=note[:place] + changed + note[place + 1 :])


def sign_as_stranger(case: Case) -> Report:
    """A forger signs a checkpoint of the forged log with a key of that name."""
    steps = forked(case)
    return case.log(steps, newest=_stranger(case).checkpoint(*_head(steps)))


def _stranger(case: Case) -> Signer:
    return Signer(case.document["origin"], case.rng.randbytes(32))


def _head(steps: Sequence[Step]) -> tuple[int, bytes]:
    leaves = _leaves(steps)
    return len(leaves), root_of(leaves)


def _leaves(steps: Sequence[Step]) -> list[bytes]:
    return [event.leaf for step in steps for event in step.events]


def wrong_index(case: Case) -> Report:
    """A proof of inclusion names another place."""
    honest, size = case.honest.inclusion, len(case.honest.events)
    index = case.rng.choice([one for one in range(size + 2) if one != honest.index])
    return inclusion(case, honest.text.replace(f"\nindex {honest.index}\n", f"\nindex {index}\n"))


def wrong_size(case: Case) -> Report:
    """A proof of inclusion stands on another checkpoint of the same log."""
    honest = case.honest
    return inclusion(case, honest.inclusion.text.replace(honest.newest, honest.early))


def wrong_path(case: Case) -> Report:
    """A proof of inclusion has another path."""
    honest = case.honest.inclusion
    path = _other_path(case, list(honest.hashes))
    lines = "".join(f"{b64encode(one).decode()}\n" for one in path)
    head = f"c2sp.org/tlog-proof@v1\nindex {honest.index}\n"
    return inclusion(case, f"{head}{lines}\n{case.honest.newest}")


def wrong_leaf(case: Case) -> Report:
    """A proof of inclusion is shown for another event."""
    others = [one.leaf for one in case.honest.events if one.leaf != case.honest.inclusion.leaf]
    return inclusion(case, case.honest.inclusion.text, case.rng.choice(others))


def wrong_growth_sizes(case: Case) -> Report:
    """A proof of consistency names other sizes."""
    honest = case.honest.growth
    old, new = case.rng.choice([(-1, 0), (1, 0), (0, -1), (0, 1)])
    sizes = honest.old + old, honest.new + new
    return since(case, *sizes, honest.hashes, case.honest.newest)


def wrong_growth_path(case: Case) -> Report:
    """A proof of consistency has another path."""
    honest = case.honest.growth
    path = _other_path(case, list(honest.hashes))
    return since(case, honest.old, honest.new, path, case.honest.newest)


def sign_fork(case: Case) -> Report:
    """The owner of the key signs a log that forgot, with the proof that this log can give."""
    owner = Signer(case.document["origin"], case.rng.randbytes(32))
    early, size = _leaves(case.honest.steps), case.honest.growth.old
    kept = owner.checkpoint(size, root_of(early[:size]))
    altered = case.rng.randrange(size)
    late = _leaves(forked(case))
    late[altered] = hashlib.sha256(late[altered]).digest()
    newer = owner.checkpoint(len(late), root_of(late))
    proof = msgspec.json.encode(
        {"from": size, "to": len(late), "hashes": consistency_of(late, size)}
    )
    trust = Trust([read_key(owner.vkey)])
    return reported("since", lambda report: check_since(report, kept, newer, proof, trust))


def sign_shorter(case: Case) -> Report:
    """The newer checkpoint is of a shorter log."""
    honest = case.honest
    proof = msgspec.json.encode({"from": honest.growth.old, "to": honest.growth.new, "hashes": []})
    return reported(
        "since", lambda report: check_since(report, honest.newest, honest.early, proof, case.trust)
    )


def _in_event(change: Callable[[Case, dict[str, Any]], None]) -> Forgery:
    def forge(case: Case) -> Report:
        change(case, case.rng.choice(case.document["events"]))
        return bundled(case)

    return forge


def _flip_text(case: Case, event: dict[str, Any]) -> None:
    name = case.rng.choice(["payload", "metadata"])
    content = msgspec.convert(event[name], bytes, strict=False)
    event[name] = b64encode(case.flipped(content)).decode()


def _flip_header(case: Case, event: dict[str, Any]) -> None:
    event["header"] = case.flipped(bytes.fromhex(event["header"])).hex()


def _renumber(case: Case, event: dict[str, Any]) -> None:
    event[case.rng.choice(["position", "version"])] += case.rng.choice([1, 2, 1_000])


def _other_proof(case: Case, event: dict[str, Any]) -> None:
    proof = event["proof"]
    match case.rng.choice(["index", "size", "hashes"]):
        case "hashes":
            path = [msgspec.convert(one, bytes, strict=False) for one in proof["hashes"]]
            proof["hashes"] = [b64encode(one).decode() for one in _other_path(case, path)]
        case name:
            proof[name] += 1


def _other_header(case: Case, event: dict[str, Any]) -> None:
    others = [one for one in case.honest.events if one.header.hex() != event["header"]]
    event["header"] = case.rng.choice(others).header.hex()


def drop_from_bundle(case: Case) -> Report:
    """An event of the opportunity is left out, and the end of the stream is told all the same."""
    events = case.document["events"]
    del events[case.rng.randrange(len(events))]
    return bundled(case)


def add_to_bundle(case: Case) -> Report:
    """An event is there twice."""
    events = case.document["events"]
    events.insert(case.rng.randrange(len(events) + 1), case.rng.choice(events))
    return bundled(case)


def swap_in_bundle(case: Case) -> Report:
    """The events stand in another order; a lone one is taken out."""
    events = case.document["events"]
    events.append(events.pop(0)) if len(events) > 1 else events.clear()
    return bundled(case)


def alter_frame(case: Case) -> Report:
    """A bundle says something else about itself."""
    document, rng = case.document, case.rng
    last = document["events"][-1]["position"]
    size = len(case.honest.events)
    other = str(case.honest.tenant)
    match rng.choice(["origin", "tenant", "opportunity", "as_of", "checkpoint", "public_keys"]):
        case "as_of":
            document["as_of"] = rng.choice([last - 1, size + 1])
        case "checkpoint":
            document["checkpoint"] = case.honest.early
        case "public_keys":
            keys = document["public_keys"]
            document["public_keys"] = rng.choice([[], [_stranger(case).vkey], [*keys, keys[0]]])
        case "origin":
            document["origin"] += "0"
        case "tenant":
            document["tenant"] = document["opportunity"]
        case name:
            document[name] = other
    return bundled(case)


def alter_end(case: Case) -> Report:
    """A bundle says that the stream ends elsewhere."""
    (stream,) = case.document["streams"]
    match case.rng.choice(list(stream)):
        case "stream":
            stream["stream"] = str(case.honest.tenant)
        case "last_leaf":
            stream["last_leaf"] = case.flipped(bytes.fromhex(stream["last_leaf"])).hex()
        case name:
            stream[name] += 1
    return bundled(case)


def resign_bundle(case: Case) -> Report:
    """A forger makes the log anew, with proofs and signature, and names his own key."""
    document, steps = case.document, forked(case)
    leaves = _leaves(steps)
    stranger = _stranger(case)
    events = [one for step in steps for one in step.events]
    own = [one for one in events if str(one.stream) == str(events[-1].stream)]
    document["events"] = [
        {
            "position": one.position,
            "version": one.version,
            "stream": str(one.stream),
            "header": one.header.hex(),
            "payload": b64encode(one.payload).decode(),
            "metadata": b64encode(one.metadata).decode(),
            "proof": {
                "index": one.position - 1,
                "size": len(leaves),
                "hashes": [
                    b64encode(node).decode() for node in inclusion_of(leaves, one.position - 1)
                ],
            },
        }
        for one in own
    ]
    (stream,) = document["streams"]
    stream |= {"stream": str(own[0].stream), "last_version": own[-1].version}
    stream |= {"last_leaf": own[-1].leaf.hex()}
    document |= {
        "opportunity": str(own[0].stream),
        "as_of": len(leaves),
        "checkpoint": stranger.checkpoint(len(leaves), root_of(leaves)),
        "public_keys": [stranger.vkey],
        "statements": [],
    }
    return bundled(case)


FORGED_PROOFS: dict[str, Forgery] = {
    "checkpoint: a sign altered": flip_checkpoint,
    "checkpoint: signed by a stranger": sign_as_stranger,
    "inclusion: wrong index": wrong_index,
    "inclusion: wrong size": wrong_size,
    "inclusion: wrong path": wrong_path,
    "inclusion: wrong leaf": wrong_leaf,
    "consistency: wrong sizes": wrong_growth_sizes,
    "consistency: wrong path": wrong_growth_path,
    "consistency: fork, signed": sign_fork,
    "consistency: shorter, signed": sign_shorter,
    "bundle: payload or metadata flipped": _in_event(_flip_text),
    "bundle: header flipped": _in_event(_flip_header),
    "bundle: event renumbered": _in_event(_renumber),
    "bundle: proof altered": _in_event(_other_proof),
    "bundle: header of another event": _in_event(_other_header),
    "bundle: event left out": drop_from_bundle,
    "bundle: event put in twice": add_to_bundle,
    "bundle: events in another order": swap_in_bundle,
    "bundle: frame altered": alter_frame,
    "bundle: end altered": alter_end,
    "bundle: made anew by a stranger": resign_bundle,
}
