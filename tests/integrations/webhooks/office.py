"""An organisation with webhook endpoints, whose deliverer goes round when a test asks it to."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from opps.application import Application, Request
from opps.application.webhooks import Carried
from opps.domain.events import Event, WebhookEnd
from opps.domain.recorded import Actor, Via
from opps.domain.webhooks.commands import (
    AnyWebhookCommand,
    RegisterWebhookEndpoint,
)
from opps.domain.webhooks.state import Endpoint
from opps.eventstore import Log, register_tenant
from opps.eventstore.webhook_rows import Attempt, Standing, Waiting
from opps.integrations.outgoing import Allowed, Sender
from opps.integrations.webhooks import Deliverer, Outside
from opps.integrations.webhooks.attempting import Post
from opps.projections.projector import catch_up
from opps.recording.keyring import Keyring, MemoryKeyring
from tests.integrations.webhooks.receiver import Receiver
from tests.projections.support import Teller, settings

ADMIN = Actor(principal=uuid4(), role="ADMIN", via=Via.GRAPHQL)
SENDER = Sender(Allowed.read("http://127.0.0.1"))
FACTS = ("opps.OpportunityOpened", "opps.OpportunityRenamed")


class Office:
    """A tenant whose clock stands still until a test moves it."""

    def __init__(
        self, database: str, log: Log, receiver: Receiver, keyring: Keyring | None = None
    ) -> None:
        self.tenant = register_tenant(database, uuid4(), f"office-{uuid4().hex[:8]}")
        self.database, self.log, self.receiver = database, log, receiver
        # The log has a clock of its own: what it writes is later than all that is tried here.
        self.clock = datetime.now(UTC) - timedelta(days=60)
        self.keyring = keyring or MemoryKeyring()
        self.application = Application(log, lambda _: self.keyring, now=lambda: self.clock)
        self.desk = self.application.webhook_desk
        self.desk.reach_by(lambda: Outside(self.desk, SENDER, lambda: self.clock))
        self.jitter = 0.0
        self._teller = Teller(log, self.tenant)

    def tells(self, of: UUID, *events: Event) -> int:
        """Write down what happened to an opportunity; return the last position."""
        return self._teller.tell(of, *events)

    def does(self, command: AnyWebhookCommand, command_id: UUID | None = None) -> Carried:
        """Carry out a command of an administrator."""
        request = Request(tenant=self.tenant, actor=ADMIN, command_id=command_id or uuid4())
        return asyncio.run(self.desk.carry_out(command, request))

    def registers(
        self,
        types: Sequence[str] = FACTS,
        *,
        path: str = "",
        opportunities: Sequence[UUID] = (),
        team: UUID | None = None,
    ) -> Carried:
        """Register the receiver."""
        return self.does(
            RegisterWebhookEndpoint(
                url=self.receiver.url + path,
                types=tuple(types),
                opportunity_ids=tuple(opportunities),
                team_id=team,
            )
        )

    def delivers(self, post: Post | None = None) -> int:
        """Let a deliverer send all that is due by now, as a new process; return the attempts."""
        return self.deliverer(post).visit(self.tenant)

    def deliverer(self, post: Post | None = None) -> Deliverer:
        """Return a deliverer of this tenant alone."""
        application = Application(self.log, lambda _: self.keyring, now=lambda: self.clock)
        return Deliverer(
            application,
            self.database,
            lambda: [self.tenant],
            post or SENDER.post,
            now=lambda: self.clock,
            jitter=lambda: self.jitter,
            every_s=0.01,
        )

    def later(self, **by: float) -> None:
        """Let time go by."""
        self.clock += timedelta(**by)

    def projects(self) -> None:
        """Bring the read models up to date."""
        catch_up(self.log, settings(self.database))

    def endpoint(self, of: Carried) -> Endpoint:
        """Return an endpoint as it is now."""
        assert of.endpoint is not None
        found = asyncio.run(self.application.webhooks_of(self.tenant))
        return found.endpoint(of.endpoint.endpoint_id)

    def disabled(self, of: Carried) -> WebhookEnd | None:
        """Return why nothing is sent to an endpoint."""
        return self.endpoint(of).disabled

    def standing(self, of: Carried) -> Standing:
        """Return how an endpoint is doing."""
        return asyncio.run(self.desk.standing(self.tenant, id_of(of)))

    def attempts(self, of: Carried) -> list[Attempt]:
        """Return what was tried, the last first."""
        return asyncio.run(self.desk.attempts(self.tenant, id_of(of), 1_000))

    def dead(self, of: Carried) -> list[Waiting]:
        """Return what was given up."""
        return asyncio.run(self.desk.dead(self.tenant, id_of(of), 1_000))

    def pings(self, one: Carried) -> Attempt:
        """Try whether messages arrive at an endpoint."""
        return asyncio.run(self.desk.ping(self.tenant, id_of(one), uuid4()))


def id_of(one: Carried) -> UUID:
    """Return the id of an endpoint."""
    assert one.endpoint is not None
    return one.endpoint.endpoint_id
