"""Halden Foods: three facts are written down late, and a new evaluator appears at the end."""

from opps.domain.events import TeamFunction
from opps.domain.opportunity.commands import AddTeamMember
from opps.sample.book import Book
from opps.sample.deal import Deal


def widgets(book: Book) -> None:
    """Tell it."""
    halden = book.account(85, "halden", "Halden Foods (sample)")
    deal = Deal(
        book,
        "widgets",
        "Model 7 widgets, line 3",
        account=halden,
        owner="novak",
        ago=84,
        customer="EXISTING",
        origin="UP_SALE",
        currency="USD",
    )
    _why(deal)
    _who_else(deal)
    _by_what(deal)
    _the_end_game(deal)


def _why(deal: Deal) -> None:
    deal.meet(84, "okoye", "Sam Okoye", "Plant manager", "USER", told_by="okoye")
    deal.learn(
        84,
        deal.issue("scrap", "Seven of a hundred trays leave line 3 as scrap", "okoye", severity=3),
        told_by="okoye",
        name="scrap told",
        quote="Every Friday I sign a paper that puts seven percent of our food into the bin.",
    )
    deal.worth(83, 240_000, "Forty heads at list price")
    deal.wonder(83, "who decides", "DECISION_MAKER", "Who decides on line equipment?", "okoye")
    deal.ask(80, "who decides", "okoye")
    role = "DECISION_MAKER"
    deal.meet(78, "marek", "Ivo Marek", "VP Operations", role, "DECISIVE", told_by="okoye")
    deal.answer(78, "who decides", "The VP Operations, up to 500 k", "marek met")
    pressing = deal.issue(
        "scrap",
        "Scrap on line 3 costs the plant its margin target",
        "marek",
        "PRESSURE",
        severity=4,
        priority_rank=1,
        consequence="The retailer moves a third of the volume to another supplier",
        effect="UNIQUELY",
    )
    deal.learn(74, pressing, told_by="marek", channel="MEETING", name="scrap matters")
    stops = deal.need("stops", "Change heads without stopping the line", "scrap")
    deal.learn(74, stops, told_by="okoye", channel="MEETING", name="no stops")
    deal.learn(70, deal.leaning("okoye", "SUPPORTER"), told_by="okoye")
    roles = "ECONOMIC APPROVER"
    deal.meet(68, "ruiz", "Dana Ruiz", "CFO", roles, "SIGNIFICANT", told_by="marek")


def _who_else(deal: Deal) -> None:
    deal.wonder(72, "rivals", "CONSIDERED_SET", "Who else was asked for a quote?", "marek")
    deal.write(
        66,
        deal.alternative(
            "incumbent",
            "Present supplier",
            "INCUMBENT",
            "SHORTLISTED",
            strengths="Already on lines 1 and 2",
        ),
        told_by="marek",
        name="incumbent named",
    )
    deal.learn(66, deal.alternative("build", "In-house build", "IN_HOUSE"), told_by="okoye")
    deal.answer(66, "rivals", "The present supplier, and an own design of maintenance")
    deal.learn(
        36, deal.prefers("ruiz", deal.id("incumbent"), strength=0.6), told_by="ruiz",
        channel="MEETING", quote="I know what the others cost me. You I only know from a slide.",
    )  # fmt: skip
    both = deal.prefers("marek", deal.us), deal.prefers("okoye", deal.us, strength=0.8)
    deal.learn(30, *both, told_by="marek")
    dropped = deal.alternative("build", "In-house build", "IN_HOUSE", "ELIMINATED")
    deal.learn(12, dropped, told_by="okoye", name="build dropped")


