"""Bad input that reaches the API: each is answered as data, or as an error that says what to do."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.api.deals import (
    evaluator,
    leaning,
    learned,
    new_id,
    opened,
    stated,
)
from tests.api.support import Api


@pytest.fixture(scope="module")
def opportunity(api: Api) -> str:
    """Return an open opportunity kept in euros."""
    return opened(api)


@pytest.fixture(scope="module")
def closed(api: Api) -> str:
    """Return an opportunity that was disqualified."""
    id_ = opened(api, "Closed one")
    api.done("disqualifyOpportunity", opportunityId=id_, expectedVersion=0, reason="No budget")
    return id_


def reason(api: Api, name: str, /, **input: Any) -> tuple[str, list[str]]:
    """Return the code and path with which a command is refused."""
    error = api.refused(name, **{"expectedVersion": None, **input})
    assert error["message"].strip()
    return error["code"], error["path"]


def test_a_command_on_an_unknown_opportunity_is_refused(api: Api) -> None:
    code, _ = reason(api, "renameOpportunity", opportunityId=new_id(), title="New")

    assert code == "UNKNOWN_OPPORTUNITY"


def test_an_opportunity_of_an_unknown_account_is_not_opened(api: Api) -> None:
    error = api.refused("openOpportunity", accountId=new_id(), title="New", currency="EUR")

    assert (error["__typename"], error["code"]) == ("UnknownAccount", "UNKNOWN_ACCOUNT")


def test_an_id_of_another_kind_of_thing_is_refused_with_its_path(api: Api) -> None:
    account = api.done("registerAccount", "account { id }", name="Acme")["account"]["id"]
    code, path = reason(api, "renameOpportunity", opportunityId=account, title="New")

    assert (code, path) == ("INVALID_INPUT", ["input", "opportunityId"])


def test_a_command_that_expects_another_version_is_told_the_present_one(
    api: Api, opportunity: str
) -> None:
    query = """mutation ($input: RenameOpportunityInput!) {
      renameOpportunity(input: $input) {
        userErrors { ... on VersionConflict { code expected current path } }
      }
    }"""
    wrong = {"commandId": new_id(), "opportunityId": opportunity, "title": "New"}
    answer = api.ask(query, input={**wrong, "expectedVersion": 99})

    [error] = answer["renameOpportunity"]["userErrors"]
    assert (error["code"], error["expected"]) == ("VERSION_CONFLICT", 99)
    assert error["current"] < 99
    assert error["path"] == ["input", "expectedVersion"]


def test_the_expected_version_must_be_given_even_if_it_is_null(api: Api, opportunity: str) -> None:
    error = api.refused("renameOpportunity", opportunityId=opportunity, title="New")

    assert (error["code"], error["path"]) == ("INVALID_INPUT", ["input", "expectedVersion"])


def test_a_command_sent_twice_is_carried_out_once_and_answered_again(api: Api) -> None:
    id_ = opened(api)
    command = {"commandId": new_id(), "opportunityId": id_, "expectedVersion": 0, "title": "Once"}
    first = api.done("renameOpportunity", **command)
    second = api.done("renameOpportunity", **command)

    assert (first["replayed"], second["replayed"]) == (False, True)
    assert (first["version"], first["position"]) == (second["version"], second["position"])


def test_a_command_id_stands_for_one_request_only(api: Api, opportunity: str) -> None:
    command = {"commandId": new_id(), "opportunityId": opportunity, "expectedVersion": None}
    api.done("renameOpportunity", **command, title="One")
    error = api.refused("renameOpportunity", **command, title="Two")

    assert (error["code"], error["path"]) == ("COMMAND_ID_REUSED", ["input", "commandId"])


def test_nothing_is_learned_in_the_future(api: Api, opportunity: str) -> None:
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    code, _ = reason(
        api,
        "learnFact",
        opportunityId=opportunity,
        stated=stated(evaluator(new_id())),
        learned={"at": tomorrow},
    )

    assert code == "LEARNED_IN_THE_FUTURE"


def test_a_time_without_a_zone_is_refused(api: Api, opportunity: str) -> None:
    command = {"opportunityId": opportunity, "expectedVersion": None, "title": "New"}
    learned_at = {"learned": {"at": "2026-03-01T10:00:00"}}
    [error] = api.send("renameOpportunity", {**command, **learned_at}).json()["errors"]

    assert "2026-03-01T10:00:00 has no zone: add one, such as Z or +01:00" in error["message"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


def test_a_time_without_a_zone_is_refused_in_the_query_too(api: Api, opportunity: str) -> None:
    query = f'{{ opportunity(id: "{opportunity}", asOf: {{screen: "2026-03-01"}}) {{ title }} }}'
    [error] = api.errors(query)

    assert "has no zone" in error["message"]


@pytest.mark.parametrize(
    ("period", "zone", "said"),
    [
        ("2026-13", "Europe/Madrid", "no period"),
        ("March", "Europe/Madrid", "write 2026-03-01"),
        ("2026-03", "Madrid", "no zone is called"),
        ("0001", "Asia/Tokyo", "outside of the years 1 to 9999"),
        ("2026", "a\0", "no zone is called"),
    ],
)
def test_a_period_that_cannot_be_read_is_refused(
    api: Api, opportunity: str, period: str, zone: str, said: str
) -> None:
    error = api.refused(
        "renameOpportunity",
        opportunityId=opportunity,
        expectedVersion=None,
        title="New",
        learned={"period": {"period": period, "zone": zone}},
    )

    assert said in error["message"]
    assert error["path"] == ["input", "learned", "period"]


@pytest.mark.parametrize(
    "fact",
    [
        leaning("0190a8c4-0000-7000-8000-00000000dead"),
        {
            "standing": {
                "criterionId": "0190a8c4-0000-7000-8000-00000000dead",
                "alternativeId": "0190a8c4-0000-7000-8000-00000000beef",
                "rating": 1,
            }
        },
    ],
    ids=["evaluator", "criterion"],
)
def test_a_fact_about_something_unknown_is_refused(
    api: Api, opportunity: str, fact: dict[str, Any]
) -> None:
    code, _ = reason(api, "learnFact", opportunityId=opportunity, stated=stated(fact))

    assert code == "UNKNOWN_REFERENCE"


def test_a_preference_for_an_unknown_alternative_is_refused(api: Api) -> None:
    id_, cfo = opened(api), new_id()
    learned(api, id_, stated(evaluator(cfo)))
    preference = {"preference": {"evaluatorId": cfo, "alternativeId": new_id()}}
    error = api.refused(
        "learnFact", opportunityId=id_, expectedVersion=None, stated=stated(preference)
    )

    assert error["code"] == "UNKNOWN_REFERENCE"
    assert "alternative" in error["message"]


def test_a_fact_that_was_taken_back_cannot_be_superseded(api: Api) -> None:
    id_, cfo, fact = opened(api), new_id(), new_id()
    learned(api, id_, stated(evaluator(cfo), factId=fact))
    command = {"opportunityId": id_, "expectedVersion": None}
    api.done("retractFact", **command, factId=fact, reason="MISHEARD")
    replaced = {"factId": fact, "because": "WE_LEARNED_BETTER"}
    again = stated(evaluator(cfo, "CEO"), supersedes=replaced)

    assert reason(api, "learnFact", **command, stated=again)[0] == "FACT_DOES_NOT_STAND"


@pytest.mark.parametrize("probability", [-0.01, 1.01])
def test_a_probability_outside_0_to_1_is_refused(
    api: Api, opportunity: str, probability: float
) -> None:
    code, path = reason(
        api, "recordSellerEstimate", opportunityId=opportunity, probability=probability
    )

    assert (code, path) == ("INVALID_INPUT", ["input", "probability"])


def test_amounts_of_two_currencies_do_not_mix(api: Api, opportunity: str) -> None:
    dollars = {"amount": "80000", "currency": "USD"}

    assert (
        reason(api, "estimateAmount", opportunityId=opportunity, amount=dollars)[0]
        == "CURRENCY_MIX"
    )


@pytest.mark.parametrize("amount", ["NaN", "1e30", "1e999999999", "0.0000001", "much", True])
def test_an_amount_that_is_no_plain_number_is_refused(
    api: Api, opportunity: str, amount: object
) -> None:
    command = {"opportunityId": opportunity, "expectedVersion": None}
    given = {"amount": amount, "currency": "EUR"}
    answer = api.send("estimateAmount", {**command, "amount": given}).json()

    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


def test_a_quote_of_more_than_500_characters_is_refused(api: Api, opportunity: str) -> None:
    quote = {"subject": new_id(), "text": "x" * 501}
    provenance = {"source": "BUYER_SAID", "channel": "CALL", "evidence": {"quote": quote}}
    fact = {"fact": evaluator(new_id()), "provenance": provenance}

    assert reason(api, "learnFact", opportunityId=opportunity, stated=fact)[0] == "OVERLONG_QUOTE"


@pytest.mark.parametrize(("title", "code"), [("", "INVALID_INPUT"), ("   ", "BLANK")])
def test_an_empty_title_is_refused(api: Api, opportunity: str, title: str, code: str) -> None:
    assert reason(api, "renameOpportunity", opportunityId=opportunity, title=title)[0] == code


def test_a_text_with_a_nul_is_refused_because_it_cannot_be_stored(
    api: Api, opportunity: str
) -> None:
    code, path = reason(api, "renameOpportunity", opportunityId=opportunity, title="a\0b")

    assert (code, path) == ("INVALID_INPUT", ["input", "title"])


def test_half_a_character_is_refused_in_a_document(api: Api, opportunity: str) -> None:
    query = """mutation { renameOpportunity(input: {commandId: "%s", opportunityId: "%s",
      expectedVersion: null, title: "\\uD800"}) { userErrors { code path } } }"""
    answer = api.post(query % (new_id(), opportunity)).json()

    assert answer["errors"][0]["extensions"]["code"] == "GRAPHQL_PARSE_FAILED"


def test_no_forecast_is_made_of_a_closed_opportunity(api: Api, closed: str) -> None:
    code, _ = reason(api, "setForecastCategory", opportunityId=closed, category="COMMIT")

    assert code == "NOT_OPEN"


def test_no_gate_is_passed_on_a_closed_opportunity(api: Api, closed: str) -> None:
    code, _ = reason(api, "takeDecision", opportunityId=closed, decision="GATE", summary="Go")

    assert code == "NOT_OPEN"


def test_two_openings_with_one_id_are_one_too_many(api: Api, opportunity: str) -> None:
    account = api.ask("query ($id: ID!) { opportunity(id: $id) { accountId } }", id=opportunity)
    error = api.refused(
        "openOpportunity",
        opportunityId=opportunity,
        accountId=account["opportunity"]["accountId"],
        title="Again",
        currency="EUR",
    )

    assert error["code"] == "ALREADY_EXISTS"


def test_a_value_out_of_range_is_named_by_its_path_through_the_kind_of_fact(
    api: Api, opportunity: str
) -> None:
    issue = {"businessIssue": {"issueId": new_id(), "text": "x", "issueKind": "GOAL"}}
    issue["businessIssue"]["severity"] = 9  # type: ignore[assignment]  # one is a number
    facts = [stated(evaluator(new_id())), stated(issue)]
    code, path = reason(api, "recordFacts", opportunityId=opportunity, facts=facts)

    assert code == "INVALID_INPUT"
    assert path == ["input", "facts", "1", "fact", "businessIssue", "severity"]


def test_many_facts_are_recorded_all_or_none(api: Api) -> None:
    id_ = opened(api)
    facts = [stated(evaluator(new_id())), stated(leaning(new_id()))]
    code, _ = reason(api, "recordFacts", opportunityId=id_, facts=facts)
    shown = api.ask("query ($id: ID!) { opportunity(id: $id) { version facts { kind } } }", id=id_)

    assert code == "UNKNOWN_REFERENCE"
    assert shown["opportunity"] == {"version": 0, "facts": []}


def test_a_fact_of_two_kinds_at_once_is_refused(api: Api, opportunity: str) -> None:
    both = {**evaluator(new_id()), **leaning(new_id())}
    command = {"opportunityId": opportunity, "expectedVersion": None, "stated": stated(both)}
    [error] = api.send("learnFact", command).json()["errors"]

    assert "FactInput" in error["message"]
    assert error["extensions"]["code"] != "INTERNAL"
