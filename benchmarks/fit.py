"""How long a full refit of a scoring model takes, by closed opportunities and moments of each.

Run `python -m benchmarks.fit`; `--json` prints the figures for a script. Every figure is the
median of several rounds; the rows are there before the clock starts, as facts and conduct.
"""

import argparse
import json
from statistics import median
from timeit import timeit

from msgspec.structs import replace
from rich.console import Console
from rich.table import Table

from benchmarks.score import a_deal
from opps.domain.model import Graded, Model, Nats, Signal, SignalSource, Topic
from opps.learning.fit import fit
from opps.learning.moments import TrainingRow
from tests.learning.deals import EXPERT, closed, deals

ROUNDS = 5
GOAL_S = 2.0
MOMENTS = 4


def with_attributes(model: Model, number: int) -> Model:
    """Return a model that listens to so many signals of five values besides."""
    more = tuple(
        Signal(
            name=f"signal {one}",
            source=SignalSource.CONTEXT,
            topic=Topic.CONTEXT,
            weight=Nats(0.3, 0.3),
            values={f"value {value}": Graded(grade=value / 2 - 1) for value in range(5)},
        )
        for one in range(number)
    )
    return replace(model, signals=(*model.signals, *more))


def rows(model: Model, closed_deals: int) -> list[TrainingRow]:
    """Return rows of four moments a deal; every one says something else."""
    knowns = deals(closed_deals * MOMENTS)
    standings = [a_deal(people=people).standings for people in range(4)]
    told = [
        replace(
            one,
            standings={**standings[number % 4], **one.standings},
            context={f"signal {at}": f"value {(number * (at + 3) // 7) % 5}" for at in range(22)},
        )
        for number, one in enumerate(knowns)
    ]
    return [replace(one, weight=1 / MOMENTS) for one in closed(model, told)]


def measured(closed_deals: int) -> float:
    """Return the seconds of a full refit."""
    model = with_attributes(EXPERT, 22)
    taught = rows(model, closed_deals)
    return median(
        timeit(lambda: fit(model, taught, name="learned"), number=1) for _ in range(ROUNDS)
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print the figures for a script")
    as_json = parser.parse_args().json
    seconds = {number: measured(number) for number in (100, 1_000)}
    met = seconds[1_000] < GOAL_S
    if as_json:
        print(json.dumps({"seconds": seconds, "goal_s": GOAL_S, "met": met}))
        return
    table = Table("closed opportunities", "moments", "seconds", title="A full refit")
    for number, taken in seconds.items():
        table.add_row(f"{number:,}", f"{number * MOMENTS:,}", f"{taken:.2f}")
    Console().print(table, f"Goal for 1,000: below {GOAL_S} s, {'met' if met else 'not met'}.")


if __name__ == "__main__":
    main()
