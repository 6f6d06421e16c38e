"""Where probes and monitoring ask: little for everybody, everything for operators."""

from collections.abc import Callable
from typing import Any

import orjson
from msgspec import Struct, to_builtins
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from opps.operating.readiness import Readiness, State

_UNSEEN = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}

# Tells whether a request is an operator's, who may see reasons and figures.
Trusted = Callable[[Request], bool]


class Figures(Struct, frozen=True):
    """Figures for Prometheus: their bytes, and the media type of these."""

    content: bytes
    media_type: str


def nobody(request: Request) -> bool:
    """Trust nobody."""
    return False


def routes_for_operators(
    readiness: Readiness, measure: Callable[[], Figures], trusted: Trusted = nobody
) -> list[BaseRoute]:
    """Return the routes of probes and monitoring.

    Everybody is told whether the process is alive and ready; only who is trusted is told why not.
    """

    async def healthz(request: Request) -> Response:
        return _json({"alive": True})

    # No coroutines: they may wait for the database, and are run beside the event loop for that.
    def readyz(request: Request) -> Response:
        state = readiness.state()
        told = _reasons(state) if trusted(request) else {"ready": state.ready}
        return _json(told, 200 if state.ready else 503)

    def metrics(request: Request) -> Response:
        if not trusted(request):
            return Response(status_code=404, headers=_UNSEEN)
        figures = measure()
        return Response(figures.content, headers={**_UNSEEN, "Content-Type": figures.media_type})

    return [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]


def _reasons(state: State) -> Any:
    return {"ready": state.ready, "checks": to_builtins(state.checks)}


def _json(body: Any, status: int = 200) -> Response:
    return Response(
        orjson.dumps(body), status_code=status, media_type="application/json", headers=_UNSEEN
    )
