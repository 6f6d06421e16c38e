"""Let a deal go by a sales process as it is published now.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from datetime import date

from ...operation import Operation
from ...parts import Answer


class StartSalesProcessOpportunityAccountMapProcess(Answer, frozen=True, kw_only=True):
    """The sales process that a deal goes by, as it was published when it started."""

    process: str
    number: int


class StartSalesProcessOpportunityAccountMapGates(Answer, frozen=True, kw_only=True):
    """A gate: what it asks for, what of that is missing now, and how it was passed."""

    gate: str
    due: date | None


class StartSalesProcessOpportunityAccountMap(Answer, frozen=True, kw_only=True):
    """The tactical account map of an opportunity: what it is to come to, what is known, its
    gates with what is missing now, milestones, actions and team.
    """

    process: StartSalesProcessOpportunityAccountMapProcess | None
    gates: list[StartSalesProcessOpportunityAccountMapGates]


class StartSalesProcessOpportunity(Answer, frozen=True, kw_only=True):
    """One potential decision of one customer, with what is known about it, what is not, and
    what that makes of our chances.
    """

    id: str
    account_map: StartSalesProcessOpportunityAccountMap


class StartSalesProcessUserErrors(Answer, frozen=True, kw_only=True):
    """Why a command was not carried out; nothing was stored."""

    code: str
    message: str
    path: list[str]


class StartSalesProcess(Answer, frozen=True, kw_only=True):
    """What a command on an opportunity answers."""

    opportunity: StartSalesProcessOpportunity | None
    version: int | None
    position: int | None
    replayed: bool
    user_errors: list[StartSalesProcessUserErrors]


class StartSalesProcessMutation(Answer, frozen=True, kw_only=True):
    """Let a deal go by a sales process as it is published now."""

    start_sales_process: StartSalesProcess


START_SALES_PROCESS = Operation(
    "StartSalesProcess",
    """# Let a deal go by a sales process as it is published now.
mutation StartSalesProcess($input: StartSalesProcessInput!) {
  startSalesProcess(input: $input) {
    opportunity { id accountMap { process { process number } gates { gate due } } }
    version
    position
    replayed
    userErrors { code message path }
  }
}
""",
    StartSalesProcessMutation,
)
