"""An item of a feed is answered as graphql-core answers it, only sooner."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, get_type_hints
from uuid import UUID

import orjson
from graphql import ExecutionResult, execute, parse
from hypothesis import given
from hypothesis import strategies as st

from opps.api.caught_up import caught_up
from opps.api.documents import read
from opps.api.errors import formatted
from opps.api.execution.planning import Plan, planned
from opps.api.feeds.answers import Answers
from opps.api.limits import DEFAULTS
from opps.api.scalars import behind
from opps.api.schema import schema
from opps.api.trend import ScoreChanged
from opps.domain.cause import CauseKind
from opps.projections.score_trend import ScoreItem

TEXT = """subscription {
  told: scoreChanged {
    __typename
    ... on ScoreChanged {
      id cursor opportunityId position eventId cause kind sentence factIds recordedAt toldAt
      learnedAt version model before { p low high points } after { ...Point } points milliPoints
      deltaP deltaLogOdds contributions { topic happen win } effects { topic channel milliPoints }
    }
    ... on StreamCaughtUp { cursor position }
  }
}
fragment Point on ScorePoint { high low p points }"""
ALONE: Any = SimpleNamespace(touched=None)

numbers: dict[Any, st.SearchStrategy[Any]] = {
    int: st.integers(0, 2**40),
    float: st.floats(allow_nan=True),
    str: st.text(),
    UUID: st.uuids(),
    datetime: st.datetimes(timezones=st.just(UTC)),
    CauseKind: st.sampled_from(CauseKind),
    float | None: st.none() | st.floats(0, 1),
    int | None: st.none() | st.integers(-9_000, 9_000),
}
hints = get_type_hints(ScoreItem)
items = st.fixed_dictionaries(
    {name: numbers.get(hint, st.just([])) for name, hint in hints.items()}
)


def plan_of(text: str) -> Plan:
    plan = planned(schema()._schema, read(schema()._schema, text, DEFAULTS), None, None)
    assert isinstance(plan, Plan)
    return plan


def ordinary(value: object) -> dict[str, Any]:
    """Return what graphql-core answers."""
    result = execute(schema()._schema, parse(TEXT), root_value=value, context_value=ALONE)
    assert isinstance(result, ExecutionResult)
    told: dict[str, Any] = {"data": result.data}
    if result.errors:
        told["errors"] = formatted(result.errors)
    answer: dict[str, Any] = orjson.loads(orjson.dumps(told))
    return answer


def answered(answers: Answers, value: object) -> dict[str, Any]:
    [answer] = answers.of([value])
    assert isinstance(answer, bytes)
    told: dict[str, Any] = orjson.loads(answer)
    return told


@given(fields=items)
def test_a_score_change_is_answered_as_graphql_core_does(fields: dict[str, Any]) -> None:
    change = ScoreChanged(item=ScoreItem(**fields))

    assert answered(Answers(plan_of(TEXT), ALONE), change) == ordinary(change)


def test_the_sign_that_all_was_sent_is_answered_as_graphql_core_does() -> None:
    mark = caught_up(behind(7), 7)

    told = answered(Answers(plan_of(TEXT), ALONE), mark)

    assert told == ordinary(mark)
    assert told["data"]["told"]["cursor"] == "7"


def test_it_is_read_and_not_carried_out_step_by_step() -> None:
    assert Answers(plan_of(TEXT), ALONE)._read is not None
