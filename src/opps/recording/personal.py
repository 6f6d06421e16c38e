"""Personal data on its way to the log and back: every clear value is sealed before it is stored."""

from collections.abc import Callable
from functools import cache
from operator import is_
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar, get_args, get_type_hints
from uuid import UUID

from msgspec import Meta, Struct
from msgspec.structs import replace

from opps.domain.events import Event
from opps.domain.personal import (
    IDENTITY,
    Clear,
    Erased,
    Erasures,
    Personal,
    Redacted,
    Sealed,
)
from opps.recording.keyring import Keyring, identity_of
from opps.recording.seals import seal, unseal

S = TypeVar("S", bound=Struct)
E = TypeVar("E", bound=Event)
PERSONAL = frozenset(get_args(Personal))
NOBODY_ERASED: Erasures = MappingProxyType({})

Change = Callable[[Personal, str, bool], Personal]
"""What becomes of a value, its slot, and whether it tells who somebody is."""

LookUp = Callable[[UUID], Erased | None]
"""Finds out when and why somebody was erased."""


class UnwritableText(ValueError):
    """A text with a character that cannot be read again everywhere: NUL, or half of a pair."""


def sealed(event: E, event_id: UUID, keyring: Keyring) -> E:
    """Return the event with every personal value sealed under a key of its subject.

    Raises:
        SubjectErased: the key of a subject was destroyed.
        UnwritableText: a value could not be shown, however well it were sealed.
    """

    def close(personal: Personal, slot: str, identity: bool) -> Personal:
        if not isinstance(personal, Clear):
            return personal
        if "\0" in personal.text or any("\ud800" <= one <= "\udfff" for one in personal.text):
            raise UnwritableText
        place = _place(event_id, slot)
        return Sealed(
            slot, seal(keyring, personal.subject, place, personal.text, identity=identity)
        )

    return _each_personal(event, close) if has_personal(type(event)) else event


def unsealed(
    event: E,
    event_id: UUID,
    keyring: Keyring,
    erasures: Erasures = NOBODY_ERASED,
    look_up: LookUp = lambda _: None,
) -> E:
    """Return the event with every personal value readable, or redacted where it was erased.

    What `erasures` tell is redacted with its date, whether or not the key is gone already. Where a
    key is gone and they tell nothing of it, `look_up` is asked.
    """

    def open_(personal: Personal, _: str, identity: bool) -> Personal:
        if isinstance(personal, Redacted) and personal.erased_at is None:
            return _redacted(personal.subject, identity, None, look_up)
        if not isinstance(personal, Sealed):
            return personal
        opened = unseal(keyring, _place(event_id, personal.slot), personal.sealed)
        erased = erasures.get(opened.subject)
        told = erased is not None and erased.covers(identity=identity)
        if opened.text is None or told:
            return _redacted(opened.subject, identity, erased, look_up)
        return Clear(opened.subject, opened.text)

    return _each_personal(event, open_) if has_personal(type(event)) else event


def _redacted(subject: UUID, identity: bool, erased: Erased | None, look_up: LookUp) -> Redacted:
    for one in (erased, look_up(subject) if erased is None else None):
        if one is not None and one.covers(identity=identity):
            return Redacted(subject, one.at, one.basis)
    return Redacted(subject)


class Mention(NamedTuple):
    """A personal value of an event: whose, in which field, and whether it can still be read.

    `apart` is whether it lies under the key that says who somebody is.
    """

    field: str
    subject: UUID
    identity: bool
    apart: bool
    readable: bool


def mentions(event: Event, event_id: UUID, keyring: Keyring) -> list[Mention]:
    """Return the personal values of a stored event, in the order of its fields."""
    found: list[Mention] = []

    def note(personal: Personal, slot: str, identity: bool) -> Personal:
        if isinstance(personal, Sealed):
            opened = unseal(keyring, _place(event_id, personal.slot), personal.sealed)
            readable = opened.text is not None
            found.append(Mention(slot, opened.subject, identity, opened.identity, readable))
        elif isinstance(personal, Redacted):
            found.append(Mention(slot, personal.subject, identity, identity, False))
        return personal

    if has_personal(type(event)):
        _each_personal(event, note)
    return found


