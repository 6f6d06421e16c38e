"""Two people who answer for personal data, and a person of whom something is told."""

from typing import TypeVar
from uuid import UUID, uuid4

from opps.application import Application, Request
from opps.application.privacy import PrivacyExecuted
from opps.domain.events import ErasureBasis, Event, FactLearned
from opps.domain.facts import Evaluator
from opps.domain.facts.evaluators import Role
from opps.domain.opportunity.commands import LearnFact
from opps.domain.person import RegisterPerson
from opps.domain.personal import Clear, ErasureLevel, Personal
from opps.domain.privacy.commands import AnyPrivacyCommand, ApproveErasure, RequestErasure
from opps.domain.provenance import Evidence
from opps.domain.recorded import Actor, Recorded, Via
from opps.recording import codec
from tests.application.support import DEAL, Caller
from tests.domain.given import said_by, stated

E = TypeVar("E", bound=Event)

DANA, CFO, DPO, SECOND = uuid4(), uuid4(), uuid4(), uuid4()
FULL, IDENTITY = ErasureLevel.FULL, ErasureLevel.IDENTITY
QUOTE = "We sign in March, says Dana"
dana = RegisterPerson(person_id=DANA, name="Dana Ruiz", email="dana@halden.example")
cfo = Evaluator(
    evaluator_id=CFO, title="CFO", roles=(Role.ECONOMIC,), person=Clear(DANA, "Dana, who signs")
)
cfo_told = LearnFact(
    opportunity_id=DEAL,
    stated=stated(cfo, said_by(None, evidence=Evidence(quote=Clear(DANA, QUOTE)))),
)


def request_of(principal: UUID, tenant: UUID) -> Request:
    """Return that somebody who answers for personal data asks."""
    actor = Actor(principal=principal, role="DPO", via=Via.GRAPHQL)
    return Request(tenant=tenant, actor=actor, command_id=uuid4())


class Officers:
    """Two people who answer for the personal data of a tenant, and what they see."""

    def __init__(self, application: Application, tenant: UUID) -> None:
        self.application = application
        self.tenant = tenant

    async def ask(self, command: AnyPrivacyCommand, who: UUID = DPO) -> PrivacyExecuted:
        """Ask for something."""
        return await self.application.privacy(command, request_of(who, self.tenant))

    async def request(self, level: ErasureLevel = FULL, person: UUID = DANA) -> UUID:
        """Request an erasure, and return its id."""
        erasure_id = uuid4()
        basis = ErasureBasis.OBJECTION
        await self.ask(
            RequestErasure(erasure_id=erasure_id, person_id=person, level=level, basis=basis)
        )
        return erasure_id

    async def approve(self, erasure_id: UUID, who: UUID = SECOND) -> PrivacyExecuted:
        """Approve an erasure."""
        return await self.ask(ApproveErasure(erasure_id=erasure_id), who)

    async def erase(self, level: ErasureLevel = FULL) -> UUID:
        """Request an erasure of Dana, approve it by somebody else, and return its id."""
        erasure_id = await self.request(level)
        await self.approve(erasure_id)
        return erasure_id

    def history(self, kind: type[E]) -> list[Recorded[E]]:
        """Return the events of a kind, in the order of the log."""
        read = [codec.decode(one) for one in self.application.log.read(self.tenant, 0, 1000)]
        return [one for one in read if isinstance(one.event, kind)]  # type: ignore[misc]  # checked

    def fact(self) -> tuple[Personal | None, Personal | None]:
        """Return the link to the person and the quote of the fact, as a reader sees them."""
        [recorded] = self.history(FactLearned)
        personal = self.application.personal
        event = personal.unsealed(self.tenant, recorded.event, recorded.event_id)
        assert isinstance(event.fact, Evaluator)
        assert event.provenance.evidence is not None
        return event.fact.person, event.provenance.evidence.quote


async def officers_of(caller: Caller) -> Officers:
    """Return who answers for personal data, where something is told of Dana."""
    await caller.application.person(dana, caller.request())
    await caller.does(cfo_told)
    return Officers(caller.application, caller.tenant)
