"""The handover brief: everything about a deal for somebody who takes it over, with its sources."""

from collections.abc import Iterable, Iterator
from datetime import date
from uuid import UUID

from opps.domain.account_map.looks import MapView
from opps.domain.account_map.state import Planned
from opps.domain.account_map.view import map_view
from opps.domain.blind_spots import Closings, Suspicion, blind_spots
from opps.domain.briefs.page import LONGEST_LIST
from opps.domain.briefs.takeover import (
    Commitment,
    DangerAhead,
    Handover,
    KnownObjective,
    OpenException,
    OpenQuestion,
    Promised,
    SuspectedGap,
)
from opps.domain.briefs.told import Teller, by_objective
from opps.domain.catalogue import Facet
from opps.domain.credence import days_past
from opps.domain.danger_zones.zones import Zone, zones
from opps.domain.exceptions.lifecycle import ManagedException
from opps.domain.facet_state import FacetState
from opps.domain.facts import NextStep
from opps.domain.opportunity.state import Opportunity, Question, QuestionStatus, known
from opps.domain.score import score
from opps.domain.telling.forms import day, money, plain
from opps.domain.telling.names import Names

NO_CLOSINGS = Closings()


def handover(
    state: Opportunity,
    exceptions: Iterable[ManagedException] = (),
    closings: Closings = NO_CLOSINGS,
) -> Handover:
    """Return the brief of an opportunity, or of one seen through a lens.

    `exceptions` are those of the opportunity, and `closings` what closed ones had.
    """
    mapped, names, now = map_view(state), Names(state), score(known(state))
    return Handover(
        opportunity_id=state.opportunity_id,
        title=state.title,
        status=state.status,
        owner=state.owner,
        team=mapped.team,
        amount=state.amount,
        commit_date=state.commit_date,
        pushes=state.pushes,
        p=now.p,
        low=now.low,
        high=now.high,
        outcome=mapped.outcome,
        objectives=tuple(_known(state, mapped)),
        questions=tuple(_questions(state, names)),
        suspected=tuple(
            SuspectedGap(
                suspicion=one.suspicion, facet=one.facet, because=one.because, words=one.words
            )
            for one in blind_spots(state, closings)
            if one.suspicion is not Suspicion.UNTOUCHED
        ),
        commitments=tuple(sorted(_commitments(state, mapped, names), key=_by_due)),
        dangers=tuple(danger(one) for one in zones(state)),
        exceptions=tuple(_exception(one) for one in exceptions if one.open),
    )


def _known(state: Opportunity, mapped: MapView) -> Iterator[KnownObjective]:
    teller = Teller(state)
    told = by_objective(one for of in state.standings.values() for one in teller.standing(of))
    for one in mapped.objectives:
        facts = told[one.objective]
        yield KnownObjective(
            objective=one.objective,
            state=one.state,
            coverage=one.coverage,
            facts=tuple(facts[:LONGEST_LIST]),
            more=max(0, len(facts) - LONGEST_LIST),
            unexamined=_unexamined(one.facets),
        )


def _unexamined(facets: Iterable[tuple[Facet, FacetState]]) -> tuple[Facet, ...]:
    return tuple(facet for facet, state in facets if state is FacetState.UNEXAMINED)


def _questions(state: Opportunity, names: Names) -> Iterator[OpenQuestion]:
    """Yield the questions that wait, those first that were put to the buyer."""
    waiting = [one for one in state.questions.values() if one.open]
    for one in sorted(waiting, key=lambda one: one.status is QuestionStatus.RAISED):
        asked = one.status is QuestionStatus.ASKED
        whom = _whom(one)
        yield OpenQuestion(
            question_id=one.question_id,
            facet=one.facet,
            text=one.text,
            asked=asked,
            since=one.asked_at or one.raised_at,
            whom=None if whom is None else names.evaluator(whom),
            due=one.due,
        )


def _whom(question: Question) -> UUID | None:
    return question.asked_of or question.whom_to_ask


def _commitments(state: Opportunity, mapped: MapView, names: Names) -> Iterator[Commitment]:
    yield from _planned(state, mapped, names)
    for sent in state.conduct.waiting:
        called = "" if sent.proposal is None else f" {sent.proposal}"
        worth = "" if sent.amount is None else f" of {money(sent.amount)}"
        what = f"An answer to our proposal{called}{worth}, sent {day(sent.at.date())}"
        yield _commitment(Promised.PROPOSAL, what, who="the customer")
    standing = state.standing(NextStep.kind())
    if standing.belief is not None and isinstance(step := standing.belief.fact, NextStep):
        who = names.evaluator(step.evaluator_id) if step.evaluator_id else "us"
        late = days_past(step.on_date, state.clock)
        yield _commitment(
            Promised.NEXT_STEP, step.text, step.on_date, late, theirs=step.evaluator_id, who=who
        )


def _planned(state: Opportunity, mapped: MapView, names: Names) -> Iterator[Commitment]:
    """Yield what the account map still asks for."""
    for gate in mapped.gates:
        if gate.passed is None:
            what = f"Gate {gate.name}"
            yield _commitment(Promised.GATE, what, gate.due, gate.overdue_days, ours=state.owner)
    for one in mapped.milestones:
        if one.status is Planned.OPEN:
            theirs = f" with {names.evaluator(one.their_owner)}" if one.their_owner else ""
            yield _commitment(
                Promised.MILESTONE,
                one.what,
                one.due,
                one.overdue_days,
                ours=one.our_owner,
                theirs=one.their_owner,
                who=f"{_colleague(state, one.our_owner)}{theirs}",
            )
    for action in mapped.actions:
        if action.status is Planned.OPEN:
            yield _commitment(
                Promised.ACTION,
                action.what,
                action.due,
                action.overdue_days,
                ours=action.owner,
                who=_colleague(state, action.owner),
            )


def _commitment(
    promised: Promised,
    what: str,
    due: date | None = None,
    late: int = 0,
    *,
    ours: UUID | None = None,
    theirs: UUID | None = None,
    who: str = "the owner",
) -> Commitment:
    return Commitment(
        promised=promised,
        what=what,
        due=due,
        overdue_days=late,
        our_owner=ours,
        their_owner=theirs,
        who=who,
    )


def _colleague(state: Opportunity, member: UUID) -> str:
    """Return somebody of ours by what they do: names are personal data."""
    if member == state.owner:
        return "the owner"
    function = state.team.get(member)
    return "a colleague" if function is None else f"our {plain(function)}"


def _by_due(of: Commitment) -> tuple[date, str]:
    return of.due or date.max, of.what


def danger(of: Zone) -> DangerAhead:
    """Return a danger zone with what to do first."""
    return DangerAhead(
        zone=of.zone,
        name=of.rule.name,
        severity=of.severity,
        because=of.because,
        move=of.rule.move,
        since=of.since,
    )


def _exception(of: ManagedException) -> OpenException:
    return OpenException(
        exception_id=of.exception_id,
        cause=of.cause,
        summary=of.summary,
        status=of.status,
        plan=of.plan,
        raised_at=of.raised_at,
    )
