"""The trap of "x of y": an amount worked out from a quantity and a price that nobody has tested.

Four questions tell whether there is more to it. They have no answers of their own: each is as well
known as what was learned and asked of the facet that it is about.
"""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Struct

from opps.domain.account_map.evidence import search
from opps.domain.catalogue import Facet
from opps.domain.describe import doc
from opps.domain.events import CustomerKind, ExitEvidence
from opps.domain.facet_state import FacetState, MinimumState
from opps.domain.opportunity.state import Opportunity, known


class XOfY(StrEnum):
    """What to ask of a quantity times a unit price.

    ORIGIN: how it came to be. CUSTOMER: whether they bought before. LEVEL: at which quantity they
    buy best. EXPIRY: what if the price is not extended.
    """

    ORIGIN = "ORIGIN"
    CUSTOMER = "CUSTOMER"
    LEVEL = "LEVEL"
    EXPIRY = "EXPIRY"


WORDS: dict[XOfY, str] = {
    XOfY.ORIGIN: "How did this quantity come to be, and who on their side worked it out?",
    XOfY.CUSTOMER: "Have they bought from us before, or would this be their first order?",
    XOfY.LEVEL: "At which quantity do they buy best, and what keeps them from it?",
    XOfY.EXPIRY: "What happens on their side if this price is not extended?",
}
ABOUT: dict[XOfY, Facet] = {
    XOfY.ORIGIN: Facet.SCOPE,
    XOfY.LEVEL: Facet.PRICE_EXPECTATION,
    XOfY.EXPIRY: Facet.EVENT_CONSEQUENCE,
}
_BOUGHT = {CustomerKind.NEW: "new customer", CustomerKind.EXISTING: "existing customer"}


class XOfYQuestion(Struct, frozen=True, kw_only=True):
    """One of the four questions behind a quantity times a unit price, and how well it is known."""

    question: Annotated[XOfY, doc("Which of the four.")]
    words: Annotated[str, doc("The words to ask it with.")]
    state: Annotated[FacetState, doc("How well the answer is known, by facts and questions.")]
    facet: Annotated[Facet | None, doc("The facet that an answer fills; none for CUSTOMER.")] = None
    answer: Annotated[str | None, doc("What was told at the opening, for CUSTOMER.")] = None
    facts: Annotated[tuple[UUID, ...], doc("The facts that answer it.")] = ()


def x_of_y(state: Opportunity) -> tuple[XOfYQuestion, ...]:
    """Return the four questions; none where the amount is no quantity times a price."""
    estimate = state.map.estimate
    if estimate is None or estimate.quantity is None or estimate.unit_price is None:
        return ()
    asked = {
        question: ExitEvidence(
            objective=facet.objective, facet=facet, minimum=MinimumState.EVIDENCED
        )
        for question, facet in ABOUT.items()
    }
    found = dict(zip(asked, search(known(state), asked.values()), strict=True))
    return tuple(
        _customer(state)
        if question is XOfY.CUSTOMER
        else XOfYQuestion(
            question=question,
            words=WORDS[question],
            state=found[question].found,
            facet=ABOUT[question],
            facts=found[question].facts,
        )
        for question in XOfY
    )


def _customer(state: Opportunity) -> XOfYQuestion:
    """Return whether they bought before: told at the opening, and vouched for by nobody."""
    kind = state.customer_kind
    return XOfYQuestion(
        question=XOfY.CUSTOMER,
        words=WORDS[XOfY.CUSTOMER],
        state=FacetState.UNEXAMINED if kind is None else FacetState.CLAIMED,
        answer=None if kind is None else _BOUGHT[kind],
    )
