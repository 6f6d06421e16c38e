"""What leading indicators show is named once, and what learning did is measured beside peers."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from opps.application import Application, Request
from opps.application.coaching import readable_gaps
from opps.domain.catalogue import Objective
from opps.domain.coaching.causes import GapCause
from opps.domain.coaching.commands import (
    AnyGapCommand,
    ApplyLearning,
    AssignLearning,
    CloseGap,
    CompleteLearning,
    IdentifyGap,
    OfferLearningActivity,
    RecordDiagnosis,
    ShareGap,
)
from opps.domain.coaching.gap import Gap
from opps.domain.coaching.success import SuccessMeasure
from opps.domain.events import AppliedFact, FactLearned, GapEnd
from opps.domain.provenance import SourceKind
from opps.domain.recorded import Actor, Via
from opps.eventstore import Log, register_tenant
from opps.projections.projector import catch_up
from opps.watching import Coach
from tests.domain.build import a_criterion
from tests.domain.danger import told
from tests.domain.given import CFO, changed, opened
from tests.projections.support import KEYRING, Teller, rows, settings

ANNA, BORIS = uuid4(), uuid4()
OTHERS = [uuid4() for _ in range(3)]


class Team:
    """A tenant of four sellers whose manager coaches them, and whose coach goes round."""

    def __init__(self, database: str, log: Log) -> None:
        self.database = database
        self.log = log
        self.tenant = register_tenant(database, uuid4(), "acme")
        self.application = Application(log, lambda _: KEYRING)
        self._teller = Teller(log, self.tenant)

    def learn(self, seller: UUID, said: int, of: int) -> list[AppliedFact]:
        """Let a seller learn so many facts of a new deal, of which the buyer said some."""
        deal, learned = uuid4(), [_fact(seller, number < said) for number in range(of)]
        self._teller.tell(deal, changed(opened, owner=seller), *learned)
        return [AppliedFact(opportunity_id=deal, fact_id=one.fact_id) for one in learned]

    def rounds(self, days_later: int = 0) -> int:
        """Let the coach go round, some days later; return how much it did."""
        catch_up(self.log, settings(self.database))
        now = self.application.now() + timedelta(days=days_later)
        later = Application(self.log, lambda _: KEYRING, now=lambda: now)
        return Coach(later, self.database, lambda: [self.tenant]).visit(self.tenant)

    def long_ago(self) -> None:
        """Let what was observed so far be of a hundred days ago: the log dates it by itself."""
        catch_up(self.log, settings(self.database))
        with psycopg.connect(self.database) as connection:
            connection.execute(
                "UPDATE opps_views.observations SET observed_at = observed_at - interval '100 days'"
            )

    def does(self, command: AnyGapCommand, by: UUID = BORIS, role: str = "ADMIN") -> Gap:
        """Carry out a command on a gap."""
        actor = Actor(principal=by, role=role, via=Via.GRAPHQL)
        request = Request(tenant=self.tenant, actor=actor, command_id=uuid4())
        return asyncio.run(self.application.gap(command, request)).after

    def offers(self, command: OfferLearningActivity) -> None:
        """Offer a learning activity."""
        actor = Actor(principal=BORIS, role="ADMIN", via=Via.GRAPHQL)
        request = Request(tenant=self.tenant, actor=actor, command_id=uuid4())
        asyncio.run(self.application.learning_activity(command, request))

    def gaps(self) -> list[dict[str, Any]]:
        """Return the gaps there are."""
        catch_up(self.log, settings(self.database))
        return rows(self.database, "performance_gaps", self.tenant)


def _fact(seller: UUID, said: bool) -> FactLearned:
    source = SourceKind.BUYER_SAID if said else SourceKind.SELLER_OBSERVATION
    fact, now = a_criterion(uuid4()), datetime.now(UTC)
    return told(fact, by=CFO, source=source, to=seller, when=now, name=str(uuid4()))


@pytest.fixture
def team(database: str) -> Iterator[Team]:
    """Yield a team of which nothing is known."""
    with Log(settings(database)) as log:
        yield Team(database, log)


def all_learn(team: Team, anna: int) -> None:
    """Let Anna hear few things from the buyer, and three others most."""
    team.learn(ANNA, anna, 30)
    for one in OTHERS:
        team.learn(one, 27, 30)


def test_what_is_worse_than_the_others_for_longer_is_named_once(team: Team) -> None:
    all_learn(team, anna=3)
    team.long_ago()
    all_learn(team, anna=4)

    assert (team.rounds(), team.rounds()) == (1, 0)
    [named] = team.gaps()
    assert (named["seller"], named["by"]) == (ANNA, "RULE")
    assert named["indicator"] == "BUYER_SHARE"


def test_one_look_alone_names_nothing(team: Team) -> None:
    all_learn(team, anna=3)

    assert team.rounds() == 0


def test_what_somebody_has_named_is_not_named_again(team: Team) -> None:
    all_learn(team, anna=3)
    team.long_ago()
    all_learn(team, anna=4)
    team.does(IdentifyGap(gap_id=uuid4(), seller=ANNA, indicator="BUYER_SHARE"))

    assert team.rounds() == 0


def test_what_was_said_to_be_no_gap_is_not_named_again_that_month(team: Team) -> None:
    all_learn(team, anna=3)
    team.long_ago()
    all_learn(team, anna=4)
    team.rounds()
    [named] = team.gaps()
    team.does(ShareGap(gap_id=named["gap_id"]), by=ANNA, role="SELLER")
    team.does(CloseGap(gap_id=named["gap_id"], reason=GapEnd.NO_GAP), by=BORIS)

    assert team.rounds() == 0


def test_what_learning_did_is_measured_beside_those_who_were_assigned_nothing(team: Team) -> None:
    gap = completed(team)
    applied = team.learn(ANNA, 28, 30)
    team.does(ApplyLearning(gap_id=gap, assignment_id=COURSE, facts=tuple(applied[:2])))
    for one in OTHERS:
        team.learn(one, 15, 30)

    assert (team.rounds(), team.rounds()) == (1, 0)
    [impact] = [one.impact for one in seen(team, gap).assignments.values()]
    assert impact is not None
    assert (impact.n_before, impact.n_after, impact.enough) == (30, 30, True)
    assert impact.effect == pytest.approx((28 - 3) / 30)


def test_without_enough_cases_it_waits_and_then_says_that_there_were_too_few(team: Team) -> None:
    gap = completed(team)
    applied = team.learn(ANNA, 2, 2)
    team.does(ApplyLearning(gap_id=gap, assignment_id=COURSE, facts=tuple(applied)))

    assert (team.rounds(days_later=179), team.rounds(days_later=181)) == (0, 1)
    [impact] = [one.impact for one in seen(team, gap).assignments.values()]
    assert impact is not None
    assert (impact.n_after, impact.enough, impact.effect) == (2, False, None)


def test_what_was_learned_is_found_in_three_later_facts_of_its_objectives(team: Team) -> None:
    gap = completed(team)
    team.learn(ANNA, 1, 2)
    assert team.rounds() == 0

    team.learn(OTHERS[0], 5, 5)
    assert team.rounds() == 0

    last = team.learn(ANNA, 1, 1)
    assert (team.rounds(), team.rounds()) == (1, 0)
    [course] = seen(team, gap).assignments.values()
    assert course.applied_at is not None
    assert course.facts[-1:] == tuple(last)


COURSE = uuid4()


def completed(team: Team) -> UUID:
    """Return a gap of Anna's for which she has completed a course, as all heard little before."""
    team.offers(
        OfferLearningActivity(
            activity="LISTENING",
            title="Hearing it from the buyer",
            description="Ask, and write down who said it.",
            objectives=(Objective.DECISION_CRITERIA,),
            causes=(GapCause.SKILL,),
            hours=2,
        )
    )
    team.learn(ANNA, 3, 30)
    for one in OTHERS:
        team.learn(one, 15, 30)
    gap, today = uuid4(), team.application.now().date()
    team.does(IdentifyGap(gap_id=gap, seller=ANNA, indicator="BUYER_SHARE"))
    ruled_out = (GapCause.ENVIRONMENT, GapCause.KNOWLEDGE)
    team.does(RecordDiagnosis(gap_id=gap, cause=GapCause.SKILL, ruled_out=ruled_out))
    team.does(
        AssignLearning(
            gap_id=gap,
            assignment_id=COURSE,
            activity="LISTENING",
            due=today + timedelta(days=30),
            success=SuccessMeasure(indicator="BUYER_SHARE", target=0.6),
        )
    )
    team.does(CompleteLearning(gap_id=gap, assignment_id=COURSE), by=ANNA, role="SELLER")
    return gap


def seen(team: Team, gap: UUID) -> Gap:
    """Return a gap as it stands."""
    found = asyncio.run(readable_gaps(team.application, team.tenant, [gap]))
    return found[gap]
