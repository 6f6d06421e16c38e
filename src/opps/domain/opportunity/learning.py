"""How facts come in: the checks they share, whether one or many, and the times they claim."""

from collections.abc import Sequence
from uuid import UUID, uuid5

from msgspec import Struct
from msgspec.structs import replace

from opps.domain.errors import (
    AlreadyExists,
    AnotherKey,
    CurrencyMix,
    FactDoesNotStand,
    LearnedInTheFuture,
    LearnedTimeUnknown,
    MalformedFact,
    MalformedTime,
    OverlongQuote,
    TooManyFacts,
    UnknownReference,
)
from opps.domain.events import FactLearned, Supersedes
from opps.domain.facts import Fact, references
from opps.domain.money import Money
from opps.domain.opportunity.commands import FactStated
from opps.domain.opportunity.state import Opportunity
from opps.domain.personal import Clear
from opps.domain.provenance import QUOTE_LIMIT, Provenance
from opps.domain.recorded import Context
from opps.domain.times import CLOCK_TOLERANCE, Learned, Precision

FACTS_LIMIT = 200


def learn(
    state: Opportunity, stated: Sequence[FactStated], learned: Learned | None, context: Context
) -> list[FactLearned]:
    """Return one event for each fact stated; later ones may build on earlier ones.

    Raises:
        TooManyFacts: more than 200 at once.
        AlreadyExists: the opportunity has a fact of that id.
        UnknownReference: it names something that no fact has introduced.
        FactDoesNotStand, AnotherKey: it replaces what it cannot replace.
        MalformedFact, CurrencyMix, OverlongQuote: its content is not acceptable here.
        LearnedInTheFuture, LearnedTimeUnknown: its learned time is not acceptable.
    """
    if len(stated) > FACTS_LIMIT:
        raise TooManyFacts(count=len(stated), limit=FACTS_LIMIT)
    things = set(state.things)
    learned_here: dict[UUID, str] = {}
    events = []
    for index, one in enumerate(stated):
        if (introduced := one.fact.introduces()) is not None:
            things.add(introduced)
        event = FactLearned(
            learned=resolved_learned(one.learned or learned, context),
            fact_id=one.fact_id or uuid5(context.command_id, f"fact:{index}"),
            fact=one.fact,
            provenance=stated_source(one.provenance, context),
            supersedes=one.supersedes,
            true_from=one.true_from,
            true_until=one.true_until,
            after_close=not state.open,
        )
        if event.fact_id in state.fact_keys or event.fact_id in learned_here:
            raise AlreadyExists(id=event.fact_id)
        _check_content(one)
        check_references(one.fact, things)
        check_references(event.provenance, things)
        check_currency(one.fact, state.currency)
        if one.supersedes is not None:
            _check_supersession(state, learned_here, one.fact, one.supersedes)
        learned_here[event.fact_id] = one.fact.key
        events.append(event)
    return events


def resolved_learned(learned: Learned | None, context: Context) -> Learned:
    """Return the learned time given, or now.

    Raises:
        MalformedTime: its ends, zone and precision do not fit together.
        LearnedInTheFuture: it starts more than two minutes from now.
        LearnedTimeUnknown: it is unknown, and this is no import.
    """
    learned = learned or context.learned
    if learned is None:
        return Learned(latest=context.now, defaulted=True)
    if (problem := learned.flaw()) is not None:
        raise MalformedTime(problem=problem)
    if learned.precision is Precision.UNKNOWN and not context.imported:
        raise LearnedTimeUnknown
    if learned.start is not None and learned.start > context.now + CLOCK_TOLERANCE:
        raise LearnedInTheFuture(learned=learned.start, now=context.now)
    return learned.in_utc()


def stated_source(provenance: Provenance, context: Context) -> Provenance:
    """Return the provenance with the one who learned it, once its quote is short enough.

    Raises:
        OverlongQuote: the quote is longer than 500 characters.
    """
    if provenance.evidence is not None:
        check_quotes(provenance.evidence)
    if provenance.learned_by is not None:
        return provenance
    return replace(provenance, learned_by=context.actor.principal)


def check_quotes(value: Struct) -> None:
    """Refuse personal text that is more than a few sentences.

    Raises:
        OverlongQuote: for the first one longer than 500 characters.
    """
    for name in value.__struct_fields__:
        held = getattr(value, name)
        if isinstance(held, Clear) and len(held.text) > QUOTE_LIMIT:
            raise OverlongQuote(length=len(held.text), limit=QUOTE_LIMIT)


def check_references(
    value: Struct, things: set[tuple[str, UUID]] | frozenset[tuple[str, UUID]]
) -> None:
    """Refuse ids that name nothing the opportunity has.

    Raises:
        UnknownReference: for the first such id.
    """
    for kind, named in references(value):
        if (kind, named) not in things:
            raise UnknownReference(kind=kind, id=named)


def check_currency(value: Struct, currency: str) -> None:
    """Refuse money in another currency than the opportunity's.

    Raises:
        CurrencyMix: for the first such amount.
    """
    for name in value.__struct_fields__:
        held = getattr(value, name)
        if isinstance(held, Money) and held.currency != currency:
            raise CurrencyMix(expected=currency, given=held.currency)


def _check_content(stated: FactStated) -> None:
    check_quotes(stated.fact)
    problem = stated.fact.flaw()
    if problem is None and stated.true_from and stated.true_until:
        problem = "it ends before it begins" if stated.true_until < stated.true_from else None
    if problem is not None:
        raise MalformedFact(problem=problem)


def _check_supersession(
    state: Opportunity, learned_here: dict[UUID, str], fact: Fact, supersedes: Supersedes
) -> None:
    key = learned_here.get(supersedes.fact_id) or state.fact_keys.get(supersedes.fact_id)
    if key is None or not (supersedes.fact_id in learned_here or state.stands(supersedes.fact_id)):
        raise FactDoesNotStand(fact_id=supersedes.fact_id)
    if key != fact.key:
        raise AnotherKey(expected=key, given=fact.key)
