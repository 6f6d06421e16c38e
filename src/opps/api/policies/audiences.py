"""Who a field is for: roles, and how they stand to the person of our own whom it is about."""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from opps.domain.roles import ActorRole


class Relation(StrEnum):
    """How somebody stands to a person of our own."""

    SELF = "SELF"
    LEADS = "LEADS"
    OTHER = "OTHER"


class Audience(Struct, frozen=True):
    """The roles that a field is for, each with the relations that it takes."""

    name: str
    who: Mapping[ActorRole, frozenset[Relation]]

    def admits(self, role: str) -> bool:
        """Tell whether a role is among them at all."""
        return role in self.who

    def admits_as(self, role: str, relation: Relation) -> bool:
        """Tell whether somebody in this role is among them who stands so to the person."""
        return relation in self.who.get(ActorRole(role), ())

    @property
    def goes_by_person(self) -> bool:
        """Tell whether a role alone does not say it."""
        return any(relations != ANY for relations in self.who.values())

    @property
    def is_of_deals(self) -> bool:
        """Tell whether it is for whoever sells, whomever it is about."""
        return self.who.get(ActorRole.SELLER) == ANY


ANY = frozenset(Relation)
OWN = frozenset({Relation.SELF})
LED = frozenset({Relation.SELF, Relation.LEADS})

_SELLER, _MANAGER, _AUDITOR = ActorRole.SELLER, ActorRole.MANAGER, ActorRole.AUDITOR
_INTEGRATOR, _ADMIN, _DPO = ActorRole.INTEGRATOR, ActorRole.ADMIN, ActorRole.DPO


def _roles(*roles: ActorRole) -> Mapping[ActorRole, frozenset[Relation]]:
    return {role: ANY for role in ActorRole if role in roles}


# By name, from the widest to the narrowest.
AUDIENCES: Mapping[str, Audience] = {
    name: Audience(name, who)
    for name, who in {
        # Who is there, what commands answer, the signatures of the log.
        "EVERYBODY": _roles(*ActorRole),
        # Knowledge of deals is open inside the organisation.
        "DEALS": _roles(_SELLER, _MANAGER, _AUDITOR, _INTEGRATOR, _ADMIN),
        # Names, contacts, and what was written about somebody.
        "NAMES": _roles(_SELLER, _MANAGER, _AUDITOR, _ADMIN, _DPO),
        # The same where it is knowledge of deals too.
        "STAFF": _roles(_SELLER, _MANAGER, _AUDITOR, _ADMIN),
        # What is put together of one seller, all of it from what the log tells.
        "SELLERS": {_SELLER: OWN, _MANAGER: LED, _AUDITOR: ANY, _ADMIN: ANY},
        # What is to help one seller: after the seller's own first look, and never for auditors.
        "COACHING": {_SELLER: OWN, _MANAGER: LED, _ADMIN: ANY},
        "RECORDING": _roles(_SELLER, _MANAGER, _INTEGRATOR, _ADMIN),
        # Whoever answers for personal data mends it too.
        "MENDING": _roles(_SELLER, _MANAGER, _INTEGRATOR, _ADMIN, _DPO),
        "WORKING": _roles(_SELLER, _MANAGER, _ADMIN),
        "DECIDING": _roles(_MANAGER, _ADMIN),
        # Erasures, legal holds, and who looked at what.
        "LOOKING": _roles(_AUDITOR, _ADMIN, _DPO),
        "PRIVACY": _roles(_ADMIN, _DPO),
        # Who may do what, and what proves the log.
        "AUDITING": _roles(_AUDITOR, _ADMIN),
        "ADMINISTERING": _roles(_ADMIN),
    }.items()
}
