"""Whatever happens, in whatever order: the rows say what a fold of the log says."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

import psycopg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs
from msgspec.structs import replace

from opps.domain.catalogue import Facet
from opps.domain.change import change
from opps.domain.events import (
    AmountEstimated,
    BuyerResponded,
    Event,
    FactLearned,
    FactReconfirmed,
    FactRetracted,
    Gate,
    ImportTakenBack,
    OpportunityReopened,
    OpportunityWithdrawn,
    Outcome,
    ProposalSent,
    ProposalWithdrawn,
    QuestionAnswered,
    QuestionAsked,
    QuestionDropped,
    QuestionRaised,
    RetractionReason,
    ScoringModelActivated,
    SellerActed,
    ValuesBefore,
)
from opps.domain.facts import AnyFact
from opps.domain.opportunity.evolve import evolve
from opps.domain.opportunity.state import Opportunity, known
from opps.domain.provenance import SourceKind
from opps.domain.recorded import Recorded
from opps.domain.score import Score, score
from opps.domain.setting import DAY_ONE, SURROUNDING, Setting, activation_stream, surround
from opps.eventstore import Log, register_tenant
from opps.projections import books
from opps.projections.board import row as board_row
from opps.projections.closings import row as closing_row
from opps.projections.projector import catch_up
from opps.projections.promises import first_broken
from opps.projections.score_checks import PROMISES
from opps.recording.codec import tag_of
from tests.domain.deals import facts, sources
from tests.domain.given import CFO, MANAGER, MONDAY, OBSERVED, at, euros, lost, named, opened
from tests.domain.models import CALLED, models
from tests.projections import support
from tests.projections.support import Teller, deals, rows

Told = tuple[UUID, list[Event]]

NAMES = ("a", "b", "c")
days = st.integers(0, 200)
names = st.sampled_from(NAMES)
# All that a closing holds but what came late: here nobody marks what was learned after the end.
ENDED = ("outcome", "closed_at", "roles", "alternative_kinds", "step_kinds", "facets")


def on(day: int) -> datetime:
    return MONDAY + timedelta(days=day)


def learned(name: str, day: int, fact: AnyFact, source: SourceKind) -> FactLearned:
    return FactLearned(
        learned=at(on(day)),
        fact_id=named(name),
        fact=fact,
        provenance=replace(OBSERVED, source=source),
    )


events: st.SearchStrategy[Event] = st.one_of(
    st.builds(learned, st.uuids().map(str), days, facts, sources),
    st.builds(learned, names, days, facts, sources),
    st.builds(
        lambda name, day: FactRetracted(
            learned=at(on(day)), fact_id=named(name), reason=RetractionReason.MISHEARD
        ),
        names,
        days,
    ),
    st.builds(
        lambda name, day: FactReconfirmed(
            learned=at(on(day)), fact_id=named(name), provenance=OBSERVED
        ),
        names,
        days,
    ),
    st.builds(
        lambda name, facet: QuestionRaised(
            learned=at(MONDAY), question_id=named(name), facet=facet, text="Who knows?"
        ),
        names,
        st.sampled_from(Facet),
    ),
    st.builds(
        lambda name: QuestionDropped(learned=at(MONDAY), question_id=named(name), reason="Moot"),
        names,
    ),
    st.builds(
        lambda name, day: QuestionAsked(
            learned=at(on(day)), question_id=named(name), evaluator_id=CFO
        ),
        names,
        days,
    ),
    st.builds(
        lambda name: QuestionAnswered(learned=at(MONDAY), question_id=named(name), answer="Yes"),
        names,
    ),
    st.builds(lambda day, name: ProposalSent(learned=at(on(day)), proposal=name), days, names),
    st.builds(lambda day, name: ProposalWithdrawn(learned=at(on(day)), proposal=name), days, names),
    st.builds(
        lambda day: BuyerResponded(learned=at(on(day)), response="We will think about it"), days
    ),
    st.builds(lambda day: SellerActed(learned=at(on(day)), activity=CALLED), days),
    st.builds(lambda amount: AmountEstimated(learned=at(MONDAY), amount=euros(amount)), days),
    st.just(lost),
    st.just(OpportunityReopened(learned=at(MONDAY), reason="They called back")),
    st.just(OpportunityWithdrawn(learned=at(MONDAY), import_id=named("a"), reason="Wrong")),
    st.builds(
        lambda amount, day, outcome: ImportTakenBack(
            learned=at(MONDAY),
            import_id=named("a"),
            reason="Wrong",
            before=ValuesBefore(
                amount=euros(amount), responded_at=on(day), outcome=outcome, closed_at=on(day)
            ),
        ),
        days,
        days,
        st.sampled_from((None, Outcome.LOST)),
    ),
    st.just(opened),
)
told = st.tuples(st.sampled_from(deals(3)), st.lists(events, min_size=1, max_size=3))
activations = st.builds(
    lambda model: ScoringModelActivated(
        model=model, approver=MANAGER, reason="To see what it does", gate=Gate.OVERRIDDEN
    ),
    models(),
)
stories = st.lists(st.one_of(told, told, told, days, activations), min_size=1, max_size=25)


class Item(NamedTuple):
    """How a score moved."""

    position: int
    opportunity_id: UUID
    cause: str
    p_before: float | None
    p: float
    low: float
    high: float
    milli_points_change: int


class Fold:
    """What the rows should say, worked out by brute force: everything is scored at every event."""

    def __init__(self, history: list[Recorded[Event]]) -> None:
        self.states: dict[UUID, Opportunity] = {}
        self.items: list[Item] = []
        setting = DAY_ONE
        for recorded in history:
            setting = surround(setting, recorded.event)
            everybody = isinstance(recorded.event, SURROUNDING)
            for stream in sorted(self.states) if everybody else [recorded.stream]:
                self._step(stream, recorded, setting)

    def _step(self, stream: UUID, recorded: Recorded[Event], setting: Setting) -> None:
        before = self.states.get(stream)
        after = evolve(before, recorded, setting)
        if after is None:
            return
        self.states[stream] = after
        was, now = None if before is None else score(known(before)), score(known(after))
        if was != now:
            self.items.append(_item(stream, recorded, was, now))


def _item(stream: UUID, recorded: Recorded[Event], was: Score | None, now: Score) -> Item:
    return Item(
        position=recorded.position,
        opportunity_id=stream,
        cause=tag_of(recorded.event),
        p_before=was.p if was else None,
        p=now.p,
        low=now.low,
        high=now.high,
        milli_points_change=change(was, now).milli_points if was else 0,
    )


def broken_promises(database: str, tenant: UUID) -> list[str]:
    """Return what the database finds that the ledgers do not keep."""
    with psycopg.connect(database) as connection:
        books.enter_tenant(connection, tenant)
        return [one.name for one in PROMISES if first_broken(connection, one)]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(story=stories, batch=st.integers(1, 9))
def test_rows_say_what_a_fold_says(
    database: str, log: Log, story: list[Told | int | ScoringModelActivated], batch: int
) -> None:
    tenant = register_tenant(database, uuid4(), f"t{uuid4().hex}")
    teller = Teller(log, tenant)
    for deal in deals(2):  # the third is opened by chance, or never
        teller.tell(deal, opened)
    clock = 0
    for number, one in enumerate(story):
        if isinstance(one, int):
            clock += one + 1
            teller.turn(on(clock).date())
        elif isinstance(one, ScoringModelActivated):
            teller.tell(activation_stream(tenant), one)
        else:
            teller.tell(one[0], *one[1])
        if number % 5 == 0:
            catch_up(log, support.settings(database), batch=batch)
    catch_up(log, support.settings(database), batch=batch)

    fold = Fold(teller.history())
    assert broken_promises(database, tenant) == []

    shown = sorted(
        rows(database, "score_trend", tenant), key=lambda row: (row["position"], row["ordinal"])
    )
    assert [Item(**{name: row[name] for name in Item._fields}) for row in shown] == fold.items
    board = {row["opportunity_id"]: row for row in rows(database, "board", tenant)}
    assert board.keys() == fold.states.keys()
    scores = {row["opportunity_id"]: row for row in rows(database, "score_current", tenant)}
    for stream, state in fold.states.items():
        expected = structs.asdict(board_row(state, board[stream]["changed_at"]))
        assert {name: board[stream][name] for name in expected} == expected
        assert scores[stream]["p"] == score(known(state)).p
    ends = {row["opportunity_id"]: row for row in rows(database, "closings", tenant)}
    for stream, state in fold.states.items():
        end = ends.get(stream)
        assert (end is None or end["outcome"] is None) == state.open
        if end is not None and not state.open:
            expected = structs.asdict(closing_row(state, end["recorded_at"], end["position"]))
            assert {name: end[name] for name in ENDED} == {name: expected[name] for name in ENDED}
