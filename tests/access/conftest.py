"""A server for each module of tests that lets in whoever may come in."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from opps.domain.roles import ActorRole
from opps.eventstore import register_tenant
from tests.access.letting_in import Door, door_of, letting_in
from tests.access.provider import FakeProvider, provider
from tests.api.support import Installation, installed
from tests.conftest import PostgresServer, made_database


@pytest.fixture(scope="module")
def installation(postgres: PostgresServer, template: str) -> Iterator[Installation]:
    """Yield an open log and its application, in a fresh database."""
    with made_database(postgres, template) as name:
        database = postgres.conninfo(name)
        tenant = register_tenant(database, uuid4(), "acme")
        with installed(database, tenant) as opened:
            yield opened


@pytest.fixture(scope="module")
def signing() -> Iterator[FakeProvider]:
    """Yield an identity provider."""
    with provider() as found:
        yield found


@pytest.fixture(scope="module")
def door(installation: Installation, signing: FakeProvider) -> Iterator[Door]:
    """Yield a server where Anna is an administrator, and Boris sells and manages."""
    with door_of(installation, signing, letting_in(installation, signing)) as found:
        found.grant("anna", ActorRole.ADMIN)
        found.grant("boris", ActorRole.SELLER, ActorRole.MANAGER)
        yield found
