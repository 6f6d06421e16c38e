"""Wrapped keys in tables of PostgreSQL, best of another one than that of the log."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.resources import files
from threading import RLock
from time import monotonic
from uuid import UUID

import psycopg

from opps.recording.key_lines import Held, WrappedKey
from opps.recording.stored_keyring import KeyStore, Rewrap

KNOWN_FOR_S = 1.0
"""How long a process may not notice that another one destroyed a key."""
MOST_KNOWN = 20_000


class KeyTables:
    """The tables of every tenant, made where they are missing; one connection for all."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._lock = RLock()
        self._connection: psycopg.Connection | None = None

    @contextmanager
    def of(self, tenant: UUID) -> Iterator[psycopg.Cursor]:
        """Yield a cursor in a transaction that sees the keys of one tenant.

        Raises:
            psycopg.OperationalError: the database is away.
        """
        with self._lock:
            connection = self._connected()
            with connection.transaction(), connection.cursor() as cursor:
                cursor.execute("SELECT set_config('app.tenant', %s, true)", [str(tenant)])
                yield cursor

    def tenants(self) -> list[UUID]:
        """Return every tenant that has keys."""
        with self._lock:
            rows = self._connected().execute("SELECT opps_keys.tenants_with_keys()")
            return [row[0] for row in rows]

    def close(self) -> None:
        """Give the connection back; the next question opens another."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()

    def _connected(self) -> psycopg.Connection:
        if self._connection is not None:
            # It may have been lost since: to look is cheap beside failing whoever needs a key.
            with suppress(psycopg.OperationalError):
                self._connection.execute("SELECT 1")
                return self._connection
            self._connection.close()
        connection = psycopg.connect(
            self._url, autocommit=True, connect_timeout=5, application_name="opps keys"
        )
        try:
            connection.execute("SET lock_timeout = '5s'")
            connection.execute("SET statement_timeout = '30s'")
            found = connection.execute("SELECT to_regclass('opps_keys.erasures')").fetchone()
            if found is not None and found[0] is None:
                script = files("opps.recording").joinpath("key_tables.sql").read_text()
                connection.execute(script)
            connection.execute("SET ROLE opps_keys")
        except BaseException:
            connection.close()
            raise
        self._connection = connection
        return connection


class TableKeys(KeyStore):
    """The wrapped keys of one tenant; what is known of them is looked at again each second."""

    def __init__(self, tables: KeyTables, tenant: UUID) -> None:
        self._tables = tables
        self._tenant = tenant
        self._looked_at = -KNOWN_FOR_S
        self._generation = 0
        self._tenant_key: WrappedKey | None = None
        self._keys: dict[UUID, bytes] = {}
        self._destroyed: frozenset[UUID] = frozenset()

    def find(self, id_: UUID) -> bytes | None:
        """Return a key as it is stored."""
        self._look()
        if (known := self._keys.get(id_)) is not None:
            return known
        if id_ in self._destroyed:
            return None
        with self._tables.of(self._tenant) as cursor:
            cursor.execute("SELECT wrapped FROM opps_keys.subject_keys WHERE id = %s", [id_])
            row = cursor.fetchone()
        if row is None or row[0] is None:
            return None
        if len(self._keys) >= MOST_KNOWN:
            self._keys.clear()
        self._keys[id_] = row[0]
        return self._keys[id_]

    def generation(self, *, now: bool = False) -> object:
        """Return a number that grows as keys are destroyed or wrapped anew."""
        self._look(now=now)
        return self._generation

    def held(self) -> Held:
        """Return all that is stored."""
        with self._tables.of(self._tenant) as cursor:
            held = Held(tenant_key=_tenant_key(cursor)[0])
            for id_, wrapped in cursor.execute("SELECT id, wrapped FROM opps_keys.subject_keys"):
                if wrapped is None:
                    held.destroyed.add(id_)
                else:
                    held.keys[id_] = wrapped
        return held

    def destroyed(self) -> frozenset[UUID]:
        """Return the ids of the keys that were destroyed."""
        self._look()
        return self._destroyed

    def add(self, keys: Mapping[UUID, bytes], under: WrappedKey) -> int | None:
        """Store keys that are neither there nor destroyed, unless another tenant key stands."""
        with self._tables.of(self._tenant) as cursor:
            # Held until the keys are there: nobody rotates it in between.
            cursor.execute("SELECT 1 FROM opps_keys.tenant_keys FOR SHARE")
            if _tenant_key(cursor)[0] != under:
                self._looked_at = -KNOWN_FOR_S
                return None
            cursor.execute(
                "INSERT INTO opps_keys.subject_keys (tenant, id, wrapped)"
                " SELECT %s, id, wrapped FROM unnest(%s::uuid[], %s::bytea[]) new(id, wrapped)"
                " ON CONFLICT DO NOTHING",
                [self._tenant, list(keys), list(keys.values())],
            )
            return cursor.rowcount

    def destroy(self, ids: Iterable[UUID]) -> int:
        """Put marks for ever in the place of keys, and return how many there were."""
        wanted = sorted(set(ids))
        with self._tables.of(self._tenant) as cursor:
            # The row of the tenant first, as everybody does: nobody waits for each other.
            cursor.execute(
                "INSERT INTO opps_keys.tenant_keys AS held (tenant, generation) VALUES (%s, 1)"
                " ON CONFLICT (tenant) DO UPDATE SET generation = held.generation + 1",
                [self._tenant],
            )
            cursor.execute(
                "SELECT id FROM opps_keys.subject_keys"
                " WHERE id = ANY(%s) AND wrapped IS NOT NULL FOR UPDATE",
                [wanted],
            )
            there = len(cursor.fetchall())
            cursor.execute(
                "INSERT INTO opps_keys.subject_keys AS held (tenant, id, destroyed_at)"
                " SELECT %s, id, now() FROM unnest(%s::uuid[]) gone(id)"
                " ON CONFLICT (tenant, id) DO UPDATE SET wrapped = NULL, destroyed_at = now()"
                " WHERE held.wrapped IS NOT NULL",
                [self._tenant, wanted],
            )
        self._look(now=True)
        return there

    def tenant_key(self) -> WrappedKey | None:
        """Return the tenant key."""
        self._look()
        return self._tenant_key

    def set_tenant_key(
        self, key: WrappedKey, instead_of: WrappedKey | None, rewrap: Rewrap | None = None
    ) -> WrappedKey:
        """Put a tenant key in the place of another, if that one stands; return what stands now."""
        with self._tables.of(self._tenant) as cursor:
            cursor.execute(
                "INSERT INTO opps_keys.tenant_keys AS held (tenant, root, wrapped)"
                " VALUES (%s, %s, %s) ON CONFLICT (tenant) DO UPDATE"
                " SET root = excluded.root, wrapped = excluded.wrapped,"
                " generation = held.generation + 1 WHERE held.wrapped IS NOT DISTINCT FROM %s",
                [self._tenant, key.root, key.wrapped, instead_of and instead_of.wrapped],
            )
            if cursor.rowcount and rewrap is not None:
                stored = cursor.execute(
                    "SELECT id, wrapped FROM opps_keys.subject_keys WHERE wrapped IS NOT NULL"
                ).fetchall()
                cursor.executemany(
                    "UPDATE opps_keys.subject_keys SET wrapped = %s WHERE id = %s",
                    [(rewrap(id_, wrapped), id_) for id_, wrapped in stored],
                )
        self._look(now=True)
        return self._tenant_key or key

    def wrap_bare(self, wrap: Rewrap) -> None:
        """Do nothing: nothing was ever stored here that is not wrapped."""

    def _look(self, *, now: bool = False) -> None:
        """Forget what is known once keys were destroyed or wrapped anew."""
        if not now and monotonic() - self._looked_at < KNOWN_FOR_S:
            return
        with self._tables.of(self._tenant) as cursor:
            self._tenant_key, generation = _tenant_key(cursor)
            if generation != self._generation:
                self._keys.clear()
                cursor.execute(
                    "SELECT coalesce(array_agg(id), '{}') FROM opps_keys.subject_keys"
                    " WHERE wrapped IS NULL"
                )
                row = cursor.fetchone()
                assert row is not None
                self._destroyed, self._generation = frozenset(row[0]), generation
        self._looked_at = monotonic()


def _tenant_key(cursor: psycopg.Cursor) -> tuple[WrappedKey | None, int]:
    cursor.execute("SELECT root, wrapped, generation FROM opps_keys.tenant_keys")
    row = cursor.fetchone()
    if row is None:
        return None, 0
    root, wrapped, generation = row
    return (None if wrapped is None else WrappedKey(root, wrapped)), generation
