"""The web application: GraphQL over HTTP and WebSocket, and GraphiQL."""

from collections.abc import Callable, Sequence
from uuid import UUID

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from opps.api import graphiql
from opps.api.context import MOST_FOLDED, Services
from opps.api.http import graphql_endpoint
from opps.api.identity import Identify, nobody
from opps.api.limits import DEFAULTS, Limits
from opps.api.persisted import PersistedDocuments
from opps.api.published import published_routes
from opps.api.schema import schema
from opps.api.shutdown import Draining
from opps.api.throttling import Throttle
from opps.api.websocket import websocket_endpoint
from opps.application import Application
from opps.application.read_saving import ReadSaving
from opps.domain.audited_reads import NONE, AuditedReads
from opps.ledger.ledger import Ledger
from opps.projections.views import Views
from opps.telemetry.observing import Observing


def create_app(
    application: Application,
    views: Views,
    ledger_of: Callable[[UUID], Ledger],
    identify: Identify = nobody,
    draining: Draining | None = None,
    audited_reads: AuditedReads = NONE,
    most_folded: int = MOST_FOLDED,
    *,
    publishing: bool = False,
    observing: Observing | None = None,
    beside: Sequence[BaseRoute] = (),
    limits: Limits = DEFAULTS,
    persisted: PersistedDocuments | None = None,
) -> Starlette:
    """Return the web application; `publishing` shows to everybody what was signed of the logs.

    `beside` are routes that are no business of GraphQL, such as those for probes.

    The views are open as long as it answers; a log is sealed in its ledger, maybe by another
    process. `identify` says who asks; without one everybody is refused. `audited_reads` are saved
    before they are answered. A list of the past folds `most_folded` opportunities. Begin
    `draining` before the server stops, and subscriptions end by themselves. `observing` is told of
    every operation. No request may ask for more than `limits`; some documents are known as
    `persisted`.
    """
    services = Services(
        application,
        views,
        ledger_of,
        draining or Draining(),
        ReadSaving(application.log),
        audited_reads,
        most_folded,
        observing or Observing(),
        limits,
        persisted or PersistedDocuments(),
        Throttle(limits.cost_per_minute),
    )
    of = schema()
    published = published_routes(application.log, ledger_of) if publishing else []
    return Starlette(
        routes=[
            Route("/", _home),
            _of_any_method(Route("/graphql", graphql_endpoint(of, services, identify))),
            WebSocketRoute("/graphql", websocket_endpoint(of, services, identify)),
            Route("/graphiql", graphiql.page),
            Route("/graphiql/{name}", graphiql.asset),
            *published,
            *beside,
        ],
    )


async def _home(request: Request) -> Response:
    return RedirectResponse("graphiql")


def _of_any_method(route: Route) -> Route:
    """Return a route whose endpoint tells by itself which methods it takes."""
    route.methods = None
    return route
