"""Erasing a person: two people for it, none under a hold, and once."""

from collections.abc import Callable, Sequence
from typing import Self
from uuid import UUID

import pytest

from opps.domain.errors import AlreadyExists, Blank, Refusal, RoleNeeded, UnknownPerson
from opps.domain.events import (
    ErasureApproved,
    ErasureBasis,
    ErasureCarriedOut,
    ErasureRequested,
    ErasureWithdrawn,
    Event,
    LegalHoldLifted,
    LegalHoldPlaced,
    Outcome,
    PersonErased,
    RetentionRule,
    RetentionSet,
)
from opps.domain.personal import ErasureLevel
from opps.domain.privacy.commands import (
    AnyPrivacyCommand,
    ApproveErasure,
    LiftLegalHold,
    PlaceLegalHold,
    RequestErasure,
    SetRetention,
    WithdrawErasure,
)
from opps.domain.privacy.decide import Concerned, decide
from opps.domain.privacy.errors import (
    AlreadyErased,
    ErasureNotWaiting,
    ErasureRequestedAlready,
    HoldsNobody,
    LegalHoldLiftedAlready,
    OnLegalHold,
    OnlyFullErasure,
    RetentionRuleTwice,
    SecondPersonNeeded,
    UnknownErasure,
    UnknownLegalHold,
)
from opps.domain.privacy.state import ErasureStatus, Privacy, fold
from opps.domain.recorded import Actor, Context, Metadata, Recorded, Via
from tests.domain.given import COMMAND, DEAL, FRIDAY, MONDAY, named

DANA, ERASURE, OTHER_ERASURE, HOLD = map(named, ("dana", "erasure", "other erasure", "hold"))
DPO, SECOND = named("data protection officer"), named("second person")
LINE_3 = named("line 3")
FULL, IDENTITY = ErasureLevel.FULL, ErasureLevel.IDENTITY
DANA_KNOWN = Concerned(person_id=DANA, known=True, opportunities=frozenset({LINE_3}))

requested = ErasureRequested(
    erasure_id=ERASURE, person_id=DANA, level=FULL, basis=ErasureBasis.OBJECTION
)
withdrawn = ErasureWithdrawn(erasure_id=ERASURE, reason="Dana thought better of it")
approved = ErasureApproved(erasure_id=ERASURE)
carried_out = ErasureCarriedOut(erasure_id=ERASURE, keys_destroyed=2, purged={"reads": 3})
dana_held = LegalHoldPlaced(hold_id=HOLD, persons=(DANA,), reason="File 12")
line_3_held = LegalHoldPlaced(hold_id=HOLD, opportunities=(LINE_3,), reason="File 12")
lifted = LegalHoldLifted(hold_id=HOLD, reason="Settled")

request = RequestErasure(
    erasure_id=ERASURE, person_id=DANA, level=FULL, basis=ErasureBasis.OBJECTION
)
approve = ApproveErasure(erasure_id=ERASURE)
withdraw = WithdrawErasure(erasure_id=ERASURE, reason="Dana thought better of it")
hold_dana = PlaceLegalHold(hold_id=HOLD, persons=(DANA,), reason="File 12")
lift = LiftLegalHold(hold_id=HOLD, reason="Settled")
RULES = (RetentionRule(outcome=Outcome.LOST, keep_days=365, level=FULL),)


def acting(who: UUID, role: str = "DPO") -> Actor:
    return Actor(principal=who, role=role, via=Via.GRAPHQL)


class given:  # noqa: N801 - it reads as a sentence
    """What was decided about personal data so far; the data protection officer did it."""

    def __init__(self, *past: Event, told: Concerned = DANA_KNOWN) -> None:
        self.state: Privacy = fold(_recorded(past))
        self._told = told
        self._decided: Callable[[], Sequence[Event]]

    def when(self, command: AnyPrivacyCommand, by: Actor | None = None) -> Self:
        self._decided = lambda: decide(
            self.state,
            command,
            self._told,
            Context(now=FRIDAY, actor=by or acting(DPO), command_id=COMMAND),
        )
        return self

    def then(self, *expected: Event) -> None:
        assert list(self._decided()) == list(expected)

    def then_refused(self, why: type[Refusal]) -> Refusal:
        with pytest.raises(why) as refused:
            self._decided()
        return refused.value


