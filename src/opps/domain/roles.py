"""In which role somebody acts, and the refusal of whoever acts in another one."""

from enum import StrEnum

from opps.domain.errors import RoleNeeded
from opps.domain.recorded import Actor


class ActorRole(StrEnum):
    """What somebody may do in an organisation goes by the role they act in."""

    SELLER = "SELLER"
    """Works on opportunities."""
    MANAGER = "MANAGER"
    """Answers for sellers, and approves scoring models."""
    AUDITOR = "AUDITOR"
    """Looks at who saw and recorded what, and changes nothing."""
    INTEGRATOR = "INTEGRATOR"
    """A program that brings facts in or takes them out."""
    ADMIN = "ADMIN"
    """Runs the installation."""
    DPO = "DPO"
    """Answers for personal data: the data protection officer."""


def needs(actor: Actor, *roles: ActorRole) -> None:
    """Refuse whoever acts in none of these roles.

    Raises:
        RoleNeeded: the actor's role is another one.
    """
    if actor.role not in roles:
        raise RoleNeeded(role=actor.role, needed=" or ".join(roles))
