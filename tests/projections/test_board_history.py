"""Ten thousand looks back: the rows say what a fold of the log through the lens says."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from msgspec.structs import replace
from psycopg.rows import dict_row

from opps.domain.catalogue import Facet
from opps.domain.clock import clock_stream
from opps.domain.events import (
    AmountEstimated,
    BuyerResponded,
    CommitBasis,
    CommitDateSet,
    DayTurned,
    Event,
    FactCorroborated,
    FactLearned,
    FactReconfirmed,
    FactRedated,
    FactRetracted,
    ForecastCategory,
    ForecastCategorySet,
    Gate,
    ImportTakenBack,
    OpportunityRenamed,
    OpportunityReopened,
    OpportunityWithdrawn,
    Outcome,
    ProposalSent,
    QuestionAnswered,
    QuestionAsked,
    RetractionReason,
    ScoringModelActivated,
    StageSet,
    ValuesBefore,
)
from opps.domain.facts import AnyFact, CompellingEvent, Leaning, NextStep
from opps.domain.facts.evaluators import LeaningLevel
from opps.domain.oks_1 import OKS_1
from opps.domain.opportunity.evolve import fold
from opps.domain.opportunity.lenses import AsKnown, through
from opps.domain.opportunity.state import Status, known
from opps.domain.recorded import Recorded
from opps.domain.score import score
from opps.domain.setting import SURROUNDING, activation_stream
from opps.domain.times import Learned, Precision
from opps.eventstore import Log, register_tenant
from opps.projections import books
from opps.projections.account_names import ACCOUNT_NAMES
from opps.projections.board_history import BOARD_HISTORY, PastRow, past_row
from opps.projections.board_history_checks import PROMISES
from opps.projections.listing import BoardFilter, BoardOrder
from opps.projections.past import Look, page_of, page_query
from opps.projections.projector import catch_up
from opps.projections.promises import first_broken
from opps.projections.rebuild import rebuild
from opps.projections.verify import verify
from tests.domain.given import (
    CFO,
    MANAGER,
    MONDAY,
    OBSERVED,
    at,
    budget,
    cfo_known,
    euros,
    lost,
    named,
    opened,
    raised,
    won,
)
from tests.projections import support
from tests.projections.support import Teller, deals

HISTORIES, VIEWS, DAYS, STORY = 40, 250, 120, 26
ZONES = ("UTC", "Europe/Madrid", "Pacific/Kiritimati")
EVERYTHING = BoardFilter(statuses=[*Status])
HISTORY = [BOARD_HISTORY, ACCOUNT_NAMES]


def on(day: float) -> datetime:
    return MONDAY + timedelta(days=day)


class Storyteller:
    """Tells a tenant's log what happened to three deals, most of it late or in no order."""

    def __init__(self, log: Log, tenant: UUID, seed: int) -> None:
        self.random = Random(seed)
        self.teller = Teller(log, tenant)
        self.tenant = tenant
        self.now = 0.0
        self.zone = ZONES[seed % 2]
        self.instants = [on(0)]

    def tell(self) -> None:
        """Tell one more thing."""
        chance = self.random.random()
        if chance < 0.12:
            self.now += self.random.choice((0, 1, 3, 20))
            if self.random.random() < 0.15:
                self.zone = self.random.choice(ZONES)
            day = on(self.now).date()
            self.teller.tell(clock_stream(self.tenant), DayTurned(day=day, zone=self.zone))
        elif chance < 0.15:
            name = f"model-{self.random.random()}"
            model = replace(OKS_1, name=name, prior_win=self.random.choice((0.2, 0.4, 0.6)))
            activated = ScoringModelActivated(
                model=model, approver=MANAGER, reason="To see", gate=Gate.OVERRIDDEN
            )
            self.teller.tell(activation_stream(self.tenant), activated)
        else:
            self.now += self.random.choice((0, 0, 0.3, 1, 2))
            deal = self.random.choice(deals(3))
            count = self.random.choice((1, 1, 2, 3))
            self.teller.tell(deal, *(self.event() for _ in range(count)))

    def event(self) -> Event:
        """Return something that was learned now, or earlier."""
        random = self.random
        late = random.choice((0, 0, 0, 0.5, 3, 15, 60))
        instant = on(max(-2.0, self.now - late))
        self.instants.append(instant)
        when = at(instant)
        if random.random() < 0.1:
            when = Learned(
                latest=instant, earliest=instant - timedelta(days=9), precision=Precision.MONTH
            )
        name, amount = random.choice("abcd"), euros(random.randint(1, 9) * 1000)
        makers: list[Any] = [
            lambda: FactLearned(
                learned=when,
                fact_id=named(random.choice((name, str(random.random())))),
                fact=self.fact(),
                provenance=OBSERVED,
            ),
            lambda: FactRetracted(
                learned=when, fact_id=named(name), reason=RetractionReason.MISHEARD
            ),
            lambda: FactRedated(
                learned=when, fact_id=named(name), learned_on=at(on(random.uniform(-1, self.now)))
            ),
            lambda: FactReconfirmed(learned=when, fact_id=named(name), provenance=OBSERVED),
            lambda: FactCorroborated(
                learned=when, fact_id=named(name), provenance=OBSERVED, repeats_first=False
            ),
            lambda: AmountEstimated(learned=when, amount=amount),
            lambda: StageSet(learned=when, stage=f"Stage {name}", stage_default=0.5),
            lambda: OpportunityRenamed(learned=when, title=f"Deal {name}"),
            lambda: CommitDateSet(
                learned=when, commit_date=on(self.now + 9).date(), basis=CommitBasis.BUYER_STATED
            ),
            lambda: ForecastCategorySet(
                learned=when, category=random.choice(list(ForecastCategory))
            ),
            lambda: replace(raised(random.choice(list(Facet)), name), learned=when),
            lambda: QuestionAsked(learned=when, question_id=named(name), evaluator_id=CFO),
            lambda: QuestionAnswered(learned=when, question_id=named(name), answer="Yes"),
            lambda: ProposalSent(learned=when, proposal=name),
            lambda: BuyerResponded(learned=when, response="We will see"),
            lambda: replace(random.choice((lost, won)), learned=when),
            lambda: OpportunityReopened(learned=when, reason="They called"),
            lambda: OpportunityWithdrawn(learned=when, import_id=named(name), reason="Wrong"),
            lambda: ImportTakenBack(
                learned=when,
                import_id=named(name),
                reason="Wrong",
                before=ValuesBefore(
                    amount=random.choice((None, amount)),
                    stage_default=random.choice((None, 0.3)),
                    responded_at=random.choice((None, instant)),
                    outcome=random.choice((None, None, Outcome.LOST)),
                ),
            ),
        ]
        weights = [8, 2, 2, 2, 1, 2, 2, 1, 1, 1, 2, 2, 1, 2, 2, 1, 1, 0.5, 1]
        made: Event = random.choices(makers, weights)[0]()
        return made

    def fact(self) -> AnyFact:
        """Return one of the facts that fade, pass, or say much."""
        random = self.random
        day = on(self.now + random.choice((-3, 2, 10))).date()
        facts: list[AnyFact] = [
            budget(random.randint(1, 9) * 100),
            cfo_known.fact,
            Leaning(evaluator_id=CFO, level=random.choice(list(LeaningLevel))),
            CompellingEvent(text="The lease ends", on_date=day),
            NextStep(text="Meet", on_date=day),
        ]
        return random.choice(facts)

    def instant(self) -> datetime:
        """Return an instant to ask about: of an event, right before it, a midnight, or any."""
        one = self.random.choice(self.instants)
        midnight = on(self.random.randint(-2, int(self.now) + 40)).replace(hour=0)
        any_one = on(self.random.uniform(-3, self.now + 90))
        return self.random.choice((one, one - timedelta(microseconds=1), midnight, any_one))


