"""A bundle holds what convinces somebody who has nothing but a key."""

import json
from pathlib import Path
from random import Random

import pytest
from msgspec.structs import replace

from benchmarks.honest import honest
from opps.ledger.bundle import bundle
from opps.ledger.errors import LogAltered
from opps.ledger.ledger import Ledger
from verifier.opps_verify import SOUND, check_bundle, read_key, reported


@pytest.mark.parametrize("seed", range(6))
def test_a_bundle_of_any_honest_log_convinces_whoever_has_its_first_key(
    tmp_path: Path, seed: int
) -> None:
    log = honest(Random(seed), tmp_path)

    report = reported(
        "bundle", lambda report: check_bundle(report, log.bundle, [read_key(log.first_key)])
    )

    assert report.exit_code == SOUND, report
    held = json.loads(log.bundle)
    assert len(held["events"]) == sum(one.stream == log.opportunity for one in log.events)
    assert held["streams"][0]["first_version"] == 0


@pytest.mark.parametrize("field", ["header", "leaf"])
def test_an_event_that_is_not_the_sealed_one_is_not_bundled(tmp_path: Path, field: str) -> None:
    log = honest(Random(1), tmp_path)
    ledger = Ledger(tmp_path, log.tenant)
    own = [one for one in log.events if one.stream == log.opportunity]
    altered = getattr(own[0], field)[:-1] + b"?"

    with pytest.raises(LogAltered) as refused:
        bundle(ledger, log.opportunity, [replace(own[0], **{field: altered})], len(log.events))
    assert refused.value.position == own[0].position
