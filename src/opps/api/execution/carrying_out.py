"""Queries and mutations carried out, and the items of subscriptions."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, NamedTuple

from graphql import GraphQLError, GraphQLSchema
from graphql.execution import ExecutionResult
from graphql.execution.execute import create_source_event_stream

from opps.api.documents import Document
from opps.api.errors import formatted
from opps.api.execution.executor import Executor
from opps.api.execution.planning import Plan, planned
from opps.api.scalars import encoded


class Result(NamedTuple):
    """What an operation answered; `data` is None where nothing was executed, or all became null."""

    data: Any
    errors: list[GraphQLError]

    @property
    def not_begun(self) -> bool:
        """Whether nothing was executed: the document or the variables were refused."""
        return self.data is None and all(one.path is None for one in self.errors)


async def execute(
    schema: GraphQLSchema,
    document: Document,
    operation_name: str | None,
    variables: dict[str, Any] | None,
    context: Any,
) -> Result:
    """Return the result of a query or mutation of a document without faults.

    `operation_name` names one operation of it, as `Document.names_one` tells.
    """
    plan = planned(schema, document, operation_name, variables)
    return Result(None, plan) if isinstance(plan, list) else await carried_out(plan, None, context)


async def carried_out(plan: Plan, root_value: Any, context: Any) -> Result:
    """Return the result of a plan."""
    result = _begun(plan, root_value, context)
    return result if isinstance(result, Result) else await result


async def source(plan: Plan, context: Any) -> AsyncIterator[Any]:
    """Return the values that a subscription has items for.

    Raises:
        GraphQLError: it does not begin.
    """
    stream: Any = create_source_event_stream(Executor(plan, None, context))
    if not hasattr(stream, "__aiter__") and not isinstance(stream, ExecutionResult):
        stream = await stream
    if isinstance(stream, ExecutionResult):
        raise (stream.errors or [])[0]
    values: AsyncIterator[Any] = stream
    return values


def item(plan: Plan, value: Any, context: Any) -> bytes | Awaitable[bytes]:
    """Return one item of a subscription, as JSON with its data and maybe its errors.

    It need not be awaited where everything that it shows is only read.
    """
    result = _begun(plan, value, context)
    return as_json(result) if isinstance(result, Result) else _awaited(result)


def _begun(plan: Plan, root_value: Any, context: Any) -> Result | Awaitable[Result]:
    """Return the result of a plan at once where nothing is to be awaited."""
    try:
        executor = Executor(plan, root_value, context)
    except GraphQLError as error:
        return Result(None, [error])
    try:
        data = executor.begun()
    except GraphQLError as error:
        return _failed(executor, error)
    if isinstance(data, dict):
        return Result(data, executor.collected_errors.errors)
    return _finished(executor, data)


async def _finished(executor: Executor, data: Awaitable[dict[str, Any]]) -> Result:
    try:
        return Result(await data, executor.collected_errors.errors)
    except GraphQLError as error:
        return _failed(executor, error)


def _failed(executor: Executor, error: GraphQLError) -> Result:
    executor.collected_errors.add(error, None)
    return Result(None, executor.collected_errors.errors)


async def _awaited(result: Awaitable[Result]) -> bytes:
    return as_json(await result)


def as_json(result: Result) -> bytes:
    """Return a result as JSON: its data, and its errors if it has any."""
    answer: dict[str, Any] = {"data": result.data}
    if result.errors:
        answer["errors"] = formatted(result.errors)
    return encoded(answer)
