"""Take an import back: out of every opportunity by events, whoever is killed in between."""

from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import sha256
from uuid import UUID, uuid5

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from opps.application.commands import Application
from opps.application.import_survey import Progress, Survey, revert_command
from opps.application.import_turns import reverting
from opps.application.planning import new_event
from opps.application.sending import Sender
from opps.domain.events import Event, ImportReverted, OpportunityWithdrawn
from opps.domain.import_errors import ImportBuiltOn, ImportUnderWay
from opps.domain.imports import ImportRun, RevertImport, check_revert, fold, to_revert, to_show
from opps.domain.opportunity.reverting import stays, take_back
from opps.domain.recorded import Actor, Metadata, Recorded
from opps.domain.times import Learned
from opps.eventstore import Append
from opps.eventstore.appends import MAX_EVENTS
from opps.recording import codec

_TAGS = ("ImportStarted", "ImportCompleted", "ImportReverted")
_READ_AT_ONCE = 200
_PAGE = 1_000
# Each look finds what came while the one before was carried out: a lock lets nothing come.
_LOOKS = 5


class Reverted(Struct, frozen=True, kw_only=True):
    """What a revert did, or would do.

    `withdrawn` were opened by the import, `put_back` had been there before it. `stays` counts the
    events that tell what somebody did, by kind: they remain and change no value.
    """

    import_id: UUID
    source: str
    dry_run: bool
    withdrawn: int
    put_back: int
    events: int
    stays: dict[str, int]
    accounts: int
    persons: int
    replayed: bool = False


def imports_of(application: Application, tenant: UUID) -> list[ImportRun]:
    """Return every import of a tenant, the latest first; not for the event loop.

    Raises:
        LogUnavailable: the database is away.
    """
    told: dict[UUID, list[Recorded[Event]]] = {}
    after = 0
    while some := application.log.read(tenant, after, _PAGE, tags=_TAGS):
        for logged in some:
            told.setdefault(logged.stream, []).append(codec.decode(logged))
        after = some[-1].position
    runs = [fold(history) for history in told.values()]
    found = [one for one in runs if one is not None]
    return sorted(found, key=lambda one: one.begun_position, reverse=True)


def import_of(application: Application, tenant: UUID, import_id: UUID) -> ImportRun | None:
    """Return an import; None where there is none. Not for the event loop."""
    return fold([codec.decode(one) for one in application.log.stream(tenant, import_id)])


def _unseen(done: int, total: int) -> None:
    """Show nobody how far it is."""


def revert_import(
    application: Application,
    tenant: UUID,
    import_id: UUID,
    reason: str,
    actor: Actor,
    *,
    command_id: UUID | None = None,
    dry_run: bool = False,
    progress: Progress = _unseen,
) -> Reverted:
    """Take an import back, and return what that took; not for the event loop.

    A revert that broke off is taken up by a further one; repeated under its command id it is
    answered alike. A dry run stores nothing.

    Raises:
        RoleNeeded, Blank: not this one, or not without a reason.
        UnknownImport, ImportRevertedAlready: there is nothing to take back.
        ImportUnderWay: something is being imported, or reverted.
        ImportBuiltOn: it stays, for others have built on it.
        AppendRefused, LogFault: the log says no, or is away; run it again to go on.
    """
    check_revert(actor, reason)
    log, final = application.log, command_id or uuid5(import_id, "revert")
    run = to_show(import_of(application, tenant, import_id), import_id)
    revert = _Revert(application, tenant, run, reason, actor, final, progress)
    if command_id is not None and log.command(tenant, command_id) is not None:
        return revert.repeat()
    to_revert(run, import_id)
    if dry_run:
        return revert.preview()
    with reverting(log, tenant):
        to_revert(import_of(application, tenant, import_id), import_id)
        return revert.carry_out()


