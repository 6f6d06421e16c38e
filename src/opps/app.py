"""opps wired together: database, log, commands, read models, and what keeps them fresh."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, asynccontextmanager, contextmanager
from functools import cache, cached_property
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import UUID, uuid4

import psycopg
from msgspec import Struct

from opps.application import Application
from opps.application.erasing import CarriedOut, erasing
from opps.application.indexing import indexing
from opps.application.retention import forgetting
from opps.clock import Ticker
from opps.config import Environment, Settings
from opps.embedded import DataDirectoryInUse, EmbeddedPostgres
from opps.eventstore import Log, LogSettings, migrations, register_tenant
from opps.eventstore.database import connect_direct
from opps.eventstore.tenants import list_tenants
from opps.integrations.outgoing import Sender
from opps.integrations.webhooks import Deliverer, Outside, Tally
from opps.ledger.ledger import Ledger
from opps.projections.projector import Projector
from opps.projections.reading import STATEMENT_TIMEOUT_S
from opps.projections.registry import PROJECTIONS
from opps.projections.tables import connect_role, make_tables
from opps.projections.views import Views
from opps.recording.key_copies import copy_keys, take_over_keys
from opps.recording.key_places import KeyPlace, key_place
from opps.recording.root_key import RootKey
from opps.rounds import Rounds
from opps.sealing import Sealing, TenantLeaves
from opps.watching import Coach, Watch

Say = Callable[[str], None]


def quietly(_: str) -> None:
    """Say nothing."""


class Database(Struct, frozen=True, kw_only=True):
    """Where the database is; `ours` when this process runs it."""

    url: str
    direct_url: str
    ours: bool


class CannotOpen(Exception):
    """The database is there, but not as this opps needs it; the message says what to do."""


class NotMigrated(CannotOpen):
    """The database is older than this version of opps, or holds nothing of opps yet."""

    def __init__(self, found: str | None) -> None:
        super().__init__(
            f"The database is at revision {found or 'none'} and this opps needs "
            f"{migrations.head()}. Run `opps migrate`."
        )


class NoSuchTenant(CannotOpen):
    """The database has no tenant of this slug."""

    def __init__(self, slug: str) -> None:
        super().__init__(
            f"There is no tenant {slug!r}. See `opps tenant list`, make it with "
            f"`opps tenant create {slug}`, or set OPPS_TENANT."
        )


@contextmanager
def open_database(
    settings: Settings, *, alone: bool = False, durable: bool = True
) -> Iterator[Database]:
    """Yield the database of the settings; the embedded one runs as long as the block.

    Where another opps runs the embedded server already, that one is used, unless `alone`.

    Raises:
        EmbeddedFault: the embedded server cannot run; the message says what to do.
    """
    if settings.database_url is not None:
        direct_url = settings.database_direct_url or settings.database_url
        yield Database(url=settings.database_url, direct_url=direct_url, ours=False)
        return
    server = EmbeddedPostgres(settings.server_directory, durable=durable)
    url = server.conninfo()
    try:
        server.start()
    except DataDirectoryInUse:
        if alone or not answers(url):
            raise
        yield Database(url=url, direct_url=url, ours=False)
        return
    with server:
        yield Database(url=url, direct_url=url, ours=True)


def answers(url: str) -> bool:
    """Tell whether a database takes connections."""
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def log_settings(settings: Settings, database: Database, *, durable: bool = True) -> LogSettings:
    """Return how the log uses the database."""
    return LogSettings(
        url=database.url,
        direct_url=database.direct_url,
        durable=durable,
        plain_roles=settings.environment is Environment.PRODUCTION and not settings.is_embedded,
    )


def keys_of(settings: Settings) -> KeyPlace:
    """Return where the keys of every tenant's data subjects are."""
    return key_place(settings.keys_directory, settings.keys_url, settings.root_key_command)


