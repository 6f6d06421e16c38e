"""A broker that lets nobody in without credentials, and files that are none."""

from pathlib import Path
from uuid import UUID

import pytest

from opps.eventstore import Log
from opps.integrations.relay.credentials import read_credentials
from opps.integrations.relay.jetstream import RelayRefused
from tests.integrations.relay.accounts import organisation
from tests.integrations.relay.servers import NatsServer
from tests.integrations.relay.support import relay_to
from tests.projections.support import Teller


async def test_whoever_has_the_file_is_let_in(
    nats_program: str, tmp_path: Path, log: Log, tenant: UUID, teller: Teller
) -> None:
    settings, credentials = organisation(tmp_path)
    storage = str(tmp_path / "jetstream")
    with NatsServer(nats_program, "-c", str(settings), "-js", "-sd", storage) as broker:
        relay = relay_to(broker, log, tenant, credentials=credentials)
        await relay.run(once=True)

        assert relay.position == 4


async def test_whoever_has_none_or_that_of_another_organisation_is_told_to_look_at_it(
    nats_program: str, tmp_path: Path, log: Log, tenant: UUID
) -> None:
    settings, _ = organisation(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    _, of_others = organisation(tmp_path / "elsewhere")
    with NatsServer(nats_program, "-c", str(settings)) as broker:
        for credentials in (None, of_others):
            with pytest.raises(RelayRefused, match="look at --credentials"):
                await relay_to(broker, log, tenant, credentials=credentials).run(once=True)


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("USER NKEY SEED", "ACCOUNT SEED", "it has no NATS USER JWT and USER NKEY SEED"),
        ("SU", "SA", "the seed of its key is damaged, or not that of a user"),
        ("SU", "s!", "the seed of its key is no base32"),
    ],
)
def test_a_file_that_is_none_is_refused_before_anybody_is_asked(
    tmp_path: Path, before: str, after: str, why: str
) -> None:
    _, credentials = organisation(tmp_path)
    head, seed = credentials.read_text().split("-----BEGIN USER")
    credentials.write_text(head + ("-----BEGIN USER" + seed).replace(before, after))
    with pytest.raises(ValueError, match=why):
        read_credentials(credentials)


async def test_what_is_wrong_with_a_file_is_told_with_its_name(
    tmp_path: Path, log: Log, tenant: UUID
) -> None:
    credentials = tmp_path / "relay.creds"
    credentials.write_text("U")
    nowhere = NatsServer("nats-server")
    with pytest.raises(RelayRefused, match=r"relay\.creds is no credentials file of NATS: it has"):
        await relay_to(nowhere, log, tenant, credentials=credentials).run(once=True)
