"""The commands of opps on one log, each by the name of what it is on."""

from asyncio import Lock
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID
from weakref import WeakValueDictionary

from opps.application.aggregates import (
    ACCESS,
    ACCOUNT,
    EXCEPTION,
    LEARNING_CATALOGUE,
    OPPORTUNITY,
    PERSON,
    PROCESS,
    TEAMS,
    THRESHOLDS,
    WEBHOOKS,
    issuing,
)
from opps.application.coaching import deciding_on_gap, learning_catalogue
from opps.application.executing import ADDS_FACTS, Executed
from opps.application.indexing import Indexing
from opps.application.merging import Merging
from opps.application.neighbours import (
    check_account,
    check_deviation,
    check_neighbours,
    deciding,
)
from opps.application.personal_data import PersonalData
from opps.application.planning import Request
from opps.application.privacy import PrivacyExecuted
from opps.application.rules import RulesExecuted, RulesHeld, TenantRules
from opps.application.scoring_models import ModelExecuted, ScoringModels
from opps.application.webhooks import WebhookDesk
from opps.domain.access.commands import AnyAccessCommand
from opps.domain.access.state import NOBODY, Access, access_stream
from opps.domain.account import Account, AnyAccountCommand
from opps.domain.coaching.catalogue import LearningCatalogue, learning_catalogue_stream
from opps.domain.coaching.commands import AnyGapCommand, AnyLearningCatalogueCommand
from opps.domain.coaching.gap import Gap
from opps.domain.errors import Refusal
from opps.domain.exceptions.commands import AnyExceptionCommand, RaiseException
from opps.domain.exceptions.lifecycle import ManagedException
from opps.domain.exceptions.thresholds import (
    DAY_ONE,
    ExceptionThresholds,
    SetExceptionThresholds,
    thresholds_stream,
)
from opps.domain.opportunity.commands import AnyOpportunityCommand
from opps.domain.opportunity.state import Opportunity
from opps.domain.person import AnyPersonCommand, MovePerson, Person
from opps.domain.privacy.commands import AnyPrivacyCommand
from opps.domain.rules import AnyRulesCommand
from opps.domain.sales_process import PublishSalesProcess, SalesProcess, process_stream
from opps.domain.scoring_model import AnyScoringModelCommand, Models
from opps.domain.teams import NO_TEAMS, AnyTeamCommand, Teams, teams_stream
from opps.domain.webhooks.commands import AnyWebhookCommand
from opps.domain.webhooks.state import NO_WEBHOOKS, Webhooks, webhooks_stream
from opps.eventstore import Log
from opps.recording.keyring import Keyring
from opps.recording.register import Register


