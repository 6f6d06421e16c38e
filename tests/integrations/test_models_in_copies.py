"""Scoring models go along with every copy of a log: readable, restored, or another tenant's."""

from pathlib import Path
from uuid import UUID, uuid4

import pytest

from opps.application import Application, Request
from opps.domain.account import RegisterAccount
from opps.domain.opportunity.commands import OpenOpportunity
from opps.domain.recorded import Actor, Via
from opps.domain.scoring_model import ActivateScoringModel, DefineScoringModel, Models
from opps.eventstore import Log, register_tenant
from opps.integrations.backup import back_up, restore_backup
from opps.integrations.backup_file import BackupReader
from opps.integrations.jsonl import export_jsonl, import_jsonl
from opps.projections.projector import catch_up
from opps.projections.verify import verify
from opps.recording.keyring import MemoryKeyring
from tests.domain.test_scoring_model import SPRING, SUMMER
from tests.eventstore.support import settings
from tests.projections.support import rows

MANAGER = Actor(principal=uuid4(), role="MANAGER", via=Via.GRAPHQL)
ACCOUNT, DEAL = uuid4(), uuid4()


@pytest.fixture
async def told(log: Log, tenant: UUID) -> UUID:
    """Return a tenant with an open opportunity, and two models of which one is in force."""
    application = Application(log, lambda _: MemoryKeyring())

    def request() -> Request:
        return Request(tenant=tenant, actor=MANAGER, command_id=uuid4())

    await application.account(RegisterAccount(account_id=ACCOUNT, name="Halden"), request())
    opens = OpenOpportunity(opportunity_id=DEAL, account_id=ACCOUNT, title="A", currency="EUR")
    await application.opportunity(opens, request())
    for model in (SPRING, SUMMER):
        await application.scoring_model(DefineScoringModel(model=model, origin="Fitted"), request())
    activate = ActivateScoringModel(name="spring", reason="Try it", override=True)
    await application.scoring_model(activate, request())
    return tenant


async def models(log: Log, tenant: UUID) -> Models:
    return await Application(log, lambda _: MemoryKeyring()).scoring_models(tenant)


def shown_and_verified(database: str, log: Log, tenant: UUID) -> list[tuple[str, float]]:
    """Return the models and scores shown of the opportunity, where the read models are sound."""
    catch_up(log, settings(database))
    verdict = verify(log, settings(database), tenant)
    assert (verdict.parked, verdict.difference) == (0, None)
    return [(row["model"], row["p"]) for row in rows(database, "score_current", tenant)]


async def test_another_tenant_gets_the_models_and_the_one_in_force(
    database: str, elsewhere: str, log: Log, told: UUID, tmp_path: Path
) -> None:
    export_jsonl(database, told, tmp_path / "log.jsonl")
    other = register_tenant(elsewhere, uuid4(), "another")
    with Log(settings(elsewhere)) as copy:
        import_jsonl(copy, other, tmp_path / "log.jsonl", MemoryKeyring())
        copied, original = await models(copy, other), await models(log, told)

        assert shown_and_verified(elsewhere, copy, other) == shown_and_verified(database, log, told)
        assert {one.model.name: one.model for one in copied.models.values()} == {
            one.model.name: one.model for one in original.models.values()
        }
        assert [one.name for one in copied.periods] == ["oks-1", "spring"]
        again = DefineScoringModel(model=SPRING, origin="Fitted")
        application = Application(copy, lambda _: MemoryKeyring())
        request = Request(tenant=other, actor=MANAGER, command_id=uuid4())
        assert not (await application.scoring_model(again, request)).changed


async def test_a_restored_log_has_its_models(
    database: str, elsewhere: str, log: Log, told: UUID, tmp_path: Path
) -> None:
    back_up(database, told, tmp_path / "log.backup", written_by="a test")
    restore_backup(elsewhere, BackupReader(tmp_path / "log.backup"))
    with Log(settings(elsewhere)) as copy:
        assert await models(copy, told) == await models(log, told)
        assert shown_and_verified(elsewhere, copy, told) == shown_and_verified(database, log, told)
