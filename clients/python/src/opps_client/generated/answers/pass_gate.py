"""Pass a gate: opps looks for its exit evidence, and says what is missing.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from ...operation import Operation
from ...parts import Answer
from ..enums import Facet, FacetState


class PassGateOpportunityAccountMapGatesPassedWaivers(Answer, frozen=True, kw_only=True):
    """What was not known well enough when a gate was passed, and who let it pass, and why."""

    facet: Facet | None
    found: FacetState
    reason: str


class PassGateOpportunityAccountMapGatesPassed(Answer, frozen=True, kw_only=True):
    """How a gate was passed: what was found then, and what was let pass."""

    waivers: list[PassGateOpportunityAccountMapGatesPassedWaivers]


class PassGateOpportunityAccountMapGates(Answer, frozen=True, kw_only=True):
    """A gate: what it asks for, what of that is missing now, and how it was passed."""

    gate: str
    passed: PassGateOpportunityAccountMapGatesPassed | None


class PassGateOpportunityAccountMap(Answer, frozen=True, kw_only=True):
    """The tactical account map of an opportunity: what it is to come to, what is known, its
    gates with what is missing now, milestones, actions and team.
    """

    gates: list[PassGateOpportunityAccountMapGates]


class PassGateOpportunity(Answer, frozen=True, kw_only=True):
    """One potential decision of one customer, with what is known about it, what is not, and
    what that makes of our chances.
    """

    id: str
    account_map: PassGateOpportunityAccountMap


class PassGateUserErrors(Answer, frozen=True, kw_only=True):
    """Why a command was not carried out; nothing was stored."""

    code: str
    message: str
    path: list[str]
    objective: str | None = None
    facet: str | None = None
    minimum: str | None = None
    found: str | None = None


class PassGate(Answer, frozen=True, kw_only=True):
    """What a command on an opportunity answers."""

    opportunity: PassGateOpportunity | None
    version: int | None
    position: int | None
    replayed: bool
    user_errors: list[PassGateUserErrors]


class PassGateMutation(Answer, frozen=True, kw_only=True):
    """Pass a gate: opps looks for its exit evidence, and says what is missing."""

    pass_gate: PassGate


PASS_GATE = Operation(
    "PassGate",
    """# Pass a gate: opps looks for its exit evidence, and says what is missing.
mutation PassGate($input: PassGateInput!) {
  passGate(input: $input) {
    opportunity { id accountMap { gates { gate passed { waivers { facet found reason } } } } }
    version
    position
    replayed
    userErrors { code message path ... on EvidenceMissing { objective facet minimum found } }
  }
}
""",
    PassGateMutation,
)
