"""Write down what a deal is to come to; the map says what it lacks before it is measurable.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from ...operation import Operation
from ...parts import Answer
from ..enums import OutcomeDimension


class StateDesiredOutcomeOpportunityAccountMapOutcomeMissing(Answer, frozen=True, kw_only=True):
    """What a desired outcome lacks before it can be measured in one dimension."""

    dimension: OutcomeDimension
    what: str


class StateDesiredOutcomeOpportunityAccountMapOutcome(Answer, frozen=True, kw_only=True):
    """The desired outcome, what it lacks, who agreed to it, and where it is heading."""

    words: int
    warning: str | None
    measurable: bool
    missing: list[StateDesiredOutcomeOpportunityAccountMapOutcomeMissing]


class StateDesiredOutcomeOpportunityAccountMap(Answer, frozen=True, kw_only=True):
    """The tactical account map of an opportunity: what it is to come to, what is known, its
    gates with what is missing now, milestones, actions and team.
    """

    outcome: StateDesiredOutcomeOpportunityAccountMapOutcome | None


class StateDesiredOutcomeOpportunity(Answer, frozen=True, kw_only=True):
    """One potential decision of one customer, with what is known about it, what is not, and
    what that makes of our chances.
    """

    id: str
    account_map: StateDesiredOutcomeOpportunityAccountMap


class StateDesiredOutcomeUserErrors(Answer, frozen=True, kw_only=True):
    """Why a command was not carried out; nothing was stored."""

    code: str
    message: str
    path: list[str]


class StateDesiredOutcome(Answer, frozen=True, kw_only=True):
    """What a command on an opportunity answers."""

    opportunity: StateDesiredOutcomeOpportunity | None
    version: int | None
    position: int | None
    replayed: bool
    user_errors: list[StateDesiredOutcomeUserErrors]


class StateDesiredOutcomeMutation(Answer, frozen=True, kw_only=True):
    """Write down what a deal is to come to; the map says what it lacks before it is measurable."""

    state_desired_outcome: StateDesiredOutcome


STATE_DESIRED_OUTCOME = Operation(
    "StateDesiredOutcome",
    """# Write down what a deal is to come to; the map says what it lacks before it is measurable.
mutation StateDesiredOutcome($input: StateDesiredOutcomeInput!) {
  stateDesiredOutcome(input: $input) {
    opportunity { id accountMap { outcome { words warning measurable missing { dimension what } } } }
    version
    position
    replayed
    userErrors { code message path }
  }
}
""",
    StateDesiredOutcomeMutation,
)
