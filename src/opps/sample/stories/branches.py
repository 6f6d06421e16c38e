"""Sorrel Bank: a win that was known well before it was signed."""

from opps.domain.opportunity.commands import ReviewWinLoss, WinOpportunity
from opps.sample.book import Book
from opps.sample.deal import Deal


def branches(book: Book) -> None:
    """Tell it."""
    sorrel = book.account(84, "sorrel", "Sorrel Bank (sample)")
    title = "Branch queue analytics"
    deal = Deal(book, "branches", title, account=sorrel, owner="osei", ago=83, origin="INBOUND")
    _the_case(deal)
    _the_way_to_yes(deal)


def _the_case(deal: Deal) -> None:
    roles = "DECISION_MAKER ECONOMIC"
    deal.meet(83, "hale", "Louise Hale", "Head of retail", roles, "DECISIVE", told_by="hale")
    deal.worth(82, 150_000, "Thirty branches, one year")
    leave = deal.issue(
        "leave",
        "One customer in five leaves the queue before being served",
        "hale",
        severity=4,
        priority_rank=2,
        consequence="The regulator publishes waiting times from the next quarter on",
        effect="UNIQUELY",
    )
    deal.learn(80, leave, told_by="hale", channel="MEETING", name="leave told")
    waiting = deal.impact(
        "waiting", "leave", "Minutes of waiting", "CUSTOMER_STATED", "hale", baseline=14.0,
        target=6.0, worth=480_000, unit="minutes",
    )  # fmt: skip
    deal.write(77, waiting, told_by="hale")
    heat = deal.need("forecast", "Staff by forecast, not by habit", "leave")
    deal.learn(74, heat, told_by="hale")
    publishes = "The regulator publishes waiting times"
    shame = "Last place in the newspapers"
    deal.learn(72, deal.event("list", publishes, 12, shame, "hale"), told_by="hale")
    deal.learn(70, deal.funding("APPROVED", 160_000, "hale"), told_by="hale", name="money")


def _the_way_to_yes(deal: Deal) -> None:
    liked = {"influence": "SIGNIFICANT", "leaning": "SUPPORTER", "told_by": "hale"}
    deal.meet(68, "iqbal", "Sana Iqbal", "Branch manager", "USER", **liked)
    rival = deal.alternative("counters", "Door counters of Metrio", "COMPETITOR", "SHORTLISTED")
    deal.learn(65, rival, told_by="hale")
    deal.learn(62, deal.criterion("privacy", "No faces are stored", mandatory=True),
               told_by="hale")  # fmt: skip
    deal.learn(60, deal.weight("privacy", 0.5), told_by="hale")
    deal.learn(56, deal.rated("privacy", deal.us, 2, "hale"),
               deal.rated("privacy", deal.id("counters"), 0, "hale"), told_by="hale")  # fmt: skip
    deal.learn(52, deal.fit("forecast", "MEETS", "PILOT"), told_by="iqbal", channel="MEETING")
    shown = "Showed our forecast to the other regions on her own"
    deal.learn(48, deal.leaning("hale", "CHAMPION", shown), deal.prefers("hale", deal.us),
               told_by="iqbal", source="INSIDE_PERSON", late=5)  # fmt: skip
    deal.learn(46, deal.prefers("iqbal", deal.us), deal.stance("hale", "FOR"), told_by="iqbal")
    deal.offer(44, "P-2151", 150_000)
    deal.promise(43, 22, "Before the regulator publishes", stated=True)
    review = deal.step("review", "Data protection review", "LEGAL", "hale", 34)
    deal.learn(41, review, told_by="hale")
    deal.forecast(36, "COMMIT")
    signs = deal.next("The head of retail signs", 24, "hale")
    deal.learn(33, signs, deal.rule("AUTOCRATIC", favours_us=True), told_by="hale")
    deal.guess(30, 0.9, "Reviewed, funded, and she has told her board")
    why = ("The pilot changed the rota of two branches", "No face is stored")
    deal.do(23, WinOpportunity, amount=deal.money(148_000), reasons=why)
    deal.do(
        19,
        ReviewWinLoss,
        by="feldman",
        summary="Issue, date and money were known in the second week; the pilot did the rest",
    )
