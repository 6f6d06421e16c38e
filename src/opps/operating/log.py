"""Figures of the log, of the connections to it, and of who leads."""

from collections.abc import Callable, Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from opps.eventstore import Log
from opps.eventstore.pool import Pool
from opps.operating.figures import gauge

Collect = Callable[[], Iterator[Metric]]


def of_log(log: Log) -> Collect:
    """Return what collects how appends went in this process."""

    def collect() -> Iterator[Metric]:
        tally = log.tally
        appends = CounterMetricFamily(
            "opps_log_appends", "Appends, by what became of them.", labels=["outcome"]
        )
        for outcome, count in (
            ("stored", tally.stored),
            ("replayed", tally.replayed),
            ("conflict", tally.conflicts),
            ("refused", tally.refused),
            ("failed", tally.failed),
        ):
            appends.add_metric([outcome], count)
        yield appends
        yield _counter("opps_log_appended_events", "Events that were stored.", tally.events)
        yield _counter("opps_log_commits", "Commits, each of a batch of appends.", tally.commits)
        yield _counter("opps_log_commit_seconds", "What the commits took.", tally.seconds)
        yield gauge("opps_log_waiting_appends", "Appends that wait to be stored.", log.waiting)

    return collect


def of_leader(leads: Callable[[], bool]) -> Collect:
    """Return what collects whether this process leads: it moves the rows, the others wait."""

    def collect() -> Iterator[Metric]:
        yield gauge("opps_projector_leading", "Whether this process moves the rows.", leads())

    return collect


def of_webhooks(arrived: Callable[[], int], failed: Callable[[], int]) -> Collect:
    """Return what collects how attempts to deliver messages went in this process."""

    def collect() -> Iterator[Metric]:
        attempts = CounterMetricFamily(
            "opps_webhook_attempts",
            "Attempts to deliver a message, by what became of them.",
            labels=["outcome"],
        )
        attempts.add_metric(["arrived"], arrived())
        attempts.add_metric(["failed"], failed())
        yield attempts

    return collect


def of_pool(name: str, pool: Callable[[], Pool]) -> Collect:
    """Return what collects how the connections of a pool are used."""

    def collect() -> Iterator[Metric]:
        now = pool()
        connections = GaugeMetricFamily(
            f"opps_{name}_connections", "Connections, by what they do.", labels=["state"]
        )
        connections.add_metric(["busy"], now.busy)
        connections.add_metric(["idle"], now.idle)
        yield connections
        yield gauge(f"opps_{name}_connections_most", "How many there may be.", now.most)
        yield gauge(f"opps_{name}_waiting", "Who waits for one.", now.waiting)

    return collect


def _counter(name: str, words: str, value: float) -> Metric:
    return CounterMetricFamily(name, words, value=value)
