"""A person: contact data under that person's own key, as commands, state, decisions and changes."""

from typing import Annotated, assert_never
from uuid import UUID

from msgspec import Meta, Struct
from msgspec.structs import replace

from opps.domain.describe import Title, doc
from opps.domain.errors import AlreadyExists, PersonIsErased, UnknownPerson
from opps.domain.events import (
    Event,
    PersonCorrected,
    PersonErased,
    PersonEvent,
    PersonRegistered,
)
from opps.domain.personal import Clear, Erased, Personal, Redacted
from opps.domain.recorded import Recorded
from opps.domain.words import not_blank

Email = Annotated[str, Meta(min_length=3, max_length=320, pattern="^[^@\\s]+@[^@\\s]+$")]
Phone = Annotated[str, Meta(min_length=3, max_length=50)]


class RegisterPerson(Struct, frozen=True, kw_only=True):
    """Make a person known; name and contact data are stored under that person's key."""

    person_id: Annotated[UUID, doc("The person: a random id, never derived from a name.")]
    name: Annotated[Title, doc("Full name.")]
    email: Annotated[Email | None, doc("E-mail address.")] = None
    phone: Annotated[Phone | None, doc("Telephone number.")] = None
    account_id: Annotated[UUID | None, doc("The organisation the person works for.")] = None


class CorrectPerson(Struct, frozen=True, kw_only=True):
    """Put data of a person right; what is absent stays as it is."""

    person_id: Annotated[UUID, doc("The person.")]
    name: Annotated[Title | None, doc("Full name.")] = None
    email: Annotated[Email | None, doc("E-mail address.")] = None
    phone: Annotated[Phone | None, doc("Telephone number.")] = None


AnyPersonCommand = RegisterPerson | CorrectPerson


class Person(Struct, frozen=True, kw_only=True):
    """A person whose data reads clear, sealed or redacted."""

    person_id: UUID
    name: Personal
    version: int
    position: int
    email: Personal | None = None
    phone: Personal | None = None
    account_id: UUID | None = None
    erased: Erased | None = None


def decide(state: Person | None, command: AnyPersonCommand) -> list[PersonEvent]:
    """Return the events that a command leads to; none when nothing changes.

    Raises:
        AlreadyExists: the person is registered already.
        UnknownPerson: the person is not registered yet.
        PersonIsErased: who the person is was erased.
        Blank: the name says nothing.
    """
    if command.name is not None:
        not_blank("name", command.name)
    own = command.person_id
    if state is not None and state.erased is not None:
        raise PersonIsErased(person_id=own)
    match command:
        case RegisterPerson():
            if state is not None:
                raise AlreadyExists(id=own)
            return [
                PersonRegistered(
                    name=Clear(own, command.name),
                    email=_clear(own, command.email),
                    phone=_clear(own, command.phone),
                    account_id=command.account_id,
                )
            ]
        case CorrectPerson():
            if state is None:
                raise UnknownPerson(person_id=own)
            corrected = PersonCorrected(
                name=_clear(own, command.name),
                email=_clear(own, command.email),
                phone=_clear(own, command.phone),
            )
            return [] if corrected == PersonCorrected() else [corrected]
        case _:
            assert_never(command)


def evolve(state: Person | None, recorded: Recorded[Event]) -> Person | None:
    """Return the person after one more event of the stream."""
    match recorded.event:
        case PersonRegistered() as event:
            return Person(
                person_id=recorded.stream,
                name=event.name,
                email=event.email,
                phone=event.phone,
                account_id=event.account_id,
                version=recorded.version,
                position=recorded.position,
            )
        case PersonCorrected() as event if state is not None:
            return replace(
                state,
                name=event.name or state.name,
                email=event.email or state.email,
                phone=event.phone or state.phone,
                version=recorded.version,
                position=recorded.position,
            )
        case PersonErased() as event if state is not None:
            erased = Erased(event.level, recorded.recorded_at, event.basis.value)
            gone = Redacted(state.person_id, erased.at, erased.basis)
            return replace(
                state,
                name=gone,
                email=gone if state.email else None,
                phone=gone if state.phone else None,
                erased=erased,
                version=recorded.version,
                position=recorded.position,
            )
        case _:
            return state


def _clear(subject: UUID, text: str | None) -> Personal | None:
    return None if text is None else Clear(subject, text)
