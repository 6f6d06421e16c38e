"""Generated scoring models, and what their signals listen to."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256

from hypothesis import strategies as st
from msgspec import json
from msgspec.structs import replace

from opps.domain.activity import (
    DONE_BEFORE_PROPOSAL_VALUES,
    LAST_DONE_VALUES,
    PROPOSED_AFTER,
    PROPOSED_AFTER_VALUES,
    done_before_proposal,
    last_done,
)
from opps.domain.behaviour import PROPOSAL_ANSWER, Wait, question_answer
from opps.domain.catalogue import Facet, Objective
from opps.domain.conduct import NO_CONDUCT, Conduct
from opps.domain.facts import Attribute
from opps.domain.model import UNANSWERED, Graded, Model, Nats, Signal, SignalSource, Topic
from opps.domain.precedents import NOT_TOLD, Compared, Precedent, Precedents
from opps.domain.size import AMOUNT_SIZE, amount_size
from tests.domain.build import MONDAY, an_attribute, euros

YES, NO, UNHEARD_OF = "Yes", "No", "Never seen before"
TENDER, BUDGET, PARTNER = "Formal tender", "Budget allocated", "Partnership"
FACET_OF = {
    TENDER: Facet.ECONOMIC_AUTHORITY,
    BUDGET: Facet.FUNDING_STATUS,
    PARTNER: Facet.FIT,
}
DEAL_TYPE = "Type of deal"
CALLED = "Follow-up call"
PART = timedelta(hours=7)

_sizes = st.integers(0, 12).map(lambda tenths: tenths / 10)
_signed = st.integers(-10, 10).map(lambda tenths: tenths / 10)
_chances = st.integers(1, 19).map(lambda parts: parts / 20)
weights = st.builds(Nats, _sizes, _sizes)
_graded = st.builds(
    Graded,
    grade=_signed,
    because=st.just("so the expert says"),
    deviation=st.builds(Nats, _signed, _signed),
)


def graded(*values: str) -> st.SearchStrategy[dict[str, Graded]]:
    """Return the grades of some of the values."""
    return st.dictionaries(st.sampled_from(values), _graded, max_size=6)


_STEPS = tuple(value for wait in Wait for value in wait.values)
_ASKED = tuple(question_answer(objective) for objective in Objective)
_SIZES = tuple(amount_size(euros(amount)) for amount in (500, 1000, 9000))
_LISTENED_TO: dict[SignalSource, tuple[tuple[str, ...], tuple[str, ...]]] = {
    SignalSource.ATTRIBUTE: ((TENDER, BUDGET, PARTNER), (YES, NO, UNANSWERED)),
    SignalSource.CONTEXT: ((DEAL_TYPE, AMOUNT_SIZE), ("New", "Repeat", *_SIZES)),
    SignalSource.BEHAVIOUR: ((PROPOSAL_ANSWER, *_ASKED), _STEPS),
    SignalSource.ACTIVITY: (
        (last_done(CALLED), done_before_proposal(CALLED), PROPOSED_AFTER),
        (*LAST_DONE_VALUES, *DONE_BEFORE_PROPOSAL_VALUES, *PROPOSED_AFTER_VALUES),
    ),
}


_TOPICS = {
    source: [
        one
        for one in Topic
        if one not in (Topic.MODEL, Topic.PRECEDENTS)
        and (one.objective is not None or source is not SignalSource.ATTRIBUTE)
    ]
    for source in SignalSource
}


@st.composite
def signals(draw: st.DrawFn) -> Signal:
    source = draw(st.sampled_from(SignalSource))
    names, values = _LISTENED_TO[source]
    return Signal(
        name=draw(st.sampled_from(names)),
        source=source,
        topic=draw(st.sampled_from(_TOPICS[source])),
        weight=draw(weights),
        values=draw(graded(*values)),
        mean=draw(_signed),
        spread=draw(weights),
    )


@st.composite
def precedents(draw: st.DrawFn, told: list[Signal]) -> Precedents | None:
    """Return closed deals that are compared by some of the signals, or none."""
    compared = tuple(
        Compared(one.source, one.name, tuple(one.values)) for one in told if one.values
    )
    if not compared or draw(st.booleans()):
        return None
    values = st.tuples(*(st.integers(NOT_TOLD, len(one.values) - 1) for one in compared))
    deals = draw(st.lists(st.builds(Precedent, values, _signed), max_size=3))
    return Precedents(signals=compared, deals=tuple(deals), reach=draw(_sizes) + 0.1)


@st.composite
def models(draw: st.DrawFn) -> Model:
    """Return any model of some signals; it has a name of its own."""
    examined, more = draw(_sizes), draw(_sizes)
    told = draw(st.lists(signals(), max_size=6, unique_by=lambda one: one.name))
    model = Model(
        name="generated",
        prior_happen=draw(_chances),
        prior_win=draw(_chances),
        weights={objective: draw(weights) for objective in Objective},
        spread_unexamined=examined + more,
        spread_examined=examined,
        unheard=tuple(draw(st.frozensets(st.sampled_from(Objective), max_size=4))),
        signals=tuple(told),
        doubt=draw(_sizes),
        precedents=draw(precedents(told)),
    )
    return replace(model, name=f"generated {sha256(json.encode(model)).hexdigest()[:8]}")


def _attribute(name: str, value: str | None) -> Attribute:
    return an_attribute(value, attribute=name, facet=FACET_OF[name])


attributes: st.SearchStrategy[Attribute] = st.builds(
    _attribute, st.sampled_from(list(FACET_OF)), st.sampled_from([YES, NO, UNHEARD_OF, None])
)
contexts: st.SearchStrategy[Mapping[str, str]] = st.dictionaries(
    st.just(DEAL_TYPE), st.sampled_from(["New", "Repeat", UNHEARD_OF])
)
moments = st.integers(0, 300).map(lambda parts: MONDAY + parts * PART)
unanswered: st.SearchStrategy[Mapping[Facet, datetime]] = st.dictionaries(
    st.sampled_from(Facet), moments, max_size=3
)


@st.composite
def conducts(draw: st.DrawFn) -> Conduct:
    """Return what both sides did, in any order."""
    conduct = NO_CONDUCT
    for deed, at in draw(st.lists(st.tuples(st.sampled_from("PRA"), moments), max_size=4)):
        match deed:
            case "P":
                conduct = conduct.proposed(at)
            case "R":
                conduct = conduct.answered(at)
            case _:
                conduct = conduct.acted(CALLED, at)
    return conduct
