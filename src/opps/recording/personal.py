"""Personal data on its way to the log and back: every clear value is sealed before it is stored."""

from collections.abc import Callable
from functools import cache
from operator import is_
from typing import Any, TypeVar, get_args, get_type_hints
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from opps.domain.events import Event
from opps.domain.personal import Clear, Personal, Redacted, Sealed
from opps.recording.keyring import Keyring, seal, unseal

S = TypeVar("S", bound=Struct)
E = TypeVar("E", bound=Event)
PERSONAL = frozenset(get_args(Personal))


class UnwritableText(ValueError):
    """A text with a character that cannot be read again everywhere: NUL, or half of a pair."""


def sealed(event: E, event_id: UUID, keyring: Keyring) -> E:
    """Return the event with every personal value sealed under its subject's key.

    Raises:
        SubjectErased: the key of a subject was destroyed.
        UnwritableText: a value could not be shown, however well it were sealed.
    """

    def close(personal: Personal, slot: str) -> Personal:
        if not isinstance(personal, Clear):
            return personal
        if "\0" in personal.text or any("\ud800" <= one <= "\udfff" for one in personal.text):
            raise UnwritableText
        place = _place(event_id, slot)
        return Sealed(slot, seal(keyring, personal.subject, place, personal.text))

    return _each_personal(event, close) if has_personal(type(event)) else event


def unsealed(event: E, event_id: UUID, keyring: Keyring) -> E:
    """Return the event with every personal value readable, or redacted where its key is gone."""

    def open_(personal: Personal, _: str) -> Personal:
        if not isinstance(personal, Sealed):
            return personal
        subject, text = unseal(keyring, _place(event_id, personal.slot), personal.sealed)
        return Redacted(subject) if text is None else Clear(subject, text)

    return _each_personal(event, open_) if has_personal(type(event)) else event


def told_of(event: Event) -> frozenset[UUID]:
    """Return the persons of whom an event holds text that has not been sealed yet."""
    found: set[UUID] = set()

    def note(personal: Personal, _: str) -> Personal:
        if isinstance(personal, Clear):
            found.add(personal.subject)
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


def _each_personal(value: S, change: Callable[[Personal, str], Personal], path: str = "") -> S:
    changed: dict[str, Any] = {}
    for name in value.__struct_fields__:
        held = getattr(value, name)
        new = _changed(held, change, path + name)
        if new is not held:
            changed[name] = new
    return replace(value, **changed) if changed else value


def _changed(held: Any, change: Callable[[Personal, str], Personal], path: str) -> Any:
    if isinstance(held, Clear | Sealed | Redacted):
        return change(held, path)
    if isinstance(held, Struct):
        return _each_personal(held, change, f"{path}.") if has_personal(type(held)) else held
    if isinstance(held, tuple):
        new = tuple(_changed(one, change, f"{path}.{index}") for index, one in enumerate(held))
        return held if all(map(is_, new, held)) else new
    return held
