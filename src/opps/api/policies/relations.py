"""How whoever asks stands to a person of our own, looked at where something about them is shown."""

from collections.abc import Callable
from uuid import UUID

from opps.api.context import Info
from opps.api.policies.audiences import Relation
from opps.api.policies.table import policies
from opps.domain.coaching.errors import OutsideYourTeam
from opps.domain.privacy.state import whoever
from opps.domain.recorded import Actor
from opps.domain.teams import Teams


class NotForWhoReplays(Exception):
    """What somebody saw then is not for whoever has it shown again."""


def relation_of(actor: Actor, person: UUID, teams: Teams) -> Relation:
    """Return how somebody stands to a person."""
    me = whoever(actor)
    if me == person:
        return Relation.SELF
    return Relation.LEADS if teams.leads(me, person) else Relation.OTHER


async def shown_of(info: Info) -> Callable[[UUID], bool]:
    """Return what tells of whom the field that is resolved is shown to whoever asks."""
    asked = info._raw_info
    audience = policies(asked.schema)[f"{asked.parent_type.name}.{asked.field_name}"]
    actor, tenant = info.context.viewer.actor, info.context.viewer.tenant
    teams = await info.context.services.application.teams(tenant)
    return lambda person: audience.admits_as(actor.role, relation_of(actor, person, teams))


async def only_if_shown_of(info: Info, person: UUID) -> None:
    """Refuse whoever may not see the field that is resolved of this person.

    Raises:
        OutsideYourTeam: the policy of the field takes another relation.
    """
    if not (await shown_of(info))(person):
        raise OutsideYourTeam(seller=person)
