"""Register a person, ours or the buyer's: what names or quotes them is sealed under their own key.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from ...operation import Operation
from ...parts import Answer


class RegisterPersonPersonName(Answer, frozen=True, kw_only=True):
    """Text about a person; it reads as redacted once it was erased."""

    text: str | None
    redacted: bool


class RegisterPersonPersonEmail(Answer, frozen=True, kw_only=True):
    """Text about a person; it reads as redacted once it was erased."""

    text: str | None
    redacted: bool


class RegisterPersonPerson(Answer, frozen=True, kw_only=True):
    """A person, of the buyer or on our side."""

    id: str
    account_id: str | None
    name: RegisterPersonPersonName
    email: RegisterPersonPersonEmail | None
    version: int


class RegisterPersonUserErrors(Answer, frozen=True, kw_only=True):
    """Why a command was not carried out; nothing was stored."""

    code: str
    message: str
    path: list[str]
    account_id: str | None = None


class RegisterPerson(Answer, frozen=True, kw_only=True):
    """What a command on a person answers."""

    person: RegisterPersonPerson | None
    version: int | None
    position: int | None
    replayed: bool
    user_errors: list[RegisterPersonUserErrors]


class RegisterPersonMutation(Answer, frozen=True, kw_only=True):
    """Register a person, ours or the buyer's: what names or quotes them is sealed under their
    own key.
    """

    register_person: RegisterPerson


REGISTER_PERSON = Operation(
    "RegisterPerson",
    """# Register a person, ours or the buyer's: what names or quotes them is sealed under their own key.
mutation RegisterPerson($input: RegisterPersonInput!) {
  registerPerson(input: $input) {
    person {
      id
      accountId
      name { text redacted }
      email { text redacted }
      version
    }
    version
    position
    replayed
    userErrors { code message path ... on UnknownAccount { accountId } }
  }
}
""",
    RegisterPersonMutation,
)
