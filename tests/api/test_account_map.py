"""The account map over the network: a process is published, a deal goes by it, and who waives."""

from typing import Any
from uuid import uuid4

import httpx

from tests.api.deals import evaluator, learned, new_id, opened, stated
from tests.api.support import Api

MAP = """query ($id: ID!, $asOf: AsOf) { accountMap(opportunityId: $id, asOf: $asOf) {
  title
  outcome { statement words warning measurable missing { dimension what } agreements { evaluatorId }
    progress { dimension off beyond } }
  process { process number }
  gates { gate due overdueDays evidence { objective facet minimum found met }
    missing { facet found } passed { passedBy waivers { facet reason approver } } }
  milestones { milestoneId what due status overdueDays slips { fromDue toDue side } }
  actions { what owner status advances }
  team { function }
  objectives { objective state }
  estimate { quantity unitPrice xOfY { question state answer } }
  needs { needId }
  solution { wants { content { text } } }
  reclassified { wantId needId reason }
  markdown
} }"""
GATES = [
    {
        "gate": "G1",
        "name": "They have money",
        "dueAfterDays": 30,
        "evidence": [
            {"objective": "FUNDING", "facet": "FUNDING_STATUS", "minimum": "EVIDENCED"},
        ],
    }
]
WAIVER = {"objective": "FUNDING", "facet": "FUNDING_STATUS", "reason": "Budget comes in April"}


def mapped(api: Api, id_: str, **variables: Any) -> dict[str, Any]:
    """Return the account map of an opportunity."""
    found: dict[str, Any] = api.ask(MAP, id=id_, **variables)["accountMap"]
    return found


def published(api: Api, gates: Any = None) -> str:
    """Publish a process under a code of its own."""
    code = f"P-{uuid4().hex[:8]}"
    api.done(
        "publishSalesProcess",
        "salesProcess { process number gates { gate } }",
        expectedVersion=None,
        process=code,
        name="How we sell",
        gates=gates or GATES,
    )
    return code


def as_role(api: Api, role: str, name: str, /, **input: Any) -> dict[str, Any]:
    """Carry out a command in another role, and return the answer."""
    kind = f"{name[0].upper()}{name[1:]}Input!"
    query = f"mutation ($input: {kind}) {{ {name}(input: $input) {{ userErrors {{ code }} }} }}"
    body = {"query": query, "variables": {"input": {"commandId": new_id(), **input}}}
    answer: httpx.Response = api.client.post(api.url, json=body, headers={"Opps-Act-As": role})
    found: dict[str, Any] = answer.json()
    return found


def test_a_process_is_shown_as_it_was_published_each_time(api: Api) -> None:
    code = published(api)
    published_again = api.done(
        "publishSalesProcess",
        "salesProcess { number }",
        expectedVersion=None,
        process=code,
        name="How we sell now",
        gates=GATES,
    )
    query = "query ($p: String!, $n: Int) { salesProcess(process: $p, number: $n) { name number } }"

    assert published_again["salesProcess"] == {"number": 2}
    assert api.ask(query, p=code)["salesProcess"] == {"name": "How we sell now", "number": 2}
    assert api.ask(query, p=code, n=1)["salesProcess"] == {"name": "How we sell", "number": 1}
    assert api.ask(query, p=code, n=3)["salesProcess"] is None
    assert api.ask(query, p="NONE")["salesProcess"] is None


def test_a_seller_does_not_publish_a_process(api: Api) -> None:
    wanted = {"expectedVersion": None, "process": "MINE", "name": "Mine", "gates": GATES}

    [error] = as_role(api, "SELLER", "publishSalesProcess", **wanted)["errors"]
    assert error["extensions"]["code"] == "FORBIDDEN"


def test_a_deal_without_a_map_has_an_empty_one(api: Api) -> None:
    found = mapped(api, opened(api))

    assert (found["outcome"], found["process"], found["gates"]) == (None, None, [])
    assert len(found["objectives"]) == 9


def test_an_opportunity_that_does_not_exist_has_no_map(api: Api) -> None:
    assert mapped(api, new_id()) is None


