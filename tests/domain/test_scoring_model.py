"""A scoring model: a name for ever, a gate before it comes into force, and somebody who answers."""

from collections.abc import Sequence
from datetime import UTC, datetime
from math import inf, nan
from typing import Any

import pytest
from msgspec.structs import replace

from opps.domain.catalogue import Objective
from opps.domain.errors import Blank, Refusal
from opps.domain.events import (
    Backtest,
    Event,
    Gate,
    Interval,
    ScoringModelActivated,
    ScoringModelBacktested,
    ScoringModelDefined,
)
from opps.domain.model import Graded, Model, Nats, Signal, SignalSource, Topic
from opps.domain.oks_1 import OKS_1
from opps.domain.promotion import missed
from opps.domain.recorded import Actor, Context, Recorded, Via
from opps.domain.scoring_model import (
    DAY_ONE_MODEL,
    DAY_ONE_MODELS,
    ActivateScoringModel,
    AnyScoringModelCommand,
    DefineScoringModel,
    Models,
    RecordBacktest,
    ScoringModel,
    decide,
    evolve,
    gather,
    model_stream,
)
from opps.domain.scoring_model_errors import (
    BacktestedAgainstAnother,
    GateNotPassed,
    MalformedBacktest,
    MalformedModel,
    MayNotApprove,
    MayNotDefine,
    NameTaken,
    NeverBacktested,
    UnknownModel,
)
from opps.domain.setting import activation_stream
from tests.domain.given import COMMAND, DEAL, FRIDAY, MANAGER, SELLER, recorded

SPRING: Model = replace(OKS_1, name="spring", prior_win=0.5)
SUMMER: Model = replace(OKS_1, name="summer", prior_win=0.6)


def backtest(*, passed: bool = True) -> Backtest:
    high = -0.01 if passed else 0.02
    return Backtest(
        opportunities=128,
        folds=4,
        base_rate=0.5,
        training_base_rate=0.52,
        brier=Interval(0.17, 0.15, 0.19),
        difference=Interval(-0.02, -0.03, high),
        skill=0.32,
        passed=passed,
    )


defined = ScoringModelDefined(model=SPRING, origin="Fitted", learned_from=320, up_to=41)
tried = ScoringModelBacktested(against="oks-1", backtest=backtest())
failed = ScoringModelBacktested(against="oks-1", backtest=backtest(passed=False))
define = DefineScoringModel(model=SPRING, origin="Fitted", learned_from=320, up_to=41)
activate = ActivateScoringModel(name="spring", reason="Better on later deals")


def model(*past: Event) -> ScoringModel | None:
    """Return the model after what has happened to it."""
    state: ScoringModel | None = None
    for one in recorded(past):
        state = evolve(state, one)
    return state


def decided(
    state: ScoringModel | None,
    command: AnyScoringModelCommand,
    in_force: Model = OKS_1,
    role: str = "MANAGER",
    on_behalf_of: Any = None,
) -> Sequence[Event]:
    actor = Actor(principal=MANAGER, role=role, via=Via.GRAPHQL, on_behalf_of=on_behalf_of)
    return decide(state, command, in_force, Context(now=FRIDAY, actor=actor, command_id=COMMAND))


def refused(
    state: ScoringModel | None,
    command: AnyScoringModelCommand,
    in_force: Model = OKS_1,
    role: str = "MANAGER",
) -> Refusal:
    with pytest.raises(Refusal) as reason:
        decided(state, command, in_force, role)
    return reason.value


def test_a_model_is_defined_with_what_it_learned_from() -> None:
    assert decided(None, define) == [defined]


def test_a_name_is_never_used_for_another_model() -> None:
    other = replace(define, model=replace(SPRING, prior_win=0.4))

    assert refused(model(defined), other) == NameTaken(name="spring")


def test_the_name_of_day_one_is_taken_from_the_start() -> None:
    other = replace(define, model=replace(SPRING, name="oks-1"))

    assert refused(DAY_ONE_MODEL, other) == NameTaken(name="oks-1")


def test_the_same_model_again_changes_nothing() -> None:
    assert decided(model(defined), define) == []
    assert decided(DAY_ONE_MODEL, replace(define, model=OKS_1)) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"prior_win": 1.0}, "prior_win"),
        ({"prior_win": nan}, "prior_win"),
        ({"doubt": inf}, "doubt is inf"),
        ({"weights": {}}, "BUSINESS_ISSUES"),
        (
            {"weights": {**OKS_1.weights, Objective.FUNDING: Nats(nan, 0)}},
            "FUNDING in HAPPEN is nan",
        ),
    ],
)
def test_a_model_that_could_not_be_run_is_refused(wrong: dict[str, Any], said: str) -> None:
    reason = refused(None, replace(define, model=replace(SPRING, **wrong)))

    assert isinstance(reason, MalformedModel)
    assert said in reason.problem


