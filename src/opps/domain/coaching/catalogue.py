"""The catalogue of learning activities that an organisation offers, by objective and cause."""

from collections.abc import Mapping
from typing import assert_never
from uuid import UUID, uuid5

from msgspec import Struct, field

from opps.domain.catalogue import Objective
from opps.domain.coaching.causes import CURED_BY_LEARNING, GapCause
from opps.domain.coaching.commands import (
    AnyLearningCatalogueCommand,
    OfferLearningActivity,
    WithdrawLearningActivity,
)
from opps.domain.coaching.errors import LearningCannotCure, UnknownActivity
from opps.domain.events import (
    Event,
    LearningActivityOffered,
    LearningActivityWithdrawn,
    LearningCatalogueEvent,
)
from opps.domain.recorded import Context, Recorded
from opps.domain.roles import ActorRole, needs
from opps.domain.words import not_blank


class LearningCatalogue(Struct, frozen=True, kw_only=True):
    """The activities by their codes: all that were ever offered, and those that still are."""

    known: Mapping[str, LearningActivityOffered] = field(default_factory=dict)
    withdrawn: frozenset[str] = frozenset()
    version: int = -1
    position: int = 0

    def offered(self, activity: str) -> LearningActivityOffered:
        """Return an activity that can be assigned.

        Raises:
            UnknownActivity: it is not on offer.
        """
        if activity not in self.known or activity in self.withdrawn:
            raise UnknownActivity(activity=activity)
        return self.known[activity]

    def on_offer(
        self, objective: Objective | None = None, cause: GapCause | None = None
    ) -> list[LearningActivityOffered]:
        """Return what can be assigned, by code: about an objective and for a cause where named."""
        return [
            one
            for code, one in sorted(self.known.items())
            if code not in self.withdrawn
            and (objective is None or objective in one.objectives)
            and (cause is None or cause in one.causes)
        ]


NOTHING_OFFERED = LearningCatalogue()


def learning_catalogue_stream(tenant: UUID) -> UUID:
    """Return the stream of a tenant's learning activities."""
    return uuid5(tenant, "learning catalogue")


def decide(
    state: LearningCatalogue | None, command: AnyLearningCatalogueCommand, context: Context
) -> list[LearningCatalogueEvent]:
    """Return the events that a command leads to; none when nothing changes.

    Raises:
        RoleNeeded: only managers and administrators decide what is offered.
        LearningCannotCure: it is said to cure what learning does not.
        UnknownActivity: what is not on offer cannot be withdrawn.
        Blank: a text says nothing.
    """
    needs(context.actor, ActorRole.MANAGER, ActorRole.ADMIN)
    held = state or NOTHING_OFFERED
    match command:
        case OfferLearningActivity():
            offered = _offered(command)
            same = held.known.get(command.activity) == offered
            return [] if same and command.activity not in held.withdrawn else [offered]
        case WithdrawLearningActivity(activity=activity):
            held.offered(activity)
            return [LearningActivityWithdrawn(activity=activity)]
        case _:
            assert_never(command)


def _offered(command: OfferLearningActivity) -> LearningActivityOffered:
    not_blank("activity", command.activity)
    not_blank("title", command.title)
    not_blank("description", command.description)
    for cause in command.causes:
        if cause not in CURED_BY_LEARNING:
            raise LearningCannotCure(cause=cause)
    return LearningActivityOffered(
        activity=command.activity,
        title=command.title,
        description=command.description,
        objectives=tuple(dict.fromkeys(command.objectives)),
        causes=tuple(dict.fromkeys(command.causes)),
        hours=command.hours,
    )


def evolve(state: LearningCatalogue | None, recorded: Recorded[Event]) -> LearningCatalogue | None:
    """Return the catalogue after one more event of its stream."""
    event, held = recorded.event, state or NOTHING_OFFERED
    if isinstance(event, LearningActivityOffered):
        known, withdrawn = {**held.known, event.activity: event}, held.withdrawn - {event.activity}
    elif isinstance(event, LearningActivityWithdrawn):
        known, withdrawn = dict(held.known), held.withdrawn | {event.activity}
    else:
        return state
    return LearningCatalogue(
        known=known, withdrawn=withdrawn, version=recorded.version, position=recorded.position
    )