class Opps:
    """The log and the commands of one installation, open within a `with` block.

    `alone` refuses to join the embedded server of another opps. `durable=False` is for tests.

    Raises:
        EmbeddedFault, LogFault, psycopg.Error: it cannot be opened; the message says what to do.
    """

    log: Log
    application: Application
    database: Database

    def __init__(
        self, settings: Settings, *, alone: bool = False, durable: bool = True, say: Say = quietly
    ) -> None:
        self.settings = settings
        self._keys = keys_of(settings)
        self.keyring_of = cache(self._keys.keyring)
        self._alone = alone
        self._durable = durable
        self._say = say
        self._opened = ExitStack()
        self.webhook_tally = Tally()

    def __enter__(self) -> Self:
        with ExitStack() as opening:
            database = open_database(self.settings, alone=self._alone, durable=self._durable)
            self.database = opening.enter_context(database)
            opening.callback(self._keys.close)
            self._migrate()
            self.log = opening.enter_context(Log(self.log_settings))
            register = self._keys.register
            self.application = Application(self.log, self.keyring_of, register=register)
            self.application.webhook_desk.reach_by(self._outside)
            self._opened = opening.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._opened.close()

    @property
    def reads_only(self) -> bool:
        """Whether the database is a replica: queries are answered, commands are refused."""
        return self.log.reads_only

    @property
    def log_settings(self) -> LogSettings:
        """How the log uses the database."""
        return log_settings(self.settings, self.database, durable=self._durable)

    def tenant(self, slug: str | None = None) -> UUID:
        """Return the tenant of a slug, by default the one of the settings.

        The embedded database gets the default tenant when it is first asked for.

        Raises:
            NoSuchTenant: nobody has that slug.
        """
        wanted = slug or self.settings.tenant
        found = self.log.find_tenant(wanted)
        if found is None and self.settings.is_embedded and wanted == self.settings.tenant:
            return register_tenant(self.database.direct_url, uuid4(), wanted)
        if found is None:
            raise NoSuchTenant(wanted)
        return found

    @contextmanager
    def projecting(self) -> Iterator[Projector]:
        """Keep the clocks going, and the read models up with the log, within the block."""
        ticker = Ticker(self.log, self.tenants, self.settings.zone)
        with Projector(self.log, self.log_settings) as projector, ticker:
            yield projector

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Raise exceptions and name performance gaps that rules find, within the block."""
        application, url = Application(self.log, self.keyring_of), self.database.direct_url
        with Watch(application, url, self.tenants), Coach(application, url, self.tenants):
            yield

    def delivering(self) -> Deliverer:
        """Tell webhook endpoints what happened within the block, in one process of them all."""
        application = Application(self.log, self.keyring_of)
        post, tally = self._sender.post, self.webhook_tally
        return Deliverer(application, self.database.direct_url, self.tenants, post, tally=tally)

    def sealing(self) -> AbstractContextManager[object]:
        """Sign the logs that grew every now and then within the block, unless that is off."""
        every_s = self.settings.seal_every_s
        return Sealing(self.log, self.tenants, self.ledger, every_s) if every_s else ExitStack()

    def forgetting(self) -> Rounds:
        """Delete the saved reads that are older than is kept, now and then within the block."""
        keep_days = self.settings.reads_kept_days
        return forgetting(self.log, self.tenants, keep_days, self.application.now)

    def finish_erasures(self) -> list[CarriedOut]:
        """Carry out every erasure that is approved and not through: before anything is served."""
        finish = self.application.personal.finish
        return [one for tenant in self.tenants() for one in finish(tenant)]

    def erasing(self) -> AbstractContextManager[object]:
        """Take up erasures that broke off, or that other processes approved, within the block."""
        return erasing(self.application.personal.finish, self.tenants)

    def indexing(self) -> Rounds:
        """Keep the search indexes up with the log within the block, where somebody built them."""
        return indexing(self.application.index, self.tenants)

    def copy_keys(self, tenant: UUID, path: Path) -> int:
        """Write the keys of a tenant, with who was erased, to a file; return how many keys."""
        return copy_keys(self.keyring_of(tenant), self._keys.register, tenant, path)

    def take_over_keys(self, tenant: UUID, path: Path, root: RootKey | None = None) -> int:
        """Take over the keys of a tenant from a file; return how many were new.

        Whoever was erased, as the file or the register here tells, is not among them.
        """
        keyring, register = self.keyring_of(tenant), self._keys.register
        return take_over_keys(keyring, register, tenant, path, root)

    def ledger(self, tenant: UUID) -> Ledger:
        """Return the ledger of a tenant."""
        return Ledger(self.settings.ledger_directory, tenant)

    def leaves(self, tenant: UUID) -> TenantLeaves:
        """Return the log of a tenant, as its sealer sees it."""
        return TenantLeaves(self.log, tenant)

    def tenants(self) -> list[UUID]:
        """Return every tenant of the database."""
        return [one.tenant for one in list_tenants(self.database.direct_url)]

    @asynccontextmanager
    async def views(self, statement_s: float = STATEMENT_TIMEOUT_S) -> AsyncIterator[Views]:
        """Yield the read models for the running event loop."""
        views = Views(self.database.direct_url, statement_s=statement_s)
        await views.open()
        try:
            yield views
        finally:
            await views.close()

    def make_read_models(self) -> None:
        """Make the tables of the read models where there are none, for readers that come first."""
        with connect_direct(self.log_settings, "opps") as connection:
            connect_role(connection)
            make_tables(connection, PROJECTIONS)

    @cached_property
    def _sender(self) -> Sender:
        return Sender(self.settings.webhook_allow)

    def _outside(self) -> Outside:
        return Outside(self.application.webhook_desk, self._sender)

    def _migrate(self) -> None:
        """Bring the embedded database up to date; refuse another one that is not."""
        found = migrations.current(self.database.direct_url)
        if found == migrations.head():
            return
        migrations.refuse_newer(found)
        if not self.settings.is_embedded:
            raise NotMigrated(found)
        migrations.migrate(self.database.direct_url, progress=self._say)
