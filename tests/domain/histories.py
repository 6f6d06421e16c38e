"""Generated histories of one key, for the properties of belief."""

from collections.abc import Callable
from datetime import datetime, timedelta

from hypothesis import strategies as st

from opps.domain.beliefs import FOREVER, History, Resolution, View
from opps.domain.facts import Fact
from opps.domain.facts.evaluators import LeaningLevel
from opps.domain.provenance import SourceKind
from opps.domain.times import UNKNOWN, Learned, Reading
from tests.domain.build import (
    CFO,
    CTO,
    MONDAY,
    USER,
    agreed_by,
    an_attribute,
    belief,
    fact_id,
    leans,
    note,
)

HOUR = timedelta(hours=1)
LONGEST = 8

Record = Callable[[History, int], History]


def recorded_at(position: int) -> datetime:
    return MONDAY + position * 12 * HOUR


def leaning(level: LeaningLevel) -> Fact:
    return leans(CTO, level)


learned = st.integers(0, 12 * LONGEST).map(lambda hours: Learned(latest=MONDAY + hours * HOUR))
any_learned = st.one_of(learned, st.just(UNKNOWN))
persons = st.sampled_from([CFO, CTO, USER])
sources = st.sampled_from(list(SourceKind))
earlier = st.integers(1, LONGEST)
leanings = st.sampled_from(list(LeaningLevel)).map(leaning)
# One attribute, also asked for and not told.
answers: st.SearchStrategy[Fact] = st.sampled_from(["Yes", "No", None]).map(an_attribute)


@st.composite
def learns(draw: st.DrawFn, facts: st.SearchStrategy[Fact]) -> Record:
    fact, person, when, source = draw(facts), draw(persons), draw(any_learned), draw(sources)
    replaced = draw(st.none() | earlier)

    def apply(history: History, position: int) -> History:
        return history.learn(
            belief(
                fact,
                by=person,
                source=source,
                learned=when,
                recorded=recorded_at(position),
                position=position,
                supersedes=None if replaced is None else fact_id(replaced),
            )
        )

    return apply


@st.composite
def annotates(draw: st.DrawFn) -> Record:
    field = draw(st.sampled_from(["retracted", "redated", "reconfirmed"]))
    when, about = draw(any_learned), draw(earlier)

    def apply(history: History, position: int) -> History:
        return history.annotate(fact_id(about), field, note(when, position, recorded_at(position)))

    return apply


@st.composite
def corroborates(draw: st.DrawFn) -> Record:
    person, source, about = draw(persons), draw(sources), draw(earlier)
    independent = draw(st.booleans())

    def apply(history: History, position: int) -> History:
        said = agreed_by(
            person,
            source,
            learned=recorded_at(position),
            position=position,
            independent=independent,
        )
        return history.annotate(fact_id(about), "corroborated", said)

    return apply


@st.composite
def resolves(draw: st.DrawFn) -> Record:
    when, chosen = draw(learned), draw(earlier)
    rejected = draw(st.lists(earlier, max_size=3))

    def apply(history: History, position: int) -> History:
        made = note(when, position, recorded_at(position))
        return history.resolve(
            Resolution(made, fact_id(chosen), tuple(fact_id(one) for one in rejected))
        )

    return apply


def _records_of(facts: st.SearchStrategy[Fact]) -> st.SearchStrategy[list[Record]]:
    told = learns(facts)
    return st.lists(
        st.one_of(told, told, annotates(), corroborates(), resolves()), max_size=LONGEST
    )


records = st.one_of(_records_of(leanings), _records_of(answers))


def write(entries: list[Record]) -> History:
    """Return the history that the records make, at positions 1, 2, 3."""
    history = History()
    for position, record in enumerate(entries, start=1):
        history = record(history, position)
    return history


instants = st.one_of(
    st.just(FOREVER), st.integers(0, 12 * LONGEST).map(lambda hours: MONDAY + hours * HOUR)
)
views = st.builds(View, instants, st.integers(0, LONGEST), st.sampled_from(list(Reading)))
