"""The HTTP server of a process: listening at once or not at all, and gone within a second."""

import asyncio
import errno
import gc
import signal
import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager
from time import monotonic
from types import FrameType
from typing import TYPE_CHECKING, Any
from uuid import UUID

import uvicorn

from opps.access.known import KnownAccess, KnownTenants
from opps.access.signing_keys import SigningKeys
from opps.access.tokens import Tokens
from opps.api.app import create_app
from opps.api.identity import Identify, development
from opps.api.limits import DEFAULTS
from opps.api.persisted import PersistedDocuments
from opps.api.persisted_files import CannotLoad, loaded
from opps.api.schema import schema
from opps.api.shutdown import Draining
from opps.api.signed_in import SignedIn
from opps.app import Opps
from opps.cli.output import Cannot
from opps.config import Environment, Settings

if TYPE_CHECKING:
    from opps.cli.operators import Desk

_BACKLOG = 2_048
_UNTAKEN_FOR_MS = 90_000
# Subscriptions end by themselves when draining begins; whoever has not by then is cut off.
_LONGEST_DRAIN_S = 1
_LAST_WORDS_S = 0.5
_LOOK_EVERY_S = 0.01
_OBJECTS_BETWEEN_COLLECTIONS = 10_000


@contextmanager
def listening(
    host: str, port: int, named: str = "OPPS_HOST and OPPS_PORT"
) -> Generator[socket.socket]:
    """Yield a socket that listens; port 0 takes any free one. `named` are its settings.

    Raises:
        Cannot: the port is in use, or the address is not ours; the message says what to do.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except socket.gaierror:
        raise Cannot(
            f"{host!r} is no address of this machine. Set {named.partition(' ')[0]} to one, such "
            "as 127.0.0.1 (only this machine) or 0.0.0.0 (everybody who reaches it)."
        ) from None
    with socket.socket(family, kind, protocol) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            # Whoever is gone without a word, or takes nothing, does not keep a line for ever.
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNTAKEN_FOR_MS)
        try:
            listener.bind(address)
            listener.listen(_BACKLOG)
        except OSError as error:
            raise Cannot(_why_not(host, port, named, error)) from None
        yield listener


def _why_not(host: str, port: int, named: str, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE and "OPPS_PORT" not in named:
        return f"Port {port} of {host} is in use, perhaps by another opps. Set {named} to another."
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} of {host} is in use, perhaps by another opps. Stop that program, or take "
            "another port: --port 8001, --port 0 for any free one, or `OPPS_PORT=8001 make run`."
        )
    if error.errno == errno.EACCES:
        return f"Port {port} may not be opened by this user. Take one from 1024 on: --port 8000."
    return f"Cannot listen on {host}, port {port}: {error.strerror}. Set {named}."


def address_of(listener: socket.socket) -> str:
    """Return where a browser on this machine finds the server."""
    host, port = listener.getsockname()[:2]
    if host in ("0.0.0.0", "::"):
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class Server(uvicorn.Server):
    """Serves an application until the process is told to stop; `draining` is called first.

    `ready` is called once it answers. No message over a WebSocket has more than `most_bytes`.
    """

    def __init__(
        self,
        application: Any,
        draining: Callable[[], None],
        ready: Callable[[], None],
        most_bytes: int = DEFAULTS.body_bytes,
    ) -> None:
        super().__init__(
            uvicorn.Config(
                application,
                log_config=None,  # it tells what the others tell, and in their form
                access_log=False,
                ws="websockets-sansio",
                ws_per_message_deflate=False,
                ws_max_size=most_bytes,
                timeout_graceful_shutdown=_LONGEST_DRAIN_S,
            )
        )
        self._draining = draining
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer, and say so."""
        await super().startup(sockets)
        # What is there by now stays: looking through it for garbage cost half of each long read.
        gc.freeze()
        # An answer of a page has more objects than the usual 700: each page was looked through.
        gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop, once open WebSockets have said that they are over; not later for slow ones."""
        give_up_at = monotonic() + _LAST_WORDS_S
        kind = self.config.ws_protocol_class
        while kind and monotonic() < give_up_at:
            if not any(isinstance(one, kind) for one in self.server_state.connections):
                break
            await asyncio.sleep(_LOOK_EVERY_S)
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to drain; a second signal does not wait."""
        self._draining()
        super().handle_exit(sig, frame)

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """Take the signals while serving.

        The signal is not raised again afterwards, as uvicorn would: the database has to be stopped
        in order, and having been told to stop is no failure.
        """
        handled = (signal.SIGINT, signal.SIGTERM)
        before = {number: signal.signal(number, self.handle_exit) for number in handled}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


async def serve_until_stopped(
    opps: Opps,
    listener: socket.socket,
    ready: Callable[[], None],
    draining: Draining | None = None,
    desk: "Desk | None" = None,
) -> None:
    """Answer GraphQL on the socket, and operators beside it; `ready` is called once it does."""
    draining = draining or Draining()
    persisted = persisted_documents(opps.settings)
    async with opps.views(opps.settings.most_statement_seconds) as views:
        if desk is not None:
            desk.reading(views)
        answering = create_app(
            opps.application,
            views,
            opps.ledger,
            identify(opps),
            draining,
            opps.settings.audited_reads,
            opps.settings.most_folded,
            publishing=opps.settings.publish_ledger,
            observing=None if desk is None else desk.observing(),
            beside=() if desk is None else desk.beside(),
            limits=opps.settings.limits,
            persisted=persisted,
        )
        most_bytes = opps.settings.limits.body_bytes
        await Server(answering, draining.begin, ready, most_bytes).serve(sockets=[listener])


def persisted_documents(found: Settings) -> PersistedDocuments:
    """Return the documents that the settings name.

    Raises:
        Cannot: one of them cannot be read, or would be refused; the message says which and why.
    """
    if found.persisted_documents is None:
        return PersistedDocuments()
    try:
        texts = loaded(found.persisted_documents, schema()._schema, found.limits)
    except CannotLoad as error:
        raise Cannot(f"{error} Mend it, or change OPPS_PERSISTED_DOCUMENTS.") from None
    return PersistedDocuments(texts, only=found.persisted_only)


def identify(opps: Opps) -> Identify:
    """Return who asks: in development one administrator, otherwise who shows a token or a key."""
    found, application = opps.settings, opps.application
    if found.environment is Environment.DEVELOPMENT:
        return development(opps.tenant(), found.tenant, found.host)
    provider = found.provider
    tokens = (
        None
        if provider is None
        else Tokens(provider, SigningKeys(provider.issuer, provider.jwks_url))
    )

    async def find(slug: str) -> UUID | None:
        return await opps.log.aside(opps.log.find_tenant, slug)

    access = KnownAccess(application.access_of)
    return SignedIn(access, KnownTenants(find), tokens, found.tenant).identify
