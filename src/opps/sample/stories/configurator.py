"""Oakline Furniture: lost, opened again when the rival withdrew, and won."""

from opps.domain.events import LossKind
from opps.domain.opportunity.commands import (
    LoseOpportunity,
    RenameOpportunity,
    ReopenOpportunity,
    WinOpportunity,
)
from opps.sample.book import Book
from opps.sample.deal import Deal


def configurator(book: Book) -> None:
    """Tell it."""
    oakline = book.account(86, "oakline", "Oakline Furniture (sample)")
    title = "Configurator licence"
    deal = Deal(book, "configurator", title, account=oakline, owner="novak", ago=85)
    _lost(deal)
    _and_won(deal)


def _lost(deal: Deal) -> None:
    roles = "DECISION_MAKER"
    deal.meet(85, "beck", "Anna Beck", "Head of sales", roles, "DECISIVE", told_by="beck")
    deal.worth(84, 130_000, "Licence and first year of service")
    wrong = deal.issue(
        "wrong",
        "One order in twelve cannot be built as it was sold",
        "beck",
        severity=4,
        priority_rank=1,
        consequence="The carpenters rebuild on Saturdays",
        effect="AS_OTHERS",
    )
    deal.learn(82, wrong, told_by="beck", channel="MEETING")
    deal.learn(79, deal.funding("APPROVED", 130_000), told_by="beck")
    rival = deal.alternative("plank", "Plank Software", "COMPETITOR", "SHORTLISTED")
    deal.learn(76, rival, told_by="beck")
    speed = deal.criterion("speed", "Live before the catalogue is printed")
    deal.learn(73, speed, deal.weight("speed", 0.6), told_by="beck")
    deal.learn(71, deal.rated("speed", deal.us, 0, "beck"), told_by="beck")
    deal.learn(71, deal.rated("speed", deal.id("plank"), 2, "beck"), told_by="beck")
    deal.learn(68, deal.prefers("beck", deal.id("plank"), strength=0.7), told_by="beck")
    deal.offer(66, "P-2122", 130_000)
    deal.promise(65, 58, "The catalogue goes to print", stated=True)
    deal.do(
        61,
        LoseOpportunity,
        loss_kind=LossKind.RIVAL,
        alternative_id=deal.id("plank"),
        reasons=("The rival promised to be live six weeks earlier",),
    )


def _and_won(deal: Deal) -> None:
    withdrew = "The rival withdrew its promise: its first customer went live five months late"
    deal.do(41, ReopenOpportunity, reason=withdrew)
    out = deal.alternative("plank", "Plank Software", "COMPETITOR", "ELIMINATED")
    deal.learn(41, out, told_by="beck", quote="They told us in one sentence. No hard feelings?")
    deal.do(40, RenameOpportunity, title="Configurator licence, two brands")
    deal.learn(39, deal.prefers("beck", deal.us), deal.stance("beck", "FOR"), told_by="beck")
    deal.worth(38, 170_000, "Licence for two brands, first year of service")
    cad = {"influence": "SIGNIFICANT", "leaning": "SUPPORTER", "told_by": "beck"}
    deal.meet(36, "noor", "Sam Noor", "Head of construction", "TECHNICAL", **cad)
    parts = deal.need("parts", "Take the parts list from construction", "wrong")
    deal.learn(34, parts, told_by="noor")
    deal.learn(30, deal.fit("parts", "MEETS", "DEMO"), told_by="noor", channel="MEETING")
    deal.learn(28, deal.leaning("beck", "SUPPORTER"), told_by="noor")
    again = deal.event(
        "catalogue", "The spring catalogue goes to print", -3, "A season without it", "beck"
    )
    deal.learn(26, again, told_by="beck")
    errors = deal.impact(
        "errors", "wrong", "Orders that cannot be built", "CUSTOMER_STATED", "beck",
        baseline=8.3, target=1.0, unit="percent", worth=240_000,
    )  # fmt: skip
    deal.write(22, errors, told_by="beck")
    deal.offer(20, "P-2215", 170_000)
    deal.forecast(18, "COMMIT")
    deal.learn(17, deal.next("The head of sales signs both licences", 11, "beck"), told_by="beck")
    deal.do(11, WinOpportunity, amount=deal.money(170_000), reasons=("We were still there",))
