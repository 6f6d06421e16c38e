"""What an operation is, for those who observe: its kind and its name."""

from opps.api.bodies import Asked
from opps.api.documents import Document
from opps.telemetry.asking import Asking
from opps.telemetry.observing import Observing


def observe(observing: Observing, asking: Asking, document: Document, wanted: Asked) -> None:
    """Note the kind and the name of an operation."""
    for one in document.operations:
        name = one.name.value if one.name else None
        if wanted.operation_name in (None, name):
            observing.read(asking, one.operation.value, name)
            return
