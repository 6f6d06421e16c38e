"""Briefs over the network: what who takes over sees, then and now, and what a customer may see."""

from typing import Any

from tests.api.deals import evaluator, leaning, learned, new_id, opened, stated
from tests.api.support import Api

BRIEF = """query ($id: ID!, $asOf: AsOf) { opportunity(id: $id, asOf: $asOf) {
  asOfPosition
  handoverBrief {
    objectives { facts { kind } } exceptions { summary status } dangers { zone } markdown html
  }
  dangerZones { zone }
} }"""
DRAFT = (
    "query ($id: ID!) { opportunity(id: $id) { proposalDraft { leftOut { reason count } html } } }"
)


def looked_at(api: Api, deal: str, **variables: Any) -> dict[str, Any]:
    """Return an opportunity with its brief, once the read models show all there is."""
    head = api.ask("{ logHead { position } }")["logHead"]["position"]
    api.ask("query ($p: Position) { opportunities(atLeast: $p) { totalCount } }", p=head)
    found: dict[str, Any] = api.ask(BRIEF, id=deal, **variables)["opportunity"]
    return found


def kinds(found: dict[str, Any]) -> list[str]:
    return [one["kind"] for of in found["handoverBrief"]["objectives"] for one in of["facts"]]


def test_a_brief_shows_an_exception_as_it_was_at_the_position_asked_for(api: Api) -> None:
    deal, cfo = opened(api), new_id()
    before = looked_at(api, deal)["asOfPosition"]
    learned(api, deal, stated(evaluator(cfo)))
    raised = api.done(
        "raiseException",
        "exception { exceptionId position }",
        opportunityId=deal,
        summary="The date moved again.",
    )["exception"]
    api.done(
        "acknowledgeException",
        exceptionId=raised["exceptionId"],
        expectedVersion=None,
        plan="Ask the CFO",
    )

    now, then = looked_at(api, deal), looked_at(api, deal, asOf={"position": before})
    on_screen = looked_at(api, deal, asOf={"position": raised["position"]})

    assert now["handoverBrief"]["exceptions"] == [
        {"summary": "The date moved again.", "status": "ACKNOWLEDGED"}
    ]
    assert then["handoverBrief"]["exceptions"] == []
    assert on_screen["handoverBrief"]["exceptions"][0]["status"] == "RAISED"
    assert (kinds(now), kinds(then)) == (["evaluator"], [])


def test_a_brief_names_the_danger_zones_that_the_opportunity_is_in(api: Api) -> None:
    deal = opened(api)
    found = looked_at(api, deal)

    zones = [one["zone"] for one in found["dangerZones"]]
    assert [one["zone"] for one in found["handoverBrief"]["dangers"]] == zones
    assert found["handoverBrief"]["markdown"].startswith("# Handover: Fleet renewal")


def test_what_an_evaluator_thinks_of_us_is_no_part_of_a_proposal(api: Api) -> None:
    deal, cfo = opened(api), new_id()
    learned(api, deal, stated(evaluator(cfo)), stated(leaning(cfo, "CHAMPION"), cfo))

    draft = api.ask(DRAFT, id=deal)["opportunity"]["proposalDraft"]

    assert draft["leftOut"] == [{"reason": "ABOUT_PEOPLE", "count": 2}]
    assert "champion" not in draft["html"].lower()


def test_nothing_that_somebody_called_a_deal_is_markup_in_a_document(api: Api) -> None:
    deal = opened(api, title="<script>alert(1)</script>")
    pages = [
        api.ask(DRAFT, id=deal)["opportunity"]["proposalDraft"]["html"],
        looked_at(api, deal)["handoverBrief"]["html"],
    ]

    assert not any("<script" in page for page in pages)


def test_an_open_deal_has_no_review_and_a_closed_one_keeps_what_was_open_then(api: Api) -> None:
    deal = opened(api)
    query = "query ($id: ID!) { opportunity(id: $id) { winLossReview { status markdown } } }"
    before = api.ask(query, id=deal)["opportunity"]["winLossReview"]
    api.done("winOpportunity", opportunityId=deal, expectedVersion=None)
    told = api.ask(query, id=deal)["opportunity"]["winLossReview"]

    assert before is None
    assert told["status"] == "WON"
    assert told["markdown"].startswith("# Win/loss review: Fleet renewal")
