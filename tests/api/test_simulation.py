"""What would happen if, asked over the API: the score then, and nothing written."""

from typing import Any
from uuid import UUID, uuid4

from opps.api.ids import from_global
from tests.api.deals import evaluator, leaning, learned, new_id, opened, stated
from tests.api.support import Api, Installation

SIMULATE = """query ($opportunityId: ID!, $facts: [FactStatedInput!], $questionsAnswered: [UUID!],
                     $asOf: DateTime) {
  simulate(opportunityId: $opportunityId, facts: $facts, questionsAnswered: $questionsAnswered,
           asOf: $asOf) {
    score { p low high } scoreChange { milliPoints } byTime { milliPoints }
    byKnowledge { milliPoints } contradictions { key facts { state } }
    objectives { objective state } userErrors { __typename code message path }
  }
}"""


def simulated(api: Api, opportunity_id: str, **supposed: Any) -> dict[str, Any]:
    found: dict[str, Any] = api.ask(SIMULATE, opportunityId=opportunity_id, **supposed)["simulate"]
    return found


def refused(api: Api, opportunity_id: str, **supposed: Any) -> tuple[str, list[str]]:
    """Return why a simulation is refused, and that it answers nothing."""
    found = simulated(api, opportunity_id, **supposed)
    assert (found["score"], found["scoreChange"], found["objectives"]) == (None, None, [])
    [error] = found["userErrors"]
    assert error["message"].strip()
    return error["code"], error["path"]


def head(api: Api) -> str:
    position: str = api.ask("{ logHead { position } }")["logHead"]["position"]
    return position


def test_what_is_simulated_is_what_recording_it_does_and_nothing_is_written(api: Api) -> None:
    id_, cfo = opened(api), new_id()
    learned(api, id_, stated(evaluator(cfo)))
    before = head(api)
    supposed = stated(leaning(cfo), cfo)

    answer = simulated(api, id_, facts=[supposed])

    assert head(api) == before
    assert answer["userErrors"] == []
    payload = api.done(
        "recordFacts",
        "scoreChange { milliPoints after { p low high } }",
        opportunityId=id_,
        expectedVersion=None,
        facts=[supposed],
    )
    assert payload["scoreChange"] == {
        "milliPoints": answer["scoreChange"]["milliPoints"],
        "after": answer["score"],
    }


def test_knowledge_that_nobody_renews_counts_for_less_a_year_later(api: Api) -> None:
    id_, cfo = opened(api), new_id()
    learned(api, id_, stated(evaluator(cfo)), stated(leaning(cfo), cfo))

    answer = simulated(api, id_, asOf="2100-01-01T00:00:00Z")

    assert answer["byTime"]["milliPoints"] < 0
    assert answer["byKnowledge"]["milliPoints"] == 0
    assert answer["scoreChange"] == answer["byTime"]


def test_a_word_against_a_word_shows_as_a_contradiction_to_come(api: Api) -> None:
    id_, cfo, cto = opened(api), new_id(), new_id()
    people = [stated(evaluator(cfo)), stated(evaluator(cto, "CTO"))]
    learned(api, id_, *people, stated(leaning(cfo, "CHAMPION"), cfo))

    answer = simulated(api, id_, facts=[stated(leaning(cfo, "SCEPTIC"), cto)])

    [contradiction] = answer["contradictions"]
    assert contradiction["key"] == f"leaning:{cfo}"
    assert [one["state"] for one in contradiction["facts"]] == ["CONTRADICTED"] * 2


def test_what_cannot_be_recorded_is_refused_in_the_same_words(api: Api) -> None:
    id_ = opened(api)
    wrong = stated(leaning(new_id()))
    said = api.refused("learnFact", opportunityId=id_, expectedVersion=None, stated=wrong)

    assert refused(api, id_, facts=[wrong])[0] == said["code"] == "UNKNOWN_REFERENCE"
    assert refused(api, id_, questionsAnswered=[new_id()])[0] == "UNKNOWN_QUESTION"
    assert refused(api, new_id())[0] == "UNKNOWN_OPPORTUNITY"


def test_nothing_can_be_supposed_of_a_person_who_was_erased_and_no_key_is_made(
    api: Api, installation: Installation
) -> None:
    id_, keyring = opened(api), installation.keyring
    somebody = api.done("registerPerson", "person { id }", name="Ada")["person"]["id"]
    stranger = str(uuid4())

    def of(person: str) -> list[dict[str, Any]]:
        known = evaluator(new_id())
        known["evaluator"]["person"] = {"subject": person, "text": "Ada of Nordwind"}
        return [stated(known)]

    assert simulated(api, id_, facts=of(somebody))["userErrors"] == []
    keyring.destroy(from_global(somebody)[1])
    assert refused(api, id_, facts=of(somebody)) == ("PERSON_IS_ERASED", [])
    assert refused(api, id_, facts=of(str(UUID(int=0)))) == ("RESERVED_ID", [])
    keys = keyring.keys()
    assert simulated(api, id_, facts=of(stranger))["userErrors"] == []
    assert keyring.keys() == keys


def test_a_value_out_of_bounds_is_named_by_its_place(api: Api) -> None:
    severe = {"issueId": new_id(), "text": "Churn", "issueKind": "PROBLEM", "severity": 5}

    assert refused(api, opened(api), facts=[stated({"businessIssue": severe})]) == (
        "INVALID_INPUT",
        ["facts", "0", "fact", "businessIssue", "severity"],
    )
    assert refused(api, "no id") == ("INVALID_INPUT", ["opportunityId"])
