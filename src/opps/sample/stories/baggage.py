"""Corvid Airports: lost without knowing to whom, until somebody asked."""

from opps.domain.events import LossKind, Outcome
from opps.domain.opportunity.commands import CorrectOutcome, LoseOpportunity
from opps.sample.book import Book
from opps.sample.deal import Deal


def baggage(book: Book) -> None:
    """Tell it."""
    airports = book.account(66, "corvid", "Corvid Airports (sample)")
    title = "Baggage tracking, terminal 2"
    deal = Deal(book, "baggage", title, account=airports, owner="osei", ago=65, origin="TENDER")
    met = {"influence": "SIGNIFICANT", "told_by": "stone"}
    deal.meet(65, "stone", "Rhea Stone", "Terminal manager", "USER", **met)
    deal.worth(64, 1_200_000, "Tender volume")
    lost_bags = deal.issue(
        "bags", "Four bags in a thousand miss their flight", "stone", severity=3,
        consequence="The airline claims the cost", effect="AS_OTHERS",
    )  # fmt: skip
    deal.learn(61, lost_bags, told_by="stone")
    deal.wonder(60, "decides", "DECISION_MAKER", "Who decides beside the terminal?", "stone")
    deal.promise(58, 28, "Date of the tender", stated=True)
    deal.learn(52, deal.funding("APPROVED", 1_300_000), told_by="stone", source="INSIDE_PERSON")
    deal.offer(47, "P-2188", 1_150_000)
    deal.learn(44, deal.leaning("stone", "NEUTRAL"), told_by="stone")
    deal.ask(40, "decides", "stone", "EMAIL")
    gap = deal.need("tags", "Read the tags that are in use", "bags")
    deal.learn(36, gap, told_by="stone")
    deal.learn(36, deal.fit("tags", "PARTIAL", "CLAIM"))
    deal.wonder(35, "rivals", "CONSIDERED_SET", "Who else bids?")
    deal.guess(33, 0.35, "One contact, no word from the board")
    deal.do(
        26, LoseOpportunity, loss_kind=LossKind.UNSPECIFIED, reasons=("A letter without reasons",)
    )
    winner = deal.alternative("skyloop", "Skyloop", "COMPETITOR", "PREFERRED")
    deal.learn(20, winner, told_by="stone", late=3, name="skyloop told")
    deal.answer(20, "rivals", "Four bidders; Skyloop won", "skyloop told")
    deal.do(
        20,
        CorrectOutcome,
        outcome=Outcome.LOST,
        reason="The terminal manager told us who won",
        loss_kind=LossKind.RIVAL,
        alternative_id=deal.id("skyloop"),
    )
