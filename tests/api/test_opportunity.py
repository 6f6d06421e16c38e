"""One opportunity: what is known about it, who said so, when we learned it, and what came of it."""

from typing import Any

from opps.api.ids import from_global
from tests.api.deals import SEEN, evaluator, leaning, learned, new_id, opened, stated
from tests.api.support import Api, Installation


def shown(api: Api, id_: str, fields: str, **variables: Any) -> dict[str, Any]:
    """Return fields of an opportunity."""
    query = f"query ($id: ID!, $asOf: AsOf) {{ opportunity(id: $id, asOf: $asOf) {{ {fields} }} }}"
    found: dict[str, Any] = api.ask(query, id=id_, **variables)["opportunity"]
    return found


def states(api: Api, id_: str, **variables: Any) -> dict[str, str]:
    """Return what became of each fact, by its id."""
    facts = shown(api, id_, "facts { factId state }", **variables)["facts"]
    return {one["factId"]: one["state"] for one in facts}


def test_an_unknown_opportunity_is_null(api: Api) -> None:
    assert api.ask("query ($id: ID!) { opportunity(id: $id) { id } }", id=new_id()) == {
        "opportunity": None
    }


def test_what_became_of_each_fact_is_shown(api: Api) -> None:
    id_, ann, bob, cfo = opened(api), new_id(), new_id(), new_id()
    people = [stated(evaluator(one)) for one in (ann, bob, cfo)]
    ids = [new_id() for _ in range(5)]
    learned(
        api,
        id_,
        *people,
        stated(leaning(ann, "CHAMPION"), ann, factId=ids[0]),
        stated(leaning(ann, "SCEPTIC"), bob, factId=ids[1]),
        stated(leaning(bob, "NEUTRAL"), bob, factId=ids[2]),
        stated(leaning(cfo, "NEUTRAL"), cfo, factId=ids[3]),
    )
    because = {"factId": ids[2], "because": "WORLD_CHANGED"}
    learned(api, id_, stated(leaning(bob, "SUPPORTER"), ann, factId=ids[4], supersedes=because))
    of = {"opportunityId": id_, "expectedVersion": None}
    api.done("retractFact", **of, factId=ids[3], reason="MISHEARD")
    before = states(api, id_)
    api.done("resolveContradiction", **of, chosen=ids[0], rationale="We asked again")
    after = states(api, id_)

    assert [before[one] for one in ids] == [
        "CONTRADICTED",
        "CONTRADICTED",
        "SUPERSEDED",
        "RETRACTED",
        "STANDS",
    ]
    assert [after[one] for one in ids[:2]] == ["STANDS", "REJECTED"]


def test_contradicting_facts_are_all_shown_and_none_is_believed(api: Api) -> None:
    id_, ann, bob = opened(api), new_id(), new_id()
    learned(api, id_, stated(evaluator(ann)), stated(evaluator(bob)))
    learned(
        api,
        id_,
        stated(leaning(ann, "CHAMPION"), ann),
        stated(leaning(ann, "OPPONENT"), bob),
    )
    found = shown(
        api,
        id_,
        """contradictions { key facts { state } }
        evaluators { evaluatorId leaning { contested content { level } facts { state } } }""",
    )

    [contradiction] = found["contradictions"]
    [contested] = [one["leaning"] for one in found["evaluators"] if one["evaluatorId"] == ann]
    assert contradiction["key"] == f"leaning:{ann}"
    assert contested["contested"] is True
    assert contested["content"] is None
    assert [one["state"] for one in contested["facts"]] == ["CONTRADICTED"] * 2


def test_the_past_is_shown_as_the_system_held_it(api: Api) -> None:
    id_, cfo = opened(api), new_id()
    first = learned(api, id_, stated(evaluator(cfo)))
    learned(api, id_, stated(leaning(cfo)))
    then = {"position": first["position"]}
    fields = "version score { p } facts { recordedAt } evaluators { leaning { key } }"
    now, past = shown(api, id_, fields), shown(api, id_, fields, asOf=then)
    screen = shown(api, id_, fields, asOf={"screen": past["facts"][0]["recordedAt"]})

    assert (now["version"], past["version"]) == (2, 1)
    assert past["evaluators"] == [{"leaning": None}]
    assert past["score"]["p"] < now["score"]["p"]
    assert screen == past
    assert shown(api, id_, fields, asOf={"position": 0}) is None


