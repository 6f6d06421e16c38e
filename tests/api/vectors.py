"""The log of the golden vectors, with its recorded times: a restore is the way to set them."""

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from opps.domain.account import RegisterAccount
from opps.domain.events import DayTurned, RetractionReason
from opps.domain.facts import Evaluator
from opps.domain.facts.evaluators import LeaningLevel, Role
from opps.domain.opportunity.commands import (
    FactStated,
    LearnFact,
    OpenOpportunity,
    RecordFacts,
    RedateFact,
    RetractFact,
)
from opps.domain.personal import Clear
from opps.domain.provenance import Channel, Provenance, SourceKind
from opps.domain.recorded import Actor, Via
from opps.domain.times import Learned, learned_in
from opps.integrations.backup import restore_backup
from opps.integrations.backup_file import BackupReader, BackupWriter
from opps.recording.key_file import FileKeyring
from opps.sample.simulation import Simulation
from tests.domain.build import CFO, CTO, DEAL, SELLER, budget, leans, told

ACTOR = Actor(principal=SELLER, role="SELLER", via=Via.GRAPHQL)
OBSERVED = Provenance(
    source=SourceKind.SELLER_OBSERVATION, channel=Channel.OBSERVED, learned_by=SELLER
)
ACCOUNT = uuid5(DEAL, "account")


def march(day: int) -> date:
    return date(2026, 3, day)


FEB_20 = date(2026, 2, 20)


def fact(position: int) -> UUID:
    """Return the id of the fact that the vectors list at a position."""
    return uuid5(DEAL, f"vector {position}")


def restore_vectors(database: str, tenant: UUID, directory: Path, keys: FileKeyring) -> None:
    """Make the log of the golden vectors: opened on 20 February, then their six lines."""
    log = Simulation(tenant, keys)
    told_on(log, FEB_20, RegisterAccount(account_id=ACCOUNT, name="Nordwind"), hour=9)
    opening = OpenOpportunity(
        opportunity_id=DEAL,
        account_id=ACCOUNT,
        title="Fleet telematics",
        currency="EUR",
        learned=on(FEB_20),
    )
    told_on(log, FEB_20, opening, hour=9)
    told_on(log, FEB_20, evaluators(), hour=9)
    told_on(log, FEB_20, learn(1, FEB_20, budget(100_000)))
    told_on(log, march(5), learn(2, march(5), champion(), OBSERVED))
    told_on(log, march(9), learn(3, march(1), budget(60_000)))
    told_on(log, march(10), learn(4, march(10), budget(80_000)))
    retracted = RetractFact(
        opportunity_id=DEAL,
        fact_id=fact(3),
        reason=RetractionReason.MISHEARD,
        learned=on(march(12)),
    )
    told_on(log, march(12), retracted)
    redated = RedateFact(opportunity_id=DEAL, fact_id=fact(2), learned_on=on(march(2)))
    told_on(log, march(15), redated)
    log.turn_day(DayTurned(day=march(16), zone="UTC"))
    path = directory / "vectors.backup"
    with BackupWriter(path, tenant, "acme", written_by="test") as writer:
        for step in log.steps:
            writer.add(step)
    restore_backup(database, BackupReader(path))


def told_on(log: Simulation, day: date, command: Any, hour: int = 12) -> None:
    at = datetime.combine(day, time(hour), UTC)
    log.do(command, ACTOR, at, uuid5(DEAL, f"command {len(log.steps)}"))


def on(day: date) -> Learned:
    return learned_in(day.isoformat(), "UTC")


def champion() -> Any:
    behaviour = Clear(subject=CTO, text="Sold it to the board")
    return leans(CTO, LeaningLevel.CHAMPION, behaviour=behaviour)


def learn(position: int, day: date, of: Any, source: Provenance | None = None) -> LearnFact:
    stated = FactStated(fact=of, provenance=source or told(by=CFO), fact_id=fact(position))
    return LearnFact(opportunity_id=DEAL, stated=stated, learned=on(day))


def evaluators() -> RecordFacts:
    facts = tuple(
        FactStated(
            fact=Evaluator(evaluator_id=one, title=title, roles=(role,)), provenance=OBSERVED
        )
        for one, title, role in ((CFO, "CFO", Role.ECONOMIC), (CTO, "CTO", Role.TECHNICAL))
    )
    return RecordFacts(opportunity_id=DEAL, facts=facts, learned=on(FEB_20))
