"""From the cells of a row to commands: context that the opening is told, and facts with sources."""

from typing import Any

from msgspec import Struct

from opps.domain.beliefs import Belief
from opps.domain.events import Supersedes, Supersession
from opps.domain.facts import Attribute
from opps.domain.opportunity.commands import FactStated
from opps.domain.opportunity.state import Opportunity
from opps.domain.provenance import Provenance
from opps.domain.times import UNKNOWN, Learned
from opps.integrations.importing.columns import Cells, Column
from opps.integrations.importing.mapping import Mapping
from opps.integrations.importing.templates import Scope, Value, value_of
from opps.integrations.importing.times import TimeReader


class ToldContext(Struct, frozen=True):
    """The context that a row tells at the opening, the cells that are never evidence among it."""

    columns: tuple[str, ...]
    cells: Cells
    besides: Value

    def __call__(self, scope: Scope) -> dict[str, Any]:
        """Return the cells that say something, by the names of their columns."""
        told = {
            name: self.cells.named(name, scope.attributes, scope.principal_of)
            for name in self.columns
        }
        return {**self.besides(scope), **{name: text for name, text in told.items() if text}}


class ToldFacts(Struct, frozen=True, kw_only=True):
    """The facts of a row that the opportunity does not hold yet."""

    columns: dict[str, Column]
    cells: Cells
    provenances: dict[str, Provenance]
    times: TimeReader
    learned_at: str | None

    def __call__(self, scope: Scope) -> tuple[FactStated, ...]:
        """Return a fact for each cell that says something new."""
        stated = []
        for name, column in self.columns.items():
            text = self.cells.told(name, scope.attributes)
            if text is None:
                continue
            assert column.facet is not None
            value = None if self.cells.unanswered(text) else text
            fact = Attribute(attribute=name, facet=column.facet, value=value)
            provenance = self.provenances[name]
            said = _said_before(scope.state, fact, provenance)
            if said is not None and said.fact == fact:
                continue
            stated.append(
                FactStated(
                    fact=fact,
                    provenance=provenance,
                    supersedes=_replaced(scope.state, said),
                )
            )
        return tuple(stated)

    def learned(self, scope: Scope) -> Learned:
        """Return when the facts of a row were learned.

        Raises:
            RowRefused: it cannot be read.
        """
        if self.learned_at is None:
            return UNKNOWN
        return self.times.read(scope.attributes.get(self.learned_at, ""))


def _said_before(
    state: Opportunity | None, fact: Attribute, provenance: Provenance
) -> Belief | None:
    """Return what an import of this source said last of an attribute."""
    history = state.histories.get(fact.key) if state else None
    for belief in reversed(history.beliefs if history else ()):
        said = belief.provenance
        if (said.source, said.channel) == (provenance.source, provenance.channel):
            return belief
    return None


def _replaced(state: Opportunity | None, said: Belief | None) -> Supersedes | None:
    """Return what a new cell replaces: the cell before it, unless somebody has put that right."""
    if state is None or said is None or not state.stands(said.fact_id):
        return None
    return Supersedes(said.fact_id, Supersession.WE_LEARNED_BETTER)


def told_context(mapping: Mapping, besides: Any) -> ToldContext:
    """Return the context of a mapping's columns, beside what else it tells at the opening."""
    columns = [name for name, column in mapping.columns.items() if column.facet is None]
    return ToldContext(tuple(columns), mapping.cells(), value_of(besides))


def told_facts(mapping: Mapping, times: TimeReader) -> ToldFacts | None:
    """Return the facts of a mapping's columns; None where none speaks to a facet."""
    part = mapping.facts
    columns = {name: column for name, column in mapping.columns.items() if column.facet}
    if not columns:
        return None
    provenances = {
        name: Provenance(source=column.source or part.source, channel=part.channel)
        for name, column in columns.items()
    }
    return ToldFacts(
        columns=columns,
        cells=mapping.cells(),
        provenances=provenances,
        times=times,
        learned_at=part.learned_at,
    )
