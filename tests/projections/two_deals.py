"""Two deals of one account, told late, twice and wrongly, for the tests of timelines."""

from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from opps.domain.catalogue import Facet
from opps.domain.events import (
    AccountRenamed,
    ContradictionResolved,
    DecisionKind,
    DecisionTaken,
    FactLearned,
    Supersedes,
    Supersession,
)
from opps.domain.facts import Leaning
from opps.domain.facts.evaluators import LeaningLevel
from opps.projections.scopes import (
    Scope,
    Until,
    of_account,
    of_evaluator,
    of_opportunity,
    of_seller,
)
from opps.projections.timelines import Asked
from opps.projections.views import Axis
from tests.domain.given import (
    ACCOUNT,
    CFO,
    COLLEAGUE,
    CTO,
    DEAL,
    FRIDAY,
    MONDAY,
    OTHER_DEAL,
    SELLER,
    THURSDAY,
    WEDNESDAY,
    at,
    budget,
    cfo_known,
    cto_known,
    learned,
    named,
    opened,
    raised,
    said_by,
)
from tests.projections.support import Teller, account_registered

ALL = Until(position=2**62)
SCOPES = {
    "opportunity": of_opportunity(DEAL),
    "evaluator": of_evaluator(DEAL, CFO),
    "account": of_account([ACCOUNT]),
    "seller": of_seller(SELLER),
}

approved = learned(budget(100), "approved", source=said_by(CFO))
denied = learned(budget(10), "denied", on=WEDNESDAY, source=said_by(CTO, learned_by=COLLEAGUE))
cut = learned(
    budget(60),
    "cut",
    on=THURSDAY,
    source=said_by(CFO),
    replaces=Supersedes(named("approved"), Supersession.WE_LEARNED_BETTER),
)


def leaning(level: LeaningLevel, name: str, **more: Any) -> FactLearned:
    return learned(Leaning(evaluator_id=CFO, level=level), name, **more)


def asked(scope: Scope, axis: Axis = Axis.RECORDED, **more: Any) -> Asked:
    return Asked(scope=scope, axis=axis, **{"until": ALL, **more})


def tell_two_deals(teller: Teller) -> None:
    """Tell what was said of the money, late, twice and wrongly, and that we decided on it."""
    teller.tell(ACCOUNT, account_registered("Halden Foods"))
    teller.tell(DEAL, opened, cfo_known, cto_known)
    teller.tell(DEAL, raised(Facet.FUNDING_STATUS), approved)
    teller.tell(DEAL, leaning(LeaningLevel.SCEPTIC, "leaning", on=MONDAY, source=said_by(CTO)))
    teller.tell(DEAL, denied)
    chosen = ContradictionResolved(
        learned=at(THURSDAY),
        chosen=named("denied"),
        rejected=(named("approved"),),
        rationale="The CTO saw the order",
    )
    decided = DecisionTaken(
        learned=at(THURSDAY),
        decision=DecisionKind.DISCOUNT,
        summary="Ten percent off",
        based_on=(named("denied"),),
    )
    teller.tell(DEAL, chosen, decided)
    teller.tell(OTHER_DEAL, replace(opened, learned=at(FRIDAY)))
    soon = replace(opened, learned=at(datetime.now(UTC)))
    teller.tell(named("third deal"), soon)
    teller.tell(ACCOUNT, AccountRenamed(name="Halden"))
