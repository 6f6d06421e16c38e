"""What an organisation set and decided goes along with every copy of its log."""

import inspect
import pkgutil
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

import opps.domain
import opps.eventstore
from opps.application import PROCESS, Application, Request
from opps.application.rules import RulesHeld
from opps.domain.account import RegisterAccount
from opps.domain.catalogue import Objective
from opps.domain.coaching.causes import GapCause
from opps.domain.coaching.commands import OfferLearningActivity
from opps.domain.events import ErasureBasis, Outcome, RetentionRule
from opps.domain.exceptions.thresholds import ExceptionThresholds, SetExceptionThresholds
from opps.domain.opportunity.commands import OpenOpportunity
from opps.domain.person import RegisterPerson
from opps.domain.personal import ErasureLevel
from opps.domain.privacy.commands import PlaceLegalHold, RequestErasure, SetRetention
from opps.domain.privacy.state import Privacy
from opps.domain.recorded import Actor, Via
from opps.domain.rules import PublishRuleSet, RuleStated, SuppressRule, ThresholdSetting
from opps.domain.sales_process import PublishSalesProcess, process_stream
from opps.domain.scoring_model import model_stream
from opps.domain.teams import AssignTeamMember, FormTeam
from opps.domain.webhooks.commands import RegisterWebhookEndpoint
from opps.eventstore import Log, register_tenant
from opps.integrations.backup import back_up, restore_backup
from opps.integrations.backup_file import BackupReader
from opps.integrations.jsonl import export_jsonl, import_jsonl
from opps.integrations.own_streams import moved_streams
from opps.projections.projector import catch_up
from opps.projections.verify import verify
from opps.recording.keyring import MemoryKeyring
from tests.domain.gated import GATES
from tests.eventstore.support import settings
from tests.projections.support import rows

ADMIN = Actor(principal=uuid4(), role="ADMIN", via=Via.GRAPHQL)
ACCOUNT, DEAL, ANNA, ERASURE, NORTH = uuid4(), uuid4(), uuid4(), uuid4(), uuid4()
THRESHOLDS = SetExceptionThresholds(
    score_move=0.2, decision_threshold=0.3, walk_away_below=0.1, walk_away_days=14, reason="Fewer"
)
RULES = (
    RuleStated(rule="DZ14", thresholds=(ThresholdSetting(name="days", value=60),)),
    RuleStated(rule="DZ25", enabled=False),
)
KEYRING = MemoryKeyring()


def application_on(log: Log) -> Application:
    return Application(log, lambda _: KEYRING)


@pytest.fixture
async def settled(log: Log, tenant: UUID) -> UUID:
    """Return a tenant that has set all that can be set, and has a deal and a person."""
    application = application_on(log)

    def request() -> Request:
        return Request(tenant=tenant, actor=ADMIN, command_id=uuid4())

    await application.account(RegisterAccount(account_id=ACCOUNT, name="Halden"), request())
    opens = OpenOpportunity(opportunity_id=DEAL, account_id=ACCOUNT, title="A", currency="EUR")
    await application.opportunity(opens, request())
    await application.person(RegisterPerson(person_id=ANNA, name="Anna Muster"), request())
    publish = PublishSalesProcess(process="STANDARD", name="How we sell", gates=GATES)
    await application.sales_process(publish, request())
    await application.exception_thresholds(THRESHOLDS, request())
    await application.rules(PublishRuleSet(rules=RULES, reason="Slow lawyers"), request())
    await application.team(FormTeam(team_id=NORTH, name="North"), request())
    leads = AssignTeamMember(team_id=NORTH, member=ADMIN.principal, lead=True)
    await application.team(leads, request())
    talk = OfferLearningActivity(
        activity="TALK",
        title="A talk",
        description="Listen, then ask.",
        objectives=(Objective.EVALUATORS,),
        causes=(GapCause.SKILL,),
        hours=1,
    )
    await application.learning_activity(talk, request())
    until = application.now().date().replace(year=application.now().year + 1, day=1)
    await application.rules(SuppressRule(rule="DZ16", until=until, reason="Year end"), request())
    asks = RequestErasure(
        erasure_id=ERASURE,
        person_id=ANNA,
        level=ErasureLevel.FULL,
        basis=ErasureBasis.OBJECTION,
    )
    await application.privacy(asks, request())
    hold = PlaceLegalHold(hold_id=uuid4(), opportunities=(DEAL,), reason="File 12")
    await application.privacy(hold, request())
    keeps = RetentionRule(outcome=Outcome.LOST, keep_days=365, level=ErasureLevel.IDENTITY)
    await application.privacy(SetRetention(rules=(keeps,)), request())
    return tenant


