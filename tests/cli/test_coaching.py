"""Coaching on the command line: what can be learned, the gaps there are, and those of a seller."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from opps.app import Opps
from opps.application import Request
from opps.config import settings
from opps.domain.coaching.causes import GapCause
from opps.domain.coaching.commands import (
    AgreeCorrectiveAction,
    AnyGapCommand,
    AssignLearning,
    GivenAnswer,
    IdentifyGap,
    IdentifyGapByRule,
    RecordDiagnosis,
)
from opps.domain.coaching.gap import gap_id_of
from opps.domain.coaching.indicators import Indicator
from opps.domain.coaching.success import GapMeasure, SuccessMeasure
from opps.domain.recorded import Actor, Via
from tests.cli.conftest import Run

SOON = datetime.now(UTC).date() + timedelta(days=30)
ADMIN = Actor(principal=uuid4(), role="ADMIN", via=Via.GRAPHQL)
WATCH = Actor(principal=uuid4(), role="WATCH", via=Via.SYSTEM)
ACTIVITY = {
    "title": "Ask for criteria",
    "description": "Two hours on a deal of your own",
    "objectives": ["DECISION_CRITERIA"],
    "causes": ["KNOWLEDGE"],
    "hours": 2,
}


def happened(*commands: AnyGapCommand, actor: Actor = ADMIN) -> None:
    """Carry out commands on gaps."""
    asyncio.run(_happened(commands, actor))


async def _happened(commands: tuple[AnyGapCommand, ...], actor: Actor) -> None:
    with Opps(settings()) as opps:
        tenant = opps.tenant(None)
        for one in commands:
            await opps.application.gap(one, Request(tenant=tenant, actor=actor, command_id=uuid4()))


def named(gap: UUID, seller: UUID) -> IdentifyGap:
    """Return the naming of a gap."""
    return IdentifyGap(
        gap_id=gap, seller=seller, indicator="CRITERIA_BEFORE_PROPOSAL", note="None in three"
    )


def offered(run: Run, folder: Path, **more: Any) -> str:
    """Return the code of an activity that is on offer."""
    code = f"TALK-{uuid4()}"
    file = folder / "activity.json"
    file.write_text(json.dumps({"activity": code, **ACTIVITY, **more}))
    assert run("coaching", "offer", file).code == 0
    return code


def test_an_activity_is_offered_found_and_withdrawn(run: Run, tmp_path: Path) -> None:
    code = offered(run, tmp_path)

    def codes(*options: str) -> list[str]:
        shown = run("coaching", "catalogue", "--json", *options).answer["activities"]
        return [one["activity"] for one in shown]

    assert code in codes()
    assert code in codes("--objective", "decision_criteria", "--cause", "KNOWLEDGE")
    assert code not in codes("--cause", "SKILL")
    assert code in run("coaching", "catalogue").out
    run("coaching", "withdraw", code)
    assert code not in codes()


def test_what_is_no_activity_is_told(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "activity.json"
    file.write_text(json.dumps({"activity": "TALK", **ACTIVITY, "hours": "many"}))
    broken = run("coaching", "offer", file)
    file.write_text(json.dumps({"activity": "TALK", **ACTIVITY, "causes": ["CAPACITY"]}))
    useless = run("coaching", "offer", file)
    unknown = run("coaching", "catalogue", "--cause", "LAZINESS")

    assert (broken.code, useless.code, unknown.code) == (2, 2, 2)
    assert "is no learning activity" in broken.err
    assert "Learning does not cure CAPACITY" in useless.err
    assert "'LAZINESS' is none of ENVIRONMENT, KNOWLEDGE" in unknown.err


def test_the_gaps_of_a_seller_say_what_to_ask_and_what_is_due(run: Run, tmp_path: Path) -> None:
    code, gap, blocked, seller = offered(run, tmp_path), uuid4(), uuid4(), uuid4()
    happened(named(gap, seller), named(blocked, seller))
    first = run("coaching", "show", seller).out
    said = GivenAnswer(cause=GapCause.KNOWLEDGE, text="Nobody told me")
    happened(
        RecordDiagnosis(
            gap_id=gap,
            cause=GapCause.KNOWLEDGE,
            ruled_out=(GapCause.ENVIRONMENT,),
            answers=(said,),
        ),
        RecordDiagnosis(gap_id=blocked, cause=GapCause.ENVIRONMENT),
    )
    diagnosed = run("coaching", "show", seller).out
    success = SuccessMeasure(indicator="CRITERIA_BEFORE_PROPOSAL", target=0.8)
    happened(
        AssignLearning(gap_id=gap, assignment_id=uuid4(), activity=code, due=SOON, success=success),
        AgreeCorrectiveAction(gap_id=blocked, action="A licence", owner=seller, due=SOON),
    )
    shown = run("coaching", "show", seller).out
    told = run("coaching", "show", seller, "--json").answer["gaps"]

    assert "Criteria before the proposal, decision criteria: named" in first
    assert '"None in three"' in first
    assert "environment: What stood in your way" in first
    assert 'knowledge: "Nobody told me"' in diagnosed
    assert "Next: assign an activity." in diagnosed
    assert "Next: agree on what is done, by whom." in diagnosed
    assert f"assigned: Ask for criteria, by {SOON}" in shown
    assert f'by {SOON}: "A licence"' in shown
    by_id = {one["gap_id"]: one for one in told}
    assert by_id[str(gap)]["assignments"][0]["status"] == "ASSIGNED"
    assert by_id[str(blocked)]["action"]["action"] == "A licence"


def test_gaps_are_listed_by_team_and_not_before_the_first_look_is_over(run: Run) -> None:
    seller, gap, team = uuid4(), uuid4(), f"North {uuid4()}"
    run("teams", "form", team)
    run("teams", "assign", team, seller)
    indicator = Indicator.RETRACTIONS
    fresh = gap_id_of(seller, indicator, "now")
    observed = GapMeasure(value=0.5, n=12, low=0.3, high=0.7)
    happened(named(gap, seller))
    happened(
        IdentifyGapByRule(gap_id=fresh, seller=seller, indicator=indicator, observed=observed),
        actor=WATCH,
    )

    def listed(*options: object) -> list[str]:
        shown = run("coaching", "gaps", "--json", *options).answer["gaps"]
        return [one["gap_id"] for one in shown]

    assert listed("--team", team) == [str(gap)]
    assert str(gap) in listed()
    assert str(gap) not in listed("--closed")
    assert str(gap) in run("coaching", "gaps").out
    assert run("coaching", "gaps", "--team", "Atlantis").code == 2


def test_a_seller_without_gaps_has_none_to_show(run: Run) -> None:
    outcome = run("coaching", "show", uuid4())

    assert "There is no gap to show" in outcome.out


@pytest.mark.parametrize("command", ["show", "gaps", "catalogue", "offer", "withdraw"])
def test_each_command_says_what_it_does(run: Run, command: str) -> None:
    assert run("coaching", command, "--help").code == 0
