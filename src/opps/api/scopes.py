"""What a key may be used for: to read, or to write as well."""

from collections.abc import Collection

from graphql import OperationDefinitionNode, OperationType

from opps.domain.access.commands import KeyScope

OUT_OF_SCOPE = "OUT_OF_SCOPE"


def out_of_scope(scopes: Collection[str] | None, operation: OperationDefinitionNode) -> str | None:
    """Return why an operation is more than a key is for; None where it is not."""
    writes = operation.operation is OperationType.MUTATION
    needed = KeyScope.WRITE if writes else KeyScope.READ
    if scopes is None or needed in scopes:
        return None
    return f"The API key is not for this: it takes the scope {needed}."
