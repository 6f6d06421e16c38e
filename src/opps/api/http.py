"""GraphQL over HTTP: queries by GET, queries and mutations by POST."""

from collections.abc import Callable
from typing import Any

import orjson
from graphql import GraphQLError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from strawberry import Schema
from strawberry.schema.exceptions import InvalidOperationTypeError
from strawberry.types.execution import PreExecutionError
from strawberry.types.graphql import OperationType

from opps.api.admission import Admitted, admitted
from opps.api.audited import carried_out
from opps.api.bodies import Unreadable, asked
from opps.api.context import Services
from opps.api.errors import READ_NOT_SAVED, fault, formatted, refused
from opps.api.identity import (
    ACT_AS,
    CannotActAs,
    Identify,
    Misdirected,
    NotLetIn,
    Viewer,
    acting_as,
)
from opps.api.negotiation import (
    DONE,
    GRAPHQL_JSON,
    JSON,
    UNPROCESSABLE,
    accepted,
    status_of,
)
from opps.api.refusing import Refused
from opps.api.timing import TookTooLong, within
from opps.application.read_saving import ReadNotSaved
from opps.telemetry.asking import Asking

METHODS = ("GET", "HEAD", "POST")
NOT_LET_IN = {401: "UNAUTHENTICATED", 403: "FORBIDDEN", 503: "UNAVAILABLE"}
PRIVATE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}

_READS = (OperationType.QUERY,)
_READS_AND_WRITES = (OperationType.QUERY, OperationType.MUTATION)


def graphql_endpoint(
    schema: Schema, services: Services, identify: Identify
) -> Callable[[Request], Any]:
    """Return the endpoint that answers queries and mutations."""

    async def answer(request: Request) -> Response:
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
            return Response(f"This answers with {GRAPHQL_JSON} or {JSON}.", status_code=406)
        if request.method not in METHODS:
            return Response(status_code=405, headers={"Allow": ", ".join(METHODS)})
        try:
            wanted = await asked(request, services.limits.body_bytes)
        except Unreadable as error:
            return _refusal(kind, error.status, error.message, "BAD_REQUEST")
        except ClientDisconnect:
            return Response(status_code=400)  # to nobody
        try:
            viewer = await identify(request)
            if viewer is None:
                raise NotLetIn("Say who you are.")
            viewer = acting_as(viewer, request.headers.get(ACT_AS))
            operation = admitted(schema._schema, services, viewer, wanted, asking)
            async with within(services.limits.execution_s):
                return await _answer(
                    schema, operation, services, viewer, kind, request.method, asking
                )
        except Refused as error:
            asking.outcome = "refused"
            return _refused(kind, error)
        except TookTooLong as error:
            return _json({"errors": fault(error)}, 503, kind)
        except CannotActAs as error:
            return _refusal(kind, 400, str(error), "BAD_REQUEST")
        except NotLetIn as error:
            return _not_let_in(kind, error)
        except ReadNotSaved:
            return _refusal(kind, 503, READ_NOT_SAVED, "READ_NOT_SAVED")
        except Misdirected as error:
            return _refusal(kind, 421, str(error), "MISDIRECTED")
        except Exception as error:
            return _json({"errors": fault(error)}, 500, kind)

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
    errors = result.errors or []
    body: dict[str, Any] = {} if _before_execution(result) else {"data": result.data}
    if errors:
        body["errors"] = formatted(errors, suggestions=services.limits.suggestions)
        # Told apart from what went wrong on the way, also where the status is 200 for both.
        asking.outcome = "errors" if "data" in body else "refused"
    if operation.cost is not None:
        body["extensions"] = {"cost": operation.cost.shown}
    return _json(body, status_of(kind, "data" in body, errors), kind)


def _before_execution(result: Any) -> bool:
    """Tell whether nothing was executed: the document or the variables were refused."""
    if isinstance(result, PreExecutionError):
        return True
    errors: list[GraphQLError] = result.errors or []
    return result.data is None and all(one.path is None for one in errors)


def _wrong_operation(kind: str, operation: OperationType) -> Response:
    if operation is OperationType.SUBSCRIPTION:
        message = "Subscribe over a WebSocket, with the protocol graphql-transport-ws."
        return _refusal(kind, 400, message, "BAD_REQUEST")
    refused = _refusal(kind, 405, "Send mutations by POST.", "BAD_REQUEST")
    refused.headers["Allow"] = "POST"
    return refused


def _refusal(kind: str, status: int, message: str, code: str) -> Response:
    return _json({"errors": refused(message, code)}, status, kind)


def _refused(kind: str, error: Refused) -> Response:
    # Whoever asks for plain JSON reads no reason but under 200.
    plainly = kind == JSON and error.status == UNPROCESSABLE
    answer = _json({"errors": error.errors}, DONE if plainly else error.status, kind)
    if error.again_in_s is not None:
        answer.headers["Retry-After"] = str(error.again_in_s)
    return answer


def _not_let_in(kind: str, error: NotLetIn) -> Response:
    refused = _refusal(kind, error.status, str(error), NOT_LET_IN[error.status])
    if error.status == 401:
        refused.headers["WWW-Authenticate"] = 'Bearer realm="opps"'
    if error.status == 503:
        refused.headers["Retry-After"] = "10"
    return refused


def _json(body: Any, status: int, kind: str) -> Response:
    headers = {**PRIVATE, "Content-Type": f"{kind}; charset=utf-8"}
    return Response(orjson.dumps(body), status_code=status, headers=headers)
