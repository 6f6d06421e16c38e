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


def test_a_settled_contradiction_shows_what_was_chosen_and_why(api: Api) -> None:
    id_, cfo, cto, ours = opened(api), new_id(), new_id(), new_id()
    people = [stated(evaluator(cfo)), stated(evaluator(cto, "CTO"))]
    words = [
        stated(leaning(cfo, "CHAMPION"), cfo, factId=ours),
        stated(leaning(cfo, "OPPONENT"), cto),
    ]
    learned(api, id_, *people, *words)
    query = """query ($id: ID!, $settled: Boolean) { opportunity(id: $id) {
      contradictions(settled: $settled) { kind facts { state } choice { chosen rationale } } } }"""

    def found(settled: bool | None) -> list[dict[str, Any]]:
        of: dict[str, Any] = api.ask(query, id=id_, settled=settled)["opportunity"]
        listed: list[dict[str, Any]] = of["contradictions"]
        return listed

    [disputed] = found(False)
    of = {"opportunityId": id_, "expectedVersion": None}
    api.done("resolveContradiction", **of, chosen=ours, rationale="We asked again")

    [settled] = found(True)
    assert (disputed["kind"], disputed["choice"]) == ("LEANING", None)
    assert settled["choice"] == {"chosen": ours, "rationale": "We asked again"}
    assert [one["state"] for one in settled["facts"]] == ["STANDS", "REJECTED"]
    assert (found(False), found(None)) == ([], [settled])


def test_a_budget_below_the_price_is_a_tension_between_facts_that_both_stand(api: Api) -> None:
    id_, of = opened(api), {"expectedVersion": None}
    price = {"amount": "100000", "currency": "EUR"}
    api.done("estimateAmount", opportunityId=id_, **of, amount=price, basis="List price")
    budget = {"status": "APPROVED", "amount": {"amount": "79999.99", "currency": "EUR"}}
    learned(api, id_, stated({"funding": budget}))
    query = """query ($id: ID!) { opportunity(id: $id) {
      tensions { rule because facts { kind state } } } }"""

    assert api.ask(query, id=id_)["opportunity"]["tensions"] == [
        {
            "rule": "FUNDED_TOO_LITTLE",
            "because": "79,999.99 EUR are funded, our price is 100,000 EUR",
            "facts": [{"kind": "FUNDING", "state": "STANDS"}],
        }
    ]


SPOTS = """query ($id: ID!, $suspicions: [Suspicion!], $asOf: AsOf, $atLeast: Position) {
  opportunity(id: $id, asOf: $asOf, atLeast: $atLeast) {
    blindSpots(suspicions: $suspicions) { suspicion facet gap words n share }
  }
}"""


def spots(api: Api, id_: str, *suspicions: str, **variables: Any) -> list[dict[str, Any]]:
    given = {"id": id_, "suspicions": list(suspicions) or None, **variables}
    found: list[dict[str, Any]] = api.ask(SPOTS, **given)["opportunity"]["blindSpots"]
    return found


def test_a_step_for_security_calls_for_somebody_until_it_is_asked_about(api: Api) -> None:
    id_, step, of = opened(api), new_id(), {"expectedVersion": None}
    audit = {"stepId": step, "name": "Audit", "stepKind": "SECURITY"}
    learned(api, id_, stated({"decisionStep": audit}))
    [found] = [
        one for one in spots(api, id_, "STRUCTURAL") if one["gap"] == "STEP_WITHOUT_EVALUATOR"
    ]
    api.done("raiseQuestion", opportunityId=id_, **of, facet="PAPER_PROCESS", text=found["words"])

    assert found["words"] == "Who looks after “Audit” on your side?"
    assert [one["gap"] for one in spots(api, id_, "STRUCTURAL")] == ["STEP_WITHOUT_OWNER"]


def test_what_most_closed_deals_of_new_customers_had_is_missed_with_new_customers_only(
    api: Api,
) -> None:
    of = {"expectedVersion": None}
    new, existing = opened(api, customerKind="NEW"), opened(api, customerKind="EXISTING")
    for number in range(5):
        id_ = opened(api, customerKind="NEW")
        lawyer = evaluator(new_id(), "Counsel", "LEGAL")
        learned(api, id_, *([stated(lawyer)] if number < 2 else []))
        last = api.done("winOpportunity", opportunityId=id_, **of)["position"]

    found = spots(api, new, "COMPARABLE", atLeast=last)

    assert [(one["facet"], one["n"], one["share"]) for one in found] == [("PAPER_PROCESS", 5, 0.4)]
    assert spots(api, existing, "COMPARABLE") == []
    assert spots(api, new, "COMPARABLE", asOf={"position": last}) == found
    assert spots(api, new, "COMPARABLE", asOf={"position": last - 1}) == []
    assert spots(api, id_) == [], "what has ended has no blind spots any more"


def test_every_untouched_facet_can_be_listed_by_itself(api: Api) -> None:
    found = spots(api, opened(api), "UNTOUCHED")

    assert len(found) == 45
    assert {one["suspicion"] for one in found} == {"UNTOUCHED"}
    assert spots(api, opened(api))[-1]["words"].endswith("?")


def test_a_list_finds_the_disputed_and_the_unanswered_and_counts_them(api: Api) -> None:
    id_, cfo, cto, question = opened(api), new_id(), new_id(), new_id()
    of = {"opportunityId": id_, "expectedVersion": None}
    learned(
        api,
        id_,
        stated(evaluator(cfo)),
        stated(evaluator(cto, "CTO")),
        stated(leaning(cfo, "CHAMPION"), cfo),
        stated(leaning(cfo, "OPPONENT"), cto),
    )
    api.done("raiseQuestion", **of, questionId=question, facet="SCOPE", text="How many?")
    asked = api.done(
        "askQuestion",
        "opportunity { counts { unanswered } }",
        **of,
        questionId=question,
        evaluatorId=cfo,
    )
    query = """query ($filter: OpportunityFilter, $atLeast: Position) {
      opportunities(filter: $filter, atLeast: $atLeast) {
        nodes { id counts { facts contradictions openQuestions unanswered } } } }"""

    def listed(**wanted: bool) -> dict[str, dict[str, int]]:
        found = api.ask(query, filter=wanted, atLeast=asked["position"])["opportunities"]["nodes"]
        return {one["id"]: one["counts"] for one in found}

    counts = {"facts": 4, "contradictions": 1, "openQuestions": 1, "unanswered": 1}
    assert asked["opportunity"]["counts"] == {"unanswered": 1}
    assert listed(contradicted=True)[id_] == counts
    assert listed(unanswered=True) == {id_: counts}
    assert id_ not in listed(contradicted=False) | listed(unanswered=False)
