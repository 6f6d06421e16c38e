"""What the generated classes are made of."""

from enum import StrEnum
from typing import Any, Self

from msgspec import UNSET, Struct


class Answer(Struct, frozen=True, rename="camel"):
    """A part of an answer; fields that a newer server adds are passed over."""


class Input(Struct, frozen=True, rename="camel"):
    """A part of what is sent; what is UNSET is left out."""


class OneOf(Input, frozen=True):
    """Exactly one of its fields is given."""

    def __post_init__(self) -> None:
        given = [name for name in self.__struct_fields__ if getattr(self, name) is not UNSET]
        if len(given) != 1:
            raise ValueError(f"{type(self).__name__} takes exactly one of its fields, not {given}")


class Open(StrEnum):
    """An enumeration that takes values which are newer than this client as they come."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        newer: Any = str.__new__(cls, value)
        newer._name_ = newer._value_ = value
        member: Self = newer
        return member
