"""The forecast over HTTP: three opinions, what they rest on, and steps that add up."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from tests.api.deals import evaluator, leaning, learned, new_id, opened, stated
from tests.api.support import Api

TODAY = datetime.now(UTC).date()
LAST = TODAY + timedelta(days=60)
LATER = TODAY + timedelta(days=100)
FORECAST = """
query ($from: Date!, $to: Date!, $by: ForecastBy, $ownerIds: [ID!], $currency: String,
    $rates: [ExchangeRate!], $asOf: AsOf, $since: AsOf, $atLeast: Position) {
  forecast(from: $from, to: $to, by: $by, ownerIds: $ownerIds, currency: $currency, rates: $rates,
      asOf: $asOf, since: $since, atLeast: $atLeast) {
    currency asOfPosition withoutCommitDate
    worth { ...Worth total { expected { low median high } outcome { low median high } } }
    groups { ownerId month category worth { ...Worth } }
    differences { opportunity { title } knowledge gut stage lessGut lessStage }
    changes {
      before after change
      kinds { kind opportunities change }
      steps(first: 100) { kind opportunityId opportunity { title } change }
      slipped { opportunities amount } pulledIn { opportunities amount }
      moves { opportunity { title } was now days amount }
    }
  }
}
fragment Worth on ForecastWorth {
  opportunities withoutAmount pushed amount won knowledge gut gutOf stage stageOf
}
"""


def head(api: Api) -> int:
    position: int = api.ask("{ logHead { position } }")["logHead"]["position"]
    return position


def forecast(api: Api, team: str | list[str], **more: Any) -> dict[str, Any]:
    owners = [team] if isinstance(team, str) else team
    variables = {"from": str(TODAY), "to": str(LAST), "ownerIds": owners, "atLeast": head(api)}
    found: dict[str, Any] = api.ask(FORECAST, **{**variables, **more})["forecast"]
    return found


def code(api: Api, team: str, **more: Any) -> str:
    variables = {"from": str(TODAY), "to": str(LAST), "ownerIds": [team], "atLeast": head(api)}
    [error] = api.errors(FORECAST, **{**variables, **more})
    found: str = error["extensions"]["code"]
    return found


def deal(
    api: Api,
    owner: str,
    title: str = "Pumps",
    amount: int | None = 100_000,
    due: date | None = LAST,
    currency: str = "EUR",
) -> str:
    """Return the id of a new deal of a seller."""
    id_ = opened(api, title, currency, owner=owner)
    if amount is not None:
        worth(api, id_, amount, currency)
    if due is not None:
        promise(api, id_, due)
    return id_


def act(api: Api, name: str, id_: str, **more: Any) -> None:
    api.done(name, "", opportunityId=id_, expectedVersion=None, **more)


def worth(api: Api, id_: str, amount: int, currency: str = "EUR") -> None:
    act(api, "estimateAmount", id_, amount={"amount": str(amount), "currency": currency})


def promise(api: Api, id_: str, due: date) -> None:
    act(api, "setCommitDate", id_, commitDate=str(due), basis="OURS", reason="As they told us")


def p_of(api: Api, id_: str) -> Decimal:
    found = api.ask("query ($id: ID!) { opportunity(id: $id) { score { p } } }", id=id_)
    return Decimal(repr(found["opportunity"]["score"]["p"])).quantize(Decimal("0.0001"))


def money(text: str | None) -> Decimal:
    assert text is not None
    return Decimal(text)


def test_knowledge_gut_and_stage_stand_side_by_side_with_what_they_rest_on(api: Api) -> None:
    anna = new_id()
    pumps, robots = deal(api, anna), deal(api, anna, "Robots", 50_000)
    act(api, "recordSellerEstimate", pumps, probability=0.9)
    act(api, "setStage", robots, stage="PROOF", stageDefault=0.5)
    found = forecast(api, anna)
    of = found["worth"]

    assert (found["currency"], of["opportunities"]) == ("EUR", 2)
    assert money(of["gut"]) == 90_000
    assert money(of["stage"]) == 25_000
    assert (of["gutOf"], of["stageOf"]) == (1, 1)
    assert money(of["knowledge"]) == 100_000 * p_of(api, pumps) + 50_000 * p_of(api, robots)
    first, second = found["differences"]
    assert [one["opportunity"]["title"] for one in (first, second)] == ["Pumps", "Robots"]
    assert money(first["lessGut"]) == 100_000 * p_of(api, pumps) - 90_000
    assert (first["stage"], second["gut"]) == (None, None)


def test_an_interval_lies_around_what_is_known_and_is_the_same_every_time(api: Api) -> None:
    anna = new_id()
    for number in range(5):
        deal(api, anna, f"Pumps {number}")
    total = forecast(api, anna)["worth"]["total"]

    assert 0 < total["expected"]["low"] < total["expected"]["median"] < total["expected"]["high"]
    assert total["outcome"]["low"] <= total["expected"]["low"]
    assert total["outcome"]["high"] >= total["expected"]["high"]
    assert forecast(api, anna)["worth"]["total"] == total


def test_without_opportunities_a_forecast_is_empty_and_has_no_currency(api: Api) -> None:
    found = forecast(api, new_id(), by="OWNER")

    assert (found["currency"], found["groups"], found["differences"]) == (None, [], [])
    assert found["worth"]["opportunities"] == 0
    assert found["worth"]["total"]["outcome"] == {"low": 0.0, "median": 0.0, "high": 0.0}


def test_what_has_neither_amount_nor_date_is_counted(api: Api) -> None:
    anna = new_id()
    deal(api, anna, amount=None)
    deal(api, anna, due=None)
    found = forecast(api, anna)

    assert found["worth"]["withoutAmount"] == found["worth"]["opportunities"] == 1
    assert found["withoutCommitDate"] == 1
    assert money(found["worth"]["knowledge"]) == 0


def test_what_was_won_in_the_period_counts_in_full(api: Api) -> None:
    anna = new_id()
    act(api, "winOpportunity", deal(api, anna, due=LATER))
    of = forecast(api, anna)["worth"]

    assert [money(of[name]) for name in ("won", "knowledge", "gut", "stage")] == [100_000] * 4
    assert of["total"]["outcome"] == {"low": 100_000, "median": 100_000, "high": 100_000}
    before = forecast(
        api, anna, **{"from": str(TODAY - timedelta(40)), "to": str(TODAY - timedelta(5))}
    )
    assert before["worth"]["opportunities"] == 0


def test_a_period_of_one_day_counts_that_day(api: Api) -> None:
    anna = new_id()
    deal(api, anna, due=LAST)
    deal(api, anna, due=LAST - timedelta(days=1))

    assert forecast(api, anna, **{"from": str(LAST)})["worth"]["opportunities"] == 1
    assert code(api, anna, **{"from": str(LAST + timedelta(days=1))}) == "BAD_USER_INPUT"


@pytest.mark.parametrize("by", ["OWNER", "MONTH", "CATEGORY"])
def test_told_apart_the_parts_add_up_to_the_whole(api: Api, by: str) -> None:
    anna, boris = new_id(), new_id()
    pumps = deal(api, anna)
    act(api, "setForecastCategory", pumps, category="COMMIT")
    act(api, "winOpportunity", deal(api, boris, "Paint", 30_000, LATER))
    deal(api, boris, "Robots", 50_000, TODAY)
    found = forecast(api, [anna, boris], by=by)

    parts = [money(one["worth"]["knowledge"]) for one in found["groups"]]
    assert sum(parts) == money(found["worth"]["knowledge"])
    keys = [
        one[{"OWNER": "ownerId", "MONTH": "month", "CATEGORY": "category"}[by]]
        for one in found["groups"]
    ]
    assert len(set(keys)) == len(keys) == 2


def test_several_currencies_are_never_added_up_without_a_rate(api: Api) -> None:
    anna = new_id()
    deal(api, anna)
    deal(api, anna, "Robots", 100, currency="USD")

    assert code(api, anna) == "MIXED_CURRENCIES"
    assert code(api, anna, currency="EUR", rates=[rate("USD", "0")]) == "RATE_NOT_POSITIVE"
    assert (
        code(api, anna, currency="EUR", rates=[rate("USD", "1"), rate("USD", "2")])
        == "BAD_USER_INPUT"
    )
    found = forecast(api, anna, currency="EUR", rates=[rate("USD", "0.92")])
    assert (found["currency"], money(found["worth"]["amount"])) == ("EUR", Decimal("100092"))


def rate(currency: str, given: str) -> dict[str, str]:
    return {"currency": currency, "rate": given}


def test_what_changed_since_is_told_by_steps_that_add_up(api: Api) -> None:
    anna, boris = new_id(), new_id()
    slips, comes, learns = (
        deal(api, anna, "Slips"),
        deal(api, anna, "Comes", due=LATER),
        deal(api, anna, "Learns"),
    )
    grows, wins, lost = (
        deal(api, anna, "Grows"),
        deal(api, anna, "Wins", 20_000),
        deal(api, anna, "Lost", 7_000),
    )
    given = deal(api, anna, "Given")
    within = deal(api, anna, "Within", 1_000, TODAY)
    then = head(api)
    promise(api, slips, LATER)
    promise(api, comes, LAST)
    promise(api, within, LAST)
    cfo = str(uuid4())
    learned(api, learns, stated(evaluator(cfo)), stated(leaning(cfo)))
    worth(api, grows, 150_000)
    act(api, "winOpportunity", wins)
    act(api, "loseOpportunity", lost, lossKind="UNSPECIFIED", reasons=["Price"])
    act(api, "transferOwnership", given, toOwner=boris)
    deal(api, anna, "New", 5_000)
    found = forecast(api, anna, since={"position": then})["changes"]

    by_title = {(one["opportunity"]["title"], one["kind"]) for one in found["steps"]}
    assert by_title == {
        ("Slips", "PUSHED_OUT"),
        ("Comes", "PULLED_IN"),
        ("Learns", "KNOWLEDGE"),
        ("Grows", "AMOUNT"),
        ("Wins", "WON"),
        ("Lost", "CLOSED"),
        ("Given", "HANDED_OVER"),
        ("New", "OPENED"),
    }
    change = money(found["after"]) - money(found["before"])
    assert money(found["change"]) == change
    assert sum(money(one["change"]) for one in found["steps"]) == change
    assert sum(money(one["change"]) for one in found["kinds"]) == change
    assert found["slipped"] == {"opportunities": 2, "amount": "101000"}
    assert found["pulledIn"] == {"opportunities": 1, "amount": "100000"}
    moves = [(one["opportunity"]["title"], one["days"] > 0) for one in found["moves"]]
    assert sorted(moves) == [("Comes", False), ("Slips", True), ("Within", True)]


def test_a_forecast_of_the_past_says_what_was_shown_then(api: Api) -> None:
    anna = new_id()
    pumps = deal(api, anna)
    shown, then = forecast(api, anna), head(api)
    worth(api, pumps, 300_000)
    act(api, "loseOpportunity", pumps, lossKind="UNSPECIFIED", reasons=["Price"])

    past = forecast(api, anna, asOf={"position": then})
    assert past["asOfPosition"] == then
    assert past["worth"] == shown["worth"]
    assert forecast(api, anna)["worth"]["opportunities"] == 0
    nothing = forecast(api, anna, since={"position": then}, asOf={"position": then})["changes"]
    assert nothing["steps"] == []
    assert money(nothing["change"]) == 0


@pytest.mark.parametrize("certainty", ["CERTAIN", "POSSIBLE"])
def test_a_forecast_of_what_was_known_reads_rows_and_folds_alike(api: Api, certainty: str) -> None:
    anna = new_id()
    deal(api, anna)
    act(api, "winOpportunity", deal(api, anna, "Robots", 50_000))
    shown = forecast(api, anna)
    instant = api.ask("{ logHead { recordedAt } }")["logHead"]["recordedAt"]
    deal(api, anna, "Later")

    known = forecast(api, anna, asOf={"known": {"at": instant, "certainty": certainty}})
    assert known["worth"] == shown["worth"]


def test_seen_from_later_back_to_earlier_the_steps_add_up_too(api: Api) -> None:
    anna = new_id()
    deal(api, anna)
    then = head(api)
    act(api, "winOpportunity", deal(api, anna, "Robots", 50_000))
    found = forecast(api, anna, asOf={"position": then}, since={"position": head(api)})["changes"]

    assert [(one["kind"], one["change"]) for one in found["steps"]] == [("CLOSED", "-50000")]
    assert money(found["change"]) == -50_000


def test_a_day_beyond_the_calendar_and_an_unknown_zone_are_refused(api: Api) -> None:
    anna = new_id()

    assert code(api, anna, to="9999-12-31") == "BAD_USER_INPUT"
    query = f'{{ forecast(from: "{TODAY}", to: "{LAST}", zone: "Mars") {{ currency }} }}'
    [error] = api.errors(query)
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
