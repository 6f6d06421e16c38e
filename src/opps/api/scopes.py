"""What a key may be used for: to read, or to write as well."""

from graphql import OperationType

from opps.api.bodies import Asked
from opps.api.documents import Document
from opps.api.identity import Viewer
from opps.domain.access.commands import KeyScope

OUT_OF_SCOPE = "OUT_OF_SCOPE"


def out_of_scope(viewer: Viewer, document: Document, wanted: Asked) -> str | None:
    """Return why an operation is more than a key is for; None where it is not."""
    if viewer.scopes is None:
        return None
    for one in document.operations:
        name = one.name.value if one.name else None
        if wanted.operation_name not in (None, name):
            continue
        needed = KeyScope.WRITE if one.operation is OperationType.MUTATION else KeyScope.READ
        if needed not in viewer.scopes:
            return f"The API key is not for this: it takes the scope {needed}."
    return None
