"""Figures of GraphQL: how long operations take, how they end, and what became of commands."""

from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import Metric

from opps.operating.figures import gauge
from opps.telemetry.observing import SUBSCRIPTION, Answered

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_COMMANDS = {"stored": "stored", "replayed": "replayed", "VersionConflict": "conflict"}


class GraphqlFigures:
    """Is told of every operation; labels are few, for callers cannot make up new ones."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._seconds = Histogram(
            "opps_graphql_seconds",
            "How long queries and mutations take, by the name of a known operation.",
            ["operation"],
            buckets=_BUCKETS,
            registry=registry,
        )
        self._operations = Counter(
            "opps_graphql_operations",
            "Operations, by what they are and how they ended.",
            ["kind", "outcome"],
            registry=registry,
        )
        self._commands = Counter(
            "opps_commands",
            "Commands over GraphQL, by what became of them.",
            ["outcome"],
            registry=registry,
        )
        for outcome in (*_COMMANDS.values(), "refused"):
            self._commands.labels(outcome)

    def told(self, answered: Answered) -> None:
        """Count an operation."""
        self._operations.labels(answered.kind, answered.outcome).inc()
        # How long somebody listened says nothing about how quick opps is.
        if answered.kind != SUBSCRIPTION:
            self._seconds.labels(answered.operation).observe(answered.seconds)
        for became in answered.commands:
            self._commands.labels(_COMMANDS.get(became, "refused")).inc()


def of_subscriptions(count: Callable[[], int]) -> Callable[[], Iterator[Metric]]:
    """Return what collects how many subscriptions run."""

    def collect() -> Iterator[Metric]:
        yield gauge("opps_subscriptions", "Subscriptions that run.", count())

    return collect
