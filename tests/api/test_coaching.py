"""Coaching over HTTP: named, diagnosed, assigned, completed, applied, closed, and by whom."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from opps.api.identity import ACT_AS
from opps.application import Request, operator
from opps.application.subject_export import subject_export
from opps.domain.clock import clock_stream
from opps.domain.coaching.commands import IdentifyGapByRule, RecordImpact
from opps.domain.coaching.gap import gap_id_of
from opps.domain.coaching.indicators import Indicator
from opps.domain.coaching.success import GapMeasure
from opps.domain.events import DayTurned
from opps.domain.recorded import Actor, Metadata, Via
from opps.eventstore import Append, NewEvent, register_tenant
from opps.recording import codec
from tests.api.deals import new_id, opened, stated
from tests.api.support import Api, Installation, installed, served_api
from tests.conftest import PostgresServer, made_database

TODAY = datetime.now(UTC).date()
SHOWN = """gap {
  gapId status open namedBy indicator objective due version
  note { text } shownFrom diagnosis { cause ruledOut answers { cause text { text } } }
  toAsk { cause questions learningCures } activities { activity }
  action { action { text } due }
  assignments { assignmentId status target completedAt applied { factId } impact { enough nAfter } }
  closed { reason note { text } }
}"""
COACHING = """query ($seller: ID!, $atLeast: Position) {
  coaching(seller: $seller, atLeast: $atLeast) {
    openGaps closedGaps
    gaps { gapId note { text redacted } }
    due { due status activity { title } }
    causes { cause questions }
    catalogue { activity }
  }
}"""
LIST = """query ($team: UUID, $open: Boolean, $first: Int, $after: String, $atLeast: Position) {
  performanceGaps(teamId: $team, open: $open, first: $first, after: $after, atLeast: $atLeast) {
    nodes { gapId sellerId } pageInfo { hasNextPage endCursor }
  }
}"""
TALK = {
    "title": "Ask for criteria, and for their weights",
    "description": "Two hours with a colleague, on a deal of your own",
    "objectives": ["DECISION_CRITERIA"],
    "causes": ["KNOWLEDGE"],
    "hours": 2,
}


class Seat:
    """Somebody who asks in a role."""

    def __init__(self, api: Api, role: str) -> None:
        self.id = str(uuid4())
        self._api = api
        self._role = role

    def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """Send an operation and return the whole answer."""
        answer: dict[str, Any] = self._api.client.post(
            self._api.url,
            json={"query": query, "variables": variables},
            headers={ACT_AS: f"{self._role} {self.id}"},
        ).json()
        return answer

    def command(self, name: str, **input: Any) -> dict[str, Any]:
        """Send a command on a gap and return its payload."""
        kind = f"{name[0].upper()}{name[1:]}Input!"
        shown = f"position userErrors {{ code message }} {SHOWN}"
        query = f"mutation ($input: {kind}) {{ {name}(input: $input) {{ {shown} }} }}"
        given = {"commandId": new_id(), **input}
        if name != "identifyGap":
            given.setdefault("expectedVersion", None)
        answer = self.ask(query, input=given)
        assert "errors" not in answer, answer["errors"]
        payload: dict[str, Any] = answer["data"][name]
        return payload

    def done(self, name: str, **input: Any) -> dict[str, Any]:
        """Carry out a command and return the gap."""
        payload = self.command(name, **input)
        assert payload["userErrors"] == []
        gap: dict[str, Any] = payload["gap"]
        return gap

    def refused(self, name: str, **input: Any) -> str:
        """Return the code with which a command is refused."""
        payload = self.command(name, **input)
        assert payload["gap"] is None
        [error] = payload["userErrors"]
        code: str = error["code"]
        return code


class Team:
    """A team: Boris, who leads it, Clara in it, Eva, who leads another one; and an activity."""

    def __init__(self, api: Api) -> None:
        self.boris, self.clara = Seat(api, "MANAGER"), Seat(api, "SELLER")
        self.eva, self.other = Seat(api, "MANAGER"), Seat(api, "SELLER")
        formed = api.done("formTeam", "teams { teamId }", name=f"Hamburg {uuid4()}")
        self.id = formed["teams"][-1]["teamId"]
        api.done("assignTeamMember", teamId=self.id, member=self.boris.id, lead=True)
        api.done("assignTeamMember", teamId=self.id, member=self.clara.id)
        self.activity = f"TALK-{uuid4()}"
        api.done("offerLearningActivity", activity=self.activity, **TALK)

    def gap(self, **more: Any) -> str:
        """Return the id of a gap of Clara's that Boris named."""
        about = {"indicator": "CRITERIA_BEFORE_PROPOSAL", **more}
        id_: str = self.boris.done("identifyGap", seller=self.clara.id, **about)["gapId"]
        return id_

    def diagnosed(
        self, cause: str = "KNOWLEDGE", ruled_out: tuple[str, ...] = ("ENVIRONMENT",)
    ) -> str:
        """Return the id of a gap whose cause is known."""
        id_ = self.gap()
        self.boris.done("recordDiagnosis", gapId=id_, cause=cause, ruledOut=list(ruled_out))
        return id_

    def assign(self, gap: str, **more: Any) -> dict[str, Any]:
        """Return what assigning the activity asks for."""
        return {
            "gapId": gap,
            "assignmentId": new_id(),
            "activity": self.activity,
            "due": str(TODAY + timedelta(days=30)),
            "success": {"indicator": "CRITERIA_BEFORE_PROPOSAL", "target": 0.8},
            **more,
        }


