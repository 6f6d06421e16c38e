"""Personal data on its way to the log and back: every clear value is sealed before it is stored."""

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar, get_args, get_type_hints
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from opps.domain.events import Event
from opps.domain.personal import Clear, Personal, Redacted, Sealed
from opps.recording.keyring import Keyring, SubjectKeyMissing, seal, unseal

S = TypeVar("S", bound=Struct)
E = TypeVar("E", bound=Event)
PERSONAL = frozenset(get_args(Personal))


def sealed(event: E, event_id: UUID, keyring: Keyring) -> E:
    """Return the event with every personal value sealed under its subject's key."""

    def close(personal: Personal, path: str) -> Personal:
        if not isinstance(personal, Clear):
            return personal
        place = associated(event_id, path, personal.subject)
        return Sealed(personal.subject, seal(keyring, personal.subject, place, personal.text))

    return _each_personal(event, close) if has_personal(type(event)) else event


def unsealed(event: E, event_id: UUID, keyring: Keyring) -> E:
    """Return the event with every personal value readable, or redacted where its key is gone."""

    def open_(personal: Personal, path: str) -> Personal:
        if not isinstance(personal, Sealed):
            return personal
        place = associated(event_id, path, personal.subject)
        try:
            text = unseal(keyring, personal.subject, place, personal.sealed)
        except SubjectKeyMissing:
            return Redacted(personal.subject)
        return Clear(personal.subject, text)

    return _each_personal(event, open_) if has_personal(type(event)) else event


def associated(event_id: UUID, path: str, subject: UUID) -> bytes:
    """Return what binds a sealed value to its place: event id, path and subject."""
    return f"{event_id}|{path}|{subject}".encode()


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
        if isinstance(held, Clear | Sealed | Redacted):
            changed[name] = change(held, path + name)
        elif isinstance(held, Struct) and has_personal(type(held)):
            changed[name] = _each_personal(held, change, f"{path}{name}.")
    return replace(value, **changed) if changed else value
