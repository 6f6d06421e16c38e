"""Publish a sales process: deals that start from here on take a copy of its gates.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from ...operation import Operation
from ...parts import Answer
from ..enums import Facet, MinimumState, Objective


class PublishSalesProcessSalesProcessGatesEvidence(Answer, frozen=True, kw_only=True):
    """What must be known, and how well, before a gate is passed."""

    objective: Objective
    facet: Facet | None
    minimum: MinimumState


class PublishSalesProcessSalesProcessGates(Answer, frozen=True, kw_only=True):
    """A gate of a sales process."""

    gate: str
    due_after_days: int | None
    evidence: list[PublishSalesProcessSalesProcessGatesEvidence]


class PublishSalesProcessSalesProcess(Answer, frozen=True, kw_only=True):
    """A sales process was published, or another version of it: deals started later go by it."""

    process: str
    number: int
    name: str
    gates: list[PublishSalesProcessSalesProcessGates]


class PublishSalesProcessUserErrors(Answer, frozen=True, kw_only=True):
    """Why a command was not carried out; nothing was stored."""

    code: str
    message: str
    path: list[str]


class PublishSalesProcess(Answer, frozen=True, kw_only=True):
    """What publishing a sales process answers."""

    sales_process: PublishSalesProcessSalesProcess | None
    version: int | None
    position: int | None
    replayed: bool
    user_errors: list[PublishSalesProcessUserErrors]


class PublishSalesProcessMutation(Answer, frozen=True, kw_only=True):
    """Publish a sales process: deals that start from here on take a copy of its gates."""

    publish_sales_process: PublishSalesProcess


PUBLISH_SALES_PROCESS = Operation(
    "PublishSalesProcess",
    """# Publish a sales process: deals that start from here on take a copy of its gates.
mutation PublishSalesProcess($input: PublishSalesProcessInput!) {
  publishSalesProcess(input: $input) {
    salesProcess { process number name gates { gate dueAfterDays evidence { objective facet minimum } } }
    version
    position
    replayed
    userErrors { code message path }
  }
}
""",
    PublishSalesProcessMutation,
)
