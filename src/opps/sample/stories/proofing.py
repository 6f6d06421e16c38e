"""Lumen Press: everybody agrees, and nobody would change anything."""

from opps.domain.facts import Want
from opps.sample.book import Book
from opps.sample.deal import Deal


def proofing(book: Book) -> None:
    """Tell it."""
    press = book.account(64, "lumen", "Lumen Press (sample)")
    title = "Colour proofing subscription"
    deal = Deal(book, "proofing", title, account=press, owner="osei", ago=63, origin="WEBINAR")
    liked = {"influence": "MINOR", "leaning": "SUPPORTER", "told_by": "tate"}
    deal.meet(63, "tate", "Olive Tate", "Prepress lead", "USER", **liked)
    deal.worth(62, 48_000, "Twelve seats, two years")
    want = Want(want_id=deal.id("remote"), text="Approve proofs from home")
    deal.learn(60, want, told_by="tate")
    couriers = deal.issue(
        "couriers", "Couriers carry proofs through the town", "tate", severity=2,
        consequence="Every correction costs a day", effect="AS_OTHERS",
    )  # fmt: skip
    deal.learn(57, couriers, told_by="tate")
    owner = {"influence": "DECISIVE", "told_by": "tate"}
    deal.meet(50, "moss", "Henry Moss", "Owner", "DECISION_MAKER ECONOMIC", **owner)
    deal.wonder(49, "owner", "STANCE_ON_CHANGE", "What would the owner change it for?", "tate")
    deal.learn(45, deal.prefers("tate", deal.us), told_by="tate")
    deal.offer(42, "P-2196", 48_000)
    deal.ask(38, "owner", "tate")
    deal.buyer(30, "The owner talked it over with us", "moss", "CALL")
    deal.learn(
        30, deal.prefers("moss", deal.do_nothing, strength=0.8, indecision=True), told_by="moss",
        quote="Let us talk when the old device breaks.",
    )  # fmt: skip
    deal.learn(30, deal.stance("moss", "INDIFFERENT"), told_by="moss", name="moss waits")
    deal.answer(30, "owner", "For nothing, until the old device breaks", "moss waits")
    deal.promise(29, -15, "Ours; the owner named none")
    deal.learn(24, deal.funding("IDENTIFIED", 30_000, "moss"), told_by="tate")
    deal.wonder(20, "device", "COMPELLING_EVENT", "How old is the device, and who repairs it?")
    saves = deal.impact(
        "days", "couriers", "Days a job", "OUR_ESTIMATE", baseline=9.0, target=7.0, worth=35_000
    )
    deal.learn(16, saves)
    deal.guess(15, 0.4, "The prepress lead pushes")
    repair = deal.alternative("repair", "Repair the old device", "OTHER_PROJECT")
    deal.learn(11, repair, told_by="tate", late=4)
    deal.wonder(4, "cost", "ISSUE_CONSEQUENCE", "What did the last missed date cost?", "moss")
