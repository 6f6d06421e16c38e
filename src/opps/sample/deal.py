"""One opportunity as a story tells it: each sentence is one command."""

from typing import Any
from uuid import UUID

from opps.domain.catalogue import Facet
from opps.domain.events import (
    CommitBasis,
    CustomerKind,
    ForecastCategory,
    RetractionReason,
    Supersedes,
    Supersession,
)
from opps.domain.facts import AnyFact, Evaluator
from opps.domain.facts.evaluators import Role
from opps.domain.opportunity.commands import (
    AnswerQuestion,
    AskQuestion,
    CorroborateFact,
    EstimateAmount,
    FactStated,
    OpenOpportunity,
    RaiseQuestion,
    ReconfirmFact,
    RecordBuyerResponse,
    RecordFacts,
    RecordProposalSent,
    RecordSellerEstimate,
    ResolveContradiction,
    RetractFact,
    SetCommitDate,
    SetForecastCategory,
)
from opps.domain.personal import Clear
from opps.domain.provenance import Channel, Evidence, Provenance, SourceKind
from opps.sample.book import Book
from opps.sample.words import Words

# Synthetic, and said so in the log itself.
LABEL = {"label": "synthetic sample"}


class Deal(Words):
    """An opportunity whose things are called by names; `ago` counts working days before today."""

    def __init__(
        self,
        book: Book,
        name: str,
        title: str,
        *,
        account: UUID,
        owner: str,
        ago: int,
        customer: str = "NEW",
        origin: str = "OUTBOUND",
        currency: str = "EUR",
    ) -> None:
        super().__init__(book, name, currency)
        self.owner = owner
        self.account = account
        self._facts = 0
        self.do(
            ago,
            OpenOpportunity,
            account_id=account,
            title=title,
            currency=currency,
            customer_kind=CustomerKind(customer),
            origin=origin,
            context=LABEL,
        )

    def do(self, ago: int, command: Any, *, by: str | None = None, **fields: Any) -> None:
        """Ask for something by a command."""
        made = command(opportunity_id=self.opportunity_id, **fields)
        self.book.write(ago, by or self.owner, made)

    def source(
        self,
        by: str,
        told_by: str | None,
        source: str | None = None,
        channel: str | None = None,
        quote: str | None = None,
    ) -> Provenance:
        """Return where a fact comes from: said in a call, or seen, unless told otherwise."""
        quoted = told_by and quote and Evidence(quote=Clear(self.people[told_by], quote))
        return Provenance(
            source=SourceKind(source or ("BUYER_SAID" if told_by else "SELLER_OBSERVATION")),
            channel=Channel(channel or ("CALL" if told_by else "OBSERVED")),
            told_by=self.id(told_by) if told_by else None,
            learned_by=self.book.id(by),
            evidence=quoted or None,
        )

    def learn(
        self,
        ago: int,
        *facts: AnyFact,
        name: str | None = None,
        by: str | None = None,
        told_by: str | None = None,
        late: int = 0,
        replaces: str | None = None,
        because: str = "WORLD_CHANGED",
        **how: Any,
    ) -> None:
        """Record the facts of one conversation; `name` is the first one's.

        `late` is how many working days before it was recorded the conversation was held. What
        `replaces` names is replaced by each of the facts.
        """
        replaced = replaces and Supersedes(self.id(replaces), Supersession(because))
        stated = tuple(
            FactStated(
                fact=fact,
                fact_id=self._fact_id(name if index == 0 else None),
                provenance=self.source(by or self.owner, told_by, **how),
                supersedes=replaced or None,
            )
            for index, fact in enumerate(facts)
        )
        learned = self.book.learned_on(ago + late) if late else None
        self.do(ago, RecordFacts, by=by, facts=stated, learned=learned)

    def write(self, ago: int, *facts: AnyFact, told_by: str, **how: Any) -> None:
        """Record facts that somebody of the buyer put in writing."""
        how = {"channel": "EMAIL", **how}
        self.learn(ago, *facts, told_by=told_by, source="BUYER_IN_WRITING", **how)

    def _fact_id(self, name: str | None) -> UUID:
        self._facts += 1
        return self.id(name or f"fact {self._facts}")

    def meet(
        self,
        ago: int,
        name: str,
        full_name: str,
        title: str,
        roles: str,
        influence: str | None = None,
        leaning: str | None = None,
        stance: str | None = None,
        told_by: str | None = None,
        **how: Any,
    ) -> None:
        """Record a person of the buyer, with what was learned about them on the same occasion."""
        person = self.book.person(ago, f"{self.account} {name}", full_name, self.account)
        self.people[name] = person
        facts: list[AnyFact] = [
            Evaluator(
                evaluator_id=self.id(name),
                title=title,
                roles=tuple(Role(role) for role in roles.split()),
                person=Clear(person, full_name),
            )
        ]
        if influence:
            facts.append(self.influence(name, influence))
        if leaning:
            facts.append(self.leaning(name, leaning))
        if stance:
            facts.append(self.stance(name, stance))
        self.learn(ago, *facts, name=f"{name} met", told_by=told_by, **how)

    def corroborate(self, ago: int, fact: str, told_by: str, **how: Any) -> None:
        """Record that somebody else says the same."""
        source = self.source(self.owner, told_by, **how)
        fact_id = self.id(fact)
        self.do(ago, CorroborateFact, fact_id=fact_id, provenance=source, repeats_first=False)

    def reconfirm(self, ago: int, fact: str, told_by: str | None = None) -> None:
        """Record that the same source says it again."""
        source = self.source(self.owner, told_by)
        self.do(ago, ReconfirmFact, fact_id=self.id(fact), provenance=source)

    def retract(self, ago: int, fact: str, why: str, note: str) -> None:
        """Take a fact back."""
        self.do(ago, RetractFact, fact_id=self.id(fact), reason=RetractionReason(why), note=note)

    def resolve(self, ago: int, chosen: str, rationale: str, by: str | None = None) -> None:
        """Choose between facts that contradict each other."""
        self.do(ago, ResolveContradiction, by=by, chosen=self.id(chosen), rationale=rationale)

    def wonder(
        self, ago: int, name: str, facet: str, text: str, whom: str | None = None, **more: Any
    ) -> None:
        """Write down what is not known."""
        asked = self.id(whom) if whom else None
        more = {"question_id": self.id(name), "facet": Facet(facet), "text": text, **more}
        self.do(ago, RaiseQuestion, whom_to_ask=asked, **more)

    def ask(self, ago: int, name: str, whom: str, channel: str = "CALL") -> None:
        """Put a question to somebody."""
        how = Channel(channel)
        question_id, evaluator_id = self.id(name), self.id(whom)
        self.do(ago, AskQuestion, question_id=question_id, evaluator_id=evaluator_id, channel=how)

    def answer(self, ago: int, name: str, answer: str, *facts: str) -> None:
        """Close a question with its answer."""
        ids = tuple(self.id(fact) for fact in facts)
        self.do(ago, AnswerQuestion, question_id=self.id(name), answer=answer, fact_ids=ids)

    def worth(self, ago: int, amount: int, basis: str) -> None:
        """Estimate the amount."""
        self.do(ago, EstimateAmount, amount=self.money(amount), basis=basis)

    def promise(self, ago: int, on: int, reason: str, *, stated: bool = False) -> None:
        """Set the commit date."""
        basis = CommitBasis.BUYER_STATED if stated else CommitBasis.OURS
        self.do(ago, SetCommitDate, commit_date=self.day(on), basis=basis, reason=reason)

    def forecast(self, ago: int, category: str) -> None:
        """Set the forecast category."""
        self.do(ago, SetForecastCategory, category=ForecastCategory(category))

    def guess(self, ago: int, probability: float, rationale: str) -> None:
        """Record the seller's own estimate."""
        self.do(ago, RecordSellerEstimate, probability=probability, rationale=rationale)

    def offer(self, ago: int, proposal: str, amount: int) -> None:
        """Send a proposal."""
        self.do(ago, RecordProposalSent, proposal=proposal, amount=self.money(amount))

    def buyer(self, ago: int, response: str, name: str, channel: str = "EMAIL") -> None:
        """Note what the buyer did."""
        who, how = self.id(name), Channel(channel)
        self.do(ago, RecordBuyerResponse, response=response, evaluator_id=who, channel=how)
