"""What it costs to look at an opportunity of 500 events as of any instant, in CPU.

Run `python -m benchmarks.dossier`; `--graphql` asks a server, too, which takes longer, and `--json`
prints the figures for a script. Each figure is the median of several rounds in which all take
turns. A dossier is the opportunity seen through a lens, its score with interval, and the state of
its nine objectives. Decoding the 500 events is the floor: nobody shows what they have not read.
"""

import argparse
import json
from collections.abc import Callable
from statistics import median
from time import process_time

from rich.console import Console
from rich.table import Table

from benchmarks.dossier_served import answered
from benchmarks.long_deals import BEGIN, SHAPES
from opps.api.picture import Picture
from opps.domain.events import Event
from opps.domain.opportunity.evolve import fold
from opps.domain.opportunity.lenses import AsKnown, InHindsight, through
from opps.domain.opportunity.state import Opportunity
from opps.domain.recorded import Recorded
from opps.eventstore import LoggedEvent
from opps.recording import codec
from tests.domain import given

ROUNDS = 15
GOAL_MS = 10.0

Figures = dict[str, dict[str, float]]


def logged(recorded: Recorded[Event]) -> LoggedEvent:
    """Return an event as the log gives it back."""
    return LoggedEvent(
        position=recorded.position,
        stream=recorded.stream,
        version=recorded.version,
        event_id=recorded.event_id,
        command_id=recorded.command_id,
        recorded_at=recorded.recorded_at,
        tag=codec.tag_of(recorded.event),
        schema=recorded.event.schema,
        payload=codec.encode(recorded.event),
        metadata=codec.encode_metadata(recorded.metadata),
    )


def looked_at(state: Opportunity | None) -> Picture:
    """Return an opportunity with what a dossier shows of it worked out."""
    assert state is not None, "it was opened by then"
    picture = Picture(state)
    assert picture.score.low <= picture.score.p <= picture.score.high
    assert picture.objectives
    return picture


def dossiers(events: list[Event]) -> dict[str, Callable[[], object]]:
    """Return what takes turns for one deal: the floor, and each way to look at it."""
    history = given.recorded(events, begin=BEGIN)
    stored = [logged(one) for one in history]
    screen, instant = history[len(history) * 4 // 5].position, history[-100].recorded_at

    def decoded() -> list[Recorded[Event]]:
        return [codec.decode(one) for one in stored]

    def seen(until: int) -> list[Recorded[Event]]:
        return [one for one in decoded() if one.position <= until]

    return {
        "decoding": decoded,
        "NOW": lambda: looked_at(fold(decoded())),
        "SCREEN": lambda: looked_at(fold(seen(screen))),
        "KNOWN": lambda: looked_at(through(AsKnown(instant), decoded())),
        "HINDSIGHT": lambda: looked_at(through(InHindsight(instant), decoded())),
        "NOW, every fact": lambda: list(looked_at(fold(decoded())).facts()),
    }


def milliseconds(work: Callable[[], object]) -> float:
    began = process_time()
    work()
    return (process_time() - began) * 1_000


def measure() -> Figures:
    """Return the median milliseconds of CPU of each look at each deal."""
    work = {shape: dossiers(make()) for shape, make in SHAPES.items()}
    taken: dict[tuple[str, str], list[float]] = {}
    for _ in range(ROUNDS):
        for shape, looks in work.items():
            for look, one in looks.items():
                taken.setdefault((shape, look), []).append(milliseconds(one))
    return {
        shape: {look: median(taken[shape, look]) for look in looks} for shape, looks in work.items()
    }


def report(title: str, figures: Figures) -> None:
    """Print a table."""
    columns = list(next(iter(figures.values())))
    table = Table("", *columns, title=title)
    for name, row in figures.items():
        table.add_row(name, *(f"{row[column]:,.1f}" for column in columns))
    Console().print(table)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dossier", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--graphql", action="store_true", help="ask a server too")
    options = parser.parse_args()
    figures = {"dossier": measure()}
    if options.graphql:
        figures["graphql"] = answered()
    if options.json:
        print(json.dumps(figures, indent=2))
        return
    report("A dossier of 500 events, CPU ms, decoding included", figures["dossier"])
    lenses = ("NOW", "SCREEN", "KNOWN", "HINDSIGHT")
    slowest = max(row[lens] for row in figures["dossier"].values() for lens in lenses)
    print(f"The slowest takes {slowest:.1f} ms (goal: {GOAL_MS:.0f} ms).")
    if options.graphql:
        report("The same through GraphQL, server CPU ms a query", figures["graphql"])


if __name__ == "__main__":
    main()