@pytest.fixture
def team(api: Api) -> Team:
    """Return a team with somebody who leads it."""
    return Team(api)


def test_a_gap_goes_from_its_naming_to_its_end(
    api: Api, team: Team, installation: Installation
) -> None:
    id_ = team.gap(note="Three proposals, no criterion")
    said = [{"cause": "KNOWLEDGE", "text": "I never asked for weights"}]
    found = team.boris.done(
        "recordDiagnosis", gapId=id_, cause="KNOWLEDGE", ruledOut=["ENVIRONMENT"], answers=said
    )
    assigning = team.assign(id_)
    assigned = team.boris.done("assignLearning", **assigning)
    of = {"gapId": id_, "assignmentId": assigning["assignmentId"]}
    team.clara.done("completeLearning", **of)
    fact = _criterion_learned_by(api, team.clara)
    applied = team.clara.done("applyLearning", **of, facts=[fact])
    _measured(installation, UUID(id_), UUID(assigning["assignmentId"]))
    closed = team.boris.done("closeGap", gapId=id_, reason="RESOLVED", note="She asks now")

    assert (found["status"], found["objective"]) == ("DIAGNOSED", "DECISION_CRITERIA")
    assert found["note"] == {"text": "Three proposals, no criterion"}
    assert found["diagnosis"]["answers"][0]["text"] == {"text": "I never asked for weights"}
    assert [one["cause"] for one in found["toAsk"]] == ["ENVIRONMENT", "KNOWLEDGE"]
    assert {"activity": team.activity} in found["activities"]
    assert assigned["due"] == assigning["due"]
    assert assigned["assignments"][0]["status"] == "ASSIGNED"
    assert applied["assignments"][0]["status"] == "APPLIED"
    assert applied["assignments"][0]["applied"] == [{"factId": fact["factId"]}]
    assert closed["assignments"][0]["impact"] == {"enough": False, "nAfter": 1}
    assert closed["closed"] == {"reason": "RESOLVED", "note": {"text": "She asks now"}}
    assert (closed["status"], closed["open"], closed["due"]) == ("CLOSED", False, None)


def test_coaching_of_a_seller_outside_the_team_is_refused(team: Team) -> None:
    id_ = team.diagnosed()
    query = team.eva.ask(COACHING, seller=team.clara.id)

    assert team.eva.refused("identifyGap", seller=team.clara.id, objective="FUNDING") == (
        "OUTSIDE_YOUR_TEAM"
    )
    assert team.eva.refused("assignLearning", **team.assign(id_)) == "OUTSIDE_YOUR_TEAM"
    assert team.other.refused("assignLearning", **team.assign(id_)) == "UNKNOWN_GAP"
    assert query["errors"][0]["extensions"]["code"] == "OUTSIDE_YOUR_TEAM"


