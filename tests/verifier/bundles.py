"""A bundle of the log of five events, made by hand from the format, for tests to tamper with."""

import json
from base64 import b64encode
from itertools import pairwise
from typing import Any

from benchmarks.forged_proofs import inclusion_of
from benchmarks.signer import Signer
from tests.verifier.logs import ACME, ORIGIN, SIGNER, TENANT, Steps, checkpoint, key, log
from verifier.opps_verify import Key, Report, check_bundle, reported

Document = dict[str, Any]


def bundle(steps: Steps | None = None, signer: Signer = SIGNER) -> Document:
    """Return the bundle of Acme: three events, versions 0 to 2, at positions 1, 2 and 4."""
    steps = steps or log()
    events = [one for step in steps for one in step.events]
    leaves = [one.leaf for one in events]
    own = [one for one in events if one.stream == ACME]
    return {
        "format": "opps-audit-bundle-1",
        "origin": signer.name,
        "tenant": str(TENANT),
        "opportunity": str(ACME),
        "as_of": len(events),
        "checkpoint": checkpoint(steps, signer=signer),
        "public_keys": [signer.vkey],
        "statements": [],
        "events": [
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
        ],
        "streams": [
            {
                "stream": str(ACME),
                "first_version": 0,
                "last_version": own[-1].version,
                "last_leaf": own[-1].leaf.hex(),
            }
        ],
    }


def check(document: object, *keys: Key) -> Report:
    """Return what the verifier says of a bundle, by default to whom the first key is known."""
    content = document if isinstance(document, bytes) else json.dumps(document).encode()
    return reported("bundle", lambda report: check_bundle(report, content, keys or (key(),)))


def rotated(document: Document, *signers: Signer) -> Document:
    """Return a bundle signed by the last of some keys, each vouched for by the one before it."""
    statements = [
        old.sign(f"opps key rotation\n{ORIGIN}\n{new.vkey}\n") for old, new in pairwise(signers)
    ]
    return document | {
        "checkpoint": checkpoint(log(), signer=signers[-1]),
        "public_keys": [one.vkey for one in signers],
        "statements": statements,
    }