def test_the_whole_map_is_answered_in_one_query(api: Api) -> None:
    id_, cfo, figure, milestone = opened(api), new_id(), new_id(), new_id()
    of = {"opportunityId": id_, "expectedVersion": None}
    learned(api, id_, stated(evaluator(cfo)))
    outcome = {
        "statement": "Two lines by the end of June, and less scrap",
        "sale": {"product": "Line 3", "amount": {"amount": "80000", "currency": "EUR"}},
        "by": "2026-06-30",
        "performance": [
            {
                "metricId": figure,
                "name": "Scrap",
                "unit": "percent",
                "baseline": "8",
                "target": "3",
            }
        ],
    }
    api.done("stateDesiredOutcome", **of, outcome=outcome)
    api.done("agreeDesiredOutcome", **of, evaluatorId=cfo)
    api.done("assessOutcomeProgress", **of, dimension="TIMELINE", projectedOn="2026-07-31")
    api.done("startSalesProcess", **of, process=published(api), starts="2026-03-01")
    api.done("slipGate", **of, gate="G1", toDue="2026-04-15", side="CUSTOMER", reason="Audit")
    api.done(
        "planMilestone",
        **of,
        milestoneId=milestone,
        what="Trial",
        due="2026-05-01",
        ourOwner=new_id(),
        theirOwner=cfo,
    )
    api.done("meetMilestone", **of, milestoneId=milestone)
    api.done("planAction", **of, what="Ask who signs", advances=["G1"], mitigates=["DZ04"])
    amount = {"amount": "80000", "currency": "EUR"}
    api.done("estimateAmount", **of, amount=amount, quantity=2, unitPrice="40000")
    found = mapped(api, id_)

    assert found["outcome"]["measurable"] is True
    assert found["outcome"]["agreements"] == [{"evaluatorId": cfo}]
    assert found["outcome"]["progress"] == [
        {"dimension": "TIMELINE", "off": "31.0", "beyond": True}
    ]
    assert found["gates"][0]["due"] == "2026-04-15"
    assert found["gates"][0]["missing"] == [{"facet": "FUNDING_STATUS", "found": "UNEXAMINED"}]
    assert found["milestones"][0]["status"] == "DONE"
    assert found["actions"][0]["advances"] == ["G1"]
    assert [one["question"] for one in found["estimate"]["xOfY"]] == [
        "ORIGIN",
        "CUSTOMER",
        "LEVEL",
        "EXPIRY",
    ]
    assert "- [ ] They have money, due 15 Apr 2026" in found["markdown"]


def test_a_gate_without_its_evidence_says_what_is_missing(api: Api) -> None:
    id_ = opened(api)
    of = {"opportunityId": id_, "expectedVersion": None}
    api.done("startSalesProcess", **of, process=published(api))
    kind = "... on EvidenceMissing { objective facet minimum found missing }"
    payload = api.command("passGate", f"userErrors {{ {kind} }}", **of, gate="G1")

    [error] = payload["userErrors"]
    assert error["code"] == "EVIDENCE_MISSING"
    assert (error["facet"], error["minimum"], error["found"]) == (
        "FUNDING_STATUS",
        "EVIDENCED",
        "UNEXAMINED",
    )


def test_a_colleague_waives_and_the_owner_does_not(api: Api) -> None:
    id_ = opened(api)
    of = {"opportunityId": id_, "expectedVersion": None, "gate": "G1", "waivers": [WAIVER]}
    start = {"opportunityId": id_, "expectedVersion": None, "process": published(api)}
    api.done("startSalesProcess", **start)
    by_owner = api.refused("passGate", **of)
    by_manager = as_role(api, f"MANAGER {new_id()}", "passGate", **of)
    [waiver] = mapped(api, id_)["gates"][0]["passed"]["waivers"]

    assert by_owner["code"] == "WAIVER_NEEDS_APPROVER"
    assert by_manager["data"]["passGate"] == {"userErrors": []}
    assert (waiver["facet"], waiver["reason"]) == ("FUNDING_STATUS", "Budget comes in April")


