"""Which reads are marked for audit: by the role of whoever asks, or by what they ask."""

from collections.abc import Collection, Iterable
from typing import Self

from msgspec import Struct

from opps.domain.roles import ActorRole

EVERY = "*"
# Whoever sees again what somebody saw is seen doing so, whatever the marks say.
ALWAYS = frozenset({"screenReplay"})


class AuditedReads(Struct, frozen=True):
    """The marks: `fields` are those that an operation begins with, such as `opportunity`."""

    every: bool = False
    roles: frozenset[str] = frozenset()
    operations: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()

    @classmethod
    def read(cls, text: str) -> Self:
        """Return the marks of a text such as `role:MANAGER,operation:Dossier`; `*` marks all.

        Raises:
            ValueError: a mark is none, or names no role; the message says what it may be.
        """
        marks = [one.strip() for one in text.split(",")]
        return cls(
            every=EVERY in marks,
            roles=_named("role", marks),
            operations=_named("operation", marks),
            fields=_named("field", marks),
        )

    def may_cover(self, document: str) -> bool:
        """Tell whether it is worth reading a document to see if it is marked."""
        return self != NONE or any(name in document for name in ALWAYS)

    def cover(self, role: str, operation: str | None, fields: Collection[str]) -> bool:
        """Tell whether a read is marked: who asks in which role, by which name, for which."""
        return (
            self.every
            or role in self.roles
            or operation in self.operations
            or not (self.fields | ALWAYS).isdisjoint(fields)
        )


NONE = AuditedReads()


def _named(kind: str, marks: Iterable[str]) -> frozenset[str]:
    return frozenset(name for found, name in map(_mark, marks) if found == kind)


def _mark(text: str) -> tuple[str, str]:
    if text == EVERY:
        return EVERY, ""
    kind, _, name = text.partition(":")
    if kind not in ("role", "operation", "field") or not name.isidentifier():
        raise ValueError(
            f"has {text!r}. A mark is role:MANAGER, operation:Dossier, field:opportunity or *."
        )
    if kind == "role" and name not in tuple(ActorRole):
        raise ValueError(f"has the role {name!r}. The roles are {', '.join(ActorRole)}.")
    return kind, name
