"""A person: contact data under that person's own key, as commands, state, decisions and changes."""

from typing import Annotated, assert_never
from uuid import UUID

from msgspec import Meta, Struct
from msgspec.structs import replace

from opps.domain.describe import Text, Title, doc
from opps.domain.errors import AlreadyExists, PersonIsErased, UnknownPerson
from opps.domain.events import (
    Event,
    PersonAbsorbed,
    PersonCorrected,
    PersonErased,
    PersonEvent,
    PersonMerged,
    PersonMergeUndone,
    PersonMoved,
    PersonRegistered,
)
from opps.domain.merging import Two
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


class MovePerson(Struct, frozen=True, kw_only=True):
    """Say that a person works for another organisation now."""

    person_id: Annotated[UUID, doc("The person.")]
    account_id: Annotated[
        UUID | None,
        doc("The organisation; null where the person left for one that we do not know."),
    ] = None


class MergePerson(Struct, frozen=True, kw_only=True):
    """Say that a person is another one: that one goes on, and both histories stay."""

    person_id: Annotated[UUID, doc("The duplicate.")]
    into_person: Annotated[UUID, doc("The person who goes on for both.")]
    reason: Annotated[Text, doc("How you know; it is kept under the keys of both.")]


class UndoPersonMerge(Struct, frozen=True, kw_only=True):
    """Say that a person is another one no longer: each stands for themselves again."""

    person_id: Annotated[UUID, doc("The one who was merged.")]
    reason: Annotated[Text, doc("Why; it is kept under the keys of both.")]


AnyPersonCommand = RegisterPerson | CorrectPerson | MovePerson
AnyPersonMerge = MergePerson | UndoPersonMerge


class Person(Struct, frozen=True, kw_only=True):
    """A person whose data reads clear, sealed or redacted; once merged, another one goes on.

    `absorbed` are those that go on as this one, without those that had been merged into them.
    """

    person_id: UUID
    name: Personal
    version: int
    position: int
    email: Personal | None = None
    phone: Personal | None = None
    account_id: UUID | None = None
    erased: Erased | None = None
    merged_into: UUID | None = None
    absorbed: tuple[UUID, ...] = ()


def decide(state: Person | None, command: AnyPersonCommand) -> list[PersonEvent]:
    """Return the events that a command leads to; none when nothing changes.

    Raises:
        AlreadyExists: the person is registered already.
        UnknownPerson: the person is not registered yet.
        PersonIsErased: who the person is was erased.
        Blank: the name says nothing.
    """
    own = command.person_id
    if not isinstance(command, MovePerson) and command.name is not None:
        not_blank("name", command.name)
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
        case MovePerson():
            if state is None:
                raise UnknownPerson(person_id=own)
            moved = PersonMoved(account_id=command.account_id)
            return [] if command.account_id == state.account_id else [moved]
        case _:
            assert_never(command)


def decide_merge(
    of: Two[Person], command: AnyPersonMerge
) -> list[tuple[UUID, PersonMerged | PersonAbsorbed | PersonMergeUndone]]:
    """Return the events that a command on a merge leads to, each with its stream.

    Raises:
        PersonIsErased: one of them was erased.
        MergedWithItself, MergedAlready, MergedInACircle, GoesOnElsewhere: they cannot be merged.
        NotMerged: they are not merged.
        Blank: the reason says nothing.
    """
    not_blank("reason", command.reason)
    for person in (of.duplicate, of.survivor):
        if person.erased is not None:
            raise PersonIsErased(person_id=person.person_id)
    one, other = of.duplicate_id, of.survivor_id
    ones, others = Clear(one, command.reason), Clear(other, command.reason)
    match command:
        case MergePerson():
            if not of.to_be_merged():
                return []
            return [
                (one, PersonMerged(into_person=other, reason=ones)),
                (other, PersonAbsorbed(merged_person=one, reason=others)),
            ]
        case UndoPersonMerge():
            of.check_merged()
            return [
                (id_, PersonMergeUndone(merged_person=one, into_person=other, reason=reason))
                for id_, reason in ((one, ones), (other, others))
            ]
        case _:
            assert_never(command)


def evolve(state: Person | None, recorded: Recorded[Event]) -> Person | None:
    """Return the person after one more event of the stream."""
    event = recorded.event
    if isinstance(event, PersonRegistered):
        return Person(
            person_id=recorded.stream,
            name=event.name,
            email=event.email,
            phone=event.phone,
            account_id=event.account_id,
            version=recorded.version,
            position=recorded.position,
        )
    if state is None:
        return None
    if isinstance(event, PersonErased):
        after = _erased(state, Erased(event.level, recorded.recorded_at, event.basis.value))
    else:
        after = _after(state, event)
    if after is state:
        return state
    return replace(after, version=recorded.version, position=recorded.position)


def _after(state: Person, event: Event) -> Person:
    match event:
        case PersonCorrected():
            return replace(
                state,
                name=event.name or state.name,
                email=event.email or state.email,
                phone=event.phone or state.phone,
            )
        case PersonMoved():
            return replace(state, account_id=event.account_id)
        case PersonMerged():
            return replace(state, merged_into=event.into_person)
        case PersonAbsorbed():
            return replace(state, absorbed=(*state.absorbed, event.merged_person))
        case PersonMergeUndone(merged_person=merged):
            if merged == state.person_id:
                return replace(state, merged_into=None)
            return replace(state, absorbed=tuple(one for one in state.absorbed if one != merged))
        case _:
            return state


def _erased(state: Person, erased: Erased) -> Person:
    gone = Redacted(state.person_id, erased.at, erased.basis)
    return replace(
        state,
        name=gone,
        email=gone if state.email else None,
        phone=gone if state.phone else None,
        erased=erased,
    )


def _clear(subject: UUID, text: str | None) -> Personal | None:
    return None if text is None else Clear(subject, text)
