"""What every kind of fact has: objective, key, facets, conflict rule and horizon."""

from functools import cache
from typing import Annotated, Any, ClassVar, Self, get_args, get_origin, get_type_hints
from uuid import UUID

from msgspec import Meta, Struct

from opps.domain.catalogue import Facet, Objective
from opps.domain.describe import REFERS_TO

# Decimal fractions are not exact as floats: a difference right at the limit is not above it.
ROUNDING = 1e-9


class Fact(Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True, tag_field="kind"):
    """One typed statement about an opportunity.

    `group` is the objective of a kind; a kind without one names it in each statement.
    """

    group: ClassVar[Objective | None] = None
    horizon_days: ClassVar[int | None] = None

    @classmethod
    def kind(cls) -> str:
        """Return the stored name of this kind of fact."""
        tag = cls.__struct_config__.tag
        assert isinstance(tag, str)
        return tag

    @property
    def objective(self) -> Objective:
        """The information objective it belongs to."""
        assert self.group is not None
        return self.group

    @property
    def key(self) -> str:
        """Name what this fact is about: facts with the same key compete."""
        return self.kind()

    def fills(self, us: UUID) -> frozenset[Facet]:
        """Return the facets it says something about; `us` is the alternative that is ours."""
        raise AssertionError("each kind says which facets it fills")

    def contradicts(self, other: Self) -> bool:
        """Tell whether both cannot hold, when two persons say them of one key."""
        return False

    def flaw(self) -> str | None:
        """Say what in it cannot be, if anything, whoever says it."""
        return None

    def introduces(self) -> tuple[str, UUID] | None:
        """Return the kind and id of the thing that this fact makes known, if any."""
        return None


def facets(**filled: object) -> frozenset[Facet]:
    """Return the facets whose value is there: neither None, nor False, nor empty."""
    return frozenset(Facet[name] for name, value in filled.items() if _told(value))


def _told(value: object) -> bool:
    """Tell whether a value is there; a baseline of 0 is one."""
    return value is not None and value is not False and value != ()


def apart(one: float, other: float, share: float) -> bool:
    """Tell whether two amounts differ by more than a share of the larger one."""
    return abs(one - other) > (share + ROUNDING) * max(abs(one), abs(other))


def references(value: Struct) -> list[tuple[str, UUID]]:
    """Return each thing that a fact or provenance refers to, as kind and id."""
    found: list[tuple[str, UUID]] = []
    for name, to in _references_of(type(value)):
        held = getattr(value, name)
        ids = held if isinstance(held, tuple) else (held,)
        found.extend((to, one) for one in ids if one is not None)
    return found


@cache
def _references_of(kind: type[Struct]) -> tuple[tuple[str, str], ...]:
    hints = get_type_hints(kind, include_extras=True)
    return tuple(
        (name, to) for name in kind.__struct_fields__ if (to := _refers_to(hints[name])) is not None
    )


def _refers_to(hint: Any) -> str | None:
    if get_origin(hint) is Annotated:
        for meta in hint.__metadata__:
            if isinstance(meta, Meta) and meta.extra and REFERS_TO in meta.extra:
                return str(meta.extra[REFERS_TO])
    return next((to for part in get_args(hint) if (to := _refers_to(part)) is not None), None)
