"""A scoring model from the grades of a mapping: an expert's, before any deal has closed."""

from collections.abc import Collection, Iterator
from collections.abc import Mapping as Abstract
from math import sqrt

from msgspec.structs import replace

from opps.domain.catalogue import Objective
from opps.domain.model import TOPIC_OF, UNANSWERED, Graded, Model, Nats, Signal, SignalSource, Topic
from opps.domain.oks_1 import OKS_1
from opps.integrations.importing.columns import Column, GradedValue
from opps.integrations.importing.mapping import Mapping

ContextIds = Abstract[str, Collection[str]]


def model_of(mapping: Mapping, name: str, *, context_ids: ContextIds | None = None) -> Model:
    """Return the scoring model of a mapping's grades.

    Product and seller, and whatever else the mapping says is never evidence, are left out. Those
    whose values `context_ids` names are signals that say nothing until closed opportunities have
    taught them. Silence speaks as on day one, unless the columns are all there is.
    """
    part = mapping.model
    silence = () if part.only_columns else OKS_1.signals
    return Model(
        name=name,
        prior_happen=part.prior_happen,
        prior_win=part.prior_win,
        weights=OKS_1.weights,
        spread_unexamined=OKS_1.spread_unexamined,
        spread_examined=OKS_1.spread_examined,
        unheard=tuple(Objective) if part.only_columns else (),
        signals=(*_signals(mapping, context_ids or {}), *silence),
        doubt=part.doubt,
    )


def _signals(mapping: Mapping, context_ids: ContextIds) -> Iterator[Signal]:
    for name, column in mapping.columns.items():
        if column.never and name in context_ids:
            values = {value: GradedValue() for value in sorted(context_ids[name])}
            yield _signal(name, replace(column, values=values), mapping)
        elif column.values and not column.never:
            yield _signal(name, column, mapping)


def _signal(name: str, column: Column, mapping: Mapping) -> Signal:
    unanswered = mapping.facts.unanswered if column.facet else ()
    values = {
        UNANSWERED if text in unanswered else text: Graded(grade=one.grade, because=one.because)
        for text, one in column.values.items()
    }
    weight = column.weight.nats()
    return Signal(
        name=name,
        source=SignalSource.ATTRIBUTE if column.facet else SignalSource.CONTEXT,
        topic=_topic(column),
        weight=weight,
        values=values,
        mean=column.mean,
        spread=column.spread.nats() if column.spread else _spread(weight, values),
    )


def _topic(column: Column) -> Topic:
    if column.facet is not None:
        return TOPIC_OF[column.facet.objective]
    return Topic.PRODUCT_AND_SELLER if column.never else Topic.CONTEXT


def _spread(weight: Nats, values: dict[str, Graded]) -> Nats:
    """Return how far the term lies around its mean where each value is as likely as the others."""
    grades = [one.grade for one in values.values()]
    if not grades:
        return Nats()
    mean = sum(grades) / len(grades)
    deviation = sqrt(sum((grade - mean) ** 2 for grade in grades) / len(grades))
    return Nats(abs(weight.happen) * deviation, abs(weight.win) * deviation)