def list_at(connection: Any, look: Look) -> tuple[dict[UUID, PastRow], set[UUID]]:
    """Return the whole list of a look, and what of it is not settled."""
    asked = page_query(look, EVERYTHING, BoardOrder.TITLE, None, 100, descending=False)
    with connection.cursor(row_factory=dict_row) as cursor:
        found = cursor.execute(asked.query, asked.values).fetchall()
    page = page_of(look, found)
    return {one.row.opportunity_id: one.row for one in page.listed}, set(page.unsettled)


def folded(history: Sequence[Recorded[Event]], look: Look) -> dict[UUID, PastRow]:
    """Return the list that folds through the lens say."""
    seen = [one for one in history if one.position <= look.position]
    found = {}
    for deal in deals(3):
        own = [one for one in seen if one.stream == deal or isinstance(one.event, SURROUNDING)]
        lens = None if look.known_at is None else AsKnown(look.known_at)
        state = fold(own) if lens is None else through(lens, own)
        if state is not None:
            found[deal] = past_row(state, MONDAY, score(known(state)), 0)
    return found


def said(rows: dict[UUID, PastRow]) -> dict[UUID, PastRow]:
    """Return rows without what no lens tells: when they were written."""
    return {id_: replace(row, recorded_from=0, changed_at=MONDAY) for id_, row in rows.items()}