def test_us_and_doing_nothing_are_alternatives_from_the_start(api: Api) -> None:
    id_ = opened(api)
    found = shown(api, id_, "alternatives { kind name alternative { key } favouredBy { key } }")

    assert [(one["kind"], one["alternative"]) for one in found["alternatives"]] == [
        ("US", None),
        ("DO_NOTHING", None),
    ]


def test_who_favours_which_alternative_is_shown(api: Api) -> None:
    id_, cfo, rival = opened(api), new_id(), new_id()
    alternative = {
        "alternativeId": rival,
        "alternativeKind": "COMPETITOR",
        "name": "Rival",
        "status": "SHORTLISTED",
    }
    preference = {"evaluatorId": cfo, "alternativeId": rival, "strength": 0.5}
    learned(
        api,
        id_,
        stated(evaluator(cfo)),
        stated({"alternative": alternative}),
        stated({"preference": preference}, cfo),
    )
    fields = (
        "alternatives { name favouredBy { content { evaluatorId } facts { toldBy { title } } } }"
    )
    *_, found = shown(api, id_, fields)["alternatives"]

    assert found["name"] == "Rival"
    assert found["favouredBy"] == [
        {"content": {"evaluatorId": cfo}, "facts": [{"toldBy": {"title": "CFO"}}]}
    ]


def test_criteria_come_with_weight_and_standings(api: Api) -> None:
    id_, price, cfo = opened(api), new_id(), new_id()
    us = shown(api, id_, "alternatives { alternativeId }")["alternatives"][0]["alternativeId"]
    learned(
        api,
        id_,
        stated(evaluator(cfo)),
        stated({"criterion": {"criterionId": price, "text": "Price", "criterionKind": "FORMAL"}}),
        stated({"criterionWeight": {"criterionId": price, "weight": 0.4}}),
        stated({"standing": {"criterionId": price, "alternativeId": us, "rating": -1}}),
    )
    fields = """criteria { criterion { content { text } } weight { content { weight } credence }
      standings { content { alternativeId rating } } }"""

    assert shown(api, id_, fields)["criteria"] == [
        {
            "criterion": {"content": {"text": "Price"}},
            "weight": {"content": {"weight": 0.4}, "credence": 0.8},
            "standings": [{"content": {"alternativeId": us, "rating": -1}}],
        }
    ]


