"""Aldermoor Council: lost to a rival who wrote the criteria, and learned of it afterwards."""

from opps.domain.events import LossKind
from opps.domain.facts.decision import CriterionOrigin
from opps.domain.opportunity.commands import LoseOpportunity, ReviewWinLoss
from opps.sample.book import Book
from opps.sample.deal import Deal


def street_lights(book: Book) -> None:
    """Tell it."""
    council = book.account(85, "aldermoor", "Aldermoor Council (sample)")
    title = "Street lighting control"
    deal = Deal(book, "lights", title, account=council, owner="singh", ago=84, origin="TENDER")
    met = {"influence": "SIGNIFICANT", "leaning": "NEUTRAL", "told_by": "pike"}
    deal.meet(84, "pike", "Alan Pike", "Head of public works", "TECHNICAL", **met)
    deal.worth(83, 680_000, "9,400 lamps, tender estimate")
    bills = deal.issue(
        "bills",
        "Power for lamps takes a tenth of the works budget",
        "pike",
        severity=3,
        consequence="Two parks stay closed next year",
        effect="AS_OTHERS",
    )
    deal.write(81, bills, told_by="pike", channel="DOCUMENT")
    deal.write(78, deal.funding("APPROVED", 700_000), told_by="pike", channel="DOCUMENT")
    price = deal.criterion("price", "Price", mandatory=False)
    mesh = deal.criterion("mesh", "Mesh radio certified before the tender", mandatory=True)
    deal.write(75, price, mesh, told_by="pike", channel="DOCUMENT")
    deal.write(75, deal.weight("price", 0.5), deal.weight("mesh", 0.3), told_by="pike",
               channel="DOCUMENT")  # fmt: skip
    deal.wonder(73, "mesh", "CRITERION", "Whose idea was the mesh radio?", "pike")
    deal.promise(72, 30, "Date of the tender", stated=True)
    rival = deal.alternative("lumina", "Lumina Networks", "COMPETITOR", "SHORTLISTED")
    deal.learn(66, rival, told_by="pike")
    deal.learn(60, deal.rated("mesh", deal.us, 0, "pike"), told_by="pike", name="mesh is fine")
    deal.offer(57, "P-2131", 655_000)
    deal.ask(55, "mesh", "pike", "EMAIL")
    deal.guess(50, 0.55, "Lowest price, as far as we know")
    clerk = {"influence": "DECISIVE", "told_by": "pike"}
    deal.meet(46, "brook", "Ellen Brook", "Council treasurer", "ECONOMIC", **clerk)
    deal.learn(44, deal.rated("mesh", deal.us, -2, "brook"), told_by="brook",
               quote="Without the certificate I cannot even open your envelope.")  # fmt: skip
    deal.learn(40, deal.prefers("brook", deal.id("lumina"), strength=0.8), told_by="pike")
    deal.learn(38, deal.leaning("brook", "SCEPTIC"), told_by="pike")
    deal.forecast(37, "OMITTED")
    deal.do(
        29,
        LoseOpportunity,
        loss_kind=LossKind.RIVAL,
        alternative_id=deal.id("lumina"),
        reasons=("We lacked the certificate of the mesh radio",),
    )
    # What we learn after the close serves hindsight; it no longer moves the score.
    shape = "Mesh radio certified before the tender"
    helped = deal.criterion("mesh", shape, mandatory=True, origin=CriterionOrigin.RIVAL)
    deal.learn(25, helped, told_by="pike", late=2)
    deal.answer(24, "mesh", "The rival's engineer helped to write the tender")
    deal.do(
        22,
        ReviewWinLoss,
        by="feldman",
        summary="A criterion in a rival's shape stood in the tender from the first day",
        surprises=("The certificate ruled us out", "The treasurer decided, not public works"),
    )
