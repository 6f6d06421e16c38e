"""Two programmes of other people agree with every root, proof and checkpoint.

OPPS_ORACLE_PYTHON names a Python of 3.12 or later whose environment has pymerkle and aics-tlog.
"""

import json
import os
import subprocess
from base64 import b64encode
from typing import Any

import pytest

from benchmarks.forged_proofs import consistency_of, inclusion_of
from tests.verifier.logs import ORIGIN, SIGNER, checkpoint, key, log, naive_root
from verifier.opps_verify import Tree, is_grown, leaf_hash, read_checkpoint, root_of_inclusion

ORACLE = os.environ.get("OPPS_ORACLE_PYTHON")
SIZE = 65
ENTRIES = [bytes([one] * (one % 5)) for one in range(SIZE)]
LEAVES = [leaf_hash(one) for one in ENTRIES]
pytestmark = pytest.mark.skipif(
    ORACLE is None, reason="OPPS_ORACLE_PYTHON names no Python with pymerkle and aics-tlog"
)

PYMERKLE = """
import json, sys
from pymerkle import InmemoryTree
tree, roots, inclusion = InmemoryTree(algorithm="sha256"), [], []
for entry in json.load(sys.stdin):
    size = tree.append_entry(bytes.fromhex(entry))
    roots.append(tree.get_state(size).hex())
    # The first hash of its path is the leaf itself.
    proofs = [tree.prove_inclusion(one, size) for one in range(1, size + 1)]
    inclusion.append([proof.serialize()["path"][1:] for proof in proofs])
print(json.dumps([roots, inclusion]))
"""

AICS_TLOG = """
import base64, json, sys
import aics_tlog
told = json.load(sys.stdin)
def unhex(path):
    return [bytes.fromhex(one) for one in path]
inclusion = [
    aics_tlog.verify_inclusion(bytes.fromhex(leaf), index, size, unhex(path), bytes.fromhex(root))
    for leaf, index, size, path, root in told["inclusion"]
]
consistency = [
    aics_tlog.verify_consistency(old, new, *unhex(roots), unhex(path))
    for old, new, roots, path in told["consistency"]
]
vkey = aics_tlog.parse_vkey(told["vkey"])
note = aics_tlog.parse_note(told["note"])
head = aics_tlog.parse_checkpoint(note.text)
print(json.dumps({
    "inclusion": inclusion,
    "consistency": consistency,
    "signed": aics_tlog.verify_note(note, [vkey]),
    "head": [head.origin, head.size, base64.b64encode(head.root).decode()],
}))
"""


def asked(programme: str, told: object) -> Any:
    """Return what a programme answers in the environment of the oracles."""
    assert ORACLE is not None
    done = subprocess.run(
        [ORACLE, "-c", programme], input=json.dumps(told), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_pymerkle_makes_the_roots_and_the_proofs_that_the_verifier_accepts() -> None:
    roots, inclusion = asked(PYMERKLE, [one.hex() for one in ENTRIES])
    tree = Tree()
    for size, (root, paths) in enumerate(zip(roots, inclusion, strict=True), 1):
        tree.add(LEAVES[size - 1])

        assert tree.root.hex() == root
        for index, path in enumerate(paths):
            right = root_of_inclusion(LEAVES[index], index, size, [*map(bytes.fromhex, path)])
            assert right.hex() == root


def test_aics_tlog_accepts_what_the_verifier_accepts() -> None:
    roots = [naive_root(LEAVES[:size]) for size in range(SIZE + 1)]
    inclusion, consistency = [], []
    for new in range(1, SIZE + 1):
        for old in range(1, new + 1):
            path = [one.hex() for one in inclusion_of(LEAVES[:new], old - 1)]
            inclusion.append([LEAVES[old - 1].hex(), old - 1, new, path, roots[new].hex()])
            path = [one.hex() for one in consistency_of(LEAVES[:new], old)]
            consistency.append([old, new, [roots[old].hex(), roots[new].hex()], path])

            assert is_grown(old, new, roots[old], roots[new], [*map(bytes.fromhex, path)])
    note = checkpoint(log())
    answer = asked(
        AICS_TLOG,
        {"inclusion": inclusion, "consistency": consistency, "vkey": SIGNER.vkey, "note": note},
    )
    head = read_checkpoint(note, [key()])

    assert all(answer["inclusion"])
    assert all(answer["consistency"])
    assert answer["signed"]
    assert answer["head"] == [ORIGIN, head.size, b64encode(head.root).decode()]
