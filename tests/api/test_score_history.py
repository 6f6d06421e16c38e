"""What an opportunity tells of its score: the ledger, both curves, the reasons, the portfolio."""

from typing import Any

import pytest

from tests.api.deals import evaluator, new_id, opened, stated
from tests.api.support import Api

LEDGER = """query ($id: ID!, $first: Int, $after: String) { opportunity(id: $id) {
  scoreLedger(first: $first, after: $after) {
    nodes { cursor kind sentence milliPoints deltaP deltaLogOdds factIds facts { factId state }
      before { p points } after { p points } effects { milliPoints } }
    pageInfo { hasNextPage endCursor } } } }"""
CURVE = """query ($id: ID!, $curve: ScoreCurve!, $first: Int, $after: String) {
  opportunity(id: $id) { scoreTrend(curve: $curve, first: $first, after: $after) {
    nodes { cursor at sentence kind eventId version milliPoints after { p } }
    pageInfo { hasNextPage endCursor } } } }"""
CURVES = """query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Opportunity {
  scoreTrend(curve: LEARNED) {
    nodes { cursor at sentence kind eventId version milliPoints after { p } } } } } }"""
EXPLANATION = """query ($id: ID!, $asOf: AsOf) { opportunity(id: $id) {
  scoreExplanation(asOf: $asOf) {
    summary evidence baseRate score { p points } objectives { topic milliPoints words } } } }"""
PORTFOLIO = """query ($from: Date!, $to: Date!, $step: Int, $zone: String!, $id: [ID!]) {
  portfolioTrend(from: $from, to: $to, step: $step, zone: $zone, filter: {ownerIds: $id}) {
    days { day open meanP sumP worth { currency open withoutAmount amount expected } } } }"""
MONEY = {"amount": "80000", "currency": "EUR"}


def day(number: int) -> dict[str, Any]:
    return {"period": {"period": f"2026-03-{number:02d}", "zone": "UTC"}}


def tell(api: Api, name: str, id_: str, number: int, /, **input: Any) -> int:
    """Carry out a command, learned on a day in March, and wait until it is shown."""
    of = {"opportunityId": id_, "expectedVersion": None}
    position: int = api.done(name, **of, learned=day(number), **input)["position"]
    api.ask("query ($p: Position) { opportunities(atLeast: $p) { totalCount } }", p=position)
    return position


@pytest.fixture(scope="module")
def deal(api: Api) -> dict[str, Any]:
    """Return a deal whose budget was told late, and taken back; with its CFO and fact."""
    id_, cfo, fact = opened(api, learned=day(2)), new_id(), new_id()
    tell(api, "learnFact", id_, 2, stated=stated(evaluator(cfo)))
    tell(api, "raiseQuestion", id_, 5, facet="STEPS", text="Which steps?")
    funding = stated({"funding": {"status": "APPROVED", "amount": MONEY}}, cfo, factId=fact)
    before = tell(api, "learnFact", id_, 3, stated=funding)
    tell(api, "retractFact", id_, 9, factId=fact, reason="MISHEARD")
    return {"id": id_, "fact": fact, "approved": before}


