"""The kinds of stream that take commands: how each decides and evolves, and how it is folded."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from opps.domain import account as accounts
from opps.domain import person as persons
from opps.domain import sales_process as processes
from opps.domain import teams
from opps.domain.access import state as access
from opps.domain.access.decide import decide as decide_on_access
from opps.domain.access.state import Access
from opps.domain.account import Account
from opps.domain.coaching import catalogue as learning_catalogue
from opps.domain.coaching import evolve as gaps
from opps.domain.coaching.catalogue import LearningCatalogue
from opps.domain.coaching.decide import Around
from opps.domain.coaching.decide import decide as decide_on_gap
from opps.domain.coaching.gap import Gap
from opps.domain.events import Event, PersonErased, SalesProcessPublished
from opps.domain.exceptions import lifecycle as exceptions
from opps.domain.exceptions import thresholds
from opps.domain.exceptions.lifecycle import ManagedException
from opps.domain.exceptions.thresholds import ExceptionThresholds
from opps.domain.opportunity.decide import decide
from opps.domain.opportunity.evolve import evolve, under
from opps.domain.opportunity.state import Opportunity
from opps.domain.person import Person
from opps.domain.recorded import Context, Recorded
from opps.domain.sales_process import SalesProcess
from opps.domain.setting import DAY_ONE, Setting, surround
from opps.domain.teams import Teams
from opps.domain.webhooks import decide as deciding_on_webhooks
from opps.domain.webhooks import state as webhooks
from opps.domain.webhooks.state import Webhooks

S = TypeVar(
    "S",
    Opportunity,
    Account,
    Person,
    SalesProcess,
    ManagedException,
    ExceptionThresholds,
    Teams,
    Gap,
    LearningCatalogue,
    Access,
    Webhooks,
)


class Aggregate(Struct, Generic[S], frozen=True):
    """How one kind of stream decides and evolves, and what another setting makes of it."""

    of: type[S]
    decide: Callable[[S | None, Any, Context], Sequence[Event]]
    evolve: Callable[[S | None, Recorded[Event], Setting], S | None]
    under: Callable[[S, Setting], S]


def _counting(
    evolve: Callable[[S | None, Recorded[Event], Setting], S | None],
) -> Callable[[S | None, Recorded[Event], Setting], S | None]:
    """Return an evolve that counts an erasure in a stream that is no person's.

    Words may stand under any id, such as that of an opportunity, and are erased in its stream.
    """

    def counted(state: S | None, recorded: Recorded[Event], setting: Setting) -> S | None:
        if state is not None and isinstance(recorded.event, PersonErased):
            return replace(state, version=recorded.version, position=recorded.position)
        return evolve(state, recorded, setting)

    return counted


OPPORTUNITY = Aggregate[Opportunity](Opportunity, decide, _counting(evolve), under)
ACCOUNT = Aggregate[Account](
    Account,
    lambda state, command, _: accounts.decide(state, command),
    _counting(lambda state, recorded, _: accounts.evolve(state, recorded)),
    lambda state, _: state,
)
PERSON = Aggregate[Person](
    Person,
    lambda state, command, _: persons.decide(state, command),
    lambda state, recorded, _: persons.evolve(state, recorded),
    lambda state, _: state,
)
PROCESS = Aggregate[SalesProcess](
    SalesProcess,
    processes.decide,
    _counting(lambda state, recorded, _: processes.evolve(state, recorded)),
    lambda state, _: state,
)
EXCEPTION = Aggregate[ManagedException](
    ManagedException,
    exceptions.decide,
    _counting(lambda state, recorded, _: exceptions.evolve(state, recorded)),
    lambda state, _: state,
)
THRESHOLDS = Aggregate[ExceptionThresholds](
    ExceptionThresholds,
    thresholds.decide,
    _counting(lambda state, recorded, _: thresholds.evolve(state, recorded)),
    lambda state, _: state,
)

TEAMS = Aggregate[Teams](
    Teams,
    teams.decide,
    _counting(lambda state, recorded, _: teams.evolve(state, recorded)),
    lambda state, _: state,
)

LEARNING_CATALOGUE = Aggregate[LearningCatalogue](
    LearningCatalogue,
    learning_catalogue.decide,
    _counting(lambda state, recorded, _: learning_catalogue.evolve(state, recorded)),
    lambda state, _: state,
)


def issuing(digest: str) -> Aggregate[Access]:
    """Return how access decides, with the digest of the secret that was made for a new key.

    It is no part of the command: sent again, this makes another secret, and is the same command.
    """
    return Aggregate[Access](
        Access,
        lambda state, command, context: decide_on_access(state, command, context, digest),
        _counting(lambda state, recorded, _: access.evolve(state, recorded)),
        lambda state, _: state,
    )


ACCESS = issuing(digest="")


WEBHOOKS = Aggregate[Webhooks](
    Webhooks,
    deciding_on_webhooks.decide,
    _counting(lambda state, recorded, _: webhooks.evolve(state, recorded)),
    lambda state, _: state,
)


def going_by(published: SalesProcessPublished | None) -> Aggregate[Opportunity]:
    """Return how an opportunity decides beside the sales process that a command names."""
    return replace(
        OPPORTUNITY,
        decide=lambda state, command, context: decide(
            state, command, replace(context, published=published)
        ),
    )


def beside(around: Around) -> Aggregate[Gap]:
    """Return how a performance gap decides beside what lies in other streams than its own."""
    return Aggregate[Gap](
        Gap,
        lambda state, command, context: decide_on_gap(state, command, context, around),
        _counting(lambda state, recorded, _: gaps.evolve(state, recorded)),
        lambda state, _: state,
    )


def folded(
    aggregate: Aggregate[S], history: Iterable[Recorded[Event]], position: int | None
) -> S | None:
    """Return what a history folds to, up to a position.

    The history holds the events that surround every stream, merged with its own.
    """
    state: S | None = None
    setting = DAY_ONE
    for recorded in history:
        if position is not None and recorded.position > position:
            break
        setting = surround(setting, recorded.event)
        state = aggregate.evolve(state, recorded, setting)
    return None if state is None else aggregate.under(state, setting)