def test_every_side_of_an_opportunity_can_be_asked_for(api: Api) -> None:
    id_, issue, need, cfo = opened(api), new_id(), new_id(), new_id()
    facts = [
        evaluator(cfo),
        {"businessIssue": {"issueId": issue, "text": "Churn", "issueKind": "PROBLEM"}},
        {
            "impact": {
                "impactId": new_id(),
                "issueId": issue,
                "metric": "churn",
                "method": "OUR_ESTIMATE",
            }
        },
        {"need": {"needId": need, "text": "API", "issueId": issue, "criticality": "MUST"}},
        {"fit": {"needId": need, "level": "MEETS", "proof": "DEMO"}},
        {"want": {"wantId": new_id(), "text": "Blue"}},
        {"scope": {"product": "Fleet", "quantity": 12}},
        {"funding": {"status": "REQUESTED", "amount": {"amount": "80000", "currency": "EUR"}}},
        {
            "priceExpectation": {
                "low": {"amount": "70000", "currency": "EUR"},
                "high": {"amount": "90000", "currency": "EUR"},
            }
        },
        {"compellingEvent": {"eventId": new_id(), "text": "Lease ends", "onDate": "2026-12-31"}},
        {"decisionDate": {"onDate": "2026-11-30", "basis": "BUYER_STATED"}},
        {"decisionStep": {"stepId": new_id(), "name": "Board", "stepKind": "APPROVAL"}},
        {"decisionRule": {"rule": "CONSENSUS"}},
        {"nextStep": {"text": "Demo", "onDate": "2026-11-01", "buyerCommitted": True}},
        {"influence": {"evaluatorId": cfo, "level": "DECISIVE", "veto": True}},
        {"engagement": {"evaluatorId": cfo, "engagedOn": "2026-02-01", "depth": "TALKED"}},
        {"evaluatorLeft": {"evaluatorId": cfo, "leftOn": "2026-03-01"}},
    ]
    learned(api, id_, *(stated(one) for one in facts))
    found = shown(
        api,
        id_,
        """issues { issue { content { text } } impacts { content { metric } }
          needs { content { text } } }
        impacts { content { metric } }
        needs { need { content { text criticality } } fit { content { level proof } } }
        solution { scope { content { product quantity } } wants { content { text } } }
        funding { funding { content { status amount { amount currency } } }
          priceExpectation { content { low { amount } } } }
        timing { compellingEvents { content { onDate } } decisionDate { content { basis } } }
        process { steps { content { name } } rule { content { rule } }
          nextStep { content { text buyerCommitted } } }
        evaluators { influence { content { level veto } } engagement { content { depth } }
          left { content { leftOn } } preference { key } relations { key } }""",
    )

    assert found["issues"][0]["needs"] == [{"content": {"text": "API"}}]
    assert found["needs"][0]["fit"]["content"] == {"level": "MEETS", "proof": "DEMO"}
    assert found["solution"]["scope"]["content"] == {"product": "Fleet", "quantity": 12}
    assert found["funding"]["funding"]["content"]["amount"] == {
        "amount": "80000",
        "currency": "EUR",
    }
    assert found["timing"]["compellingEvents"] == [{"content": {"onDate": "2026-12-31"}}]
    assert found["process"]["nextStep"]["content"]["buyerCommitted"] is True
    assert found["evaluators"][0]["influence"]["content"] == {"level": "DECISIVE", "veto": True}
    assert found["evaluators"][0]["left"]["content"] == {"leftOn": "2026-03-01"}
    assert found["evaluators"][0]["relations"] == []


def test_corroborating_and_redating_a_fact_is_noted_with_it(api: Api) -> None:
    id_, cfo, fact = opened(api), new_id(), new_id()
    learned(api, id_, stated(evaluator(cfo), factId=fact), learned={"at": "2026-03-04T10:00:00Z"})
    of = {"opportunityId": id_, "expectedVersion": None, "factId": fact}
    api.done("corroborateFact", **of, provenance=SEEN, repeatsFirst=False)
    period = {"period": {"period": "2026-03-02", "zone": "Europe/Madrid"}}
    api.done("redateFact", **of, learnedOn=period)
    [found] = shown(
        api, id_, "facts { learned { earliest latest precision zone } notes { kind independent } }"
    )["facts"]

    assert found["learned"] == {
        "earliest": "2026-03-01T23:00:00Z",
        "latest": "2026-03-02T23:00:00Z",
        "precision": "DAY",
        "zone": "Europe/Madrid",
    }
    assert found["notes"] == [
        {"kind": "CORROBORATED", "independent": True},
        {"kind": "REDATED", "independent": False},
    ]


