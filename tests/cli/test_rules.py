"""The rules of danger zones on the command line, and the table of them in the guide."""

import json
from pathlib import Path

from opps.cli.rule_tables import markdown
from opps.domain.danger_zones.catalogue import RULES
from tests.cli.conftest import Run

GUIDE = Path(__file__).parents[2] / "docs" / "danger-zones.md"


def test_the_guide_lists_every_rule_as_it_is() -> None:
    assert markdown() in GUIDE.read_text()


def test_the_table_of_day_one_needs_no_data(run: Run) -> None:
    outcome = run("rules", "show", "--markdown")

    assert outcome.code == 0
    assert all(rule in outcome.out for rule in RULES)


def test_what_is_no_rule_set_is_told(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "rules.json"
    file.write_text(json.dumps({"rules": [{"rule": "DZ14", "enabled": "maybe"}], "reason": "x"}))
    outcome = run("rules", "publish", str(file))

    assert outcome.code == 2
    assert "is no rule set" in outcome.err