def _recorded(events: Sequence[Event]) -> list[Recorded[Event]]:
    return [
        Recorded(
            event=event,
            stream=DEAL,
            position=10 + number,
            version=number,
            recorded_at=MONDAY,
            event_id=named(f"event {number}"),
            command_id=named(f"command {number}"),
            metadata=Metadata(actor=acting(DPO)),
        )
        for number, event in enumerate(events)
    ]


def test_a_request_waits_for_a_second_person() -> None:
    given().when(request).then(requested)

    assert given(requested).state.erasures[ERASURE].status is ErasureStatus.REQUESTED


def test_approved_by_a_second_person_the_person_is_erased_in_the_same_moment() -> None:
    given(requested).when(approve, by=acting(SECOND, "ADMIN")).then(
        approved,
        PersonErased(
            erasure_id=ERASURE,
            level=FULL,
            basis=ErasureBasis.OBJECTION,
            requested_by=DPO,
            approved_by=SECOND,
        ),
    )


def test_nobody_approves_an_erasure_of_their_own() -> None:
    given(requested).when(approve).then_refused(SecondPersonNeeded)


def test_nobody_approves_an_erasure_of_their_own_through_a_program() -> None:
    program = Actor(principal=SECOND, role="DPO", via=Via.GRAPHQL, on_behalf_of=DPO)

    given(requested).when(approve, by=program).then_refused(SecondPersonNeeded)


@pytest.mark.parametrize("command", [request, approve, withdraw, hold_dana, lift, SetRetention()])
def test_only_who_answers_for_personal_data_decides_about_it(command: AnyPrivacyCommand) -> None:
    given(requested, dana_held).when(command, by=acting(SECOND, "SELLER")).then_refused(RoleNeeded)


def test_a_person_of_whom_nothing_is_told_cannot_be_erased() -> None:
    nobody = Concerned(person_id=DANA, known=False)

    given(told=nobody).when(request).then_refused(UnknownPerson)


@pytest.mark.parametrize("level", [IDENTITY, FULL])
def test_a_person_erased_in_full_is_not_erased_again(level: ErasureLevel) -> None:
    gone = Concerned(person_id=DANA, known=True, erased=FULL)
    again = RequestErasure(
        erasure_id=OTHER_ERASURE, person_id=DANA, level=level, basis=ErasureBasis.OBJECTION
    )

    given(requested, approved, carried_out, told=gone).when(again).then_refused(AlreadyErased)


def test_a_person_whose_identity_is_gone_can_still_be_erased_in_full() -> None:
    nameless = Concerned(person_id=DANA, known=True, erased=IDENTITY)

    given(told=nameless).when(request).then(requested)


def test_an_identity_under_the_key_of_all_else_is_only_erased_with_all_else() -> None:
    old = Concerned(person_id=DANA, known=True, only_fully=True)
    nameless = RequestErasure(
        erasure_id=ERASURE, person_id=DANA, level=IDENTITY, basis=ErasureBasis.OBJECTION
    )

    given(told=old).when(nameless).then_refused(OnlyFullErasure)
    given(told=old).when(request).then(requested)


def test_one_request_waits_for_a_person_at_a_time() -> None:
    another = RequestErasure(
        erasure_id=OTHER_ERASURE, person_id=DANA, level=FULL, basis=ErasureBasis.UNLAWFUL
    )

    refused = given(requested).when(another).then_refused(ErasureRequestedAlready)
    assert refused == ErasureRequestedAlready(erasure_id=ERASURE)


def test_the_same_request_again_changes_nothing() -> None:
    given(requested).when(request).then()


def test_another_request_under_the_same_id_is_refused() -> None:
    other = RequestErasure(
        erasure_id=ERASURE, person_id=DANA, level=FULL, basis=ErasureBasis.UNLAWFUL
    )

    given(requested).when(other).then_refused(AlreadyExists)


