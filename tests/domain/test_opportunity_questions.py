"""Questions, facets that do not apply, and decisions of our side."""

import pytest

from opps.domain.catalogue import Facet
from opps.domain.errors import (
    AlreadyExists,
    Blank,
    NotOpen,
    OwnerCannotWaive,
    UnknownFact,
    UnknownQuestion,
    UnknownReference,
)
from opps.domain.events import (
    DecisionKind,
    DecisionTaken,
    FacetMarkedNotApplicable,
    OwnershipTransferred,
    QuestionAnswered,
    QuestionAsked,
    QuestionDropped,
    QuestionRaised,
)
from opps.domain.opportunity.commands import (
    AnswerQuestion,
    AnyOpportunityCommand,
    AskQuestion,
    DropQuestion,
    MarkFacetNotApplicable,
    RaiseQuestion,
    TakeDecision,
)
from opps.domain.opportunity.state import QuestionStatus, known
from opps.domain.provenance import Channel
from opps.domain.score import score
from tests.domain.given import (
    CFO,
    COLLEAGUE,
    DEAL,
    FRIDAY,
    JUST_NOW,
    MARCH_31,
    NOBODY,
    QUESTION,
    SELLER,
    TUESDAY,
    at,
    budget,
    cfo_known,
    given,
    learned,
    lost,
    named,
    opened,
    raised,
)

ask_it = AskQuestion(opportunity_id=DEAL, question_id=QUESTION, evaluator_id=CFO)
answer_it = AnswerQuestion(opportunity_id=DEAL, question_id=QUESTION, answer="The board signs")
drop_it = DropQuestion(opportunity_id=DEAL, question_id=QUESTION, reason="No longer open")
waiting = (opened, cfo_known, raised(Facet.FUNDING_AUTHORITY))


def test_what_we_do_not_know_is_written_down() -> None:
    command = RaiseQuestion(
        opportunity_id=DEAL,
        question_id=QUESTION,
        facet=Facet.FUNDING_AUTHORITY,
        text="Who signs above 100 k?",
        why="The board may have to meet",
        whom_to_ask=CFO,
        due=MARCH_31,
    )
    outcome = given(opened, cfo_known).when(command)

    outcome.then(
        QuestionRaised(
            learned=JUST_NOW,
            question_id=QUESTION,
            facet=Facet.FUNDING_AUTHORITY,
            text="Who signs above 100 k?",
            why="The board may have to meet",
            whom_to_ask=CFO,
            due=MARCH_31,
        )
    )
    assert outcome.state.questions[QUESTION].status is QuestionStatus.RAISED
    assert known(outcome.state).asked_about == {Facet.FUNDING_AUTHORITY}


def test_a_question_gets_an_id_when_none_is_given() -> None:
    command = RaiseQuestion(opportunity_id=DEAL, facet=Facet.NEED, text="Which?")

    (question,) = given(opened).when(command).state.questions.values()

    assert question.text == "Which?"


def test_a_blank_question_is_refused() -> None:
    command = RaiseQuestion(opportunity_id=DEAL, facet=Facet.NEED, text="  ")

    given(opened).when(command).then_refused(Blank, field="text")


def test_one_question_is_raised_once() -> None:
    command = RaiseQuestion(
        opportunity_id=DEAL, question_id=QUESTION, facet=Facet.NEED, text="Which?"
    )

    given(*waiting).when(command).then_refused(AlreadyExists, id=QUESTION)


def test_nobody_is_asked_whom_no_fact_has_introduced() -> None:
    command = RaiseQuestion(
        opportunity_id=DEAL, facet=Facet.NEED, text="Which?", whom_to_ask=NOBODY
    )

    given(opened, cfo_known).when(command).then_refused(
        UnknownReference, kind="evaluator", id=NOBODY
    )


def test_a_question_is_about_something_that_was_mentioned() -> None:
    about_cfo = RaiseQuestion(
        opportunity_id=DEAL, facet=Facet.LEANING, text="Where does she lean?", subject_id=CFO
    )
    about_nobody = RaiseQuestion(
        opportunity_id=DEAL, facet=Facet.LEANING, text="Where?", subject_id=NOBODY
    )

    given(opened, cfo_known).when(about_cfo).then_one(QuestionRaised)
    given(opened, cfo_known).when(about_nobody).then_refused(
        UnknownReference, kind="subject", id=NOBODY
    )


def test_a_question_is_put_to_somebody_of_the_buyer() -> None:
    command = AskQuestion(
        opportunity_id=DEAL,
        question_id=QUESTION,
        evaluator_id=CFO,
        asked_on=MARCH_31,
        channel=Channel.CALL,
    )
    outcome = given(*waiting).when(command)
    question = outcome.state.questions[QUESTION]

    outcome.then(
        QuestionAsked(
            learned=JUST_NOW,
            question_id=QUESTION,
            evaluator_id=CFO,
            asked_on=MARCH_31,
            channel=Channel.CALL,
        )
    )
    assert (question.status, question.asked_of, question.asked_at, question.open) == (
        QuestionStatus.ASKED,
        CFO,
        FRIDAY,
        True,
    )


def test_a_question_can_be_asked_a_second_time_which_does_not_end_the_silence() -> None:
    asked = QuestionAsked(learned=at(TUESDAY), question_id=QUESTION, evaluator_id=CFO)

    outcome = given(*waiting, asked).when(ask_it)

    outcome.then_one(QuestionAsked)
    assert outcome.state.questions[QUESTION].asked_at == TUESDAY
    assert known(outcome.state).unanswered == {Facet.FUNDING_AUTHORITY: TUESDAY}


