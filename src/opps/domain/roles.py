"""In which role somebody acts, and the refusal of whoever acts in another one."""

from opps.domain.errors import RoleNeeded
from opps.domain.events.vocabulary import ActorRole
from opps.domain.recorded import Actor

__all__ = ["ActorRole", "needs"]


def needs(actor: Actor, *roles: ActorRole) -> None:
    """Refuse whoever acts in none of these roles.

    Raises:
        RoleNeeded: the actor's role is another one.
    """
    if actor.role not in roles:
        raise RoleNeeded(role=actor.role, needed=" or ".join(roles))