@pytest.mark.timeout(600)  # ten thousand folds, each of a whole history
def test_ten_thousand_looks_back_say_what_folds_say(database: str, log: Log, tenant: UUID) -> None:
    settled = unsettled = 0
    for seed in range(HISTORIES):
        tenant = register_tenant(database, uuid4(), f"t{seed}")
        story = Storyteller(log, tenant, seed)
        for deal in deals(3):
            story.teller.tell(deal, replace(opened, learned=at(on(story.random.choice((0, -1))))))
        for number in range(STORY):
            story.tell()
            if number % 4 == seed % 4:
                catch_up(log, support.settings(database), HISTORY, batch=1 + seed % 7)
        catch_up(log, support.settings(database), HISTORY)
        history = story.teller.history()
        with psycopg.connect(database, autocommit=True) as connection:
            books.enter_tenant(connection, tenant)
            assert [one.name for one in PROMISES if first_broken(connection, one)] == []
            for _ in range(VIEWS):
                position = story.random.randint(0, len(history))
                instant = None if story.random.random() < 0.2 else story.instant()
                look = Look(position=position, known_at=instant)
                rows, moved = list_at(connection, look)
                expected = folded(history, look)
                assert rows.keys() == expected.keys(), (seed, look)
                exact = {id_: row for id_, row in rows.items() if id_ not in moved}
                assert said(exact) == said({id_: expected[id_] for id_ in exact}), (seed, look)
                settled += len(exact)
                unsettled += len(moved)

    assert settled > 4 * unsettled


def test_rows_are_the_same_however_they_were_made(database: str, log: Log, tenant: UUID) -> None:
    story = Storyteller(log, tenant, seed=7)
    for deal in deals(3):
        story.teller.tell(deal, replace(opened, learned=at(on(0))))
    for number in range(60):
        story.tell()
        if number % 7 == 0:
            catch_up(log, support.settings(database), HISTORY, batch=3)
    catch_up(log, support.settings(database), HISTORY, batch=3)
    followed = past_rows(database, tenant)
    for projection in HISTORY:
        rebuild(log, support.settings(database), projection)

    assert past_rows(database, tenant) == followed
    verdict = verify(log, support.settings(database), tenant, projections=tuple(HISTORY))
    assert (verdict.difference, verdict.parked) == (None, 0)


@pytest.mark.parametrize(
    ("table", "damage"),
    [
        ("board_history", "SET amount = 12345 WHERE recorded_until > 9e18"),
        ("board_history", "SET recorded_until = recorded_until - 1 WHERE recorded_until > 9e18"),
        ("known_history", "SET p = 0.5, low = 0.4 WHERE recorded_until > 9e18"),
        (
            "known_history",
            "SET known_until = known_from + interval '1 hour' WHERE recorded_until > 9e18",
        ),
        ("known_history", "SET recorded_until = 9e18 WHERE anew"),
    ],
)
def test_a_row_that_says_something_else_is_found(
    database: str, log: Log, tenant: UUID, table: str, damage: str
) -> None:
    story = Storyteller(log, tenant, seed=11)
    story.teller.tell(deals(3)[0], opened)
    for _ in range(30):
        story.tell()
    catch_up(log, support.settings(database), HISTORY)
    support.run(database, f"UPDATE opps_views.{table} {damage}")
    verdict = verify(log, support.settings(database), tenant, projections=tuple(HISTORY))

    assert verdict.difference is not None
    assert verdict.difference.where.startswith(table)


def past_rows(database: str, tenant: UUID) -> dict[str, list[dict[str, Any]]]:
    """Return every row of the past, with instants as texts: some never come."""
    with psycopg.connect(database, row_factory=dict_row) as connection:
        return {
            table: connection.execute(
                f"SELECT to_jsonb(t) AS row FROM opps_views.{table} t WHERE tenant = %s"
                " ORDER BY to_jsonb(t)::text",
                [tenant],
            ).fetchall()
            for table in ("board_history", "known_history", "board_history_due", "account_names")
        }
