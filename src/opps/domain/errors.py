"""Refusals: why a command was not carried out, as data with a stable code."""

import re
from dataclasses import dataclass, fields
from datetime import datetime
from typing import ClassVar
from uuid import UUID


@dataclass
class Refusal(Exception):
    """A rule said no. The docstring is the message, filled with the fields."""

    code: ClassVar[str] = "REFUSED"

    def __init_subclass__(cls) -> None:
        """Give each refusal its code: the class name in capitals."""
        cls.code = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).upper()

    def __str__(self) -> str:
        data = {field.name: _told(getattr(self, field.name)) for field in fields(self)}
        return " ".join((type(self).__doc__ or "").format(**data).split())


def _told(held: object) -> object:
    return ", ".join(map(str, held)) if isinstance(held, list) else held


@dataclass
class UnknownOpportunity(Refusal):
    """There is no opportunity {opportunity_id}: check the id, or open it first."""

    opportunity_id: UUID


@dataclass
class UnknownAccount(Refusal):
    """There is no account {account_id}: check the id, or register it first."""

    account_id: UUID


@dataclass
class UnknownPerson(Refusal):
    """There is no person {person_id}: check the id, or register the person first."""

    person_id: UUID


@dataclass
class PersonIsErased(Refusal):
    """Person {person_id} was erased: nothing about that person can be recorded again."""

    person_id: UUID


@dataclass
class ReservedId(Refusal):
    """{id} is an id that opps keeps for itself: use a random one."""

    id: UUID


@dataclass
class WrittenByNewerVersion(Refusal):
    """A newer version of opps wrote {tag} here: update this one before you change anything."""

    tag: str


@dataclass
class AlreadyExists(Refusal):
    """{id} exists already: use another id, or leave it out and get a new one."""

    id: UUID


@dataclass
class NotOpen(Refusal):
    """The opportunity is {status}: reopen it before you do this."""

    status: str


@dataclass
class OpportunityIsWithdrawn(Refusal):
    """Opportunity {opportunity_id} went with the import that had opened it: import it anew."""

    opportunity_id: UUID


@dataclass
class StillOpen(Refusal):
    """The opportunity is still open: close it before you do this."""


@dataclass
class Blank(Refusal):
    """{field} is blank: write what it says."""

    field: str


@dataclass
class LearnedInTheFuture(Refusal):
    """Learned from {learned} on, which is later than now, {now}: give the time you came to know."""

    learned: datetime
    now: datetime


@dataclass
class BeforeTheClock(Refusal):
    """{as_of} lies before the last tick of the clock, {clock}: simulate that or a later instant."""

    as_of: datetime
    clock: datetime


@dataclass
class LearnedTimeUnknown(Refusal):
    """Only an import may leave the learned time unknown: say at least the year."""


@dataclass
class MalformedTime(Refusal):
    """The learned time does not hold together: {problem}."""

    problem: str


@dataclass
class UnstorableText(Refusal):
    """A text has a character that cannot be stored, NUL or half of a pair: leave it out."""


@dataclass
class MalformedContext(Refusal):
    """The context does not hold together: {problem}."""

    problem: str


@dataclass
class MalformedFact(Refusal):
    """The fact does not hold together: {problem}. Put it right and state it again."""

    problem: str


@dataclass
class UnknownReference(Refusal):
    """The opportunity has no {kind} {id}: record that fact first, or both with RecordFacts."""

    kind: str
    id: UUID


@dataclass
class UnknownFact(Refusal):
    """The opportunity has no fact {fact_id}: check the id."""

    fact_id: UUID


@dataclass
class FactDoesNotStand(Refusal):
    """Fact {fact_id} does not stand: it was retracted or replaced. Name the fact that stands."""

    fact_id: UUID


@dataclass
class AnotherKey(Refusal):
    """A fact about {given} cannot replace one about {expected}: learn it as a fact of its own."""

    expected: str
    given: str


@dataclass
class TooManyFacts(Refusal):
    """{count} facts in one command are more than {limit}: split them."""

    count: int
    limit: int


@dataclass
class QuoteNeedsSubject(Refusal):
    """A quote, or other words about a person, need their subject: say whose they are."""


@dataclass
class OverlongQuote(Refusal):
    """A quote of {length} characters is longer than {limit}: keep the sentence that matters."""

    length: int
    limit: int


@dataclass
class CurrencyMix(Refusal):
    """{given} in an opportunity kept in {expected}: convert the amount first."""

    expected: str
    given: str


@dataclass
class NotContradicted(Refusal):
    """Nothing contradicts under {key}: there is nothing to resolve."""

    key: str


@dataclass
class UnknownQuestion(Refusal):
    """No open question has the id {question_id}: it is closed already, or another one is meant."""

    question_id: UUID


@dataclass
class OwnerCannotWaive(Refusal):
    """The owner cannot mark {facet} as not applicable: ask a colleague to judge it."""

    facet: str


@dataclass
class NotOnTheTeam(Refusal):
    """{member} is not on the team of this opportunity."""

    member: UUID


@dataclass
class MergedIntoItself(Refusal):
    """An opportunity cannot be merged into itself: name the one that goes on."""


@dataclass
class NotARival(Refusal):
    """{alternative_id} is us or doing nothing: name the rival, or close without a decision."""

    alternative_id: UUID


@dataclass
class IncompleteOutcome(Refusal):
    """An outcome of {outcome} needs {missing}: give it too."""

    outcome: str
    missing: str


@dataclass
class RoleNeeded(Refusal):
    """Whoever acts as {role} may not do this: it takes the role {needed}."""

    role: str
    needed: str