def signal(name: str, source: SignalSource, **more: Any) -> Signal:
    graded = {"Yes": Graded(grade=0.5, because="They said so")}
    given = {"weight": Nats(0.3, 0.2), "values": graded, **more}
    return Signal(name=name, source=source, **{"topic": Topic.FUNDING, **given})


def with_signals(*signals: Signal) -> DefineScoringModel:
    return replace(define, model=replace(SPRING, signals=signals))


def test_a_signal_is_heard_once_from_each_source() -> None:
    told = signal("RFI", SignalSource.ATTRIBUTE)
    elsewhere = signal("RFI", SignalSource.CONTEXT)

    assert len(decided(None, with_signals(told, elsewhere))) == 1
    reason = refused(None, with_signals(told, told))
    assert reason == MalformedModel(problem="it hears ATTRIBUTE RFI twice")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"values": {"Yes": Graded(grade=1.2)}}, "grade"),
        ({"values": {"Yes": Graded(deviation=Nats(0, inf))}}, "deviation of RFI Yes in WIN"),
        ({"mean": nan}, "mean of RFI"),
        ({"spread": Nats(inf, 0)}, "spread of RFI in HAPPEN"),
        ({"weight": Nats(0, nan)}, "weight of RFI in WIN"),
    ],
)
def test_every_number_of_a_signal_is_one(wrong: dict[str, Any], said: str) -> None:
    reason = refused(None, with_signals(signal("RFI", SignalSource.CONTEXT, **wrong)))

    assert isinstance(reason, MalformedModel)
    assert said in reason.problem


def test_a_backtest_is_recorded_once() -> None:
    record = RecordBacktest(name="spring", against="oks-1", backtest=backtest())

    assert decided(model(defined), record) == [tried]
    assert decided(model(defined, tried), record) == []
    assert decided(model(defined, failed), record) == [tried]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"brier": Interval(0.2, 0.21, 0.3)}, "brier 0.2 does not lie between"),
        ({"brier": Interval(0.2, 0.1, 1.3)}, "from 0 to 1"),
        ({"difference": Interval(-0.02, -0.01, -0.03)}, "difference -0.02 does not lie"),
        ({"difference": Interval(nan, nan, nan)}, "difference nan does not lie"),
        ({"skill": inf}, "skill is inf"),
        ({"passed": False}, "by its own figures it did pass"),
        ({"opportunities": 29}, "by its own figures it did not pass"),
        ({"difference": Interval(0.0, -0.01, 0.0031)}, "by its own figures it did not pass"),
        ({"skill": 0.0}, "by its own figures it did not pass"),
    ],
)
def test_the_record_of_a_trial_does_not_contradict_itself(wrong: dict[str, Any], said: str) -> None:
    wrongly = replace(backtest(), **wrong)
    reason = refused(
        model(defined), RecordBacktest(name="spring", against="oks-1", backtest=wrongly)
    )

    assert isinstance(reason, MalformedBacktest)
    assert said in reason.problem


@pytest.mark.parametrize("role", ["SELLER", "ANALYST", "CLOCK", "SYSTEM", ""])
def test_only_a_manager_or_an_administrator_defines_a_model_or_says_how_it_did(role: str) -> None:
    record = RecordBacktest(name="spring", against="oks-1", backtest=backtest())

    assert refused(None, define, role=role) == MayNotDefine(role=role)
    assert refused(model(defined), define, role=role) == MayNotDefine(role=role)
    assert refused(model(defined), record, role=role) == MayNotDefine(role=role)
    assert decided(None, define, role="ADMIN") == [defined]


def test_no_model_was_fitted_from_itself() -> None:
    reason = refused(None, replace(define, prior="spring"))

    assert reason == MalformedModel(problem="it was fitted from itself")


def test_nothing_comes_of_a_model_that_nobody_defined() -> None:
    record = RecordBacktest(name="spring", against="oks-1", backtest=backtest())

    assert refused(None, record) == UnknownModel(name="spring")
    assert refused(None, activate) == UnknownModel(name="spring")


def test_a_model_that_passed_the_gate_comes_into_force_with_who_approved_it() -> None:
    [event] = decided(model(defined, tried), activate)

    assert event == ScoringModelActivated(
        model=SPRING,
        approver=MANAGER,
        reason="Better on later deals",
        gate=Gate.PASSED,
        backtest_version=1,
    )


def test_an_activation_names_the_backtest_that_the_gate_looked_at() -> None:
    [passed] = decided(model(defined, failed, tried), activate)
    [overridden] = decided(model(defined, failed), replace(activate, override=True))
    [untried] = decided(model(defined), replace(activate, override=True))
    told = [one for one in (passed, overridden, untried) if isinstance(one, ScoringModelActivated)]

    assert [(one.gate, one.backtest_version) for one in told] == [
        (Gate.PASSED, 2),
        (Gate.OVERRIDDEN, 1),
        (Gate.OVERRIDDEN, None),
    ]


def test_a_fitted_model_names_the_model_that_it_was_fitted_from() -> None:
    [event] = decided(None, replace(define, prior="oks-1"))
    state = model(replace(defined, prior="oks-1"))

    assert isinstance(event, ScoringModelDefined)
    assert event.prior == "oks-1"
    assert state is not None
    assert state.prior == "oks-1"