def test_a_question_is_not_put_to_somebody_nobody_mentioned() -> None:
    command = AskQuestion(opportunity_id=DEAL, question_id=QUESTION, evaluator_id=NOBODY)

    given(*waiting).when(command).then_refused(UnknownReference, kind="evaluator", id=NOBODY)


def test_an_answer_names_the_facts_it_brought() -> None:
    command = AnswerQuestion(
        opportunity_id=DEAL, question_id=QUESTION, fact_ids=(named("cfo fact"),), answer="The CFO"
    )
    outcome = given(*waiting).when(command)
    question = outcome.state.questions[QUESTION]

    outcome.then(
        QuestionAnswered(
            learned=JUST_NOW,
            question_id=QUESTION,
            fact_ids=(named("cfo fact"),),
            answer="The CFO",
        )
    )
    assert (question.status, question.open) == (QuestionStatus.ANSWERED, False)
    assert known(outcome.state).asked_about == {Facet.FUNDING_AUTHORITY}


def test_an_answer_in_words_leaves_us_no_less_certain_than_the_question_did() -> None:
    asked = given(*waiting).when(ask_it).state
    answered = given(*waiting).when(answer_it).state
    dropped = given(*waiting).when(drop_it).state

    assert score(known(answered)) == score(known(asked))
    assert known(dropped).asked_about == frozenset()


def test_an_answer_does_not_rest_on_a_fact_nobody_recorded() -> None:
    command = AnswerQuestion(opportunity_id=DEAL, question_id=QUESTION, fact_ids=(NOBODY,))

    given(*waiting).when(command).then_refused(UnknownFact, fact_id=NOBODY)


def test_a_question_that_no_longer_matters_is_dropped() -> None:
    outcome = given(*waiting).when(drop_it)

    outcome.then(QuestionDropped(learned=JUST_NOW, question_id=QUESTION, reason="No longer open"))
    assert outcome.state.questions[QUESTION].status is QuestionStatus.DROPPED


@pytest.mark.parametrize("command", [ask_it, answer_it, drop_it], ids=["ask", "answer", "drop"])
def test_a_question_nobody_raised_is_neither_asked_nor_closed(
    command: AnyOpportunityCommand,
) -> None:
    given(opened, cfo_known).when(command).then_refused(UnknownQuestion, question_id=QUESTION)


@pytest.mark.parametrize("command", [ask_it, answer_it, drop_it], ids=["ask", "answer", "drop"])
@pytest.mark.parametrize(
    "closed",
    [
        QuestionAnswered(learned=at(TUESDAY), question_id=QUESTION),
        QuestionDropped(learned=at(TUESDAY), question_id=QUESTION, reason="?"),
    ],
    ids=["answered", "dropped"],
)
def test_a_closed_question_is_neither_asked_nor_closed_again(
    command: AnyOpportunityCommand, closed: QuestionAnswered | QuestionDropped
) -> None:
    given(*waiting, closed).when(command).then_refused(UnknownQuestion)


def test_a_question_can_still_be_raised_on_a_lost_opportunity() -> None:
    command = RaiseQuestion(opportunity_id=DEAL, facet=Facet.NEED, text="What did they need?")

    given(opened, lost).when(command).then_one(QuestionRaised)


set_aside = MarkFacetNotApplicable(
    opportunity_id=DEAL, facet=Facet.PAPER_PROCESS, rationale="Framework contract in force"
)


def test_a_colleague_says_that_a_facet_does_not_apply() -> None:
    outcome = given(opened).when(set_aside, by=COLLEAGUE)

    outcome.then(
        FacetMarkedNotApplicable(
            learned=JUST_NOW, facet=Facet.PAPER_PROCESS, rationale="Framework contract in force"
        )
    )
    assert known(outcome.state).not_applicable == {Facet.PAPER_PROCESS}


def test_the_owner_cannot_say_so_alone() -> None:
    given(opened).when(set_aside, by=SELLER).then_refused(OwnerCannotWaive, facet="PAPER_PROCESS")


def test_nor_can_somebody_on_behalf_of_the_owner() -> None:
    given(opened).when(set_aside, by=COLLEAGUE, on_behalf_of=SELLER).then_refused(OwnerCannotWaive)


def test_a_former_owner_can_judge_it_after_the_handover() -> None:
    handed_over = OwnershipTransferred(learned=at(TUESDAY), from_owner=SELLER, to_owner=COLLEAGUE)

    given(opened, handed_over).when(set_aside, by=SELLER).then_one(FacetMarkedNotApplicable)


def test_saying_it_twice_changes_nothing() -> None:
    said = FacetMarkedNotApplicable(
        learned=at(TUESDAY), facet=Facet.PAPER_PROCESS, rationale="Framework contract"
    )

    given(opened, said).when(set_aside, by=COLLEAGUE).then_nothing()


def test_a_decision_names_the_facts_it_was_based_on() -> None:
    command = TakeDecision(
        opportunity_id=DEAL,
        decision=DecisionKind.DISCOUNT,
        summary="Five percent",
        based_on=(named("budget"),),
    )

    given(opened, learned(budget(90), "budget")).when(command).then(
        DecisionTaken(
            learned=JUST_NOW,
            decision=DecisionKind.DISCOUNT,
            summary="Five percent",
            based_on=(named("budget"),),
        )
    )


def test_a_decision_does_not_rest_on_a_fact_nobody_recorded() -> None:
    command = TakeDecision(
        opportunity_id=DEAL, decision=DecisionKind.GATE, summary="Go", based_on=(NOBODY,)
    )

    given(opened).when(command).then_refused(UnknownFact, fact_id=NOBODY)


def test_no_gate_is_passed_on_a_lost_opportunity() -> None:
    command = TakeDecision(opportunity_id=DEAL, decision=DecisionKind.GATE, summary="Go")

    given(opened, lost).when(command).then_refused(NotOpen, status="LOST")
