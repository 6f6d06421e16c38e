"""What an operation is, for those who observe: its kind and its name."""

from graphql import OperationDefinitionNode

from opps.telemetry.asking import Asking
from opps.telemetry.observing import Observing


def observe(observing: Observing, asking: Asking, operation: OperationDefinitionNode) -> None:
    """Note the kind and the name of an operation."""
    name = operation.name.value if operation.name else None
    observing.read(asking, operation.operation.value, name)
