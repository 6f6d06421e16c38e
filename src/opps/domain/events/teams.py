"""What happens to the teams of an organisation: all of them in one stream."""

from uuid import UUID

from opps.domain.describe import Title
from opps.domain.events.base import Event


class TeamFormed(Event, frozen=True, kw_only=True):
    """A team was formed, below another one if `parent` names it."""

    team_id: UUID
    name: Title
    parent: UUID | None = None


class TeamRenamed(Event, frozen=True, kw_only=True):
    """A team got another name."""

    team_id: UUID
    name: Title


class TeamMemberAssigned(Event, frozen=True, kw_only=True):
    """Somebody belongs to a team from here on, as one who leads it or not."""

    team_id: UUID
    member: UUID
    lead: bool = False


class TeamMemberUnassigned(Event, frozen=True, kw_only=True):
    """Somebody belongs to a team no more."""

    team_id: UUID
    member: UUID


class TeamDissolved(Event, frozen=True, kw_only=True):
    """A team is no more; who belonged to it stays where else they belong."""

    team_id: UUID
