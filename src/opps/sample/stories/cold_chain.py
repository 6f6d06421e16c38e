"""Pinnacle Dairy: liked by the quality department, needed by nobody, and never decided."""

from opps.domain.events import NoDecisionReason
from opps.domain.facts import CompellingEvent, Want
from opps.domain.opportunity.commands import CloseWithoutDecision, ReviewWinLoss
from opps.sample.book import Book
from opps.sample.deal import Deal


def cold_chain(book: Book) -> None:
    """Tell it."""
    pinnacle = book.account(82, "pinnacle", "Pinnacle Dairy (sample)")
    title = "Cold chain sensors, 60 trucks"
    deal = Deal(book, "cold chain", title, account=pinnacle, owner="novak", ago=81, origin="FAIR")
    liked = {"influence": "SIGNIFICANT", "leaning": "SUPPORTER", "told_by": "vogel"}
    deal.meet(81, "vogel", "Karin Vogel", "Head of quality", "USER", **liked)
    want = Want(want_id=deal.id("map"), text="See every truck on one map")
    deal.learn(79, want, told_by="vogel", quote="A map with green dots, that is all I want.")
    deal.worth(78, 96_000, "Sixty trucks, three years")
    spoiled = deal.issue(
        "spoilage", "Two loads of milk spoiled last summer", "vogel", "RISK", severity=2
    )
    deal.learn(73, spoiled, told_by="vogel")
    deal.wonder(72, "money", "FUNDING_AUTHORITY", "Whose budget would pay for it?", "vogel")
    deal.wonder(72, "why now", "COMPELLING_EVENT", "What happens if they wait a year?")
    deal.promise(70, 20, "Our quarter ends")
    deal.ask(65, "money", "vogel")
    deal.learn(60, deal.prefers("vogel", deal.us, strength=0.7), told_by="vogel")
    deal.offer(58, "P-2144", 96_000)
    roles = "DECISION_MAKER ECONOMIC"
    deal.meet(
        52, "lang", "Peter Lang", "Managing director", roles, "DECISIVE", told_by="vogel",
        stance="INDIFFERENT",
    )  # fmt: skip
    deal.answer(52, "money", "The managing director, from his own reserve", "lang met")
    deal.learn(50, deal.funding("IDENTIFIED", 40_000, "lang"), told_by="vogel")
    deal.promise(46, -6, "The managing director is travelling")
    rather_not = deal.prefers("lang", deal.do_nothing, indecision=True)
    deal.learn(
        40, deal.stance("lang", "AGAINST"), rather_not, told_by="lang", channel="MEETING",
        quote="Two loads in ten years. I can live with two loads.",
    )  # fmt: skip
    nothing = CompellingEvent(text="No audit, no rule and no contract asks for it", absent=True)
    deal.learn(40, nothing, told_by="lang", channel="MEETING", name="no reason")
    deal.answer(39, "why now", "Nothing happens", "no reason")
    deal.guess(38, 0.25, "Only the quality department wants it")
    deal.promise(35, -30, "Asked to call again next year")
    why = "Two spoiled loads are cheaper than the project"
    deal.do(31, CloseWithoutDecision, reason=NoDecisionReason.STATUS_QUO, note=why)
    deal.do(
        28,
        ReviewWinLoss,
        by="feldman",
        summary="A want without an issue: the question why now was raised and asked too late",
        surprises=("The managing director had made up his mind before our proposal",),
    )