def test_passing_a_gate_that_was_overtaken_is_not_tried_again(api: Api) -> None:
    id_ = opened(api)
    api.done("startSalesProcess", opportunityId=id_, expectedVersion=None, process=published(api))

    refused = api.refused("passGate", opportunityId=id_, expectedVersion=0, gate="G1")
    assert refused["code"] == "VERSION_CONFLICT"


def test_a_process_that_nobody_published_cannot_be_started(api: Api) -> None:
    refused = api.refused(
        "startSalesProcess", opportunityId=opened(api), expectedVersion=None, process="NONE"
    )

    assert refused["code"] == "UNKNOWN_PROCESS"


def test_starting_a_process_is_answered_alike_when_it_is_repeated(api: Api) -> None:
    id_, code = opened(api), published(api)
    input_ = {"commandId": new_id(), "opportunityId": id_, "expectedVersion": None, "process": code}
    first = api.done("startSalesProcess", **input_)
    again = api.done("startSalesProcess", **input_)

    assert (again["version"], again["replayed"]) == (first["version"], True)


def test_the_map_is_shown_as_it_was_before_a_gate_was_planned(api: Api) -> None:
    id_ = opened(api)
    of = {"opportunityId": id_, "expectedVersion": None}
    before = api.done("renameOpportunity", **of, title="As it was")["position"]
    api.done("startSalesProcess", **of, process=published(api))
    as_of = {"position": before}

    assert mapped(api, id_)["process"] is not None
    assert mapped(api, id_, asOf=as_of)["process"] is None


def test_a_want_that_is_a_need_is_no_longer_among_the_wants(api: Api) -> None:
    id_, issue, want = opened(api), new_id(), new_id()
    learned(
        api,
        id_,
        stated({"businessIssue": {"issueId": issue, "text": "Scrap", "issueKind": "PROBLEM"}}),
        stated({"want": {"wantId": want, "text": "One map"}}),
    )
    assert mapped(api, id_)["solution"]["wants"] == [{"content": {"text": "One map"}}]
    api.done(
        "reclassifyWant",
        opportunityId=id_,
        expectedVersion=None,
        wantId=want,
        issueId=issue,
        criticality="MUST",
        provenance={"source": "SELLER_OBSERVATION", "channel": "OBSERVED"},
        reason="The audit asks for it",
    )
    found = mapped(api, id_)

    assert found["solution"]["wants"] == []
    assert [one["reason"] for one in found["reclassified"]] == ["The audit asks for it"]
    assert found["needs"] == [{"needId": found["reclassified"][0]["needId"]}]
    assert [one["state"] for one in states(api, id_)] == ["STANDS", "RECLASSIFIED", "STANDS"]


def states(api: Api, id_: str) -> list[dict[str, Any]]:
    """Return what became of each fact, in the order of the log."""
    query = "query ($id: ID!) { opportunity(id: $id) { facts { state } } }"
    found: list[dict[str, Any]] = api.ask(query, id=id_)["opportunity"]["facts"]
    return found


def test_a_gate_passed_on_waivers_alone_is_a_decision_that_rests_on_nothing(api: Api) -> None:
    id_ = opened(api)
    of = {"opportunityId": id_, "expectedVersion": None}
    api.done("startSalesProcess", **of, process=published(api))
    as_role(api, f"MANAGER {new_id()}", "passGate", **of, gate="G1", waivers=[WAIVER])
    decisions = "decisions { tag gate waivers { reason } basedOn { factId } }"
    query = f"query ($id: ID!) {{ opportunity(id: $id) {{ {decisions} }} }}"

    head = api.ask("{ logHead { position } }")["logHead"]["position"]
    api.ask("query ($p: Position) { opportunities(atLeast: $p) { totalCount } }", p=head)

    [passed] = api.ask(query, id=id_)["opportunity"]["decisions"]
    assert (passed["tag"], passed["gate"]) == ("GatePassed", "G1")
    assert passed["waivers"] == [{"reason": WAIVER["reason"]}]
    assert passed["basedOn"] == []
