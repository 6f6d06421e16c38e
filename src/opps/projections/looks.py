"""What the rules said of each opportunity last: they look again where something changed."""

from datetime import datetime
from operator import attrgetter, is_
from typing import Any
from uuid import UUID

from msgspec import Struct

from opps.domain.danger_zones.zones import NOTHING_SEEN, Look, Zone, look
from opps.domain.model import SignalSource
from opps.domain.opportunity.state import Opportunity

_REMEMBERED = 10_000
# No rule looks at these, or only at parts; whatever is new in the state counts till named here.
_NOT_LOOKED_AT = frozenset(
    {
        "version",
        "position",
        "recorded_at",
        "title",
        "stage",
        "stage_default",
        "seller_estimate",
        "seller_estimated_at",
        "seller_rationale",
        "team",
        "judged",
        "conduct",
        "setting",
    }
)
_FIELDS = tuple(one for one in Opportunity.__struct_fields__ if one not in _NOT_LOOKED_AT)
_looked_at = attrgetter(
    *_FIELDS,
    "setting.model",
    "setting.rules",
    "conduct.sent",
    "conduct.withdrawn",
    "conduct.responded_at",
)


class Looked(Struct, frozen=True, gc=False):
    """What the rules said of an opportunity, and until when that holds if nothing happens."""

    look: Look = NOTHING_SEEN
    next_change_at: datetime | None = None
    clock: datetime | None = None
    looked_at: tuple[Any, ...] = ()

    @property
    def zones(self) -> tuple[Zone, ...]:
        """The danger zones that it is in."""
        return self.look.zones


_NEVER = (None, None)


class Looks:
    """Remembers what the rules last said of each opportunity."""

    def __init__(self) -> None:
        self._last: dict[UUID, tuple[Opportunity, Looked]] = {}

    def of(self, state: Opportunity | None) -> Looked:
        """Return what the rules say of an opportunity; nothing of one that is not there yet."""
        if state is None:
            return Looked()
        at, last = self._last.get(state.opportunity_id, _NEVER)
        if last is not None and at is state:
            return last
        parts = (*_looked_at(state), _heard(state))
        if last is None or not _holds(last, parts, state):
            seen = look(state)
            last = Looked(seen, seen.next_change_at, state.clock, parts)
        self._remember(state, last)
        return last

    def _remember(self, state: Opportunity, last: Looked) -> None:
        self._last.pop(state.opportunity_id, None)
        self._last[state.opportunity_id] = state, last
        if len(self._last) > _REMEMBERED:
            del self._last[next(iter(self._last))]


def _heard(state: Opportunity) -> object:
    """Return what our side did, where the model in force listens to it."""
    heard = state.setting.model.heard_in[SignalSource.ACTIVITY]
    return state.conduct.activities if heard else None


def _holds(last: Looked, parts: tuple[Any, ...], state: Opportunity) -> bool:
    """Tell whether nothing has changed since, not even by the passing of time."""
    if not all(map(is_, last.looked_at, parts)):
        return False
    if last.clock == state.clock:
        return True
    if last.clock is None or state.clock is None or state.clock < last.clock:
        return False
    return last.next_change_at is None or state.clock < last.next_change_at
