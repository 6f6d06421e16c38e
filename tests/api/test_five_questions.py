"""The five-question test of the largest opportunities: one operation, few statements."""

from pathlib import Path
from typing import Any

import pytest

from opps.projections.reading import Reading
from tests.api.deals import evaluator, leaning, learned, new_id, opened, stated
from tests.api.support import Api, Installation

OPERATION = Path(__file__).parents[2] / "operations" / "largest-opportunities.graphql"


def test_all_five_questions_about_many_deals_take_three_statements(
    api: Api, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(12):
        deal, cfo = opened(api, f"Deal {number}"), new_id()
        last = learned(api, deal, stated(evaluator(cfo)), stated(leaning(cfo)))
    show = "query ($p: Position) { opportunities(atLeast: $p) { totalCount } }"
    assert api.ask(show, p=last["position"])["opportunities"]["totalCount"] == 12
    asked: list[str] = []
    rows, streams = Reading.rows, installation.log.streams

    async def counted_rows(self: Any, *arguments: Any, **options: Any) -> Any:
        asked.append("rows")
        return await rows(self, *arguments, **options)

    def counted_streams(*arguments: Any, **options: Any) -> Any:
        asked.append("streams")
        return streams(*arguments, **options)

    monkeypatch.setattr(Reading, "rows", counted_rows)
    monkeypatch.setattr(installation.log, "streams", counted_streams)
    nodes = api.ask(OPERATION.read_text())["opportunities"]["nodes"]

    assert sorted(asked) == ["rows", "streams", "streams"], "the board, the deals, the accounts"
    assert len(nodes) == 12
    assert {one["unknowns"]["evaluatorsWithoutInfluence"] for one in nodes} == {1}
