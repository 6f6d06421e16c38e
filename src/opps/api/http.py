"""GraphQL over HTTP: queries by GET, queries and mutations by POST."""

from collections.abc import Callable
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from strawberry import Schema
from strawberry.schema.exceptions import InvalidOperationTypeError
from strawberry.types.graphql import OperationType

from opps.api.admission import Admitted, admitted
from opps.api.answers import as_json, refusal, said_no
from opps.api.audited import carried_out
from opps.api.bodies import asked
from opps.api.context import Services
from opps.api.errors import formatted
from opps.api.identity import Identify, Viewer, viewer_of
from opps.api.negotiation import EVENTS, GRAPHQL_JSON, JSON, accepted, status_of, streams
from opps.api.refusing import METHOD_NOT_ALLOWED, MUTATE_BY_POST, Refused
from opps.api.sse import EventStream
from opps.api.timing import within
from opps.telemetry.asking import Asking

METHODS = ("GET", "HEAD", "POST")
STREAMED = ("GET", "POST")
ANSWERS_WITH = f"This answers with {GRAPHQL_JSON} or {JSON}, or with a stream of {EVENTS}."
SUBSCRIBE_ELSEWHERE = (
    f"Subscribe over a WebSocket, with the protocol graphql-transport-ws, or accept {EVENTS}."
)

_READS = (OperationType.QUERY,)
_READS_AND_WRITES = (OperationType.QUERY, OperationType.MUTATION)


def graphql_endpoint(
    schema: Schema, services: Services, identify: Identify
) -> Callable[[Request], Any]:
    """Return the endpoint that answers queries and mutations."""

    streamed = EventStream(schema, services, identify)

    async def answer(request: Request) -> Response | EventStream:
        if request.method in STREAMED and streams(request.headers.get("accept", "")):
            return streamed
        with services.observing.asked(request.headers) as asking:
            response = await answered(request, asking)
            asking.status = response.status_code
            if asking.status >= 400:
                asking.outcome = "refused" if asking.status < 500 else "broken"
        response.headers["X-Request-Id"] = asking.request_id
        return response

    async def answered(request: Request, asking: Asking) -> Response:
        kind = accepted(request.headers.get("accept", ""))
        if kind is None:
            # Whoever takes neither can at least look into it.
            return refusal(JSON, 406, ANSWERS_WITH, "NOT_ACCEPTABLE")
        if request.method not in METHODS:
            told = refusal(kind, 405, f"Send {', '.join(METHODS)}.", "METHOD_NOT_ALLOWED")
            told.headers["Allow"] = ", ".join(METHODS)
            return told
        try:
            wanted = await asked(request, services.limits.body_bytes)
            viewer = await viewer_of(request, identify)
            operation = admitted(schema._schema, services, viewer, wanted, asking)
            async with within(services.limits.execution_s):
                return await _answer(
                    schema, operation, services, viewer, kind, request.method, asking
                )
        except ClientDisconnect:
            return Response(status_code=400)  # to nobody
        except Refused as error:
            asking.outcome = "refused"
            return said_no(kind, error)
        except Exception as error:
            return said_no(kind, error)

    return answer


async def _answer(
    schema: Schema,
    operation: Admitted,
    services: Services,
    viewer: Viewer,
    kind: str,
    method: str,
    asking: Asking,
) -> Response:
    try:
        allowed = _READS_AND_WRITES if method == "POST" else _READS
        result = await carried_out(schema, services, viewer, operation.wanted, allowed)
    except InvalidOperationTypeError as error:
        return _wrong_operation(kind, error.operation_type)
    errors = result.errors
    body: dict[str, Any] = {} if result.not_begun else {"data": result.data}
    if errors:
        body["errors"] = formatted(errors, suggestions=services.limits.suggestions)
        # Told apart from what went wrong on the way, also where the status is 200 for both.
        asking.outcome = "errors" if "data" in body else "refused"
    if operation.cost is not None:
        body["extensions"] = {"cost": operation.cost.shown}
    return as_json(kind, body, status_of(kind, "data" in body, errors))


def _wrong_operation(kind: str, operation: OperationType) -> Response:
    if operation is OperationType.SUBSCRIPTION:
        return refusal(kind, 400, SUBSCRIBE_ELSEWHERE, "BAD_REQUEST")
    return said_no(kind, Refused(MUTATE_BY_POST, status=METHOD_NOT_ALLOWED))
