"""The account maps of two deals: one goes by its plan, the other drifts and lives on a waiver."""

from decimal import Decimal
from typing import Any

from opps.domain.catalogue import Facet
from opps.domain.events import (
    DesiredOutcome,
    ExitEvidence,
    GateTemplate,
    Metric,
    OutcomeDimension,
    SaleTarget,
    Side,
)
from opps.domain.facet_state import MinimumState
from opps.domain.opportunity.commands import (
    AgreeDesiredOutcome,
    AssessOutcomeProgress,
    EstimateAmount,
    MeetMilestone,
    PassGate,
    PlanAction,
    PlanMilestone,
    SlipGate,
    SlipMilestone,
    StartSalesProcess,
    StateDesiredOutcome,
    WaiverStated,
)
from opps.domain.provenance import Channel
from opps.domain.sales_process import PublishSalesProcess
from opps.sample.book import Book
from opps.sample.words import Words

PROCESS = "PROJECT_SALES"


class Map(Words):
    """The map of one opportunity: each sentence is one command."""

    def __init__(self, book: Book, name: str, currency: str, owner: str) -> None:
        super().__init__(book, name, currency)
        self.owner = owner

    def do(self, ago: int, command: Any, *, by: str | None = None, **fields: Any) -> None:
        """Ask for something by a command."""
        made = command(opportunity_id=self.opportunity_id, **fields)
        self.book.write(ago, by or self.owner, made)

    def passes(self, ago: int, gate: str, **more: Any) -> None:
        """Pass a gate."""
        self.do(ago, PassGate, gate=gate, **more)

    def plans(self, ago: int, name: str, what: str, due: int, theirs: str, ours: str) -> None:
        """Plan a milestone."""
        owners: dict[str, Any] = {"our_owner": self.book.id(ours), "their_owner": self.id(theirs)}
        self.do(
            ago, PlanMilestone, milestone_id=self.id(name), what=what, due=self.day(due), **owners
        )

    def heading(self, ago: int, dimension: OutcomeDimension, note: str, **where: Any) -> None:
        """Assess where the outcome is heading."""
        self.do(ago, AssessOutcomeProgress, dimension=dimension, note=note, **where)


def maps(book: Book) -> None:
    """Tell them, once the stories are told."""
    _process(book)
    _widgets(Map(book, "widgets", "USD", "novak"))
    _telematics(Map(book, "telematics", "EUR", "singh"))


def _process(book: Book) -> None:
    gates = (
        _gate("DIAGNOSIS", "Whose problem it is", 30, Facet.ISSUE_OWNER, Facet.ISSUE_CONSEQUENCE),
        _gate("SOLUTION", "What they need, against whom", 60, Facet.NEED, Facet.CONSIDERED_SET),
        _gate("PROOF", "With whose money", 95, Facet.FUNDING_STATUS),
        _gate("PAPER", "What is left to a signature", 115, Facet.STEPS, Facet.PAPER_PROCESS),
    )  # fmt: skip
    name = "How we sell projects"
    book.write(85, "feldman", PublishSalesProcess(process=PROCESS, name=name, gates=gates))


def _gate(code: str, name: str, days: int, *facets: Facet) -> GateTemplate:
    evidence = tuple(
        ExitEvidence(objective=facet.objective, facet=facet, minimum=MinimumState.EVIDENCED)
        for facet in facets
    )
    return GateTemplate(gate=code, name=name, due_after_days=days, evidence=evidence)


def _widgets(deal: Map) -> None:
    deal.do(82, StartSalesProcess, process=PROCESS)
    deal.passes(72, "DIAGNOSIS")
    scrap = Metric(
        metric_id=deal.id("scrap rate"), name="Trays scrapped on line 3", unit="percent",
        baseline=Decimal(7), target=Decimal(3),
    )  # fmt: skip
    outcome = DesiredOutcome(
        statement="Halden runs forty Model 7 heads on line 3 before the retailer's audit, and "
        "scraps three of a hundred trays instead of seven",
        sale=SaleTarget(product="Model 7 widgets", quantity=40, amount=deal.money(300_000)),
        by=deal.day(-26),
        performance=(scrap,),
    )
    deal.do(54, StateDesiredOutcome, outcome=outcome)
    deal.passes(53, "SOLUTION")
    deal.do(47, AgreeDesiredOutcome, evaluator_id=deal.id("marek"), channel=Channel.MEETING)
    deal.plans(46, "trial", "Trial of four heads on line 3", 35, "okoye", "lind")
    spares = "Forty heads at list price, spares and change-over tool within it"
    by_piece: dict[str, Any] = {"quantity": 40, "unit_price": Decimal(7_500)}
    deal.do(43, EstimateAmount, amount=deal.money(300_000), basis=spares, **by_piece)
    no_shift: dict[str, Any] = {"side": Side.CUSTOMER, "reason": "No shift was free on line 3"}
    deal.do(36, SlipMilestone, milestone_id=deal.id("trial"), to_due=deal.day(29), **no_shift)
    deal.do(17, MeetMilestone, milestone_id=deal.id("trial"))
    later: dict[str, Any] = {
        "side": Side.CUSTOMER,
        "reason": "Their investment board meets a month later",
    }
    deal.do(16, SlipGate, gate="PROOF", to_due=deal.day(9), **later)
    projected: dict[str, Any] = {"metric_id": scrap.metric_id, "projected_value": Decimal("3.3")}
    deal.heading(16, OutcomeDimension.PERFORMANCE, "What the trial measured", **projected)
    deal.passes(9, "PROOF")
    deal.plans(8, "board", "The investment board has decided", -10, "ruiz", "novak")
    deal.heading(
        5, OutcomeDimension.SALE, "Finance wants the spares in the price",
        projected_amount=deal.money(282_000),
    )  # fmt: skip
    ask: dict[str, Any] = {
        "answers": (deal.id("procurement"),),
        "advances": ("PAPER",),
        "mitigates": ("DZ14",),
    }
    deal.do(
        2, PlanAction, action_id=deal.id("ask procurement"), due=deal.day(-3),
        what="Ask the plant manager what procurement wants", **ask,
    )  # fmt: skip


def _telematics(deal: Map) -> None:
    deal.do(77, StartSalesProcess, process=PROCESS)
    deal.passes(70, "DIAGNOSIS")
    fuel = Metric(
        metric_id=deal.id("fuel burnt"), name="Fuel per 100 km", unit="litres",
        baseline=Decimal("31.5"), target=Decimal(29),
    )  # fmt: skip
    outcome = DesiredOutcome(
        statement="Brightway renews 820 vehicles for three years before the tachograph rule "
        "changes, and burns 29 litres instead of 31.5",
        sale=SaleTarget(product="Fleet telematics", quantity=820, amount=deal.money(410_000)),
        by=deal.day(-18),
        performance=(fuel,),
    )
    deal.do(56, StateDesiredOutcome, outcome=outcome)
    deal.passes(50, "SOLUTION")
    disputed = WaiverStated(
        objective=Facet.FUNDING_STATUS.objective,
        facet=Facet.FUNDING_STATUS,
        reason="Two budgets are named, and either of them pays for two years",
    )
    deal.passes(28, "PROOF", by="feldman", waivers=(disputed,))
    deal.heading(
        21, OutcomeDimension.SALE, "The investment paper says so",
        projected_amount=deal.money(290_000),
    )  # fmt: skip
    deal.do(
        20, PlanAction, action_id=deal.id("third year"), due=deal.day(4), mitigates=("DZ22",),
        what="Ask the fleet director for an option on the third year",
    )  # fmt: skip
