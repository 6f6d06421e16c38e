"""Sales processes go along with a copy of a log: another tenant's deals can start them."""

from pathlib import Path
from uuid import UUID, uuid4

from opps.application import PROCESS, Application, Request
from opps.domain.account import RegisterAccount
from opps.domain.opportunity.commands import OpenOpportunity, StartSalesProcess
from opps.domain.recorded import Actor, Via
from opps.domain.sales_process import PublishSalesProcess, process_stream
from opps.eventstore import Log, register_tenant
from opps.integrations.jsonl import export_jsonl, import_jsonl
from opps.recording.keyring import MemoryKeyring
from tests.domain.gated import GATES
from tests.eventstore.support import settings

MANAGER = Actor(principal=uuid4(), role="MANAGER", via=Via.GRAPHQL)
ACCOUNT, DEAL = uuid4(), uuid4()


async def test_another_tenant_gets_the_sales_process_and_deals_start_it(
    database: str, elsewhere: str, log: Log, tenant: UUID, tmp_path: Path
) -> None:
    original = Application(log, lambda _: MemoryKeyring())
    publish = PublishSalesProcess(process="STANDARD", name="How we sell", gates=GATES)
    asked = Request(tenant=tenant, actor=MANAGER, command_id=uuid4())
    await original.sales_process(publish, asked)
    account = RegisterAccount(account_id=ACCOUNT, name="Halden")
    await original.account(account, Request(tenant=tenant, actor=MANAGER, command_id=uuid4()))
    opens = OpenOpportunity(opportunity_id=DEAL, account_id=ACCOUNT, title="A", currency="EUR")
    await original.opportunity(opens, Request(tenant=tenant, actor=MANAGER, command_id=uuid4()))
    export_jsonl(database, tenant, tmp_path / "log.jsonl")
    other = register_tenant(elsewhere, uuid4(), "another")
    with Log(settings(elsewhere)) as copy:
        import_jsonl(copy, other, tmp_path / "log.jsonl", MemoryKeyring())
        application = Application(copy, lambda _: MemoryKeyring())
        process = await application.load(PROCESS, other, process_stream(other, "STANDARD"))
        start = StartSalesProcess(opportunity_id=DEAL, process="STANDARD")
        done = await application.opportunity(
            start, Request(tenant=other, actor=MANAGER, command_id=uuid4())
        )

        assert process is not None
        assert process.latest.gates == GATES
        assert [one.gate for one in done.after.map.gates] == ["DIAGNOSIS", "FUNDING"]
