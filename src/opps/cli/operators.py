"""What operators see of a running command: on its own port, and a little beside GraphQL."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from ipaddress import ip_address
from socket import socket
from threading import Event, Thread

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import BaseRoute

from opps.api.identity import is_here
from opps.app import Opps
from opps.cli.http import address_of, listening
from opps.config import Environment, Settings
from opps.eventstore import migrations
from opps.operating.figures import Measures, of_readiness
from opps.operating.graphql import GraphqlFigures, of_subscriptions
from opps.operating.known import shipped_operations
from opps.operating.log import of_leader, of_log, of_pool, of_webhooks
from opps.operating.readiness import Readiness, Revisions
from opps.operating.routes import Trusted, routes_for_operators
from opps.projections.projector import Projector
from opps.projections.registry import PROJECTIONS
from opps.projections.views import Views
from opps.telemetry.observing import Observing

_ADVICE = "OPPS_METRICS_HOST and OPPS_METRICS_PORT"


class Desk:
    """What operators are told of one process.

    `draining` tells whether it is stopping, `answering` whether it takes requests yet.
    `projector` is what keeps the read models in this process, if it does.
    """

    def __init__(
        self,
        opps: Opps,
        draining: Callable[[], bool],
        projector: Projector | None,
        answering: Callable[[], bool] = lambda: True,
    ) -> None:
        self.measures = Measures()
        self._settings = opps.settings
        self._readiness = Readiness(
            opps.database.direct_url,
            [one.name for one in PROJECTIONS],
            Revisions(migrations.revisions()),
            opps.settings.most_lag_s,
            draining,
            answering,
        )
        for collect in (
            of_readiness(self._readiness),
            of_log(opps.log),
            of_pool("log", lambda: opps.log.pool),
            of_leader(lambda: projector is not None and projector.leading),
            of_webhooks(lambda: opps.webhook_tally.arrived, lambda: opps.webhook_tally.failed),
        ):
            self.measures.add(collect)

    def observing(self) -> Observing:
        """Return what observes the operations of a server: figures are made of them."""
        figures = GraphqlFigures(self.measures.registry)
        known = shipped_operations() | self._settings.known_operations
        observing = Observing(known, figures.told)
        self.measures.add(of_subscriptions(lambda: observing.subscriptions))
        return observing

    def reading(self, views: Views) -> None:
        """Tell of the connections of a server's read models too."""
        self.measures.add(of_pool("views", lambda: views.reading.pool))

    def beside(self) -> list[BaseRoute]:
        """Return the routes beside GraphQL: in production nobody is told more there than ready."""
        return self._routes(_in_development(self._settings))

    def apart(self) -> Starlette:
        """Return what the port for operators answers with."""
        return Starlette(routes=self._routes(_on_own_port(self._settings.metrics_host)))

    def _routes(self, trusted: Trusted) -> list[BaseRoute]:
        return routes_for_operators(self._readiness, self.measures.figures, trusted)


@contextmanager
def listening_for_operators(settings: Settings) -> Iterator[socket | None]:
    """Yield the socket of the port for operators; None where there is to be none.

    Raises:
        Cannot: the port is in use, or the address is not ours; the message says what to do.
    """
    with ExitStack() as opened:
        if settings.metrics_port is None:
            yield None
        else:
            where = listening(settings.metrics_host, settings.metrics_port, _ADVICE)
            yield opened.enter_context(where)


@contextmanager
def answering_operators(listener: socket | None, desk: Desk) -> Iterator[str | None]:
    """Answer operators within the block, in a thread of its own; yield where, if anywhere.

    It goes on while the main port drains, and answers however busy that is.
    """
    if listener is None:
        yield None
        return
    started = Event()
    server = _Server(desk.apart(), started)
    thread = Thread(target=server.run, args=[[listener]], name="opps-operators", daemon=True)
    thread.start()
    started.wait()
    try:
        yield address_of(listener)
    finally:
        server.should_exit = True
        thread.join()


class _Server(uvicorn.Server):
    def __init__(self, application: Starlette, started: Event) -> None:
        config = uvicorn.Config(
            application,
            log_config=None,
            access_log=False,
            ws="none",
            lifespan="off",
            timeout_graceful_shutdown=1,
        )
        super().__init__(config)
        self._has_started = started

    async def startup(self, sockets: list[socket] | None = None) -> None:
        """Begin to answer, and say so."""
        await super().startup(sockets)
        self._has_started.set()


def _in_development(settings: Settings) -> Trusted:
    """Return who is trusted on the main port: in development whoever asks this machine by name."""

    def trusted(request: Request) -> bool:
        developing = settings.environment is Environment.DEVELOPMENT
        return developing and is_here(request.headers.get("host", ""), settings.host)

    return trusted


def _on_own_port(host: str) -> Trusted:
    """Return who is trusted on the port for operators: whoever reaches it.

    Where only this machine does, a page of elsewhere could have its own name point there.
    """

    def trusted(request: Request) -> bool:
        return not _is_loopback(host) or is_here(request.headers.get("host", ""), host)

    return trusted


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