def test_a_manager_of_another_team_cannot_let_herself_in(api: Api, team: Team) -> None:
    mine = api.done("formTeam", "teams { teamId }", name=f"Bremen {uuid4()}")
    other = mine["teams"][-1]["teamId"]
    api.done("assignTeamMember", teamId=other, member=team.eva.id, lead=True)
    query = """mutation ($i: AssignTeamMemberInput!) {
      assignTeamMember(input: $i) { userErrors { code } } }"""
    for place in (
        {"teamId": team.id, "member": team.eva.id, "lead": True},
        {"teamId": other, "member": team.clara.id},
    ):
        answer = team.eva.ask(query, i={"commandId": new_id(), **place})
        assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"

    query_of_clara = team.eva.ask(COACHING, seller=team.clara.id)
    assert query_of_clara["errors"][0]["extensions"]["code"] == "OUTSIDE_YOUR_TEAM"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"due": str(TODAY - timedelta(days=2))}, "DUE_IN_THE_PAST"),
        ({"activity": "ATLANTIS"}, "UNKNOWN_ACTIVITY"),
        ({"success": {"indicator": "BOOKINGS", "target": 5}}, "NOT_A_LEADING_INDICATOR"),
        ({"success": {"indicator": "RETRACTIONS", "target": 5}}, "TARGET_OUT_OF_RANGE"),
    ],
)
def test_what_cannot_be_assigned_is_refused_with_a_code(
    team: Team, more: dict[str, Any], code: str
) -> None:
    assert team.boris.refused("assignLearning", **team.assign(team.diagnosed(), **more)) == code


def test_what_learning_does_not_cure_gets_an_action_with_an_owner_and_a_day(team: Team) -> None:
    id_ = team.diagnosed("ENVIRONMENT", ())
    first = team.boris.refused("assignLearning", **team.assign(id_))
    done = team.boris.done(
        "agreeCorrectiveAction",
        gapId=id_,
        action="Access to the price list",
        owner=team.boris.id,
        due=str(TODAY),
    )

    assert first == "LEARNING_CANNOT_CURE"
    assert done["action"] == {"action": {"text": "Access to the price list"}, "due": str(TODAY)}
    assert (done["activities"], done["status"]) == ([], "ACTING")


def test_causes_are_ruled_out_in_their_order(team: Team) -> None:
    id_ = team.gap()
    asked = {"gapId": id_, "cause": "SKILL", "ruledOut": ["ENVIRONMENT"]}

    assert team.boris.refused("recordDiagnosis", **asked) == "RULE_OUT_FIRST"


def test_nobody_completes_somebody_elses_assignment(team: Team) -> None:
    assigning = team.assign(team.diagnosed())
    team.boris.done("assignLearning", **assigning)
    of = {"gapId": assigning["gapId"], "assignmentId": assigning["assignmentId"]}

    assert team.boris.refused("completeLearning", **of) == "ONLY_THE_SELLER"
    assert team.boris.refused("closeGap", gapId=of["gapId"], reason="RESOLVED") == (
        "NOT_RESOLVED_YET"
    )
    fact = {"opportunityId": new_id(), "factId": new_id()}
    assert team.clara.refused("applyLearning", **of, facts=[fact]) == "NOT_COMPLETED"
    team.clara.done("completeLearning", **of)
    assert team.clara.refused("applyLearning", **of, facts=[fact]) == "UNKNOWN_FACT"


def test_a_fact_that_was_known_before_or_by_others_shows_nothing(api: Api, team: Team) -> None:
    earlier, others = (_criterion_learned_by(api, one) for one in (team.clara, team.boris))
    assigning = team.assign(team.diagnosed())
    team.boris.done("assignLearning", **assigning)
    of = {"gapId": assigning["gapId"], "assignmentId": assigning["assignmentId"]}
    team.clara.done("completeLearning", **of)
    later = _criterion_learned_by(api, team.boris)

    for fact in (earlier, others, later):
        assert team.clara.refused("applyLearning", **of, facts=[fact]) == "FACT_SHOWS_NOTHING"


