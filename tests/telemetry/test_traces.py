"""One span an operation, with the append below it; the real SDK, and nothing where it is off."""

import subprocess
import sys
from collections.abc import Iterator
from uuid import uuid4

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from opps.eventstore import Log, register_tenant
from opps.projections.projector import catch_up
from opps.telemetry import traces
from opps.telemetry.observing import Observing
from tests.eventstore.support import append, settings

PLANTED = "Dana Okafor"
CALLER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture
def exported() -> Iterator[InMemorySpanExporter]:
    """Yield what keeps every span that is told."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    with traces.telling(provider):
        yield exporter


def only(exported: InMemorySpanExporter) -> ReadableSpan:
    [span] = exported.get_finished_spans()
    return span


def test_an_operation_is_one_span_called_by_its_kind_and_known_name(
    exported: InMemorySpanExporter,
) -> None:
    observing = Observing(known={"Board"})
    with observing.asked({}) as asking:
        observing.read(asking, "query", "Board")
    span = only(exported)

    assert span.name == "query Board"
    assert span.attributes is not None
    assert span.attributes["opps.request_id"] == asking.request_id
    assert span.attributes["opps.outcome"] == "ok"


def test_an_operation_of_another_name_is_not_repeated(exported: InMemorySpanExporter) -> None:
    observing = Observing(known={"Board"})
    with observing.asked({}) as asking:
        observing.read(asking, "query", "DanaOkafor")

    assert only(exported).name == "query other"


def test_a_span_goes_on_with_the_trace_of_the_caller(exported: InMemorySpanExporter) -> None:
    with Observing().asked({"traceparent": CALLER}):
        pass
    span = only(exported)

    assert span.context is not None
    assert span.parent is not None
    assert f"{span.context.trace_id:032x}" == CALLER.split("-")[1]
    assert f"{span.parent.span_id:016x}" == CALLER.split("-")[2]


def test_a_failure_is_told_by_its_kind_alone(exported: InMemorySpanExporter) -> None:
    with pytest.raises(ValueError, match=PLANTED), Observing().asked({}):
        raise ValueError(PLANTED)
    span = only(exported)

    assert span.status.status_code is StatusCode.ERROR
    assert span.events == ()
    assert PLANTED not in span.to_json()


async def test_an_append_is_a_span_below_its_operation(
    exported: InMemorySpanExporter, database: str
) -> None:
    tenant = register_tenant(database, uuid4(), "acme")
    with Log(settings(database)) as log:
        with Observing().asked({}):
            await log.append(append(tenant, events=3))
        catch_up(log, settings(database))
    appended, operation, projected = exported.get_finished_spans()

    assert (appended.name, projected.name) == ("append", "project")
    assert appended.attributes == {"opps.events": 3}
    assert operation.context is not None
    assert appended.parent is not None
    assert appended.parent.span_id == operation.context.span_id
    assert projected.attributes is not None
    assert projected.attributes["opps.events"] == 3
    assert projected.parent is None


def test_without_traces_nothing_of_them_is_imported_and_a_span_is_nothing() -> None:
    code = (
        "import sys, opps.cli.main, opps.cli.operators\n"
        "from opps.telemetry import traces\n"
        "with traces.span('append') as span: span.note('opps.events', 1)\n"
        "assert traces.span('a') is traces.span('b')\n"
        "assert not any(name.startswith('opentelemetry') for name in sys.modules)\n"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_traces_that_are_wanted_and_not_installed_are_told_at_the_start() -> None:
    code = (
        "import sys\n"
        "sys.modules['opentelemetry.sdk.trace'] = None\n"
        "from opps.telemetry.traces import NoTraces, sending\n"
        "try:\n"
        "    with sending(): pass\n"
        "except NoTraces as told: print(told)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "pip install 'opps[otel]'" in ran.stdout
