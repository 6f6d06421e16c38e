"""The rows of a case, decided one after the other on the state that they lead to."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from opps.domain import account as accounts
from opps.domain.account import RegisterAccount
from opps.domain.errors import NotOpen, Refusal, StillOpen
from opps.domain.events import AnyOpportunityEvent, Event
from opps.domain.opportunity.commands import (
    CloseWithoutDecision,
    DisqualifyOpportunity,
    LoseOpportunity,
    OpportunityCommand,
    ReopenOpportunity,
    WinOpportunity,
)
from opps.domain.opportunity.decide import decide
from opps.domain.opportunity.evolve import evolve
from opps.domain.opportunity.state import Opportunity, Status
from opps.domain.recorded import Actor, Context, Metadata, Recorded, Via
from opps.domain.times import Learned
from opps.eventstore import NEW_STREAM
from opps.integrations.importing.again import CaseIds
from opps.integrations.importing.errors import RowRefused
from opps.integrations.importing.makers import Maker
from opps.integrations.importing.mapping import SourceFormat
from opps.integrations.importing.names import Names, event_id
from opps.integrations.importing.rows import Case
from opps.integrations.importing.rules import ORDINAL, Compiled
from opps.integrations.importing.steps import NO_ID, Step
from opps.integrations.importing.templates import FirstThere, Scope
from opps.recording.codec import tag_of

_ENDS: dict[type[OpportunityCommand], Status] = {
    WinOpportunity: Status.WON,
    LoseOpportunity: Status.LOST,
    CloseWithoutDecision: Status.NO_DECISION,
    DisqualifyOpportunity: Status.DISQUALIFIED,
}


class Run(Struct, frozen=True, kw_only=True):
    """What all cases of one import share; `results` says whether each row is told of."""

    compiled: Compiled
    names: Names
    import_id: UUID
    now: datetime
    attempt: int = 1
    results: bool = False

    def tells_account(self, case: Case) -> bool:
        """Tell whether the source names the account of a case, and not the mapping alone."""
        named = self.compiled.account_name
        scope = Scope(case.attributes, NO_ID, NO_ID, "", self.names.principal)
        return not (isinstance(named, FirstThere) and named.falls_back(scope))

    def account(self, case: Case) -> RegisterAccount:
        """Return the command that makes the account of a case known.

        Raises:
            RowRefused: the case does not say, or what it says is no name.
        """
        scope = Scope(case.attributes, NO_ID, NO_ID, "", self.names.principal)
        name = str(self.compiled.account_name(scope))
        own_id = self.compiled.account_id
        external_id = str(own_id(scope)) if own_id else None
        said = {
            "account_id": self.names.account(external_id or name),
            "name": name,
            "external_id": external_id,
        }
        try:
            command = msgspec.convert(said, RegisterAccount)
            accounts.decide(None, command)
        except (msgspec.ValidationError, Refusal) as error:
            raise RowRefused("ACCOUNT_UNFIT", f"no name of an account: {error}") from None
        return command


class CaseDecision:
    """Decides rows of one case; it reads neither log nor clock. `people` are those met in them."""

    def __init__(self, run: Run, case: Case, ids: CaseIds | None = None) -> None:
        ids = ids or run.names.case(case.external_id)
        self.opportunity_id, self.ids_in = ids.opportunity_id, ids.ids_in
        self.people: dict[UUID, str] = {}
        self._run = run
        self._case = case

    def decide(self, state: Opportunity | None, steps: Iterable[Step]) -> Opportunity | None:
        """Give each step its events, or the reason why it is refused; return where they lead."""
        for step in steps:
            if state is None and not step.opens:
                return None  # it could not be opened
            if step.refused or step.counted:
                continue
            try:
                state = self._take(state, step)
            except RowRefused as refused:
                step.refused = refused
            except Refusal as refusal:
                step.refused = RowRefused(refusal.code, str(refusal))
        return state

    def _metadata(self, step: Step, learned: Learned | None) -> Metadata:
        """Return what is stored beside the events of a row: its actor, id and time."""
        mapping = self._run.compiled.mapping
        actor = step.row.attributes.get(mapping.actor_attribute)
        if actor is None and step.opens and self._case.rows:
            actor = self._case.rows[0].attributes.get(mapping.actor_attribute)
        latest = learned.latest if learned else None
        return Metadata(
            actor=Actor(
                principal=self._principal(actor or ""),
                role=mapping.actors.role,
                via=Via.IMPORT,
            ),
            causation_id=step.row_id,
            correlation_id=self._run.import_id,
            source_recorded_at=min(latest, self._run.now) if latest else None,
        )

    def _take(self, state: Opportunity | None, step: Step) -> Opportunity | None:
        events: list[Recorded[Event]] = []
        for maker in step.makers:
            scope = self._scope(state, step, maker)
            learned = maker.learned(scope) if maker.learned else step.row.learned
            metadata = self._metadata(step, learned)
            for event in self._events(state, step, maker, scope, learned, metadata):
                same = sum([type(event) is type(other.event) for other in events])
                identified = event_id(step.row_id, tag_of(event), same)
                recorded = self._as_recorded(state, event, identified, metadata)
                events.append(recorded)
                state = evolve(state, recorded)
        step.events = events
        return state

    def _events(
        self,
        state: Opportunity | None,
        step: Step,
        maker: Maker,
        scope: Scope,
        learned: Learned | None,
        metadata: Metadata,
    ) -> Sequence[AnyOpportunityEvent]:
        run = self._run
        context = Context(
            now=run.now,
            actor=metadata.actor,
            command_id=step.row_id,
            source_recorded_at=metadata.source_recorded_at,
        )
        given: dict[str, Any] = {}
        if maker is run.compiled.opening:
            given["account_id"] = run.account(self._case).account_id
        try:
            return decide(state, maker.make(scope, learned, **given), context)
        except StillOpen:
            if maker.command is ReopenOpportunity and self._case.settle is not None:
                return ()  # somebody here has opened it again before the source told it
            raise
        except NotOpen:
            if state is not None and self._ended_so_before(state, maker):
                return ()
            fallback = run.compiled.when_closed
            if fallback is None:
                raise
            if fallback.counted is not None:
                step.counted = fallback.counted
                return ()
            return decide(state, fallback.make(scope, learned), context)

    def _ended_so_before(self, state: Opportunity, maker: Maker) -> bool:
        """Tell whether a row says an end again that its opportunity has had already.

        A table says it in each of its rows, and what a source says of today may come before the
        history that led to it.
        """
        table = self._run.compiled.mapping.format is SourceFormat.FACTS_CSV
        ended = _ENDS.get(maker.command) if maker.command else None
        return (table or self._case.settle is not None) and state.status is ended

    def _scope(self, state: Opportunity | None, step: Step, maker: Maker) -> Scope:
        attributes = step.row.attributes
        if maker.ordinal:
            attributes = {**attributes, ORDINAL: str(step.ordinal)}
        currency = state.currency if state else ""
        scope = Scope(attributes, self.opportunity_id, self.ids_in, currency, self._principal)
        if state is not None:
            return replace(scope, state=state)
        return replace(scope, currency=str(self._run.compiled.currency(scope)))

    def _principal(self, actor: str) -> UUID:
        principal = self._run.names.principal(actor)
        if actor.strip():
            self.people[principal] = actor
        return principal

    def _as_recorded(
        self,
        state: Opportunity | None,
        event: AnyOpportunityEvent,
        identified: UUID,
        metadata: Metadata,
    ) -> Recorded[Event]:
        """Return an event as if it were in the log: of its place only the version is known."""
        version = (NEW_STREAM if state is None else state.version) + 1
        return Recorded(
            event=event,
            stream=self.opportunity_id,
            position=version,
            version=version,
            recorded_at=self._run.now,
            event_id=identified,
            command_id=identified,
            metadata=metadata,
        )
