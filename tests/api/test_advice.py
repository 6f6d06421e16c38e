"""What would help next, over the API: questions with whom to ask, blind spots, tensions."""

from typing import Any

import pytest

from tests.api.deals import evaluator, leaning, learned, new_id, opened, stated
from tests.api.support import Api

QUESTIONS = """query ($id: ID!, $first: Int!) {
  opportunity(id: $id) {
    nextBestQuestions(first: $first) { facet words value whom { evaluatorId title } }
  }
}"""


def questions(api: Api, id_: str, first: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api.ask(QUESTIONS, id=id_, first=first)["opportunity"][
        "nextBestQuestions"
    ]
    return found


def test_every_command_says_what_to_ask_next(api: Api) -> None:
    id_, cto = opened(api), new_id()
    learned(api, id_, stated(evaluator(cto, "CTO", "TECHNICAL")))

    payload = api.done(
        "learnFact",
        "nextBestQuestions { words whom { evaluatorId } }",
        opportunityId=id_,
        expectedVersion=None,
        stated=stated(leaning(cto), cto),
    )

    assert len(payload["nextBestQuestions"]) == 3
    assert {one["whom"]["evaluatorId"] for one in payload["nextBestQuestions"]} == {cto}


@pytest.mark.parametrize(("first", "shown"), [(1, 1), (45, 10)])
def test_as_many_questions_are_shown_as_are_asked_for_and_worth_it(
    api: Api, first: int, shown: int
) -> None:
    found = questions(api, opened(api), first)

    assert min(len(found), 10) == shown
    assert [one["value"] for one in found] == sorted((one["value"] for one in found), reverse=True)


@pytest.mark.parametrize("first", [0, -1, 46])
def test_no_questions_or_more_than_there_are_facets_cannot_be_asked_for(
    api: Api, first: int
) -> None:
    [error] = api.errors(QUESTIONS, id=opened(api), first=first)

    assert error["extensions"]["code"] == "BAD_USER_INPUT"
