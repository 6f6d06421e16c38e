"""Meridian Health: many open questions, and two people who do not agree on how much it hurts."""

from opps.domain.facts import Scope
from opps.sample.book import Book
from opps.sample.deal import Deal


def clinics(book: Book) -> None:
    """Tell it."""
    meridian = book.account(70, "meridian", "Meridian Health (sample)")
    title = "Clinic scheduling rollout"
    deal = Deal(book, "clinics", title, account=meridian, owner="osei", ago=69, origin="TENDER")
    _first_calls(deal)
    _how_bad_is_it(deal)
    _what_we_do_not_know(deal)


def _first_calls(deal: Deal) -> None:
    liked = {"influence": "SIGNIFICANT", "leaning": "SUPPORTER", "told_by": "amadi"}
    deal.meet(69, "amadi", "Chidi Amadi", "Head of outpatient care", "USER", **liked)
    deal.worth(68, 520_000, "Fourteen clinics, three years")
    queue = deal.issue(
        "queue",
        "One patient in nine does not come, and nobody gets the slot",
        "amadi",
        severity=4,
        priority_rank=1,
        consequence="The insurer pays by treated patients from next year on",
        effect="UNIQUELY",
    )
    deal.learn(65, queue, told_by="amadi", channel="MEETING", name="queue hurts")
    shows = deal.impact(
        "shows", "queue", "Missed appointments", "CUSTOMER_STATED", unit="percent", baseline=11.0,
        target=5.0, worth=1_300_000,
    )  # fmt: skip
    deal.write(61, shows, told_by="amadi", name="shows told")
    sms = deal.need("waiting list", "Offer a freed slot to the waiting list", "queue")
    deal.learn(58, sms, told_by="amadi")
    deal.learn(52, deal.fit("waiting list", "MEETS", "DEMO"), told_by="amadi")
    scope = Scope(product="Scheduling", quantity=14, sites=14)
    deal.learn(50, scope, told_by="amadi")
    board = {"influence": "DECISIVE", "told_by": "amadi"}
    deal.meet(47, "stein", "Ruth Stein", "Medical board", "DECISION_MAKER", **board)


def _how_bad_is_it(deal: Deal) -> None:
    deal.meet(44, "weiss", "Paul Weiss", "IT director", "TECHNICAL", "SIGNIFICANT",
              told_by="amadi")  # fmt: skip
    mild = deal.issue("queue", "Missed appointments are a matter of reminders", "weiss", severity=1)
    deal.learn(
        33, mild, told_by="weiss", channel="MEETING", name="queue is mild",
        quote="We send a text message and the problem is gone.",
    )  # fmt: skip
    own = deal.alternative("module", "Module of the records system", "INCUMBENT", "SHORTLISTED")
    deal.learn(33, own, told_by="weiss", channel="MEETING")
    deal.learn(30, deal.prefers("weiss", deal.id("module"), strength=0.9), told_by="weiss")
    deal.learn(29, deal.leaning("weiss", "SCEPTIC"), told_by="amadi")
    deal.learn(26, deal.prefers("amadi", deal.us), told_by="amadi")
    deal.guess(25, 0.45, "Care wants us, IT wants its own system")
    deal.learn(20, deal.stance("stein", "FOR"), told_by="amadi", source="INSIDE_PERSON")
    deal.learn(14, deal.prefers("stein", deal.us, strength=0.4), told_by="amadi", late=6)


def _what_we_do_not_know(deal: Deal) -> None:
    deal.wonder(56, "money", "FUNDING_STATUS", "Is it in this year's plan?", "amadi",
                due=deal.day(40))  # fmt: skip
    deal.wonder(55, "tender", "DECISION_RULE", "Does the board vote, or does one decide?")
    deal.ask(49, "money", "amadi")
    deal.learn(42, deal.funding("REQUESTED", 520_000), told_by="amadi", name="money asked")
    deal.answer(42, "money", "Asked for, to be decided with the yearly plan", "money asked")
    privacy = "Who signs the data protection review?"
    why = "Two comparable clinics lost three months here"
    deal.wonder(38, "privacy", "PAPER_PROCESS", privacy, "weiss", why=why)
    deal.ask(31, "privacy", "weiss", "EMAIL")
    deal.wonder(28, "severity", "ISSUE_SEVERITY", "How many slots stay empty by their own count?",
                "stein", due=deal.day(-4))  # fmt: skip
    deal.promise(27, -40, "End of the yearly plan")
    plan = deal.event(
        "plan", "The yearly plan is closed", -38, "No purchase above 100 k for a year", "stein"
    )
    deal.learn(22, plan, told_by="amadi")
    deal.wonder(12, "board criteria", "CRITERION", "By what will the board choose?", "stein")
    deal.offer(9, "P-2231", 520_000)
    deal.ask(6, "severity", "stein")
    deal.learn(5, deal.next("The medical board hears both departments", -12, "stein"),
               told_by="amadi")  # fmt: skip
    deal.wonder(3, "who else", "INFLUENCE", "Who else sits on the board?", "amadi")