def test_what_a_rule_found_is_for_the_seller_first(team: Team, installation: Installation) -> None:
    id_, position = _found_by_rule(installation, UUID(team.clara.id))
    query = "query ($id: UUID!) { performanceGap(gapId: $id) { gapId shownFrom } }"
    seen_by = {
        name: seat.ask(query, id=str(id_))["data"]["performanceGap"] is not None
        for name, seat in (("clara", team.clara), ("boris", team.boris))
    }
    hidden = team.boris.ask(COACHING, seller=team.clara.id, atLeast=position)["data"]["coaching"]
    own = team.clara.ask(COACHING, seller=team.clara.id, atLeast=position)["data"]["coaching"]
    refused = team.boris.refused("recordDiagnosis", gapId=str(id_), cause="ENVIRONMENT")
    shared = team.clara.command("shareGap", gapId=str(id_))["position"]
    shown = team.boris.ask(COACHING, seller=team.clara.id, atLeast=shared)["data"]["coaching"]

    assert seen_by == {"clara": True, "boris": False}
    assert (hidden["openGaps"], own["openGaps"], shown["openGaps"]) == (0, 1, 1)
    assert refused == "UNKNOWN_GAP"


def test_coaching_shows_gaps_what_is_due_causes_and_catalogue(api: Api, team: Team) -> None:
    soon = team.assign(team.diagnosed(), due=str(TODAY + timedelta(days=3)))
    team.boris.done("assignLearning", **team.assign(soon["gapId"]))
    team.boris.done("assignLearning", **soon)
    none = team.gap()
    position = team.boris.command("closeGap", gapId=none, reason="NO_GAP")["position"]
    shown = team.clara.ask(COACHING, seller=team.clara.id, atLeast=position)["data"]["coaching"]

    assert (shown["openGaps"], shown["closedGaps"]) == (1, 1)
    assert [one["gapId"] for one in shown["gaps"]] == [soon["gapId"]]
    assert shown["due"][0] == {
        "due": soon["due"],
        "status": "ASSIGNED",
        "activity": {"title": TALK["title"]},
    }
    assert len(shown["due"]) == 2
    assert len(shown["causes"]) == 5
    assert {"activity": team.activity} in shown["catalogue"]


def test_an_assignment_is_overdue_when_the_day_after_its_last_one_has_turned(
    postgres: PostgresServer, template: str
) -> None:
    with made_database(postgres, template) as name:
        database = postgres.conninfo(name)
        tenant = register_tenant(database, uuid4(), "overdue")
        with installed(database, tenant) as of, served_api(of) as api:
            team = Team(api)
            assigning = team.assign(team.diagnosed(), due=str(TODAY))
            team.boris.done("assignLearning", **assigning)
            query = "query ($s: ID!) { coaching(seller: $s) { due { status } } }"
            before = team.clara.ask(query, s=team.clara.id)["data"]["coaching"]["due"]
            _turned(of, TODAY + timedelta(days=1))
            after = team.clara.ask(query, s=team.clara.id)["data"]["coaching"]["due"]

    assert (before, after) == ([{"status": "ASSIGNED"}], [{"status": "OVERDUE"}])


def test_a_manager_sees_the_gaps_of_those_alone_whom_they_lead(api: Api, team: Team) -> None:
    gaps = [team.gap() for _ in range(3)]
    position = team.boris.command("closeGap", gapId=gaps[0], reason="NO_GAP")["position"]
    first = team.boris.ask(LIST, first=1, atLeast=position)["data"]["performanceGaps"]
    cursor = first["pageInfo"]["endCursor"]
    rest = team.boris.ask(LIST, after=cursor)["data"]["performanceGaps"]
    every = team.boris.ask(LIST, team=team.id, open=None)["data"]["performanceGaps"]
    others = team.eva.ask(LIST)["data"]["performanceGaps"]

    newest_first = [one["gapId"] for one in (*first["nodes"], *rest["nodes"])]
    assert newest_first == [gaps[2], gaps[1]]
    assert (first["pageInfo"]["hasNextPage"], rest["pageInfo"]["hasNextPage"]) == (True, False)
    assert [one["gapId"] for one in every["nodes"]] == gaps[::-1]
    assert others["nodes"] == []
    [error] = api.errors(LIST, after="abc")
    assert "is no cursor" in error["message"]


