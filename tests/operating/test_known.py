"""Figures and logs know the operations that come with opps by their names."""

from pathlib import Path

from opps.operating.known import shipped_operations

OPERATIONS = Path(__file__).parents[2] / "operations"


def test_every_operation_that_comes_with_opps_is_known_by_its_name() -> None:
    assert {"Board", "LearnFact", "ScoreChanged"} <= shipped_operations()
    assert len(shipped_operations()) >= len(list(OPERATIONS.glob("*.graphql")))