class Value(NamedTuple):
    """A personal value: its field, whether it tells who somebody is, and what can be read of it."""

    field: str
    identity: bool
    personal: Personal


def only_of(person: UUID, readable: E) -> tuple[E, list[Value]]:
    """Return an unsealed event with nothing left of others, and the values of one person in it."""
    own: list[Value] = []

    def withhold(personal: Personal, slot: str, identity: bool) -> Personal:
        if isinstance(personal, Sealed) or personal.subject != person:
            return Sealed(slot, b"")
        own.append(Value(slot, identity, personal))
        return personal

    event = _each_personal(readable, withhold) if has_personal(type(readable)) else readable
    return event, own


def told_of(held: Struct) -> dict[UUID, UUID]:
    """Return the ids of the keys that text will be sealed under, with their persons."""
    found: dict[UUID, UUID] = {}

    def note(personal: Personal, _: str, identity: bool) -> Personal:
        if isinstance(personal, Clear):
            subject = personal.subject
            found[identity_of(subject) if identity else subject] = subject
        return personal

    if has_personal(type(held)):
        _each_personal(held, note)
    return found


def only_fully_erasable(event: Event, event_id: UUID, keyring: Keyring) -> frozenset[UUID]:
    """Return whose identity an event holds under their content key, as all did before format 2.

    Such a person cannot be erased by the identity key alone.
    """
    found: set[UUID] = set()

    def note(personal: Personal, _: str, identity: bool) -> Personal:
        if identity and isinstance(personal, Sealed):
            opened = unseal(keyring, _place(event_id, personal.slot), personal.sealed)
            if not opened.identity:
                found.add(opened.subject)
        return personal

    if has_personal(type(event)):
        _each_personal(event, note)
    return frozenset(found)


def _place(event_id: UUID, slot: str) -> bytes:
    """Return what binds a sealed value to its place: the event and the slot it was stored in."""
    return f"{event_id}|{slot}|".encode()


@cache
def has_personal(kind: type[Struct]) -> bool:
    """Tell whether a value of this kind can hold personal data."""
    return any(_leads_to_personal(hint) for hint in get_type_hints(kind).values())


def _leads_to_personal(hint: Any) -> bool:
    if hint in PERSONAL:
        return True
    if isinstance(hint, type) and issubclass(hint, Struct):
        return has_personal(hint)
    return any(_leads_to_personal(part) for part in get_args(hint))


@cache
def _identities(kind: type[Struct]) -> frozenset[str]:
    """Return the fields of a kind that tell who somebody is."""
    hints = get_type_hints(kind, include_extras=True)
    return frozenset(name for name in kind.__struct_fields__ if _marked(hints[name]))


def _marked(hint: Any) -> bool:
    marks = getattr(hint, "__metadata__", ())
    if any(isinstance(one, Meta) and (one.extra or {}).get(IDENTITY) for one in marks):
        return True
    return any(_marked(part) for part in get_args(hint))


def _each_personal(value: S, change: Change, path: str = "") -> S:
    changed: dict[str, Any] = {}
    identities = _identities(type(value))
    for name in value.__struct_fields__:
        held = getattr(value, name)
        new = _changed(held, change, path + name, name in identities)
        if new is not held:
            changed[name] = new
    return replace(value, **changed) if changed else value


def _changed(held: Any, change: Change, path: str, identity: bool) -> Any:
    if isinstance(held, Clear | Sealed | Redacted):
        return change(held, path, identity)
    if isinstance(held, Struct):
        return _each_personal(held, change, f"{path}.") if has_personal(type(held)) else held
    if isinstance(held, tuple):
        new = tuple(
            _changed(one, change, f"{path}.{index}", identity) for index, one in enumerate(held)
        )
        return held if all(map(is_, new, held)) else new
    return held
