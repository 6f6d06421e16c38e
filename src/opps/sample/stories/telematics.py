"""Brightway Logistics: two people name two budgets, and the team has to choose."""

from opps.domain.catalogue import Facet
from opps.domain.opportunity.commands import MarkFacetNotApplicable
from opps.sample.book import Book
from opps.sample.deal import Deal


def telematics(book: Book) -> None:
    """Tell it."""
    brightway = book.account(80, "brightway", "Brightway Logistics (sample)")
    kind = {"customer": "EXISTING", "origin": "RENEWAL"}
    title = "Fleet telematics renewal"
    deal = Deal(book, "telematics", title, account=brightway, owner="singh", ago=79, **kind)
    _what_it_is_worth(deal)
    _who_wants_what(deal)
    _two_budgets(deal)


def _what_it_is_worth(deal: Deal) -> None:
    roles = "DECISION_MAKER USER"
    deal.meet(79, "haas", "Miriam Haas", "Fleet director", roles, "DECISIVE", told_by="haas")
    deal.worth(79, 410_000, "Renewal of 820 vehicles, three years")
    idle = deal.issue(
        "idle",
        "One hour in six the engines run for nothing",
        "haas",
        severity=3,
        consequence="Fuel eats the margin of two contracts",
        effect="AS_OTHERS",
    )
    deal.learn(76, idle, told_by="haas", channel="MEETING", name="idling")
    fuel = deal.impact(
        "fuel", "idle", "Fuel per 100 km", "CUSTOMER_STATED", baseline=31.5, target=29.0,
        unit="litres", worth=620_000,
    )  # fmt: skip
    deal.write(71, fuel, told_by="haas", name="fuel told")
    reports = deal.need("reports", "Idling by driver and by contract, every week", "idle")
    deal.learn(69, reports, told_by="haas")
    deal.learn(64, deal.fit("reports", "MEETS", "REFERENCE"), told_by="haas")
    rule = "The tachograph rule changes"
    fined = "Every trip without the new record is fined"
    deal.learn(58, deal.event("rule", rule, -45, fined, "haas"), told_by="haas", name="rule told")
    deal.promise(57, -18, "Six weeks of roll-out before the rule changes", stated=True)


def _who_wants_what(deal: Deal) -> None:
    known = {"influence": "SIGNIFICANT", "leaning": "SCEPTIC", "told_by": "haas"}
    deal.meet(67, "otto", "Clara Otto", "CFO", "ECONOMIC APPROVER", **known)
    user = {"influence": "MINOR", "told_by": "kern"}
    deal.meet(62, "kern", "Jonas Kern", "Dispatcher", "USER", leaning="SUPPORTER", **user)
    deal.learn(61, deal.leaning("haas", "SUPPORTER"), told_by="haas", name="haas leans")
    rival = deal.alternative(
        "roadwise", "Roadwise", "COMPETITOR", "SHORTLISTED", strengths="Half our price a vehicle",
        their_strategy="Speaks to finance only",
    )  # fmt: skip
    deal.learn(55, rival, told_by="kern", source="INSIDE_PERSON", name="roadwise seen")
    deal.corroborate(52, "roadwise seen", "haas")
    deal.learn(50, deal.prefers("haas", deal.us, strength=0.8), told_by="haas")
    deal.learn(48, deal.prefers("otto", deal.id("roadwise"), strength=0.5), told_by="haas")
    price = deal.criterion("price", "Price a vehicle and month")
    change = deal.criterion("change", "Drivers learn nothing new", "INFORMAL")
    deal.learn(46, price, change, told_by="haas")
    deal.learn(43, deal.rated("change", deal.us, 2, "haas"), told_by="haas")
    deal.learn(43, deal.rated("change", deal.id("roadwise"), -1, "haas"), told_by="haas")
    deal.learn(41, deal.rated("price", deal.us, -1, "otto"), told_by="haas")
    deal.learn(41, deal.rated("price", deal.id("roadwise"), 2, "otto"), told_by="haas")
    deal.wonder(40, "weights", "CRITERION_WEIGHT", "How do they weigh price and change?", "haas")
    deal.reconfirm(18, "haas leans", "haas")


def _two_budgets(deal: Deal) -> None:
    deal.learn(39, deal.funding("APPROVED", 410_000, "otto"), told_by="haas", name="haas says")
    deal.offer(37, "P-2178", 410_000)
    less = deal.funding("APPROVED", 290_000, "otto")
    deal.learn(
        32, less, told_by="otto", name="otto says", channel="MEETING",
        quote="I signed for two hundred and ninety. Whoever says more has not read it.",
    )  # fmt: skip
    deal.wonder(31, "which", "FUNDING_AMOUNT", "Which of the two budgets is signed?", "otto")
    deal.ask(27, "which", "otto", "EMAIL")
    deal.buyer(24, "Sent the signed investment paper: 290 k", "otto")
    reason = "The investment paper is signed by the CFO; the larger amount was last year's"
    deal.resolve(23, "otto says", reason)
    deal.answer(23, "which", "The signed paper says 290 k", "otto says")
    deal.worth(22, 290_000, "820 vehicles, two years")
    deal.offer(20, "P-2178-B", 290_000)
    deal.do(
        19,
        MarkFacetNotApplicable,
        by="feldman",
        facet=Facet.PAPER_PROCESS,
        rationale="The framework contract of the first purchase covers it",
    )
    deal.learn(16, deal.leaning("otto", "NEUTRAL"), told_by="haas", name="otto softens")
    deal.learn(15, deal.weight("price", 0.4), deal.weight("change", 0.3), told_by="haas", late=3)
    deal.answer(14, "weights", "Price four parts, change three, the rest is service")
    deal.guess(13, 0.6, "The price is met; finance has not said yes")
    deal.forecast(12, "BEST_CASE")
    asks = deal.next("The CFO compares both offers over two years", -5, "otto")
    deal.learn(7, asks, told_by="haas")
    deal.learn(3, deal.step("sign", "Signature", "SIGNATURE", "otto", -18), told_by="haas")
