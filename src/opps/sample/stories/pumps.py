"""Tarn Valley Water: an early opportunity, mostly questions, in which each answer moves much."""

from opps.sample.book import Book
from opps.sample.deal import Deal


def pumps(book: Book) -> None:
    """Tell it."""
    water = book.account(24, "tarn", "Tarn Valley Water (sample)")
    title = "Pump monitoring framework"
    deal = Deal(book, "pumps", title, account=water, owner="singh", ago=23, origin="OUTBOUND")
    liked = {"leaning": "SUPPORTER", "told_by": "ward"}
    deal.meet(23, "ward", "Ben Ward", "Maintenance engineer", "TECHNICAL USER", **liked)
    deal.worth(22, 900_000, "Framework over four years, first guess")
    burst = deal.issue(
        "burst", "Pumps fail at night and nobody knows before the morning", "ward", severity=3
    )
    deal.learn(20, burst, told_by="ward", name="burst told")
    deal.wonder(19, "owner", "ISSUE_OWNER", "Who answers for a flooded street?", "ward")
    deal.wonder(19, "decides", "DECISION_MAKER", "Who decides on a framework?", "ward")
    deal.wonder(19, "money", "FUNDING_STATUS", "Is it an investment or running cost?")
    deal.wonder(18, "others", "CONSIDERED_SET", "Who monitors their pumps today?")
    deal.ask(16, "decides", "ward")
    asset = {"influence": "DECISIVE", "told_by": "ward"}
    deal.meet(13, "grant", "Fiona Grant", "Asset director", "DECISION_MAKER", **asset)
    deal.answer(13, "decides", "The asset director, with the regulator's consent", "grant met")
    flooded = deal.issue(
        "burst", "A flooded street goes to the regulator", "grant", "RISK", severity=4,
        priority_rank=3, consequence="A fine for each hour", effect="AS_OTHERS",
    )  # fmt: skip
    deal.learn(9, flooded, told_by="grant", channel="MEETING", name="flood told")
    deal.answer(9, "owner", "The asset director herself", "flood told")
    deal.learn(8, deal.stance("grant", "FOR"), told_by="grant", channel="MEETING")
    deal.ask(6, "money", "grant", "EMAIL")
    deal.wonder(5, "regulator", "STEPS", "What does the regulator have to consent to?", "grant")
    deal.guess(2, 0.3, "Early; the pain is real")
