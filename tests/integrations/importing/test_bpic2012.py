"""The real event log of BPI Challenge 2012, where OPPS_BPIC2012 names its file."""

import json
import os
from pathlib import Path
from uuid import UUID

import pytest

from opps.application import Application
from opps.integrations.importing import Report, import_xes, read_mapping
from tests.integrations.importing.support import EXAMPLES

BPIC2012 = os.environ.get("OPPS_BPIC2012")
GOLDEN = Path(__file__).parent / "golden" / "bpic2012-counts.json"

pytestmark = [
    pytest.mark.skipif(
        not BPIC2012,
        reason="OPPS_BPIC2012 does not name bpic2012.xes.gz, which may not be redistributed",
    ),
    pytest.mark.timeout(600),
]


def test_the_log_comes_in_with_its_true_counts_and_a_second_time_not_at_all(
    application: Application, tenant: UUID
) -> None:
    golden = json.loads(GOLDEN.read_text())
    mapping = read_mapping(EXAMPLES / "mappings" / "bpic2012.toml")
    assert BPIC2012 is not None

    first = import_xes(application, tenant, Path(BPIC2012), mapping)
    head = application.log.head(tenant)
    second = import_xes(application, tenant, Path(BPIC2012), mapping)

    assert counts(first) == golden
    assert (first.opportunities, first.rows) == (13_087, 262_200)
    assert first.typed + first.counted["lifecycle"] >= 0.99 * first.rows
    assert first.generic <= 0.01 * first.rows
    assert (second.events, second.already) == (0, first.typed + first.generic)
    assert application.log.head(tenant) == head


def counts(report: Report) -> dict[str, int]:
    return dict(report.table())
