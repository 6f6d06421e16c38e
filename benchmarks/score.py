"""How long a score with its interval takes, compared with the interval worked out node by node.

Run `python -m benchmarks.score`; `--json` prints the figures for a script. Every figure is the
median of several rounds in which all competitors take turns, in CPU time.
"""

import argparse
import json
from bisect import bisect_left
from collections.abc import Callable
from itertools import accumulate, cycle
from math import exp, sqrt
from statistics import median
from time import process_time
from timeit import Timer
from uuid import UUID, uuid5

from msgspec.structs import replace
from rich.console import Console
from rich.table import Table

from opps.domain.catalogue import Facet
from opps.domain.change import change
from opps.domain.explanation import explain
from opps.domain.facts import AnyFact, Attribute, Fact
from opps.domain.facts.customer import OurEffect
from opps.domain.facts.evaluators import InfluenceLevel, LeaningLevel, Role
from opps.domain.facts.purchase import FitLevel, FundingStatus
from opps.domain.interval import Doubt, interval80
from opps.domain.knowledge import Known, objective_states
from opps.domain.model import TOPIC_OF, Graded, Nats, Signal, SignalSource
from opps.domain.next_question import next_questions
from opps.domain.oks_1 import OKS_1
from opps.domain.opportunity.state import Opportunity
from opps.domain.quadrature import NORMAL
from opps.domain.score import NOTHING_KNOWN, score
from tests.domain import build, given

ROUNDS = 9
CALLS = 100
ATTRIBUTES = 20

TEN_FACTS: tuple[AnyFact, ...] = (
    build.an_issue(4, priority_rank=1, our_effect=OurEffect.UNIQUELY),
    build.an_impact(issue_id=build.CHURN, value_per_year=build.euros(900)),
    build.a_need(met_by_status_quo=False),
    build.fits(FitLevel.MEETS),
    build.funded(FundingStatus.REQUESTED, amount=build.euros(300)),
    build.expects(build.euros(200), build.euros(400)),
    build.an_event(consequence="A fine"),
    build.a_criterion(),
    build.weighed(0.4),
    build.next_step(buyer_committed=True),
)


def a_deal(people: int) -> Known:
    """Return a deal of which much is known: ten facts, and five for each evaluator."""
    facts: list[Fact] = list(TEN_FACTS)
    for number in range(people):
        facts += _said_of(uuid5(build.DEAL, f"evaluator {number}"))
    return build.known(*facts, amount=build.euros(300), clock=build.FRIDAY)


def an_opportunity() -> Opportunity:
    """Return an opportunity of which ten facts were learned."""
    told = [given.learned(fact, f"fact {number}") for number, fact in enumerate(TEN_FACTS)]
    return given.given(given.opened, *told).state


def a_questionnaire(attributes: int) -> Known:
    """Return a deal of which attributes are known, with a model that grades as many."""
    told = [
        build.an_attribute(f"value {number % 4}", attribute=f"attribute {number}", facet=facet)
        for number, facet in zip(range(attributes), cycle(Facet), strict=False)
    ]
    model = replace(OKS_1, name="learned", signals=tuple(map(_graded, told)))
    return replace(build.known(*told, clock=build.FRIDAY), model=model)


def _graded(told: Attribute) -> Signal:
    return Signal(
        name=told.attribute,
        source=SignalSource.ATTRIBUTE,
        topic=TOPIC_OF[told.objective],
        weight=Nats(0.4, 0.5),
        values={
            f"value {grade}": Graded(grade=grade / 4, because="so it is", deviation=Nats(0.01, 0.1))
            for grade in range(4)
        },
        mean=0.3,
        spread=Nats(0.3, 0.4),
    )


def _said_of(person: UUID) -> tuple[Fact, ...]:
    return (
        build.an_evaluator(person, roles=(Role.USER,)),
        build.weighs(person, InfluenceLevel.SIGNIFICANT),
        build.leans(person, LeaningLevel.SUPPORTER),
        build.prefers(person, build.US),
        build.rated(build.US, 1, viewer=person),
    )


def scored_anew(known: Known) -> Callable[[], object]:
    """Return the work of a score whose interval nobody has worked out before."""

    def work() -> object:
        interval80.cache_clear()
        return score(known)

    return work


def node_by_node(doubt: Doubt) -> tuple[float, float]:
    """Return the interval as the formula reads: each pair of nodes, sorted with its weight."""
    deviation = sqrt(doubt.variance_happen)
    shared = doubt.covariance / deviation
    own = sqrt(doubt.variance_win - shared * shared)
    pairs = sorted(
        (
            1
            / (1 + exp(-(doubt.happen + deviation * x)))
            / (1 + exp(-(doubt.win + shared * x + own * y))),
            weight * other,
        )
        for x, weight in NORMAL
        for y, other in NORMAL
    )
    below = accumulate((weight for _, weight in pairs), initial=0.0)
    middles = [start + weight / 2 for start, (_, weight) in zip(below, pairs, strict=False)]
    return _quantile(pairs, middles, 0.1), _quantile(pairs, middles, 0.9)


def _quantile(pairs: list[tuple[float, float]], middles: list[float], share: float) -> float:
    after = bisect_left(middles, share)
    first, last = pairs[after - 1][0], pairs[after][0]
    start, end = middles[after - 1], middles[after]
    return first + (last - first) * (share - start) / (end - start)


def measure() -> dict[str, float]:
    """Return the median microseconds of CPU of each competitor."""
    doubt = Doubt(0.3, -0.4, variance_happen=1.2, variance_win=0.9, covariance=0.5)
    empty, known, much = build.known(), a_deal(people=0), a_deal(people=8)
    learned, opportunity = a_questionnaire(ATTRIBUTES), an_opportunity()
    few, many = len(known.standings), len(much.standings)
    after = score(much)
    work: dict[str, Callable[[], object]] = {
        "score, nothing known, interval remembered": lambda: score(empty),
        f"score with interval, {few} facts": scored_anew(known),
        f"score with interval, {many} facts": scored_anew(much),
        f"score with interval, {ATTRIBUTES} graded attributes": scored_anew(learned),
        "interval": lambda: interval80.__wrapped__(doubt),
        "interval, node by node": lambda: node_by_node(doubt),
        f"explanation, {few} facts": lambda: explain(opportunity),
        f"next best questions, {few} facts": lambda: next_questions(opportunity),
        "change with effects": lambda: change(NOTHING_KNOWN, after),
        f"states of all facets, {many} facts": lambda: objective_states(much),
    }
    rounds = [
        {
            name: Timer(one, timer=process_time).timeit(CALLS) / CALLS * 1e6
            for name, one in work.items()
        }
        for _ in range(ROUNDS)
    ]
    return {name: median(one[name] for one in rounds) for name in work}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.score", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args()
    figures = measure()
    ratio = figures["interval, node by node"] / figures["interval"]
    if options.json:
        print(json.dumps({"microseconds": figures, "interval_ratio": ratio}, indent=2))
        return
    table = Table("", "µs", title="Scoring, pure Python, one thread")
    for name, microseconds in figures.items():
        table.add_row(name, f"{microseconds:,.0f}")
    Console().print(table)
    print(f"The interval is {ratio:.1f} times as fast as node by node.")


if __name__ == "__main__":
    main()