def _by_what(deal: Deal) -> None:
    deal.write(60, deal.criterion("cost", "Unit cost"), told_by="ruiz")
    throughput = deal.criterion("throughput", "Throughput plus 7 percent", mandatory=True)
    deal.learn(60, throughput, told_by="marek")
    quiet = deal.criterion("quiet", "No fourth night shift for maintenance", "INFORMAL")
    deal.learn(57, quiet, told_by="okoye")
    deal.learn(57, deal.weight("cost", 0.35), deal.weight("throughput", 0.4), told_by="marek")
    numbers = {"unit": "percent", "baseline": 7.0, "target": 3.0}
    guessed = deal.impact("margin", "scrap", "Scrap", "OUR_ESTIMATE", worth=760_000, **numbers)
    deal.learn(55, guessed, name="impact guessed")
    agreed = deal.impact(
        "margin", "scrap", "Scrap", "JOINTLY_MODELLED", "marek", worth=910_000, **numbers
    )
    deal.write(
        48, agreed, told_by="marek", channel="DOCUMENT", name="impact agreed",
        replaces="impact guessed", because="WE_LEARNED_BETTER",
    )  # fmt: skip
    deal.learn(34, deal.rated("cost", deal.us, -1, "ruiz"), told_by="ruiz")
    cheaper = deal.rated("cost", deal.id("incumbent"), 1, "ruiz")
    deal.learn(27, cheaper, told_by="okoye", source="INSIDE_PERSON")


def _the_end_game(deal: Deal) -> None:
    lind = deal.book.id("lind")
    deal.do(47, AddTeamMember, member=lind, function=TeamFunction.ENGINEERING)
    asked = deal.funding("REQUESTED", 300_000, "ruiz", origin="Plant investment")
    deal.learn(45, asked, told_by="marek", name="funding asked")
    deal.worth(44, 300_000, "Forty heads, spares and the change-over tool")
    audit = "The retailer audits the line"
    put_on_hold = "A failed audit puts the listing on hold"
    deal.learn(
        38, deal.event("audit", audit, -28, put_on_hold, "marek"), told_by="marek", name="audit",
        quote="If the auditor sees those bins again, we are off the shelf.",
    )  # fmt: skip
    deal.promise(33, -26, "Before the audit", stated=True)
    deal.guess(33, 0.5, "Operations wants us, finance wants the present supplier")
    minor = ("MINOR", "NEUTRAL")
    deal.meet(25, "nair", "Priya Nair", "IT security", "SECURITY", *minor, told_by="nair")
    deal.offer(24, "P-2207", 300_000)
    deal.reconfirm(18, "scrap matters", "marek")
    # The trial took place more than two weeks before anybody wrote it down.
    deal.learn(
        17, deal.fit("stops", "MEETS", "PILOT"), told_by="okoye", channel="MEETING", by="lind",
        late=12, name="trial passed",
    )  # fmt: skip
    ratings = (
        deal.rated("throughput", deal.us, 2, "marek"),
        deal.rated("throughput", deal.id("incumbent"), 0, "marek"),
    )
    deal.learn(17, *ratings, told_by="marek", late=9, name="throughput rated")
    shown = "Put our trial on the agenda of the investment board while we were away"
    champion = deal.leaning("marek", "CHAMPION", shown)
    deal.learn(15, champion, told_by="okoye", late=4, name="champion shown")
    deal.buyer(13, "Asks for a second year of spares in the price", "ruiz")
    approved = deal.funding("APPROVED", 300_000, "ruiz", origin="Plant investment")
    deal.write(10, approved, told_by="ruiz", name="funding approved", replaces="funding asked")
    deal.forecast(9, "BEST_CASE")
    board = deal.step("board", "Investment board", "APPROVAL", "ruiz", -10, buyer_confirmed=True)
    deal.learn(8, board, deal.rule("CONSENSUS", favours_us=True), told_by="marek")
    presents = deal.next("The VP Operations presents the trial to the board", -10, "marek")
    deal.learn(6, presents, told_by="marek")
    deal.meet(4, "brodt", "Helen Brodt", "Procurement lead", "PROCUREMENT", told_by="okoye")
    deal.wonder(
        3, "procurement", "LEANING", "What does procurement want from this purchase?", "okoye",
        why="Joined five weeks before the decision; influence and criteria are unknown",
    )  # fmt: skip
    deal.wonder(2, "cfo", "STANDING_OF_US", "How does the CFO rate throughput?", "ruiz")
