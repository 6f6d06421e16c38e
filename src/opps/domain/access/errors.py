"""Why a command on access was refused."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from opps.domain.errors import Refusal


@dataclass
class RoleNotHeld(Refusal):
    """{principal} does not hold the role {role}: look at who holds which."""

    principal: UUID
    role: str


@dataclass
class LastAdministrator(Refusal):
    """{principal} is the only administrator: grant the role to somebody else first."""

    principal: UUID


@dataclass
class RoleNotForKeys(Refusal):
    """A key does not act as {role}: that is for people, who sign in."""

    role: str


@dataclass
class ExpiresInThePast(Refusal):
    """{expires_at} is past: name a later time, or none."""

    expires_at: datetime


@dataclass
class TooManyKeys(Refusal):
    """{principal} has {most} keys that open already: revoke one first."""

    principal: UUID
    most: int


@dataclass
class UnknownApiKey(Refusal):
    """There is no API key {key_id}: look it up in `apiKeys`."""

    key_id: UUID


@dataclass
class AlreadyLinked(Refusal):
    """{principal} acts as {person_id} already: unlink them first."""

    principal: UUID
    person_id: UUID


@dataclass
class PersonSignsInOtherwise(Refusal):
    """{person_id} signs in as {principal} already: unlink that first, for the log names one."""

    principal: UUID
    person_id: UUID


@dataclass
class NotLinked(Refusal):
    """{principal} acts as nobody else: look at who is linked to whom."""

    principal: UUID


@dataclass
class LinksThemselves(Refusal):
    """Nobody says as whom they act themselves: ask another administrator to link {principal}."""

    principal: UUID


@dataclass
class UnknownProgram(Refusal):
    """No key was issued to {principal}: give the program of the key that this one replaces."""

    principal: UUID
