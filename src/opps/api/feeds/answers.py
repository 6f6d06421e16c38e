"""The items of a subscription as responses: many at once, with what they share looked up once."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import orjson

from opps.api.execution.carrying_out import item
from opps.api.execution.executor import Executor
from opps.api.execution.planning import Plan
from opps.api.execution.shapes import completion


def answers(
    plan: Plan, values: Sequence[Any], context: Any
) -> list[bytes] | list[bytes | Awaitable[bytes]]:
    """Return each value as a response; what shows more than can be read is to be awaited."""
    read = _read(plan, context)
    if read is None:
        return [item(plan, one, context) for one in values]
    return [_answer(read, plan, one, context) for one in values]


def _answer(
    read: Callable[[Any], Any], plan: Plan, value: Any, context: Any
) -> bytes | Awaitable[bytes]:
    try:
        data = read(value)
    except Exception:
        return item(plan, value, context)  # which tells what is wrong
    return orjson.dumps({"data": data})


def _read(plan: Plan, context: Any) -> Callable[[Any], Any] | None:
    """Return what reads the data of an item; None where reading is not all there is to do."""
    if context.touched is not None:
        return None
    case = plan.operation.case(plan.variables)
    if len(case.root.grouped_field_set) != 1:
        return None
    # A subscription has one field, and its items are the values of it.
    [(key, details)] = case.root.grouped_field_set.items()
    field = case.kind.fields.get(details[0].node.name.value)
    if field is None:
        return None
    executor = Executor(plan, None, context)
    known = field.type, id(details)
    if known not in case.completions:
        case.completions[known] = completion(executor, field.type, details)
    complete = case.completions[known]
    if complete is None:
        return None
    return lambda value: {key: complete(value, executor)}