def test_what_is_written_about_a_seller_belongs_to_the_seller(
    team: Team, installation: Installation
) -> None:
    team.gap(note="Three proposals, no criterion")
    clara = UUID(team.clara.id)
    keyring = installation.application.keyring_of(installation.tenant)
    held = subject_export(installation.log, installation.tenant, clara, keyring, datetime.now(UTC))
    keyring.destroy(clara)
    redacted = team.boris.ask(COACHING, seller=team.clara.id)["data"]["coaching"]["gaps"]

    assert [(one.field, one.text) for one in held.values] == [
        ("note", "Three proposals, no criterion")
    ]
    assert {"PerformanceGapIdentified"} <= {one.event for one in held.mentions}
    assert redacted[0]["note"] == {"text": None, "redacted": True}


def test_the_catalogue_is_found_by_objective_and_cause(api: Api, team: Team) -> None:
    query = """query ($objective: Objective, $cause: GapCause) {
      learningActivities(objective: $objective, cause: $cause) { activity offered hours }
    }"""
    wanted = {"activity": team.activity, "offered": True, "hours": 2.0}
    found = api.ask(query, objective="DECISION_CRITERIA", cause="KNOWLEDGE")["learningActivities"]
    other = api.ask(query, cause="SKILL")["learningActivities"]
    api.done("withdrawLearningActivity", activity=team.activity)
    gone = api.ask(query)["learningActivities"]

    assert wanted in found
    assert wanted not in other
    assert team.activity not in [one["activity"] for one in gone]
    assert api.refused("withdrawLearningActivity", activity=team.activity)["code"] == (
        "UNKNOWN_ACTIVITY"
    )


def _criterion_learned_by(api: Api, seat: Seat) -> dict[str, str]:
    """Return a criterion that somebody learned just now, as a fact of a new opportunity."""
    deal, fact = opened(api), new_id()
    criterion = {
        "criterion": {"criterionId": new_id(), "text": "Time to install", "criterionKind": "FORMAL"}
    }
    shown = "userErrors { message }"
    query = f"mutation ($i: RecordFactsInput!) {{ recordFacts(input: $i) {{ {shown} }} }}"
    given = {
        "commandId": new_id(),
        "opportunityId": deal,
        "expectedVersion": None,
        "facts": [stated(criterion, factId=fact)],
    }
    answer = seat.ask(query, i=given)
    assert answer["data"]["recordFacts"]["userErrors"] == [], answer
    return {"opportunityId": deal, "factId": fact}


def _turned(of: Installation, day: date) -> None:
    """Append the tick of a day."""
    tick = DayTurned(day=day, zone="UTC")
    metadata = codec.encode_metadata(Metadata(actor=operator()))
    new = NewEvent(
        stream=clock_stream(of.tenant),
        event_id=uuid4(),
        tag=codec.tag_of(tick),
        schema=1,
        payload=codec.encode(tick),
        metadata=metadata,
    )
    of.log.append_now(
        Append(tenant=of.tenant, command_id=uuid4(), expected={new.stream: -1}, events=(new,))
    )


def _found_by_rule(of: Installation, seller: UUID) -> tuple[UUID, int]:
    """Return the id of a gap that a rule named just now, and the position that shows it."""
    indicator = Indicator.CRITERIA_BEFORE_PROPOSAL
    id_ = gap_id_of(seller, indicator, "2026-03")
    observed = GapMeasure(value=0.25, n=12, low=0.1, high=0.4, peer_median=0.75, peers=4)
    command = IdentifyGapByRule(gap_id=id_, seller=seller, indicator=indicator, observed=observed)
    watch = Actor(principal=uuid4(), role="WATCH", via=Via.SYSTEM)
    return id_, _carried_out(of, command, watch)


def _measured(of: Installation, gap: UUID, assignment: UUID) -> None:
    command = RecordImpact(gap_id=gap, assignment_id=assignment, n_before=12, n_after=1)
    _carried_out(of, command, operator())


def _carried_out(of: Installation, command: Any, actor: Actor) -> int:
    request = Request(tenant=of.tenant, actor=actor, command_id=uuid4())
    return asyncio.run(of.application.gap(command, request)).position
