"""What was signed of a log, for everybody: checkpoint and tiles (C2SP tlog-tiles) over HTTP.

Hashes only: neither events nor headers, which name the persons and opportunities they are of.
"""

import logging
import re
from collections.abc import Awaitable, Callable
from uuid import UUID

import orjson
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from opps.eventstore import Log
from opps.eventstore.errors import LogUnavailable
from opps.ledger.errors import LedgerRefused, NoSuchTile, NothingSealed, StateAltered, TreeAltered
from opps.ledger.ledger import Ledger
from opps.ledger.publishing import tile

logger = logging.getLogger("opps.api")

_FOR_ALL = {"Access-Control-Allow-Origin": "*", "X-Content-Type-Options": "nosniff"}
_CHANGES = _FOR_ALL | {"Cache-Control": "no-cache"}
# A tile never changes, nor does the beginning of one; a new epoch has another address.
_FOR_EVER = _FOR_ALL | {"Cache-Control": "public, max-age=31536000, immutable"}
_NUMBER = re.compile(r"((?:x\d{3}/)*)(\d{3})(?:\.p/([1-9]\d{0,2}))?", re.ASCII)
_FULL = 256

Read = Callable[[Request, Ledger], Response]


def published_routes(log: Log, ledger_of: Callable[[UUID], Ledger]) -> list[BaseRoute]:
    """Return where the logs of all tenants are published, each by its short name and epoch."""

    def answering(read: Read) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            return await log.aside(_answered, log, ledger_of, read, request)

        return answer

    log_at = "/ledger/{slug}/{epoch:int}"
    return [
        Route(f"{log_at}/checkpoint", answering(_checkpoint)),
        Route(f"{log_at}/tile/{{level:int}}/{{number:path}}", answering(_tile)),
        Route("/ledger/{slug}/{rest:path}", answering(_newest)),
    ]


def _answered(
    log: Log, ledger_of: Callable[[UUID], Ledger], read: Read, request: Request
) -> Response:
    try:
        tenant = log.find_tenant(request.path_params["slug"])
        if tenant is None:
            raise NothingSealed
        return read(request, ledger_of(tenant))
    except (NothingSealed, NoSuchTile) as absent:
        # Whether there is such an organisation is nobody's business.
        return _told(404, absent.code, "Nothing is published here.")
    except (StateAltered, TreeAltered) as damaged:
        logger.error("the ledger of tenant %s: %s", request.path_params["slug"], damaged)
        return _told(503, damaged.code, "What the sealer keeps is damaged.")
    except LedgerRefused as refused:
        return _told(503, refused.code, str(refused))
    except LogUnavailable:
        return _told(503, "LOG_UNAVAILABLE", "The database does not answer.")


def _checkpoint(request: Request, ledger: Ledger) -> Response:
    note = _of_its_epoch(request, ledger)
    return Response(note, media_type="text/plain; charset=utf-8", headers=_CHANGES)


def _tile(request: Request, ledger: Ledger) -> Response:
    _of_its_epoch(request, ledger)
    level, written = request.path_params["level"], _NUMBER.fullmatch(request.path_params["number"])
    if written is None or written[1].startswith("x000/") or level > 7:
        raise NoSuchTile(level, 0, 0)
    number = int(written[1].replace("x", "").replace("/", "") + written[2])
    hashes = tile(ledger, level, number, int(written[3] or _FULL))
    return Response(hashes, media_type="application/octet-stream", headers=_FOR_EVER)


def _newest(request: Request, ledger: Ledger) -> Response:
    """Lead to the epoch that is signed now."""
    origin = ledger.signed().checkpoint.origin
    slug, rest = request.path_params["slug"], request.path_params["rest"]
    if not rest or rest[0].isdigit():
        raise NothingSealed
    return RedirectResponse(f"/ledger/{slug}/{origin.rpartition('/')[2]}/{rest}", headers=_CHANGES)


def _of_its_epoch(request: Request, ledger: Ledger) -> str:
    signed = ledger.signed()
    if signed.checkpoint.origin.rpartition("/")[2] != str(request.path_params["epoch"]):
        raise NothingSealed
    return signed.note


def _told(status: int, code: str, message: str) -> Response:
    body = orjson.dumps({"code": code, "message": message})
    return Response(body, status_code=status, media_type="application/json", headers=_CHANGES)