def test_a_request_is_withdrawn_until_it_is_approved() -> None:
    given(requested).when(withdraw).then(withdrawn)
    given(requested, withdrawn).when(withdraw).then()
    given(requested, approved).when(withdraw).then_refused(ErasureNotWaiting)


def test_what_was_withdrawn_is_requested_again_under_another_id() -> None:
    given(requested, withdrawn).when(request).then_refused(AlreadyExists)


def test_a_hold_that_was_lifted_is_placed_again_under_another_id() -> None:
    given(dana_held, lifted).when(hold_dana).then_refused(AlreadyExists)


def test_what_was_withdrawn_is_not_approved_any_more() -> None:
    by_second = acting(SECOND)

    given(requested, withdrawn).when(approve, by=by_second).then_refused(ErasureNotWaiting)
    given(requested, approved).when(approve, by=by_second).then()
    given(requested, approved, carried_out).when(approve, by=by_second).then()


def test_an_erasure_that_nobody_requested_is_neither_approved_nor_withdrawn() -> None:
    given().when(approve).then_refused(UnknownErasure)
    given().when(withdraw).then_refused(UnknownErasure)


@pytest.mark.parametrize("held", [dana_held, line_3_held])
def test_a_legal_hold_keeps_a_person_and_names_itself(held: LegalHoldPlaced) -> None:
    refused = given(held).when(request).then_refused(OnLegalHold)

    assert refused == OnLegalHold(person_id=DANA, holds=[HOLD])


def test_a_legal_hold_placed_after_the_request_stops_the_approval() -> None:
    given(requested, dana_held).when(approve, by=acting(SECOND)).then_refused(OnLegalHold)


def test_once_the_legal_hold_is_lifted_the_person_can_be_erased() -> None:
    given(dana_held, lifted).when(request).then(requested)


def test_a_legal_hold_of_others_keeps_nobody_else() -> None:
    of_others = LegalHoldPlaced(hold_id=HOLD, persons=(named("kim"),), reason="File 12")

    given(of_others).when(request).then(requested)


def test_a_legal_hold_says_whom_it_keeps_and_why() -> None:
    given().when(hold_dana).then(dana_held)
    given(dana_held).when(hold_dana).then()
    given().when(PlaceLegalHold(hold_id=HOLD, reason="File 12")).then_refused(HoldsNobody)
    blank = PlaceLegalHold(hold_id=HOLD, persons=(DANA,), reason=" ")
    given().when(blank).then_refused(Blank)
    other = PlaceLegalHold(hold_id=HOLD, persons=(DANA,), reason="File 13")
    given(dana_held).when(other).then_refused(AlreadyExists)


def test_a_legal_hold_is_lifted_once() -> None:
    given(dana_held).when(lift).then(lifted)
    given(dana_held, lifted).when(lift).then()
    other = LiftLegalHold(hold_id=HOLD, reason="Again")
    given(dana_held, lifted).when(other).then_refused(LegalHoldLiftedAlready)
    given().when(lift).then_refused(UnknownLegalHold)


def test_one_retention_rule_for_each_outcome() -> None:
    given().when(SetRetention(rules=RULES)).then(RetentionSet(rules=RULES))
    given(RetentionSet(rules=RULES)).when(SetRetention(rules=RULES)).then()
    given(RetentionSet(rules=RULES)).when(SetRetention()).then(RetentionSet(rules=()))
    given().when(SetRetention(rules=RULES * 2)).then_refused(RetentionRuleTwice)


def test_an_erasure_keeps_who_did_what_when() -> None:
    [erasure] = given(requested, approved, carried_out).state.erasures.values()

    assert (erasure.requested_by, erasure.requested_at) == (DPO, MONDAY)
    assert (erasure.approved_by, erasure.approved_at) == (DPO, MONDAY)
    assert (erasure.keys_destroyed, erasure.purged) == (2, {"reads": 3})
    assert erasure.status is ErasureStatus.CARRIED_OUT


def test_an_erasure_carried_out_in_a_log_that_lost_its_request_tells_no_more() -> None:
    state = given(carried_out).state

    assert state.erasures == {}
    assert state.carried_out == {ERASURE}
