"""Register a buying organisation. Without an accountId it gets a new one.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from uuid import UUID

from ...operation import Operation
from ...parts import Answer


class RegisterAccountAccount(Answer, frozen=True, kw_only=True):
    """A buying organisation."""

    id: str
    name: str
    external_id: str | None
    version: int


class RegisterAccountUserErrors(Answer, frozen=True, kw_only=True):
    """Why a command was not carried out; nothing was stored."""

    code: str
    message: str
    path: list[str]
    id: UUID | None = None


class RegisterAccount(Answer, frozen=True, kw_only=True):
    """What a command on an account answers."""

    account: RegisterAccountAccount | None
    version: int | None
    position: int | None
    replayed: bool
    user_errors: list[RegisterAccountUserErrors]


class RegisterAccountMutation(Answer, frozen=True, kw_only=True):
    """Register a buying organisation. Without an accountId it gets a new one."""

    register_account: RegisterAccount


REGISTER_ACCOUNT = Operation(
    "RegisterAccount",
    """# Register a buying organisation. Without an accountId it gets a new one.
mutation RegisterAccount($input: RegisterAccountInput!) {
  registerAccount(input: $input) {
    account { id name externalId version }
    version
    position
    replayed
    userErrors { code message path ... on AlreadyExists { id } }
  }
}
""",
    RegisterAccountMutation,
)
