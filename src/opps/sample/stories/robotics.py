"""Kestrel Retail: the champion leaves, the seller hands over, and the deal finds new legs."""

from typing import Any

from opps.domain.opportunity.commands import TransferOwnership
from opps.sample.book import Book
from opps.sample.deal import Deal


def robotics(book: Book) -> None:
    """Tell it."""
    kestrel = book.account(76, "kestrel", "Kestrel Retail (sample)")
    title = "Warehouse robotics pilot"
    deal = Deal(book, "robotics", title, account=kestrel, owner="novak", ago=75, origin="REFERRAL")
    _with_a_champion(deal)
    _without(deal)
    _with_another_seller(deal)


def _with_a_champion(deal: Deal) -> None:
    roles = "DECISION_MAKER INFLUENCER"
    deal.meet(75, "lowe", "Grace Lowe", "Head of logistics", roles, "DECISIVE", told_by="lowe")
    deal.worth(74, 360_000, "Pilot in one hall, twelve robots")
    hands = deal.issue(
        "hands",
        "Every fourth picker leaves within a year",
        "lowe",
        severity=4,
        priority_rank=1,
        consequence="Orders before the holidays ship two days late",
        effect="UNIQUELY",
    )
    deal.learn(72, hands, told_by="lowe", channel="MEETING", name="hands told")
    deal.learn(70, deal.stance("lowe", "FOR"), told_by="lowe")
    picks = deal.impact(
        "picks", "hands", "Picks an hour", "JOINTLY_MODELLED", "lowe", baseline=92.0, target=130.0,
        worth=1_150_000,
    )  # fmt: skip
    deal.write(66, picks, told_by="lowe", channel="DOCUMENT")
    aisles = deal.need("aisles", "Work in the aisles as they are", "hands")
    deal.learn(64, aisles, told_by="lowe")
    deal.learn(59, deal.fit("aisles", "MEETS", "DEMO"), told_by="lowe", channel="MEETING")
    deal.learn(58, deal.funding("APPROVED", 360_000, "lowe"), told_by="lowe", name="money told")
    champion = deal.leaning("lowe", "CHAMPION", "Took two directors to our reference customer")
    deal.learn(56, champion, deal.prefers("lowe", deal.us), told_by="lowe", name="lowe shows")
    peak = "The holiday peak begins"
    late = "Another year of late orders"
    deal.learn(53, deal.event("peak", peak, -22, late, "lowe"), told_by="lowe")
    deal.promise(52, -8, "Three weeks before the peak", stated=True)
    deal.guess(51, 0.8, "Money, a champion and a date")
    shuttle = deal.alternative("shuttle", "Shuttle system of Torvald", "COMPETITOR")
    deal.learn(49, shuttle, told_by="lowe")
    deal.offer(46, "P-2160", 360_000)


def _without(deal: Deal) -> None:
    buyer = {"influence": "MINOR", "told_by": "lowe"}
    deal.meet(44, "falk", "Nils Falk", "Purchasing", "PROCUREMENT", **buyer)
    deal.wonder(43, "next", "NEXT_STEP", "When does the board see the offer?", "lowe")
    deal.ask(41, "next", "lowe", "EMAIL")
    deal.buyer(36, "The head of logistics no longer answers; the mailbox names purchasing", "falk")
    deal.learn(35, deal.left("lowe", 37), told_by="falk", name="lowe left",
               quote="She is gone. From one day to the next.")  # fmt: skip
    deal.guess(35, 0.35, "Our champion left; nobody else knows the case")
    deal.forecast(34, "PIPELINE")
    deal.wonder(34, "successor", "DECISION_MAKER", "Who decides now?", "falk")
    deal.promise(33, -32, "Nobody decides before the peak any more")
    deal.ask(31, "successor", "falk")


def _with_another_seller(deal: Deal) -> None:
    note = (
        "Champion gone; the value model is agreed in writing and stands. Purchasing answers calls "
        "before nine. Ask who signs now, and show the reference again."
    )
    to_owner = deal.book.id("singh")
    deal.do(28, TransferOwnership, by="feldman", to_owner=to_owner, handover_note=note)
    deal.owner = "singh"
    roles = "DECISION_MAKER ECONOMIC"
    deal.meet(24, "reyes", "Marta Reyes", "Operations director", roles, "DECISIVE",
              told_by="falk")  # fmt: skip
    deal.answer(24, "successor", "The operations director, who also signs", "reyes met")
    same: dict[str, Any] = {"told_by": "reyes", "channel": "MEETING"}
    deal.learn(19, deal.leaning("reyes", "NEUTRAL"), deal.stance("reyes", "FOR"), **same)
    deal.corroborate(19, "hands told", "reyes")
    deal.corroborate(19, "money told", "reyes")
    deal.learn(15, deal.prefers("reyes", None, indecision=True), **same)
    again = deal.event("spring", "The spring season begins", -60, "Late orders again", "reyes")
    deal.learn(15, again, name="new date", **same)
    deal.learn(11, deal.leaning("reyes", "SUPPORTER"), deal.prefers("reyes", deal.us, strength=0.6),
               told_by="falk", source="INSIDE_PERSON")  # fmt: skip
    deal.learn(8, deal.next("The operations director visits the reference", -6, "reyes"),
               told_by="reyes")  # fmt: skip
    deal.promise(7, -27, "The operations director named the week", stated=True)
    deal.guess(6, 0.5, "New sponsor, same numbers")
    deal.wonder(5, "torvald", "STANDING_OF_RIVAL", "How does she see the shuttle?", "reyes")
