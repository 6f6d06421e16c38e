"""An opportunity in which everything is named that a generated fact may speak of."""

from opps.domain.events import Event
from opps.domain.facts import AnyFact
from tests.domain.build import (
    CHURN,
    HOSTING,
    OTHER_PROJECT,
    OTHER_RIVAL,
    PRICE,
    SCRAP,
    SPEED,
    USER,
    a_criterion,
    a_need,
    an_alternative,
    an_evaluator,
    an_issue,
)
from tests.domain.given import MONDAY, cfo_known, cto_known, learned, opened, rival_known

_THINGS: tuple[AnyFact, ...] = (
    an_evaluator(USER),
    an_issue(issue_id=CHURN),
    an_issue(issue_id=SCRAP),
    a_need(need_id=HOSTING),
    a_need(need_id=SPEED),
    a_criterion(PRICE),
    a_criterion(SPEED),
    an_alternative(OTHER_RIVAL),
    an_alternative(OTHER_PROJECT),
)
EVERYTHING_NAMED: tuple[Event, ...] = (
    opened,
    cfo_known,
    cto_known,
    rival_known,
    *(learned(fact, str(number), on=MONDAY) for number, fact in enumerate(_THINGS)),
)
