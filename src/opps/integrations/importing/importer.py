"""Carry an import out: cases from a file, decided, and appended many at a time."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import reduce
from typing import cast
from uuid import UUID

from opps.application import Application, new_event
from opps.application.sending import Sender
from opps.domain import account as accounts
from opps.domain import person as persons
from opps.domain.account import RegisterAccount, RenameAccount
from opps.domain.events import Event, ImportCompleted, ImportStarted
from opps.domain.person import RegisterPerson
from opps.domain.recorded import Actor, Metadata, Recorded, Via
from opps.eventstore import NEW_STREAM, Append, VersionConflict
from opps.integrations.importing.again import is_withdrawn
from opps.integrations.importing.correcting import corrections_applied
from opps.integrations.importing.deciding import Run
from opps.integrations.importing.errors import RowRefused
from opps.integrations.importing.names import event_id
from opps.integrations.importing.planning import Planned, plan
from opps.integrations.importing.rejects import Rejects, Remarks
from opps.integrations.importing.report import Tally
from opps.integrations.importing.results import Results
from opps.integrations.importing.rows import Case, PersonTold
from opps.recording import codec

Existing = dict[UUID, list[Recorded[Event]]]
_CASES_AT_ONCE = 64
_ROWS_AT_ONCE = 5_000
_REMEMBERED = 100_000
_NAME_LIMIT = 200
_ATTEMPTS = 5


class Importer:
    """One run of an import: plans each case, appends what is new, and counts.

    Raises, from its methods:
        AppendRefused, LogFault: the log says no, or is away; importing again goes on from there.
    """

    def __init__(
        self,
        application: Application,
        tenant: UUID,
        run: Run,
        rejects: Rejects,
        results: Results,
        remarks: Remarks,
        *,
        dry_run: bool,
    ) -> None:
        self.tally = Tally()
        self.opportunities = self.opened = self.extended = self.refused = 0
        self._log = application.log
        self._keyring = application.keyring_of(tenant)
        self._tenant = tenant
        self._run = run
        self._rejects = rejects
        self._results = results
        self._remarks = remarks
        self._dry_run = dry_run
        self._sender = Sender[Planned | None](application.log, self._settled)
        self._known: OrderedDict[UUID, None] = OrderedDict()
        self._by_import = Metadata(
            actor=Actor(
                principal=run.names.principal(""),
                role=run.compiled.mapping.actors.role,
                via=Via.IMPORT,
            ),
            correlation_id=run.import_id,
        )

    def begin(self, file_digest: str) -> None:
        """Note in the log that the import began; once, however often it is run."""
        mapping = self._run.compiled.mapping
        started = ImportStarted(
            source=mapping.source,
            mapping=mapping.digest,
            file_digest=file_digest,
            attempt=self._run.attempt,
        )
        if not self._dry_run:
            self._log.append_now(self._append(self._run.import_id, NEW_STREAM, started))

    def take(self, cases: Iterable[Case], after_some: Callable[[], None]) -> None:
        """Import cases; `after_some` is called now and then."""
        for some in _some(cases):
            existing = self._existing(some)
            for case in some:
                self._take(case, existing)
            after_some()
        self._sender.settle()

    def end(self) -> None:
        """Note in the log that the import is complete, with its counts."""
        tally = self.tally
        counts = {
            "opportunities": self.opportunities,
            "opened": self.opened,
            "extended": self.extended,
            "refused": self.refused,
            "rows": tally.rows,
            "typed": tally.typed,
            "generic": tally.generic,
            "unchanged": tally.unchanged,
            "already": tally.already,
            "rejected": tally.rejected,
            "held_back": tally.held_back,
            "counted": sum(tally.counted.values()),
            "events": sum(tally.stored.values()),
        }
        if self._dry_run:
            return
        ready, import_id = self._run.compiled, self._run.import_id
        version = NEW_STREAM + 1
        told = corrections_applied(ready.corrections, ready.mapping, self._run.names)
        for number, correction in enumerate(told):
            self._log.append_now(self._append(import_id, version, correction, number))
            version += 1
        completed = ImportCompleted(counts=counts)
        self._log.append_now(self._append(import_id, version, completed))

    def _take(self, case: Case, existing: Existing) -> None:
        planned = self._plan(case, existing)
        if not (planned.refused or case.skipped):
            self._make_known(planned, existing)
        if planned.append is None or self._dry_run:
            self._count(planned)
        else:
            self._sender.send(planned.append, planned)

    def _plan(self, case: Case, existing: Existing) -> Planned:
        ids = self._run.names.case(case.external_id).standing(existing)
        there = existing.get(ids.opportunity_id, [])
        return plan(self._run, self._tenant, self._keyring, case, there, ids)

    def _existing(self, cases: list[Case]) -> Existing:
        """Return what the log has of some cases and of their accounts."""
        ids = set[UUID]()
        for case in cases:
            ids.update(self._run.names.principal(one) for one in case.people or ())
            try:
                ids.add(self._run.account(case).account_id)
            except RowRefused:
                continue  # the plan says so, with the line
        return self._histories(cases, ids - self._known.keys())

    def _histories(
        self, cases: Sequence[Case], besides: AbstractSet[UUID] = frozenset()
    ) -> Existing:
        """Return what the log has of some opportunities, and of what follows a withdrawn one."""
        waiting = [self._run.names.case(case.external_id) for case in cases]
        found: Existing = {}
        while waiting:
            read = self._read({one.opportunity_id for one in waiting} | besides)
            waiting = [
                one.again() for one in waiting if is_withdrawn(read.get(one.opportunity_id, []))
            ]
            found |= read
            besides = frozenset()
        return found

    def _read(self, ids: set[UUID]) -> Existing:
        found: Existing = {}
        for logged in self._log.streams(self._tenant, list(ids)):
            found.setdefault(logged.stream, []).append(codec.decode(logged))
        return found

    def _make_known(self, planned: Planned, existing: Existing) -> None:
        """See that the account of an opportunity is in the log, and its people where they may."""
        case = planned.case
        if planned.opens or case.settle is not None:
            account = self._run.account(case)
            there = existing.get(account.account_id)
            if self._is_new(account.account_id):
                if there is not None:
                    self._name(account, there)
                elif planned.opens:
                    self._store(account.account_id, accounts.decide(None, account))
        if self._run.compiled.mapping.actors.register:
            for person_id, text in planned.people.items():
                told = _told(case, text)
                if told is None or not self._is_new(person_id) or person_id in existing:
                    continue
                if case.people is not None or not self._read({person_id}):
                    person = RegisterPerson(
                        person_id=person_id, name=told.name[:_NAME_LIMIT], email=told.email
                    )
                    self._store(person_id, persons.decide(None, person))

    def _name(self, account: RegisterAccount, there: list[Recorded[Event]]) -> None:
        """Name an account that the source had only an id for so far."""
        state = reduce(accounts.evolve, there, cast(accounts.Account | None, None))
        if state is None or account.external_id is None or account.name == state.name:
            return
        if state.name.endswith(account.external_id):
            rename = RenameAccount(account_id=account.account_id, name=account.name)
            for event in accounts.decide(state, rename):
                self._store(account.account_id, [event], state.version)

    def _is_new(self, stream: UUID) -> bool:
        """Tell whether this import has not met a stream yet; only the latest are remembered."""
        if stream in self._known:
            self._known.move_to_end(stream)
            return False
        self._known[stream] = None
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return True

    def _store(self, stream: UUID, events: Sequence[Event], version: int = NEW_STREAM) -> None:
        for event in events:
            if self._dry_run:
                self.tally.stored[codec.tag_of(event)] += 1
            else:
                self._sender.send(self._append(stream, version, event), None)

    def _append(self, stream: UUID, version: int, event: Event, number: int = 0) -> Append:
        kind = codec.tag_of(event)
        metadata = codec.encode_metadata(self._by_import)
        identified = event_id(stream, kind, number)
        return Append(
            tenant=self._tenant,
            command_id=event_id(stream, f"import:{kind}", number),
            expected={stream: version},
            events=(new_event(stream, event, identified, metadata, self._keyring),),
        )

    def _settled(self, append: Append, planned: Planned | None, stored: bool) -> None:
        if planned is not None:
            self._count(planned if stored else self._take_again(planned.case))
        elif stored:  # else somebody else has just made the same known
            self.tally.stored.update(event.tag for event in append.events)

    def _take_again(self, case: Case) -> Planned:
        """Plan a case anew on what somebody else has just added to its opportunity."""
        attempts = 0
        while True:
            planned = self._plan(case, self._histories([case]))
            if planned.append is None:
                return planned
            attempts += 1
            try:
                if not self._log.append_now(planned.append).replayed:
                    return planned
            except VersionConflict:
                if attempts == _ATTEMPTS:
                    raise

    def _count(self, planned: Planned) -> None:
        self.opportunities += 1
        self.tally.add(planned.tally)
        if planned.refused:
            self.refused += 1
        elif planned.append is not None and planned.opens:
            self.opened += 1
        elif planned.append is not None:
            self.extended += 1
        for rejected in planned.rejected:
            self._rejects.write(rejected)
        if planned.remark is not None:
            self._remarks.write(planned.remark)
        for result in planned.results:
            self._results.write(result)


def _told(case: Case, text: str) -> PersonTold | None:
    """Return what a source tells of somebody: where it has names for ids, only if it has one."""
    return PersonTold(text) if case.people is None else case.people.get(text)


def _some(cases: Iterable[Case]) -> Iterator[list[Case]]:
    some: list[Case] = []
    rows = 0
    for case in cases:
        some.append(case)
        rows += len(case.rows)
        if len(some) >= _CASES_AT_ONCE or rows >= _ROWS_AT_ONCE:
            yield some
            some, rows = [], 0
    if some:
        yield some
