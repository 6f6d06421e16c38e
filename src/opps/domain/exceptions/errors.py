"""Why a command on an exception was refused."""

from dataclasses import dataclass
from uuid import UUID

from opps.domain.errors import Refusal


@dataclass
class UnknownException(Refusal):
    """There is no exception {exception_id}: check the id, or raise it first."""

    exception_id: UUID


@dataclass
class ExceptionIsClosed(Refusal):
    """Exception {exception_id} is {status} already: raise another one if it came back."""

    exception_id: UUID
    status: str


@dataclass
class NotAcknowledged(Refusal):
    """Nobody has taken exception {exception_id} on: acknowledge it with a plan first."""

    exception_id: UUID


@dataclass
class NothingGiven(Refusal):
    """Give exception {exception_id} people, hours or money: name at least one of them."""

    exception_id: UUID


@dataclass
class OtherMoney(Refusal):
    """Exception {exception_id} was given {given}: give it {given} again, not {currency}."""

    exception_id: UUID
    given: str
    currency: str


@dataclass
class TooMuchMoney(Refusal):
    """Exception {exception_id} would have more {currency} than can be kept: give it less."""

    exception_id: UUID
    currency: str
