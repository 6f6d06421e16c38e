"""One mutation for each command, made from the command itself."""

from collections.abc import Awaitable, Callable
from functools import cache
from typing import Annotated, Any, Optional, TypeVar, get_args
from uuid import UUID, uuid5

import strawberry
from msgspec import Struct
from strawberry import UNSET

from opps.api.account_map import SalesProcess
from opps.api.activation import activation
from opps.api.advice import FirstQuestions, NextBestQuestion, next_best_questions
from opps.api.api_keys import api_key_mutations
from opps.api.coaching_mutations import ON_GAPS, GapPayload
from opps.api.context import Info
from opps.api.danger_zones import DangerZone, closed, opened
from opps.api.derive import class_of, sentence_of
from opps.api.errors import REFUSED, user_error
from opps.api.exception_thresholds import thresholds_mutation
from opps.api.exceptions import ExceptionType, exception_of
from opps.api.exceptions_due import ExceptionDue, exceptions_due
from opps.api.imports import import_mutations
from opps.api.inputs import command_input
from opps.api.learning_activities import learning_mutations
from opps.api.opportunity import Opportunity, opportunity_of
from opps.api.parties import Account, Person, account_of, read_account, read_person
from opps.api.payload import Payload
from opps.api.principal_links import principal_link_mutations
from opps.api.privacy_mutations import privacy_mutations
from opps.api.reading import Moment
from opps.api.rules import rule_mutations
from opps.api.scalars import Position
from opps.api.scores import ScoreChange, change_of
from opps.api.teams import team_mutations
from opps.api.values import InvalidInput, camel, struct_of
from opps.api.webhook_mutations import webhook_mutations
from opps.application import Application, Executed, Request
from opps.domain import account, person
from opps.domain.account import AnyAccountCommand, AnyAccountMerge, RegisterAccount
from opps.domain.change import change
from opps.domain.coaching.commands import IdentifyGap
from opps.domain.coaching.gap import Gap
from opps.domain.errors import AlreadyExists
from opps.domain.exceptions.commands import AnyExceptionCommand, RaiseByRule, RaiseException
from opps.domain.exceptions.lifecycle import ManagedException
from opps.domain.opportunity.commands import COMMANDS, OpenOpportunity
from opps.domain.opportunity.state import Opportunity as State
from opps.domain.opportunity.state import known
from opps.domain.person import AnyPersonCommand, AnyPersonMerge, RegisterPerson
from opps.domain.sales_process import PublishSalesProcess
from opps.domain.sales_process import SalesProcess as ProcessState
from opps.domain.score import score
from opps.eventstore import VersionConflict
from opps.telemetry.asking import correlation_now
from opps.telemetry.observing import carrying_out

OPENING = (OpenOpportunity, RegisterAccount, RegisterPerson, RaiseException, IdentifyGap)
# What only opps itself asks for is no mutation.
ON_EXCEPTIONS = tuple(one for one in get_args(AnyExceptionCommand) if one is not RaiseByRule)

S = TypeVar("S", State, account.Account, person.Person, ProcessState, ManagedException, Gap)


@strawberry.type(description="What a command on an opportunity answers.")
class OpportunityPayload(Payload):
    executed: strawberry.Private[Executed[State] | None] = None

    @strawberry.field(description="The opportunity as it is now; null when refused.")
    def opportunity(self) -> Opportunity | None:
        done = self.executed
        return None if done is None else opportunity_of(done.after, Moment(done.position))

    @strawberry.field(description="What it did to the score; null at the opening or when refused.")
    def score_change(self) -> ScoreChange | None:
        done = self.executed
        if done is None or done.before is None:
            return None
        return change_of(change(score(known(done.before)), score(known(done.after))))

    @strawberry.field(description="The danger zones that it opened; empty when refused.")
    def zones_opened(self) -> list[DangerZone]:
        done = self.executed
        return [] if done is None else opened(done.before, done.after)

    @strawberry.field(description="The danger zones that it closed; empty when refused.")
    def zones_closed(self) -> list[DangerZone]:
        done = self.executed
        return [] if done is None else closed(done.before, done.after)

    @strawberry.field(
        description="The exceptions that it leads to, unless they are on the table: opps raises "
        "them within seconds, or once the days of grace are over. Empty when refused."
    )
    async def exceptions_due(self, info: Info) -> list[ExceptionDue]:
        done = self.executed
        return [] if done is None else await exceptions_due(info, done.before, done.after)

    @strawberry.field(description="What to ask next, the best first; empty when refused.")
    async def next_best_questions(self, first: FirstQuestions = 3) -> list[NextBestQuestion]:
        done = self.executed
        return [] if done is None else await next_best_questions(done.after, first)


@strawberry.type(description="What a command on an account answers.")
class AccountPayload(Payload):
    executed: strawberry.Private[Executed[account.Account] | None] = None

    @strawberry.field(
        description="The account as it is now, or the one that goes on for it; null when refused."
    )
    async def account(self, info: Info) -> Account | None:
        if self.executed is None:
            return None
        after = self.executed.after
        if after.merged_into is None:
            return account_of(after)
        return await read_account(info, after.account_id)


@strawberry.type(description="What a command on a person answers.")
class PersonPayload(Payload):
    executed: strawberry.Private[Executed[person.Person] | None] = None

    @strawberry.field(
        description="The person as it is now, or the one who goes on for them; null when refused."
    )
    async def person(self, info: Info) -> Person | None:
        if self.executed is None:
            return None
        return await read_person(info, self.executed.after.person_id)


