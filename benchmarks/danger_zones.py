"""How many opportunities a second all rules look at, beside folding the same without rules.

Run `python -m benchmarks.danger_zones`; `--json` prints the figures for a script. Every figure is
the median of several rounds in which all competitors take turns, in CPU time.
"""

import argparse
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from statistics import median
from time import process_time
from uuid import UUID, uuid5

from rich.console import Console
from rich.table import Table

from benchmarks.score import TEN_FACTS
from benchmarks.stories import BEGIN, deal_events
from opps.domain.danger_zones.zones import CHECKS, look
from opps.domain.events import CommitBasis, CommitDateSet, Event, FactLearned, OpportunityLost
from opps.domain.opportunity.evolve import evolve, under
from opps.domain.opportunity.state import Opportunity
from opps.domain.provenance import Channel, Provenance, SourceKind
from opps.domain.recorded import Actor, Metadata, Recorded, Via
from opps.domain.setting import Setting
from opps.domain.times import Learned
from opps.projections.looks import Looks

TODAY = Setting(clock=BEGIN + timedelta(days=40))
GOAL = 2_000
History = Sequence[Recorded[Event]]


def history(number: int) -> History:
    """Return the events of an open opportunity: its story, a date, and ten facts more."""
    deal = uuid5(UUID(int=0), f"deal {number}")
    at = Learned(latest=BEGIN + timedelta(minutes=number))
    story: list[Event] = [
        one for one in deal_events(deal, number) if not isinstance(one, OpportunityLost)
    ]
    day = (BEGIN + timedelta(days=30 + number % 90)).date()
    story.append(CommitDateSet(learned=at, commit_date=day, basis=CommitBasis.BUYER_STATED))
    source = Provenance(source=SourceKind.BUYER_SAID, channel=Channel.CALL, learned_by=deal)
    for index, fact in enumerate(TEN_FACTS):
        fact_id = uuid5(deal, f"more {index}")
        story.append(FactLearned(learned=at, fact_id=fact_id, fact=fact, provenance=source))
    return [_recorded(deal, index, event) for index, event in enumerate(story)]


def _recorded(deal: UUID, index: int, event: Event) -> Recorded[Event]:
    return Recorded(
        event=event,
        stream=deal,
        position=index + 1,
        version=index,
        recorded_at=datetime(2026, 2, 1, tzinfo=UTC),
        event_id=uuid5(deal, str(index)),
        command_id=deal,
        metadata=Metadata(actor=Actor(principal=deal, role="SELLER", via=Via.GRAPHQL)),
    )


def folded(of: History) -> Opportunity:
    """Return an opportunity after its history."""
    state: Opportunity | None = None
    for one in of:
        state = evolve(state, one, TODAY)
    assert state is not None
    return state


def folding(histories: Sequence[History]) -> int:
    """Fold each opportunity; return how many events there were."""
    return sum(folded(one).version + 1 for one in histories)


def rebuilding(histories: Sequence[History]) -> int:
    """Fold each opportunity and let every rule look at it; return how many zones are open."""
    return sum(len(look(folded(one)).zones) for one in histories)


def following(histories: Sequence[History]) -> int:
    """Look at each opportunity after each of its events; return how many zones opened or closed."""
    looks, changes = Looks(), 0
    for one in histories:
        state: Opportunity | None = None
        was: set[str] = set()
        for recorded in one:
            state = evolve(state, recorded, TODAY)
            now = {zone.zone for zone in looks.of(state).zones}
            changes += len(was ^ now)
            was = now
    return changes


def looking(states: Sequence[Opportunity]) -> int:
    """Let every rule look at opportunities that are folded; return how many zones are open."""
    return sum(len(look(under(one, TODAY)).zones) for one in states)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--opportunities", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    histories = [history(number) for number in range(given.opportunities)]
    states = [folded(one) for one in histories]
    competitors: dict[str, Callable[[], int]] = {
        "folding alone": lambda: folding(histories),
        "folding, then all rules": lambda: rebuilding(histories),
        "all rules after each event": lambda: following(histories),
        "all rules, folded before": lambda: looking(states),
    }
    taken: dict[str, list[float]] = {name: [] for name in competitors}
    found: dict[str, int] = {}
    for _ in range(given.rounds):
        for name, run in competitors.items():
            began = process_time()
            found[name] = run()
            taken[name].append(process_time() - began)
    rates = {name: len(histories) / median(times) for name, times in taken.items()}
    if given.json:
        print(json.dumps({"rates": rates, "found": found}))
        return
    events = found["folding alone"] / len(histories)
    table = Table(
        title=f"{len(histories):,} opportunities of {events:.0f} events, {len(CHECKS)} rules"
    )
    for heading in ("What", "Opportunities/s", "µs each", "Found"):
        table.add_column(heading, justify="left" if heading == "What" else "right")
    for name, rate in rates.items():
        table.add_row(name, f"{rate:,.0f}", f"{1e6 / rate:,.0f}", f"{found[name]:,}")
    Console().print(table)
    reached = rates["folding, then all rules"]
    print(f"goal: {GOAL:,} opportunities/s rebuilt, reached {reached:,.0f}")


if __name__ == "__main__":
    main()
