"""Every operation is observed once: a line, a figure and a span, whatever transport it came by."""

import logging
from asyncio import CancelledError
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from time import perf_counter
from typing import TypeAlias
from uuid import UUID

from msgspec import Struct

from opps.telemetry import traces
from opps.telemetry.asking import OTHER, Asking, answering, correlation_id, now, request_id

REQUEST_ID = "x-request-id"
CORRELATION_ID = "x-correlation-id"
SUBSCRIPTION = "subscription"

_requests = logging.getLogger("opps.requests")
_commands = logging.getLogger("opps.commands")


class Answered(Struct, frozen=True):
    """An operation that was answered; `operation` is one of few names."""

    operation: str
    kind: str
    outcome: str
    seconds: float
    commands: tuple[str, ...] = ()


Told: TypeAlias = Callable[[Answered], None]


def to_nobody(answered: Answered) -> None:
    """Tell nobody."""


class Observing:
    """Observes the operations of one server; only `known` ones are called by their names.

    Whatever else a caller names an operation is never repeated: it could be anything.
    """

    def __init__(self, known: Collection[str] = (), told: Told = to_nobody) -> None:
        self._known = frozenset(known)
        self._told = told
        self.subscriptions = 0

    @contextmanager
    def asked(self, headers: Mapping[str, str], id_: str | None = None) -> Iterator[Asking]:
        """Observe one operation within the block, under an id of its request."""
        asking = Asking(
            request_id=id_ or request_id(headers.get(REQUEST_ID)),
            correlation_id=correlation_id(headers.get(CORRELATION_ID)),
        )
        began_s = perf_counter()
        with answering(asking), traces.span("graphql", headers) as span:
            try:
                yield asking
            except CancelledError:
                asking.outcome = "left"
                raise
            except BaseException:
                asking.outcome = "broken"
                raise
            finally:
                seconds = perf_counter() - began_s
                _describe(span, asking)
                self._tell(asking, seconds)

    def read(self, asking: Asking, kind: str, name: str | None) -> None:
        """Note what an operation is, once that is known."""
        asking.kind = kind
        asking.operation = name if name in self._known and name is not None else OTHER

    def subscribed(self) -> None:
        """Count a subscription that runs from now on."""
        self.subscriptions += 1

    def unsubscribed(self) -> None:
        """Count one that runs no more."""
        self.subscriptions -= 1

    def _tell(self, asking: Asking, seconds: float) -> None:
        commands = tuple(asking.commands)
        self._told(Answered(asking.operation, asking.kind, asking.outcome, seconds, commands))
        _requests.info(
            "answered",
            extra={
                "operation": asking.operation,
                "kind": asking.kind,
                "outcome": asking.outcome,
                "status": asking.status,
                "ms": round(seconds * 1_000, 1),
            },
        )


@contextmanager
def carrying_out(command: str, command_id: UUID) -> Iterator[Callable[[str], None]]:
    """Let every line from here on carry the command's id; yield what notes its outcome."""
    asking, outcome = now(), "done"

    def note(became: str) -> None:
        nonlocal outcome
        outcome = became

    if asking is not None:
        asking.command_id = command_id
    try:
        yield note
    except Exception as refused:
        note(type(refused).__name__)
        raise
    finally:
        _commands.info("carried out", extra={"command": command, "outcome": outcome})
        if asking is not None:
            asking.commands.append(outcome)


def _describe(span: traces.Span, asking: Asking) -> None:
    span.name(f"{asking.kind} {asking.operation}")
    span.note("graphql.operation.type", asking.kind)
    span.note("graphql.operation.name", asking.operation)
    span.note("opps.request_id", asking.request_id)
    span.note("opps.outcome", asking.outcome)
    if asking.outcome == "broken":
        span.failed(asking.outcome)