@strawberry.type(description="What publishing a sales process answers.")
class SalesProcessPayload(Payload):
    executed: strawberry.Private[Executed[ProcessState] | None] = None

    @strawberry.field(
        description="The sales process as it is now; null when refused.",
        graphql_type=Optional[SalesProcess],  # noqa: UP045 - the type is derived
    )
    def sales_process(self) -> Any:
        return None if self.executed is None else self.executed.after.latest


@strawberry.type(description="What a command on an exception answers.")
class ExceptionPayload(Payload):
    executed: strawberry.Private[Executed[ManagedException] | None] = None

    @strawberry.field(description="The exception as it is now; null when refused.")
    def exception(self) -> ExceptionType | None:
        return None if self.executed is None else exception_of(self.executed.after)


class Family(Struct, frozen=True):
    """What the commands on one kind of object share."""

    commands: tuple[type[Struct], ...]
    stream: str
    payload: type[Any]
    execute: Callable[[Application], Callable[[Any, Request], Awaitable[Executed[Any]]]]


FAMILIES = (
    Family(COMMANDS, "opportunity_id", OpportunityPayload, lambda app: app.opportunity),
    Family(get_args(AnyAccountCommand), "account_id", AccountPayload, lambda app: app.account),
    Family(get_args(AnyAccountMerge), "account_id", AccountPayload, lambda app: app.account_merge),
    Family(get_args(AnyPersonCommand), "person_id", PersonPayload, lambda app: app.person),
    Family(get_args(AnyPersonMerge), "person_id", PersonPayload, lambda app: app.person_merge),
    Family((PublishSalesProcess,), "process", SalesProcessPayload, lambda app: app.sales_process),
    Family(ON_EXCEPTIONS, "exception_id", ExceptionPayload, lambda app: app.exception),
    Family(ON_GAPS, "gap_id", GapPayload, lambda app: app.gap),
)


@cache
def mutation_type() -> type:
    """Return the mutation root: a field for each command, of the same name."""
    members = {
        command.__name__[0].lower() + command.__name__[1:]: (None, _mutation(command, family))
        for family in FAMILIES
        for command in family.commands
    }
    members["activateScoringModel"] = (None, activation())
    members |= {name: (None, field) for name, field in rule_mutations().items()}
    members |= {name: (None, field) for name, field in team_mutations().items()}
    members |= {name: (None, field) for name, field in learning_mutations().items()}
    members |= {name: (None, field) for name, field in api_key_mutations().items()}
    members |= {name: (None, field) for name, field in webhook_mutations().items()}
    members |= {name: (None, field) for name, field in principal_link_mutations().items()}
    members["setExceptionThresholds"] = (None, thresholds_mutation())
    members |= {name: (None, field) for name, field in privacy_mutations().items()}
    members |= {name: (None, field) for name, field in import_mutations().items()}
    description = "Each command is carried out once for its id, wholly or not at all."
    made = class_of("Mutation", members)
    return strawberry.type(made, name="Mutation", description=description)


def _mutation(command: type[Struct], family: Family) -> Any:
    opens = command in OPENING

    async def resolve(info: Info, input: Any) -> Any:
        return await _carry_out(info, input, family, opens)

    resolve.__annotations__ |= {
        "input": Annotated[
            command_input(command, family.stream, opens),
            strawberry.argument(description="What is wanted, under an id of its own."),
        ],
        "return": family.payload,
    }
    return strawberry.mutation(resolver=resolve, description=sentence_of(command))


async def _carry_out(info: Info, given: Any, family: Family, opens: bool) -> Any:
    context = info.context
    application = context.services.application
    try:
        expected = None if opens else _expected(given)
        made_up = _made_up(given, family.stream) if opens else {}
        command = struct_of(given, ("input",), **made_up)
        request = Request(
            tenant=context.viewer.tenant,
            actor=context.viewer.actor,
            command_id=given.command_id,
            expected_version=expected,
            correlation_id=correlation_now(),
        )
        with carrying_out(type(command).__name__, request.command_id) as became:
            executed = await family.execute(application)(command, request)
            became("replayed" if executed.replayed else "stored")
    except VersionConflict as reason:
        # Who opens expects nothing: another object has the id, or had it a moment earlier.
        return _refused(family, AlreadyExists(id=reason.stream) if opens else reason)
    except REFUSED as reason:
        return _refused(family, reason)
    return family.payload(
        version=executed.after.version,
        position=Position(executed.position),
        replayed=executed.replayed,
        user_errors=[],
        executed=executed,
    )


def _refused(family: Family, reason: Exception) -> Any:
    return family.payload(
        version=None, position=None, replayed=False, user_errors=[user_error(reason)]
    )


def _expected(given: Any) -> int | None:
    if given.expected_version is UNSET:
        message = "say which version you saw, or null when any will do"
        raise InvalidInput(message, ("input", camel("expected_version")))
    return given.expected_version  # type: ignore[no-any-return]  # a derived input


def _made_up(given: Any, stream: str) -> dict[str, UUID]:
    """Return an id for the new object, unless the caller has one: the same on every repeat."""
    if getattr(given, stream) in (None, UNSET):
        return {stream: uuid5(given.command_id, stream.removesuffix("_id"))}
    return {}
