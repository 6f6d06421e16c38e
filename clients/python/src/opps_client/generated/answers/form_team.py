"""Form a team: who leads it leads those in it, and in the teams below.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from uuid import UUID

from ...operation import Operation
from ...parts import Answer


class FormTeamTeamsMembers(Answer, frozen=True, kw_only=True):
    """Somebody who belongs to a team."""

    person_id: str
    lead: bool


class FormTeamTeams(Answer, frozen=True, kw_only=True):
    """A team of the organisation."""

    team_id: UUID
    name: str
    parent_id: UUID | None
    members: list[FormTeamTeamsMembers]


class FormTeamUserErrors(Answer, frozen=True, kw_only=True):
    """Why a command was not carried out; nothing was stored."""

    code: str
    message: str


class FormTeam(Answer, frozen=True, kw_only=True):
    """What a command on the teams answers."""

    version: int | None
    teams: list[FormTeamTeams]
    user_errors: list[FormTeamUserErrors]


class FormTeamMutation(Answer, frozen=True, kw_only=True):
    """Form a team: who leads it leads those in it, and in the teams below."""

    form_team: FormTeam


FORM_TEAM = Operation(
    "FormTeam",
    """# Form a team: who leads it leads those in it, and in the teams below.
mutation FormTeam($input: FormTeamInput!) {
  formTeam(input: $input) {
    version
    teams {
      teamId
      name
      parentId
      members {
        personId
        lead
      }
    }
    userErrors {
      code
      message
    }
  }
}
""",
    FormTeamMutation,
)