async def held(log: Log, tenant: UUID) -> tuple[Any, ...]:
    """Return all that a tenant set, as commands and screens find it."""
    application = application_on(log)
    rules: RulesHeld = await application.rules_of(tenant)
    thresholds: ExceptionThresholds = await application.thresholds(tenant)
    process = await application.load(PROCESS, tenant, process_stream(tenant, "STANDARD"))
    decided: Privacy = await log.aside(application.personal.decided, tenant)
    assert process is not None
    return (
        (await application.setting(tenant)).rules,
        rules.rules,
        thresholds,
        process.versions,
        (await application.teams(tenant)).teams,
        (await application.learning_catalogue(tenant)).known,
        decided.retention,
        [(one.erasure_id, one.status, one.requested_by) for one in decided.erasures.values()],
        [(one.hold_id, one.opportunities, one.reason) for one in decided.holds.values()],
    )


def zones_where_sound(database: str, log: Log, tenant: UUID) -> list[tuple[str, int]]:
    """Return the danger zones that are shown, where the read models are sound."""
    catch_up(log, settings(database))
    verdict = verify(log, settings(database), tenant)
    assert (verdict.parked, verdict.difference) == (0, None)
    return [(row["zone"], row["position"]) for row in rows(database, "danger_zones", tenant)]


async def test_another_tenant_gets_all_that_was_set(
    database: str, elsewhere: str, log: Log, settled: UUID, tmp_path: Path
) -> None:
    export_jsonl(database, settled, tmp_path / "log.jsonl")
    other = register_tenant(elsewhere, uuid4(), "another")
    with Log(settings(elsewhere)) as copy:
        import_jsonl(copy, other, tmp_path / "log.jsonl", KEYRING)

        assert await held(copy, other) == await held(log, settled)
        assert zones_where_sound(elsewhere, copy, other) == zones_where_sound(
            database, log, settled
        )


async def test_a_restored_log_has_all_that_was_set(
    database: str, elsewhere: str, log: Log, settled: UUID, tmp_path: Path
) -> None:
    back_up(database, settled, tmp_path / "log.backup", written_by="a test")
    restore_backup(elsewhere, BackupReader(tmp_path / "log.backup"))
    with Log(settings(elsewhere)) as copy:
        assert await held(copy, settled) == await held(log, settled)
        assert zones_where_sound(elsewhere, copy, settled) == zones_where_sound(
            database, log, settled
        )


def streams_of_a_tenant() -> dict[str, Callable[..., UUID]]:
    """Return every function that makes the id of a stream from that of its tenant."""
    found: dict[str, Callable[..., UUID]] = {}
    for package in (opps.domain, opps.eventstore):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            for name, made in inspect.getmembers(import_module(module.name), inspect.isfunction):
                first = next(iter(inspect.signature(made).parameters), None)
                if name.endswith("_stream") and first == "tenant":
                    found[name] = made
    return found


@pytest.mark.parametrize("same_id", [True, False])
async def test_a_copy_tells_no_webhook_endpoint_what_the_original_told_it(
    database: str, elsewhere: str, log: Log, settled: UUID, tmp_path: Path, same_id: bool
) -> None:
    registers = RegisterWebhookEndpoint(url="https://hooks.example.com", types=("opps.*",))
    request = Request(tenant=settled, actor=ADMIN, command_id=uuid4())
    await application_on(log).webhook(registers, request)
    export_jsonl(database, settled, tmp_path / "log.jsonl")
    other = register_tenant(elsewhere, settled if same_id else uuid4(), "another")
    with Log(settings(elsewhere)) as copy:
        import_jsonl(copy, other, tmp_path / "log.jsonl", KEYRING)

        assert (await application_on(log).webhooks_of(settled)).endpoints
        assert not (await application_on(copy).webhooks_of(other)).endpoints


async def test_no_stream_of_a_tenant_is_left_behind_but_those_of_who_may_do_what_and_is_told(
    database: str, settled: UUID, tmp_path: Path
) -> None:
    export_jsonl(database, settled, tmp_path / "log.jsonl")
    other = uuid4()
    moved = moved_streams(tmp_path / "log.jsonl", settled, other)
    named = {"process_stream": process_stream, "model_stream": model_stream}
    made = streams_of_a_tenant()

    assert made.items() >= named.items()
    assert made.pop("access_stream")(settled) not in moved
    assert moved[made["webhooks_stream"](settled)] != made.pop("webhooks_stream")(other)
    for name in made.keys() - named.keys():
        assert moved[made[name](settled)] == made[name](other), name
    assert moved[process_stream(settled, "STANDARD")] == process_stream(other, "STANDARD")