def test_whoever_is_acted_for_is_the_one_who_approves() -> None:
    [event] = decided(model(defined, tried), activate, on_behalf_of=SELLER)

    assert isinstance(event, ScoringModelActivated)
    assert event.approver == SELLER


@pytest.mark.parametrize("role", ["SELLER", "ANALYST", "CLOCK", ""])
def test_only_a_manager_or_an_administrator_brings_a_model_into_force(role: str) -> None:
    assert refused(model(defined, tried), activate, role=role) == MayNotApprove(role=role)
    assert len(decided(model(defined, tried), activate, role="ADMIN")) == 1


def test_a_model_that_was_never_tried_stays_out_unless_somebody_answers_for_it() -> None:
    assert refused(model(defined), activate) == NeverBacktested(name="spring")
    [event] = decided(model(defined), replace(activate, override=True))

    assert isinstance(event, ScoringModelActivated)
    assert event.gate is Gate.OVERRIDDEN


def test_a_model_that_did_worse_stays_out_unless_somebody_answers_for_it() -> None:
    assert refused(model(defined, failed), activate) == GateNotPassed(
        name="spring", missed=missed(failed.backtest)
    )
    [event] = decided(model(defined, failed), replace(activate, override=True))

    assert isinstance(event, ScoringModelActivated)
    assert event.gate is Gate.OVERRIDDEN


def test_a_model_is_compared_with_the_one_in_force_and_not_with_a_former_one() -> None:
    reason = refused(model(defined, tried), activate, in_force=SUMMER)

    assert reason == BacktestedAgainstAnother(name="spring", against="oks-1", in_force="summer")


def test_a_reason_is_always_given() -> None:
    assert refused(model(defined, tried), replace(activate, reason=" ")) == Blank(field="reason")


def test_the_model_in_force_is_not_brought_into_force_again() -> None:
    assert decided(model(defined, tried), activate, in_force=SPRING) == []


def test_the_way_back_to_day_one_is_always_open() -> None:
    [event] = decided(DAY_ONE_MODEL, replace(activate, name="oks-1"), in_force=SPRING)

    assert isinstance(event, ScoringModelActivated)
    assert (event.model, event.gate) == (OKS_1, Gate.DAY_ONE)


def test_a_model_remembers_when_it_was_defined_and_how_it_did_last() -> None:
    state = model(defined, failed, tried)

    assert state is not None
    assert (state.name, state.origin, state.learned_from) == ("spring", "Fitted", 320)
    assert (state.version, state.position) == (2, 3)
    assert state.tried is not None
    assert state.tried.backtest.passed
    assert model(tried) is None
    assert model(defined, defined) == model(defined)


TENANT = DEAL


def gathered(*told: tuple[str | None, Event]) -> Models:
    """Return all models after events of their streams; None is the stream of activations."""
    history: list[Recorded[Event]] = [
        replace(
            one,
            stream=activation_stream(TENANT) if name is None else model_stream(TENANT, name),
            recorded_at=datetime(2026, 4, one.position, tzinfo=UTC),
        )
        for one, (name, _) in zip(recorded([event for _, event in told]), told, strict=True)
    ]
    return gather(DAY_ONE_MODELS, TENANT, history)


def test_day_one_is_in_force_until_another_model_is() -> None:
    into_force = ScoringModelActivated(
        model=SPRING, approver=MANAGER, reason="Better", gate=Gate.PASSED
    )
    back = replace(into_force, model=OKS_1, reason="Too bold")
    models = gathered(("spring", defined), ("spring", tried), (None, into_force), (None, back))

    assert gathered().in_force == DAY_ONE_MODEL
    assert set(models.models) == {"oks-1", "spring"}
    assert models.in_force.name == "oks-1"
    assert [(one.name, one.since and one.since.day) for one in models.periods] == [
        ("oks-1", None),
        ("spring", 3),
        ("oks-1", 4),
    ]
    assert [one.until and one.until.day for one in models.periods] == [3, 4, None]
    [spring] = models.periods_of("spring")
    assert (spring.approver, spring.reason, spring.gate) == (MANAGER, "Better", Gate.PASSED)


def test_a_stream_of_another_kind_is_no_model() -> None:
    assert gathered(("spring", tried)) == DAY_ONE_MODELS


def test_no_model_has_the_stream_of_the_activations() -> None:
    assert model_stream(TENANT, "in force") != activation_stream(TENANT)


def test_the_refusal_names_each_condition_that_was_missed() -> None:
    tried = replace(
        failed.backtest, opportunities=8, difference=Interval(-0.02, -0.07, 0.018), skill=0.0005
    )

    assert missed(tried) == (
        "8 opportunities were tried, and the gate asks for 30; "
        "its Brier score may be +0.0180 worse, at most +0.003 may be; "
        "its skill over the base rate is +0.0005, and must be above +0.001"
    )