def ledger(api: Api, deal: dict[str, Any], **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = api.ask(LEDGER, id=deal["id"], **more)["opportunity"]["scoreLedger"]
    return found


def curve(api: Api, deal: dict[str, Any], which: str, **more: Any) -> dict[str, Any]:
    answer = api.ask(CURVE, id=deal["id"], curve=which, **more)
    found: dict[str, Any] = answer["opportunity"]["scoreTrend"]
    return found


def test_each_line_goes_on_where_the_one_before_it_ended(api: Api, deal: dict[str, Any]) -> None:
    lines = ledger(api, deal)["nodes"]

    assert [one["before"] for one in lines] == [None, *(one["after"] for one in lines[:-1])]
    for one in lines:
        assert sum(effect["milliPoints"] for effect in one["effects"]) == one["milliPoints"]
    whole = sum(one["milliPoints"] for one in lines) / 1000
    assert lines[-1]["after"]["points"] == pytest.approx(lines[0]["after"]["points"] + whole)
    assert sum(one["deltaP"] for one in lines) == pytest.approx(
        lines[-1]["after"]["p"] - lines[0]["after"]["p"]
    )
    assert sum(one["deltaLogOdds"] for one in lines) == pytest.approx(whole / 10 * 0.693147)


def test_a_retraction_leads_to_the_fact_that_it_took_back(api: Api, deal: dict[str, Any]) -> None:
    *_, told, taken_back = ledger(api, deal)["nodes"]

    assert taken_back["kind"] == "RETRACTION"
    assert taken_back["sentence"].startswith(
        "9 Mar, taken back, misheard: funding approved, 80,000 EUR, first told 3 Mar, call with"
        " the CFO, -"
    )
    assert taken_back["factIds"] == told["factIds"] == [deal["fact"]]
    assert taken_back["facts"] == [{"factId": deal["fact"], "state": "RETRACTED"}]
    assert taken_back["milliPoints"] == -told["milliPoints"]


def test_a_ledger_comes_in_pages(api: Api, deal: dict[str, Any]) -> None:
    whole = ledger(api, deal)["nodes"]
    page = ledger(api, deal, first=2)
    rest = ledger(api, deal, after=page["pageInfo"]["endCursor"])

    assert page["pageInfo"]["hasNextPage"]
    assert [*page["nodes"], *rest["nodes"]] == whole


def test_what_was_told_late_stands_where_it_was_learned_in_the_learned_curve_alone(
    api: Api, deal: dict[str, Any]
) -> None:
    recorded = curve(api, deal, "RECORDED")["nodes"]
    learned = curve(api, deal, "LEARNED")["nodes"]

    assert [one["kind"] for one in recorded[-3:]] == ["QUESTION", "KNOWLEDGE", "RETRACTION"]
    assert [one["kind"] for one in learned[-3:]] == ["KNOWLEDGE", "QUESTION", "RETRACTION"]
    assert [one["at"][:10] for one in learned[-3:]] == ["2026-03-04", "2026-03-06", "2026-03-10"]
    assert learned[-1]["after"] == recorded[-1]["after"]
    assert {one["version"] for one in learned} == {None}
    assert None not in {one["version"] for one in recorded}


@pytest.mark.parametrize("which", ["RECORDED", "LEARNED"])
def test_each_curve_comes_in_pages(api: Api, deal: dict[str, Any], which: str) -> None:
    whole = curve(api, deal, which)["nodes"]
    page = curve(api, deal, which, first=2)
    rest = curve(api, deal, which, after=page["pageInfo"]["endCursor"])

    assert [*page["nodes"], *rest["nodes"]] == whole
    assert page["pageInfo"]["hasNextPage"]
    assert not rest["pageInfo"]["hasNextPage"]


def test_each_of_many_learned_curves_is_that_of_its_own_deal(
    api: Api, deal: dict[str, Any]
) -> None:
    other = opened(api, learned=day(4))
    tell(api, "raiseQuestion", other, 6, facet="STEPS", text="Which steps?")
    both = api.ask(CURVES, ids=[deal["id"], other])["nodes"]

    assert [one["scoreTrend"]["nodes"] for one in both] == [
        curve(api, {"id": id_}, "LEARNED")["nodes"] for id_ in (deal["id"], other)
    ]


@pytest.mark.parametrize(("which", "cursor"), [("RECORDED", "2026-03-04"), ("LEARNED", "3.0")])
def test_a_cursor_of_another_curve_is_refused(
    api: Api, deal: dict[str, Any], which: str, cursor: str
) -> None:
    [error] = api.errors(CURVE, id=deal["id"], curve=which, after=cursor)

    assert "cursor" in error["message"]
    assert error["extensions"]["code"] != "INTERNAL"


def test_a_score_is_explained_as_it_was_then(api: Api, deal: dict[str, Any]) -> None:
    def explained(**as_of: Any) -> dict[str, Any]:
        answer = api.ask(EXPLANATION, id=deal["id"], asOf=as_of or None)
        found: dict[str, Any] = answer["opportunity"]["scoreExplanation"]
        return found

    then, now = explained(position=deal["approved"]), explained()

    assert then["evidence"]
    assert "for: funding (+3.7 points)" in then["summary"]
    assert not now["evidence"]
    assert now["summary"].startswith("There is no evidence: nothing is known")
    assert now["score"]["p"] == now["baseRate"] == pytest.approx(0.2475)
    assert sum(one["milliPoints"] for one in then["objectives"]) == pytest.approx(
        1000 * (then["score"]["points"] - now["score"]["points"]), abs=1e-6
    )
    assert api.ask(EXPLANATION, id=deal["id"], asOf={"position": 1})["opportunity"] == {
        "scoreExplanation": None
    }


def portfolio(api: Api, first: str, last: str, **more: Any) -> list[dict[str, Any]]:
    variables = {"step": 1, "zone": "UTC", "id": None, **more}
    answer = api.ask(PORTFOLIO, **{"from": first, "to": last, **variables})
    days: list[dict[str, Any]] = answer["portfolioTrend"]["days"]
    return days


def test_a_portfolio_shows_the_days_that_are_asked_for(api: Api, deal: dict[str, Any]) -> None:
    days = portfolio(api, "2026-03-01", "2026-03-08", step=3)

    assert [one["day"] for one in days] == ["2026-03-01", "2026-03-04", "2026-03-07"]
    assert {one["open"] for one in days} == {0}
    assert {one["meanP"] for one in days} == {None}


def test_a_portfolio_counts_what_is_told_by_the_end_of_a_day(
    api: Api, deal: dict[str, Any]
) -> None:
    seller = api.done("registerPerson", "person { id }", name="Pat")["person"]["id"]
    id_ = opened(api, owner=seller)
    tell(api, "estimateAmount", id_, 2, amount={"amount": "1000.00", "currency": "EUR"})

    [one] = portfolio(api, "2099-01-01", "2099-01-01", id=[seller], zone="Europe/Madrid")

    assert (one["open"], one["sumP"], one["meanP"]) == (1, 0.2475, 0.2475)
    assert one["worth"] == [
        {
            "currency": "EUR",
            "open": 1,
            "withoutAmount": 0,
            "amount": "1000.00",
            "expected": "247.50",
        }
    ]
    assert portfolio(api, "2099-01-01", "2099-01-01", id=[])[0]["open"] == 0


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"step": 0}, "at least 1"),
        ({"to": "2026-02-28"}, "no day"),
        ({"to": "2028-11-25"}, "1001 days"),
        ({"zone": "Mars/Olympus"}, "no zone is called"),
        ({"zone": "\0"}, "no zone is called"),
        ({"from": "9999-12-31", "to": "9999-12-31"}, "years 1 to 9999"),
    ],
)
def test_a_portfolio_of_impossible_days_is_refused(
    api: Api, changed: dict[str, Any], said: str
) -> None:
    asked = {"from": "2026-03-01", "to": "2026-03-02", "step": 1, "zone": "UTC", **changed}
    [error] = api.errors(PORTFOLIO, **asked)

    assert said in error["message"]
    assert error["extensions"]["code"] != "INTERNAL"


def test_a_thousand_days_may_be_asked_for(api: Api) -> None:
    assert len(portfolio(api, "2026-03-01", "2028-11-24")) == 1000