class Application(Merging):
    """The commands of opps on one log, for any tenant."""

    def __init__(
        self,
        log: Log,
        keyring_of: Callable[[UUID], Keyring],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        register: Register | None = None,
        personal: PersonalData | None = None,
    ) -> None:
        super().__init__(log, keyring_of, now, register, personal)
        self._models = ScoringModels(log)
        self._rules = TenantRules(log)
        self.index = Indexing(log, keyring_of, self.personal)
        self.webhook_desk = WebhookDesk(self, log, keyring_of, now)
        self._turns: WeakValueDictionary[tuple[UUID, UUID], Lock] = WeakValueDictionary()

    async def opportunity(
        self, command: AnyOpportunityCommand, request: Request
    ) -> Executed[Opportunity]:
        """Carry out a command on an opportunity.

        Raises:
            Refusal: a rule says no.
            AppendRefused: the log says no (version, command id, tenant, overload).
            LogFault: the database is away; safe to repeat under the same command id.
        """
        try:
            await check_neighbours(self, command, request.tenant)
        except Refusal:
            if not await self._done(request):
                raise
        stream = command.opportunity_id
        if request.expected_version is not None or not isinstance(command, ADDS_FACTS):
            aggregate = await deciding(self, command, request.tenant)
            return await self._execute(aggregate, stream, command, request)
        # In turn: all at once, they would only make each other decide again.
        async with self._turns.setdefault((request.tenant, stream), Lock()):
            return await self._execute(OPPORTUNITY, stream, command, request)

    async def account(self, command: AnyAccountCommand, request: Request) -> Executed[Account]:
        """Carry out a command on an account; raises what `opportunity` raises."""
        return await self._execute(ACCOUNT, command.account_id, command, request)

    async def person(self, command: AnyPersonCommand, request: Request) -> Executed[Person]:
        """Carry out a command on a person; raises what `opportunity` raises."""
        if isinstance(command, MovePerson) and not await self._done(request):
            await check_account(self, command.account_id, request.tenant)
        return await self._execute(PERSON, command.person_id, command, request)

    async def sales_process(
        self, command: PublishSalesProcess, request: Request
    ) -> Executed[SalesProcess]:
        """Publish a sales process; raises what `opportunity` raises."""
        stream = process_stream(request.tenant, command.process)
        return await self._execute(PROCESS, stream, command, request)

    async def exception(
        self, command: AnyExceptionCommand, request: Request
    ) -> Executed[ManagedException]:
        """Carry out a command on an exception; raises what `opportunity` raises."""
        if isinstance(command, RaiseException) and not await self._done(request):
            await check_deviation(self, command, request.tenant)
        return await self._execute(EXCEPTION, command.exception_id, command, request)

    async def exception_thresholds(
        self, command: SetExceptionThresholds, request: Request
    ) -> Executed[ExceptionThresholds]:
        """Set which deviations are exceptions; raises what `opportunity` raises."""
        stream = thresholds_stream(request.tenant)
        return await self._execute(THRESHOLDS, stream, command, request)

    async def thresholds(self, tenant: UUID) -> ExceptionThresholds:
        """Return which deviations of a score are exceptions now."""
        found = await self.load(THRESHOLDS, tenant, thresholds_stream(tenant))
        return found or DAY_ONE

    async def team(self, command: AnyTeamCommand, request: Request) -> Executed[Teams]:
        """Carry out a command on the teams; raises what `opportunity` raises."""
        return await self._execute(TEAMS, teams_stream(request.tenant), command, request)

    async def teams(self, tenant: UUID) -> Teams:
        """Return the teams of a tenant as they are now."""
        return await self.load_alone(TEAMS, tenant, teams_stream(tenant)) or NO_TEAMS

    async def access(
        self, command: AnyAccessCommand, request: Request, digest: str = ""
    ) -> Executed[Access]:
        """Carry out a command on who may do what; raises what `opportunity` raises.

        `digest` is that of the secret made for the key that is issued.
        """
        stream = access_stream(request.tenant)
        return await self._execute(issuing(digest), stream, command, request)

    async def access_of(self, tenant: UUID) -> Access:
        """Return who may do what in a tenant now."""
        return await self.load_alone(ACCESS, tenant, access_stream(tenant)) or NOBODY

    async def webhook(self, command: AnyWebhookCommand, request: Request) -> Executed[Webhooks]:
        """Carry out a command on a webhook endpoint; raises what `opportunity` raises."""
        return await self._execute(WEBHOOKS, webhooks_stream(request.tenant), command, request)

    async def webhooks_of(self, tenant: UUID) -> Webhooks:
        """Return the webhook endpoints of a tenant as they are now."""
        return await self.load_alone(WEBHOOKS, tenant, webhooks_stream(tenant)) or NO_WEBHOOKS

    async def gap(self, command: AnyGapCommand, request: Request) -> Executed[Gap]:
        """Carry out a command on a performance gap; raises what `opportunity` raises."""
        aggregate = await deciding_on_gap(self, command, request.tenant)
        return await self._execute(aggregate, command.gap_id, command, request)

    async def learning_activity(
        self, command: AnyLearningCatalogueCommand, request: Request
    ) -> Executed[LearningCatalogue]:
        """Offer or withdraw a learning activity; raises what `opportunity` raises."""
        stream = learning_catalogue_stream(request.tenant)
        return await self._execute(LEARNING_CATALOGUE, stream, command, request)

    async def learning_catalogue(self, tenant: UUID) -> LearningCatalogue:
        """Return the learning activities of a tenant as they are now."""
        return await learning_catalogue(self, tenant)

    async def scoring_model(
        self, command: AnyScoringModelCommand, request: Request
    ) -> ModelExecuted:
        """Carry out a command on a scoring model; raises what `opportunity` raises."""
        keyring = self.keyring_of(request.tenant)
        context = self._context(request)
        executed = await self._models.carry_out(command, request, context, keyring)
        self.look_again(request.tenant)
        return executed

    async def scoring_models(self, tenant: UUID) -> Models:
        """Return every scoring model of a tenant, and when each was in force."""
        return await self._models.of(tenant)

    async def privacy(self, command: AnyPrivacyCommand, request: Request) -> PrivacyExecuted:
        """Carry out a command on personal data; raises what `opportunity` raises."""
        return await self.personal.carry_out(command, request, self._context(request))

    async def rules(self, command: AnyRulesCommand, request: Request) -> RulesExecuted:
        """Carry out a command on the rules of danger zones; raises what `opportunity` raises."""
        keyring = self.keyring_of(request.tenant)
        executed = await self._rules.carry_out(command, request, self._context(request), keyring)
        self.look_again(request.tenant)
        return executed

    async def rules_of(self, tenant: UUID) -> RulesHeld:
        """Return the rules of danger zones as a tenant set them."""
        return await self._rules.of(tenant)
