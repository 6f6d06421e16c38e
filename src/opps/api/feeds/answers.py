"""The items of a subscription as responses, with what they share looked up once."""

from collections.abc import Awaitable, Callable, Sequence
from functools import cached_property
from typing import Any

from opps.api.context import Context
from opps.api.execution.carrying_out import item
from opps.api.execution.executor import Executor
from opps.api.execution.planning import Plan
from opps.api.execution.shapes import completion
from opps.api.scalars import encoded


class Answers:
    """Answers one subscription, item after item."""

    def __init__(self, plan: Plan, context: Context) -> None:
        self._plan = plan
        self._context = context

    def of(self, values: Sequence[Any]) -> list[bytes | Awaitable[bytes]]:
        """Return each value as a response, to be awaited where it shows more than can be read."""
        return [self._answer(one) for one in values]

    def _answer(self, value: Any) -> bytes | Awaitable[bytes]:
        read = self._read
        if read is not None:
            try:
                return encoded({"data": read(value)})
            except Exception:
                pass  # the ordinary way tells what is wrong
        return item(self._plan, value, self._context)

    @cached_property
    def _read(self) -> Callable[[Any], Any] | None:
        """What reads the data of an item; None where reading is not all there is to do."""
        case = self._plan.operation.case(self._plan.variables)
        if self._context.touched is not None or len(case.root.grouped_field_set) != 1:
            return None
        # A subscription has one field, and its items are the values of it.
        [(key, details)] = case.root.grouped_field_set.items()
        field = case.kind.fields.get(details[0].node.name.value)
        if field is None:
            return None
        executor = Executor(self._plan, None, self._context)
        complete = completion(executor, field.type, details)
        return None if complete is None else lambda value: {key: complete(value, executor)}
