"""An opportunity in few words, for the tests of danger zones: what is known, and what day it is."""

from datetime import UTC, date, datetime, time
from typing import Any

from opps.domain.danger_zones.zones import Zone, look
from opps.domain.events import (
    AmountEstimated,
    CommitBasis,
    CommitDateSet,
    Event,
    FactLearned,
    ProposalSent,
)
from opps.domain.facts import AnyFact, Fact
from opps.domain.opportunity.evolve import under
from opps.domain.opportunity.state import Opportunity
from opps.domain.provenance import Channel, Provenance, SourceKind
from opps.domain.setting import Setting
from tests.domain.given import MONDAY, SELLER, at, given, learned, opened
from tests.domain.given import euros as euros

CALLED = SourceKind.BUYER_SAID
WROTE = SourceKind.BUYER_IN_WRITING


def on(day: date) -> datetime:
    """Return the beginning of a day."""
    return datetime.combine(day, time(), UTC)


def told(
    fact: Fact,
    *,
    by: Any = None,
    when: datetime = MONDAY,
    source: SourceKind = CALLED,
    to: Any = SELLER,
    name: str | None = None,
) -> FactLearned:
    """Return that somebody of the buyer told us something, as somebody who was asked would."""
    provenance = Provenance(source=source, channel=Channel.CALL, told_by=by, learned_by=to)
    known: AnyFact = fact  # type: ignore[assignment]  # every fact is one of the union
    return learned(known, name or f"{fact.key} {when}", on=when, source=provenance)


def promised_for(day: date, when: datetime = MONDAY) -> CommitDateSet:
    """Return that we promised a day for the decision."""
    return CommitDateSet(learned=at(when), commit_date=day, basis=CommitBasis.BUYER_STATED)


def proposed(when: datetime = MONDAY) -> ProposalSent:
    """Return that a proposal went out."""
    return ProposalSent(learned=at(when), proposal="P-1")


def worth(amount: int) -> AmountEstimated:
    """Return our price."""
    return AmountEstimated(learned=at(MONDAY), amount=euros(amount))


def deal(*events: Event, today: date | None = None, **setting: Any) -> Opportunity:
    """Return the opportunity after these events, as the clock shows it on a day."""
    clock = None if today is None else on(today)
    return under(given(opened, *events).state, Setting(clock=clock, **setting))


def zone(number: str, state: Opportunity) -> Zone | None:
    """Return a danger zone if the opportunity is in it."""
    return next((one for one in look(state).zones if one.zone == number), None)


def fires(number: str, *events: Event, today: date | None = None) -> bool:
    """Tell whether an opportunity is in a danger zone, opened on Monday and looked at on a day."""
    return zone(number, deal(*events, today=today)) is not None
