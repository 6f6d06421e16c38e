"""A small story with fixed ids and learned times, for answers that can be written down."""

from typing import Any

from tests.api.support import Api, given_id

ACCOUNT, CFO, CTO, SELLER, CHURN, RIVAL, PRICE, SECURITY, API_NEED = (
    given_id(number) for number in range(1, 10)
)
OPPORTUNITY = given_id(100)
BUDGET_RUMOUR, BUDGET = given_id(201), given_id(202)


def said(fact: dict[str, Any], by: str | None = None, **more: Any) -> dict[str, Any]:
    return {
        "fact": fact,
        "provenance": {"source": "BUYER_SAID", "channel": "MEETING", "toldBy": by},
        **more,
    }


def play(api: Api) -> None:
    """Tell the story: a deal for a fleet, a rival, two evaluators who do not agree."""
    Story(api).tell()


class Story:
    """Carries commands out under ids that count up."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.commands = 1000

    def do(self, name: str, /, **input: Any) -> None:
        self.commands += 1
        self.api.done(name, commandId=given_id(self.commands), **input)

    def deal(self, name: str, day: str, /, **input: Any) -> None:
        """Carry out a command on the opportunity, learned on a day in March 2026."""
        learned = {"period": {"period": f"2026-03-{day}", "zone": "Europe/Madrid"}}
        of = {"opportunityId": OPPORTUNITY, "expectedVersion": None}
        self.do(name, **of, learned=learned, **input)

    def tell(self) -> None:
        self.do("registerAccount", accountId=ACCOUNT, name="Nordwind Logistics")
        self.do("registerPerson", personId=SELLER, name="Sam Seller")
        self.do(
            "openOpportunity",
            opportunityId=OPPORTUNITY,
            accountId=ACCOUNT,
            title="Fleet telematics for 120 vans",
            currency="EUR",
            owner=SELLER,
            customerKind="NEW",
            origin="REFERRAL",
            learned={"period": {"period": "2026-03-02", "zone": "Europe/Madrid"}},
        )
        amount = {"amount": "84000.00", "currency": "EUR"}
        self.deal("estimateAmount", "02", amount=amount, basis="120 vans at 700")
        self.deal("recordFacts", "03", facts=self.people())
        self.deal("recordFacts", "05", facts=self.issue_and_choice())
        rumour = {
            "funding": {"status": "REQUESTED", "amount": {"amount": "90000", "currency": "EUR"}}
        }
        self.deal("learnFact", "06", stated=said(rumour, CTO, factId=BUDGET_RUMOUR))
        approved = {
            "funding": {
                "status": "APPROVED",
                "amount": {"amount": "80000", "currency": "EUR"},
                "authorityId": CFO,
            }
        }
        because = {"factId": BUDGET_RUMOUR, "because": "WORLD_CHANGED"}
        quote = {"subject": SELLER, "text": "The board released it on Monday."}
        provenance = {
            "source": "BUYER_IN_WRITING",
            "channel": "EMAIL",
            "toldBy": CFO,
            "evidence": {"quote": quote, "document": "MAIL-17"},
        }
        stated = {
            "fact": approved,
            "provenance": provenance,
            "factId": BUDGET,
            "supersedes": because,
        }
        self.deal("learnFact", "10", stated=stated)
        self.deal(
            "raiseQuestion",
            "11",
            facet="PAPER_PROCESS",
            text="Does legal use our paper or theirs?",
            whomToAsk=CFO,
        )
        # Told late, and last: the two times order it differently.
        self.deal("learnFact", "04", stated=self.decides_on("2026-04-30", CTO))
        self.deal("learnFact", "12", stated=self.decides_on("2026-06-30", CFO))
        # Decided on a rumour, of whose date we had been wrong.
        self.deal(
            "takeDecision",
            "12",
            decision="DISCOUNT",
            summary="No more than 84,000",
            basedOn=[BUDGET_RUMOUR, BUDGET],
        )
        the_day_before = {"period": {"period": "2026-03-05", "zone": "Europe/Madrid"}}
        self.deal("redateFact", "13", factId=BUDGET_RUMOUR, learnedOn=the_day_before)

    def decides_on(self, day: str, by: str) -> dict[str, Any]:
        return said({"decisionDate": {"onDate": day, "basis": "BUYER_STATED"}}, by)

    def people(self) -> list[dict[str, Any]]:
        cfo = {"evaluatorId": CFO, "title": "CFO", "roles": ["DECISION_MAKER", "ECONOMIC"]}
        cto = {"evaluatorId": CTO, "title": "CTO", "roles": ["TECHNICAL"]}
        return [
            said({"evaluator": cfo}),
            said({"evaluator": cto}),
            said({"influence": {"evaluatorId": CFO, "level": "DECISIVE"}}, CTO),
            said({"influence": {"evaluatorId": CTO, "level": "SIGNIFICANT"}}, CFO),
            said({"leaning": {"evaluatorId": CTO, "level": "SUPPORTER"}}, CTO),
            said({"stance": {"evaluatorId": CTO, "stance": "FOR"}}, CTO),
            said({"leaning": {"evaluatorId": CFO, "level": "SCEPTIC"}}, CFO),
        ]

    def issue_and_choice(self) -> list[dict[str, Any]]:
        churn = {
            "issueId": CHURN,
            "text": "Late deliveries cost customers",
            "issueKind": "PROBLEM",
            "ownerId": CTO,
            "severity": 4,
            "consequence": "Two large shippers leave in June",
            "ourEffect": "UNIQUELY",
        }
        rival = {
            "alternativeId": RIVAL,
            "alternativeKind": "COMPETITOR",
            "name": "Trackwell",
            "status": "SHORTLISTED",
        }
        price = {"criterionId": PRICE, "text": "Price a van a month", "criterionKind": "FORMAL"}
        need = {
            "needId": API_NEED,
            "text": "Open interface",
            "issueId": CHURN,
            "criticality": "MUST",
        }
        return [
            said({"businessIssue": churn}, CTO),
            said({"alternative": rival}, CFO),
            said(
                {"preference": {"evaluatorId": CFO, "alternativeId": RIVAL, "strength": 0.5}}, CFO
            ),
            said({"criterion": price}, CFO),
            said({"criterionWeight": {"criterionId": PRICE, "weight": 0.4}}, CFO),
            said({"standing": {"criterionId": PRICE, "alternativeId": RIVAL, "rating": 1}}, CFO),
            said({"need": need}, CTO),
            said({"fit": {"needId": API_NEED, "level": "MEETS", "proof": "DEMO"}}, CTO),
        ]
