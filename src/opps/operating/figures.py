"""The figures of a process for Prometheus, each with its words, all of bounded number."""

from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, PlatformCollector, ProcessCollector
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from opps import __version__
from opps.operating.readiness import Readiness
from opps.operating.routes import Figures


class Measures:
    """Everything that one process measures, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self.add(_version)

    def add(self, collect: Callable[[], Iterator[Metric]]) -> None:
        """Ask `collect` for more figures, each time somebody looks."""
        self.registry.register(_Asked(collect))

    def figures(self) -> Figures:
        """Return all of it as Prometheus reads it."""
        encode, media_type = choose_encoder("")
        return Figures(encode(self.registry), media_type)


class _Asked(Collector):
    def __init__(self, collect: Callable[[], Iterator[Metric]]) -> None:
        self._collect = collect

    def collect(self) -> Iterator[Metric]:
        return self._collect()

    def describe(self) -> Iterator[Metric]:
        """Describe nothing beforehand: who registers would ask for the figures else."""
        return iter(())


def of_readiness(readiness: Readiness) -> Callable[[], Iterator[Metric]]:
    """Return what collects whether the process is ready, and how far behind the rows are."""

    def collect() -> Iterator[Metric]:
        state = readiness.state()
        yield gauge("opps_ready", "Whether the process is ready for requests.", state.ready)
        checks = GaugeMetricFamily(
            "opps_check_good", "Whether one condition of being ready holds.", labels=["check"]
        )
        for name, check in state.checks.items():
            checks.add_metric([name], float(check.good))
        yield checks
        seen = state.seen
        if seen is None:
            return
        yield gauge("opps_log_events", "Events in the logs of all tenants.", seen.events)
        yield gauge("opps_tenants", "Tenants of the database.", seen.tenants)
        if seen.replay is not None:
            words = "How old what a replica shows is."
            yield gauge("opps_replica_lag_seconds", words, seen.replay.seconds)
        events, seconds, parked = (
            GaugeMetricFamily(name, words, labels=["projection"])
            for name, words in (
                ("opps_projection_lag_events", "Events not shown yet, where they are the most."),
                ("opps_projection_lag_seconds", "How long the oldest of these waits."),
                ("opps_projection_parked_streams", "Streams that were given up, of all tenants."),
            )
        )
        for lag in seen.lags:
            events.add_metric([lag.projection], lag.events)
            seconds.add_metric([lag.projection], lag.seconds)
            parked.add_metric([lag.projection], lag.parked)
        yield from (events, seconds, parked)

    return collect


def _version() -> Iterator[Metric]:
    version = GaugeMetricFamily("opps_build_info", "The version that runs.", labels=["version"])
    version.add_metric([__version__], 1.0)
    yield version


def gauge(name: str, words: str, value: float) -> Metric:
    """Return a figure that goes up and down, without labels."""
    return GaugeMetricFamily(name, words, value=float(value))
