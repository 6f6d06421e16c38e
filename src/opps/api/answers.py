"""What HTTP answers to a request that is not carried out: the status, and why."""

from typing import Any

from starlette.responses import Response

from opps.api.bodies import Unreadable
from opps.api.errors import READ_NOT_SAVED, fault, refused
from opps.api.identity import CannotActAs, Misdirected, NotLetIn
from opps.api.negotiation import DONE, JSON, UNPROCESSABLE
from opps.api.refusing import METHOD_NOT_ALLOWED, Refused
from opps.api.scalars import encoded
from opps.api.timing import TookTooLong
from opps.application.read_saving import ReadNotSaved

PRIVATE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def said_no(kind: str, error: Exception) -> Response:
    """Return the answer to a request that is not carried out, in a form that the caller takes."""
    match error:
        case Unreadable():
            return refusal(kind, error.status, error.message, "BAD_REQUEST")
        case Refused():
            return _refused(kind, error)
        case TookTooLong():
            return as_json(kind, {"errors": fault(error)}, 503)
        case CannotActAs():
            return refusal(kind, 400, str(error), "BAD_REQUEST")
        case NotLetIn():
            return _not_let_in(kind, error)
        case ReadNotSaved():
            return refusal(kind, 503, READ_NOT_SAVED, "READ_NOT_SAVED")
        case Misdirected():
            return refusal(kind, 421, str(error), "MISDIRECTED")
        case _:
            return as_json(kind, {"errors": fault(error)}, 500)


def refusal(kind: str, status: int, message: str, code: str) -> Response:
    """Return why a request is not carried out."""
    return as_json(kind, {"errors": refused(message, code)}, status)


def as_json(kind: str, body: Any, status: int) -> Response:
    """Return a body as JSON."""
    headers = {**PRIVATE, "Content-Type": f"{kind}; charset=utf-8"}
    return Response(encoded(body), status_code=status, headers=headers)


def _refused(kind: str, error: Refused) -> Response:
    # Whoever asks for plain JSON reads no reason but under 200.
    plainly = kind == JSON and error.status == UNPROCESSABLE
    response = as_json(kind, {"errors": error.errors}, DONE if plainly else error.status)
    if error.again_in_s is not None:
        response.headers["Retry-After"] = str(error.again_in_s)
    if error.status == METHOD_NOT_ALLOWED:
        response.headers["Allow"] = "POST"
    return response


def _not_let_in(kind: str, error: NotLetIn) -> Response:
    response = refusal(kind, error.status, str(error), error.code)
    if error.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="opps"'
    if error.status == 503:
        response.headers["Retry-After"] = "10"
    return response
