"""One operation, whatever transport it came by: checked, carried out, its results as bytes."""

from collections.abc import AsyncGenerator, AsyncIterable
from inspect import isawaitable
from typing import Any

import orjson
from graphql import ExecutionResult, GraphQLError, OperationType
from graphql.execution import Executor, create_source_event_stream
from strawberry import Schema

from opps.api.admission import admitted
from opps.api.audited import Marked, carried_out, marked
from opps.api.bodies import Asked
from opps.api.caught_up import Followed
from opps.api.context import Context, Services, context_of
from opps.api.documents import Document, read
from opps.api.errors import formatted
from opps.api.feeds.sent import Sent, Unacceptable
from opps.api.identity import Viewer
from opps.api.timing import within
from opps.telemetry.asking import Asking


async def begun(
    schema: Schema,
    services: Services,
    viewer: Viewer,
    wanted: Asked,
    asking: Asking,
    resume_after: str | None = None,
) -> AsyncGenerator[Sent, None]:
    """Return the results of an operation that may be carried out; of a query there is one.

    `resume_after` takes the place of the argument `after`. Close the results when nobody reads
    them any more. They end by themselves when the server stops.

    Raises:
        Refused: it may not be, or cannot: nothing was carried out.
        TooSlow: while reading, of a reader who falls back too far.
    """
    operation = admitted(schema._schema, services, viewer, wanted, asking)
    wanted = operation.wanted
    if operation.document is None or not _subscribes(operation.document, wanted.operation_name):
        return _one(await _carried_out(schema, services, viewer, wanted))
    audit = await marked(schema, services, viewer, wanted)
    context = context_of(services, viewer) if audit is None else audit.context
    executor = _executor(schema, services, wanted, context)
    source = create_source_event_stream(executor)
    found = await source if isawaitable(source) else source
    if isinstance(found, ExecutionResult):
        raise _unacceptable(found.errors or [], services)
    if resume_after is not None and isinstance(found, Followed):
        found.resume(resume_after)
    return _followed(found, executor, context, audit)


def _executor(schema: Schema, services: Services, wanted: Asked, context: Context) -> Executor[Any]:
    try:
        document = read(schema._schema, wanted.query, services.limits)
    except GraphQLError as error:
        raise _unacceptable([error], services) from None
    if document.faults:
        raise _unacceptable(list(document.faults), services)
    made = Executor.build(
        schema._schema,
        document.parsed,
        context_value=context,
        raw_variable_values=wanted.variables,
        operation_name=wanted.operation_name,
    )
    if isinstance(made, list):
        raise _unacceptable(made, services)
    return made


def _subscribes(document: Document, name: str | None) -> bool:
    return any(
        one.operation is OperationType.SUBSCRIPTION
        for one in document.operations
        if name is None or (one.name is not None and one.name.value == name)
    )


async def _one(sent: Sent) -> AsyncGenerator[Sent, None]:
    yield sent


async def _carried_out(schema: Schema, services: Services, viewer: Viewer, wanted: Asked) -> Sent:
    async with within(services.limits.execution_s):
        result = await carried_out(schema, services, viewer, wanted)
    errors: list[GraphQLError] = result.errors or []
    if result.data is None and errors and all(one.path is None for one in errors):
        raise _unacceptable(errors, services)
    return Sent(_payload(result.data, errors))


async def _followed(
    source: AsyncIterable[Any], executor: Executor[Any], context: Context, audit: Marked | None
) -> AsyncGenerator[Sent, None]:
    try:
        with context.services.observing.subscribed():
            async for item in source:
                result = executor.build_per_event_executor(item).execute_operation(False)
                answered: Any = await result if isawaitable(result) else result
                if audit is not None:
                    await audit.begin()
                cursor = source.cursor if isinstance(source, Followed) else None
                yield Sent(_payload(answered.data, answered.errors), cursor)
                context.forget()
    finally:
        if audit is not None:
            await audit.end()


def _unacceptable(faults: list[GraphQLError], services: Services) -> Unacceptable:
    return Unacceptable(faults, suggestions=services.limits.suggestions)


def _payload(data: Any, errors: list[GraphQLError] | None) -> bytes:
    told: dict[str, Any] = {"data": data}
    if errors:
        told["errors"] = formatted(errors)
    return orjson.dumps(told)
