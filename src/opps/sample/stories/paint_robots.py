"""Nordhaven Shipyard: a budget that was misheard, taken back, and understood."""

from opps.domain.events import DecisionKind
from opps.domain.facts import Engagement, PriceExpectation, Relation, Scope
from opps.domain.facts.evaluators import EngagementDepth, RelationKind
from opps.domain.opportunity.commands import TakeDecision
from opps.sample.book import Book
from opps.sample.deal import Deal


def paint_robots(book: Book) -> None:
    """Tell it."""
    yard = book.account(58, "nordhaven", "Nordhaven Shipyard (sample)")
    title = "Paint robot service contract"
    kind = {"customer": "EXISTING", "origin": "UP_SALE"}
    deal = Deal(book, "paint robots", title, account=yard, owner="singh", ago=57, **kind)
    role = "DECISION_MAKER"
    deal.meet(57, "dahl", "Erik Dahl", "Dock manager", role, "DECISIVE", told_by="dahl")
    blocked = deal.issue(
        "dock",
        "A broken robot blocks the dock for nine days",
        "dahl",
        severity=4,
        priority_rank=2,
        consequence="A penalty of 30 k a day to the ship's owner",
        effect="AS_OTHERS",
    )
    deal.learn(55, blocked, deal.stance("dahl", "FOR"), told_by="dahl")
    deal.worth(54, 180_000, "Three robots, two years")
    heard = deal.funding("APPROVED", 180_000)
    deal.learn(50, heard, told_by="dahl", name="budget heard", quote="The money is there.")
    deal.guess(50, 0.7, "The money is there and the pain is real")
    crew = deal.alternative("crew", "Own maintenance crew", "IN_HOUSE")
    deal.learn(46, crew, told_by="dahl")
    days = deal.impact(
        "days", "dock", "Days blocked a year", "CUSTOMER_STATED", worth=540_000, baseline=27.0,
        target=9.0, unit="days",
    )  # fmt: skip
    deal.learn(42, days, told_by="dahl", name="days told")
    deal.learn(36, deal.prefers("dahl", deal.us, strength=0.5), told_by="dahl")
    deal.learn(33, deal.leaning("dahl", "SUPPORTER"), told_by="dahl")
    spoke_of = "He spoke of the reserve for penalties, not of a budget for service"
    deal.retract(29, "budget heard", "MISHEARD", spoke_of)
    money = "Is there any budget for service?"
    deal.wonder(29, "money", "FUNDING_STATUS", money, "dahl", due=deal.day(-5))
    expected = PriceExpectation(
        low=deal.money(90_000), high=deal.money(120_000), basis="What the crew costs"
    )
    deal.learn(25, expected, told_by="dahl")
    known = {"influence": "SIGNIFICANT", "leaning": "SCEPTIC", "told_by": "dahl"}
    deal.meet(21, "berg", "Astrid Berg", "Finance controller", "ECONOMIC", **known)
    deal.ask(20, "money", "berg", "EMAIL")
    conflict = Relation(
        from_id=deal.id("dahl"),
        to_id=deal.id("berg"),
        relation=RelationKind.CONFLICTS_WITH,
        strength=0.4,
    )
    deal.learn(14, conflict)
    asked = deal.funding("REQUESTED", 120_000, "berg", fiscal_period="next year")
    deal.write(9, asked, told_by="berg", name="budget asked")
    deal.answer(9, "money", "Requested for next year, 120 k", "budget asked")
    deal.worth(8, 120_000, "Two robots, two years")
    talked = Engagement(
        evaluator_id=deal.id("berg"), engaged_on=deal.day(5), depth=EngagementDepth.TALKED
    )
    scope = Scope(product="Service contract", quantity=2, sites=1)
    deal.learn(5, deal.decides(-35), talked, scope, told_by="berg")
    deal.do(
        4,
        TakeDecision,
        by="feldman",
        decision=DecisionKind.DISCOUNT,
        summary="Two robots at the price that the controller can sign",
        based_on=(deal.id("budget asked"),),
    )
