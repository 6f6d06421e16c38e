"""A sales process of a tenant: its gates with their exit evidence, published and published again.

A deal that started keeps the gates that it started with.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID, uuid5

from msgspec import Struct

from opps.domain.account_map.errors import MalformedProcess
from opps.domain.describe import Code, Text, Title, doc
from opps.domain.events import Event, GateTemplate, SalesProcessPublished
from opps.domain.recorded import Context, Recorded
from opps.domain.roles import ActorRole, needs
from opps.domain.words import not_blank

MOST_GATES = 20
MOST_EVIDENCE = 50


class PublishSalesProcess(Struct, frozen=True, kw_only=True):
    """Publish a sales process: deals that start from here on go by it."""

    process: Annotated[Code, doc("Its code; the same one publishes it anew.")]
    name: Annotated[Title, doc("What it is called.")]
    gates: Annotated[tuple[GateTemplate, ...], doc("Its gates, in the order they are passed.")]
    reason: Annotated[Text | None, doc("Why it is as it is, or what changed.")] = None


class SalesProcess(Struct, frozen=True, kw_only=True):
    """A sales process with each version of it, by number."""

    process: str
    versions: Mapping[int, SalesProcessPublished]
    published_at: datetime
    version: int
    position: int

    @property
    def latest(self) -> SalesProcessPublished:
        """The process as it is now."""
        return self.versions[max(self.versions)]


def process_stream(tenant: UUID, process: str) -> UUID:
    """Return the stream of a sales process."""
    return uuid5(tenant, f"sales process {process}")


def decide(
    state: SalesProcess | None, command: PublishSalesProcess, context: Context
) -> Sequence[Event]:
    """Return that the process was published, under the next number; nothing if it is the same.

    Raises:
        RoleNeeded: only managers and administrators publish.
        MalformedProcess, Blank: it does not hold together.
    """
    needs(context.actor, ActorRole.MANAGER, ActorRole.ADMIN)
    not_blank("process", command.process)
    not_blank("name", command.name)
    for problem in _problems(command.gates):
        raise MalformedProcess(problem=problem)
    if state and (state.latest.name, state.latest.gates) == (command.name, command.gates):
        return []
    return [
        SalesProcessPublished(
            process=command.process,
            number=1 if state is None else state.latest.number + 1,
            name=command.name,
            gates=command.gates,
            reason=command.reason,
        )
    ]


def evolve(state: SalesProcess | None, recorded: Recorded[Event]) -> SalesProcess | None:
    """Return the process after one more event."""
    event = recorded.event
    if not isinstance(event, SalesProcessPublished):
        return state
    before = {} if state is None else state.versions
    return SalesProcess(
        process=event.process,
        versions={**before, event.number: event},
        published_at=recorded.recorded_at,
        version=recorded.version,
        position=recorded.position,
    )


def _problems(gates: Sequence[GateTemplate]) -> Iterator[str]:
    if not 1 <= len(gates) <= MOST_GATES:
        yield f"it has {len(gates)} gates: give it 1 to {MOST_GATES}"
    if len({one.gate for one in gates}) < len(gates):
        yield "two gates have the same code"
    for gate in gates:
        yield from _problems_of(gate)


def _problems_of(gate: GateTemplate) -> Iterator[str]:
    if len(gate.evidence) > MOST_EVIDENCE:
        yield f"{gate.gate} asks for {len(gate.evidence)} things, more than {MOST_EVIDENCE}"
    if len({(one.objective, one.facet) for one in gate.evidence}) < len(gate.evidence):
        yield f"{gate.gate} asks twice for the same"
    for one in gate.evidence:
        if one.facet is not None and one.facet.objective is not one.objective:
            yield f"{one.facet} belongs to {one.facet.objective}, not {one.objective}"