class _Revert:
    """One revert: looks, refuses or takes back, and looks again until nothing is left."""

    def __init__(
        self,
        application: Application,
        tenant: UUID,
        run: ImportRun,
        reason: str,
        actor: Actor,
        command_id: UUID,
        progress: Progress,
    ) -> None:
        self._application = application
        self._log = application.log
        self._tenant = tenant
        self._run = run
        self._reason = reason
        self._command_id = command_id
        self._progress = progress
        self._learned = Learned(latest=application.now(), defaulted=True)
        self._metadata = codec.encode_metadata(Metadata(actor=actor, correlation_id=run.import_id))
        self._survey = Survey(self._log, tenant, run)
        self._stays: Counter[str] = Counter()

    def carry_out(self) -> Reverted:
        """Take the import back."""
        for _ in range(_LOOKS):
            self._look()
            pending = self._survey.pending()
            if not pending:
                break
            self._send(pending)
        else:
            raise ImportUnderWay  # somebody brings more as fast as we take it back
        events = self._survey.reverting
        opportunities = len(self._survey.touched)
        last = ImportReverted(reason=self._reason, events=events, opportunities=opportunities)
        append = self._append(self._run.import_id, self._run.version, [last])
        self._log.append_now(replace(append, command_id=self._command_id, digest=self._digest()))
        return self._told(events)

    def preview(self) -> Reverted:
        """Return what it would do."""
        self._look()
        planned = sum(len(append.events) for append in self._appends(self._survey.pending()))
        return replace(self._told(self._survey.reverting + planned), dry_run=True)

    def repeat(self) -> Reverted:
        """Return what was done under the command id; the log refuses another request under it."""
        self._log.append_now(
            Append(
                tenant=self._tenant,
                command_id=self._command_id,
                digest=self._digest(),
                expected={},
                events=(),
            )
        )
        self._survey.read_on(self._progress)
        return replace(self._told(self._run.events), replayed=True)

    def _digest(self) -> bytes:
        """Return what tells this request from another one under its command id."""
        asked = RevertImport(import_id=self._run.import_id, reason=self._reason)
        return sha256(msgspec.json.encode(asked)).digest()

    def _look(self) -> None:
        self._survey.read_on(self._progress)
        self._refuse_if_built_on()

    def _refuse_if_built_on(self) -> None:
        total = self._survey.builders()
        if total:
            dependents = self._survey.built_on()
            raise ImportBuiltOn(import_id=self._run.import_id, total=total, dependents=dependents)

    def _send(self, pending: Sequence[UUID]) -> None:
        done, total = 0, len(pending)

        def settled(append: Append, of: None, stored: bool) -> None:
            nonlocal done
            done += 1
            self._progress(done, total)

        sender = Sender[None](self._log, settled)
        for append in self._appends(pending):
            sender.send(append, None)
        sender.settle()

    def _appends(self, pending: Sequence[UUID]) -> Iterator[Append]:
        touched = self._survey.touched
        for id_ in pending:
            if touched[id_].opened:
                withdrawn = OpportunityWithdrawn(
                    learned=self._learned, import_id=self._run.import_id, reason=self._reason
                )
                yield self._append(id_, touched[id_].version, [withdrawn])
        added_to = [id_ for id_ in pending if not touched[id_].opened]
        for start in range(0, len(added_to), _READ_AT_ONCE):
            yield from self._put_back(added_to[start : start + _READ_AT_ONCE])

    def _put_back(self, ids: Sequence[UUID]) -> Iterator[Append]:
        histories: dict[UUID, list[Recorded[Event]]] = {id_: [] for id_ in ids}
        for logged in self._log.streams(self._tenant, ids):
            histories[logged.stream].append(codec.decode(logged))
        for id_, history in histories.items():
            self._stays += stays(history, self._run.import_id)
            events = take_back(history, self._run.import_id, self._reason, self._learned)
            version = history[-1].version
            for start in range(0, len(events), MAX_EVENTS):
                some = events[start : start + MAX_EVENTS]
                yield self._append(id_, version, some)
                version += len(some)

    def _append(self, stream: UUID, version: int, events: Sequence[Event]) -> Append:
        command_id = revert_command(stream, self._run.import_id, version)
        keyring = self._application.keyring_of(self._tenant)
        return Append(
            tenant=self._tenant,
            command_id=command_id,
            expected={stream: version},
            events=tuple(
                new_event(stream, one, uuid5(command_id, str(number)), self._metadata, keyring)
                for number, one in enumerate(events)
            ),
        )

    def _told(self, events: int) -> Reverted:
        touched = self._survey.touched.values()
        return Reverted(
            import_id=self._run.import_id,
            source=self._run.source,
            dry_run=False,
            withdrawn=sum(one.opened for one in touched),
            put_back=sum(not one.opened for one in touched),
            events=events,
            stays=dict(sorted(self._stays.items())),
            accounts=self._survey.accounts,
            persons=self._survey.persons,
        )
