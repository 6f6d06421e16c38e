"""Spans, if somebody wants traces; without them nothing is imported, and a span costs nothing."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

Attribute = str | int | float | bool


class Span(Protocol):
    """What is told of one stretch of work."""

    def name(self, name: str) -> None: ...
    def note(self, name: str, value: Attribute) -> None: ...
    def failed(self, kind: str) -> None: ...


class NoTraces(Exception):
    """Traces were asked for, and what sends them is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "OPPS_TRACES is yes, and the packages for it are not installed: "
            "pip install 'opps[otel]', or take OPPS_TRACES out."
        )


class _Untold:
    def name(self, name: str) -> None:
        """Tell nobody."""

    def note(self, name: str, value: Attribute) -> None:
        """Tell nobody."""

    def failed(self, kind: str) -> None:
        """Tell nobody."""


_UNTOLD = _Untold()
_NOBODY: AbstractContextManager[Span] = nullcontext(_UNTOLD)
_tracer: Any = None


def span(name: str, carrier: Mapping[str, str] | None = None) -> AbstractContextManager[Span]:
    """Return a span over a block, below the one under way or below the caller's of `carrier`."""
    return _NOBODY if _tracer is None else _told(name, carrier)


@contextmanager
def sending() -> Iterator[None]:
    """Send spans by OTLP within the block, where the OTEL_ variables say.

    Raises:
        NoTraces: the extra `otel` is not installed.
    """
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        raise NoTraces from None
    from opps import __version__

    # OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES have the last word.
    resource = Resource({"service.name": "opps", "service.version": __version__})
    provider = TracerProvider(resource=resource.merge(Resource.create()))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    with telling(provider):
        yield


@contextmanager
def telling(provider: "TracerProvider") -> Iterator[None]:
    """Tell a provider of spans within the block, and all of it before the block ends."""
    global _tracer
    _tracer = provider.get_tracer("opps")
    try:
        yield
    finally:
        _tracer = None
        provider.shutdown()


@contextmanager
def _told(name: str, carrier: Mapping[str, str] | None) -> Iterator[Span]:
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    above = None if carrier is None else TraceContextTextMapPropagator().extract(carrier)
    # The words of a failure may quote what it failed on: its kind alone is told.
    quiet = {"record_exception": False, "set_status_on_exception": False}
    with _tracer.start_as_current_span(name, above, **quiet) as begun:
        told = _Told(begun)
        try:
            yield told
        except Exception as error:
            told.failed(type(error).__name__)
            raise


class _Told:
    def __init__(self, begun: Any) -> None:
        self._begun = begun

    def name(self, name: str) -> None:
        """Call it otherwise, now that more is known."""
        self._begun.update_name(name)

    def note(self, name: str, value: Attribute) -> None:
        """Note something of it."""
        self._begun.set_attribute(name, value)

    def failed(self, kind: str) -> None:
        """Say that it failed, and in which way."""
        from opentelemetry.trace import Status, StatusCode

        self._begun.set_status(Status(StatusCode.ERROR, kind))