def test_the_timeline_follows_either_time(api: Api) -> None:
    id_, early, late = opened(api), new_id(), new_id()
    learned(api, id_, stated(evaluator(late)), learned={"at": "2026-03-05T09:00:00Z"})
    learned(api, id_, stated(evaluator(early)), learned={"at": "2026-03-01T09:00:00Z"})
    fields = """recorded: timeline { nodes { key } }
      learned: timeline(axis: LEARNED, first: 1) { nodes { key lagSeconds }
        pageInfo { hasNextPage endCursor } }"""
    position = api.ask("{ logHead { position } }")["logHead"]["position"]
    query = f"""query ($id: ID!, $p: Position) {{
      opportunity(id: $id, atLeast: $p) {{ {fields} }}
    }}"""
    found = api.ask(query, id=id_, p=position)["opportunity"]
    page = f'timeline(axis: LEARNED, after: "{found["learned"]["pageInfo"]["endCursor"]}")'
    rest = shown(api, id_, f"{page} {{ nodes {{ key }} }}")["timeline"]["nodes"]

    keys = [f"evaluator:{one}" for one in (late, early)]
    assert [one["key"] for one in found["recorded"]["nodes"]] == [None, *keys]
    assert found["learned"]["nodes"][0]["key"] == keys[1]
    assert found["learned"]["nodes"][0]["lagSeconds"] > 0
    assert [one["key"] for one in rest] == [keys[0], None]


def test_a_question_never_moves_the_probability_and_shows_where_it_stands(api: Api) -> None:
    id_, cfo = opened(api), new_id()
    learned(api, id_, stated(evaluator(cfo)))
    of = {"opportunityId": id_, "expectedVersion": None}
    raised = api.done(
        "raiseQuestion",
        "scoreChange { points before { p } after { p } } opportunity { questions { questionId } }",
        **of,
        facet="FUNDING_AMOUNT",
        text="How much is approved?",
    )
    [question] = raised["opportunity"]["questions"]
    api.done("askQuestion", **of, questionId=question["questionId"], evaluatorId=cfo)
    fields = """questions(open: true) { status facet text askedOf }
      objectives { objective facets { facet state } }"""
    found = shown(api, id_, fields)

    assert raised["scoreChange"]["points"] == 0
    assert found["questions"] == [
        {
            "status": "ASKED",
            "facet": "FUNDING_AMOUNT",
            "text": "How much is approved?",
            "askedOf": cfo,
        }
    ]
    facets = {one["facet"]: one["state"] for all_ in found["objectives"] for one in all_["facets"]}
    assert (facets["FUNDING_AMOUNT"], facets["FUNDING_STATUS"]) == ("ACKNOWLEDGED", "UNEXAMINED")


def test_an_erased_person_reads_as_redacted_everywhere(
    api: Api, installation: Installation
) -> None:
    person = api.done("registerPerson", "person { id name { text } }", name="Ada")["person"]
    id_, cfo = opened(api), new_id()
    fact = evaluator(cfo)
    fact["evaluator"]["person"] = {"subject": person["id"], "text": "Ada of Nordwind"}
    learned(api, id_, stated(fact))
    fields = "evaluators { evaluator { content { person { subject text redacted } } } }"
    before = shown(api, id_, fields)["evaluators"][0]["evaluator"]["content"]["person"]
    installation.keyring.destroy(from_global(person["id"])[1])
    after = shown(api, id_, fields)["evaluators"][0]["evaluator"]["content"]["person"]
    query = "query ($id: ID!) { person(id: $id) { name { text redacted } } }"

    assert person["name"]["text"] == "Ada"
    assert before == {"subject": person["id"], "text": "Ada of Nordwind", "redacted": False}
    assert after == {"subject": person["id"], "text": None, "redacted": True}
    assert api.ask(query, id=person["id"])["person"]["name"] == {"text": None, "redacted": True}


def test_anything_is_found_again_by_its_global_id(api: Api) -> None:
    id_ = opened(api, "Find me")
    account = shown(api, id_, "account { id }")["account"]["id"]
    person = api.done("registerPerson", "person { id }", name="Ada")["person"]["id"]
    query = """query ($ids: [ID!]!) { nodes(ids: $ids) { id __typename
      ... on Opportunity { title } ... on Account { name } } }"""
    found = api.ask(query, ids=[id_, account, person])["nodes"]

    assert found == [
        {"id": id_, "__typename": "Opportunity", "title": "Find me"},
        {"id": account, "__typename": "Account", "name": "Nordwind"},
        {"id": person, "__typename": "Person"},
    ]
