"""Models with what each makes of a few deals, and the files that hold them for ever.

To write the files of models that have none yet: python -m tests.domain.model_vectors
"""

from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from msgspec import Raw, Struct
from msgspec.structs import replace

from opps.domain.activity import DONE_BEFORE_PROPOSAL_VALUES, done_before_proposal
from opps.domain.catalogue import Facet, Objective
from opps.domain.events import (
    TAGS,
    AmountEstimated,
    BuyerResponded,
    Event,
    ProposalSent,
    QuestionAsked,
    SellerActed,
)
from opps.domain.facts import Attribute
from opps.domain.facts.evaluators import Leaning, LeaningLevel
from opps.domain.model import UNANSWERED, Graded, Model, Nats, Signal, SignalSource, Topic
from opps.domain.oks_1 import OKS_1
from opps.domain.opportunity.evolve import fold
from opps.domain.opportunity.state import known
from opps.domain.precedents import Compared, Precedent, Precedents
from opps.domain.provenance import Channel
from opps.domain.score import Score, score
from opps.domain.setting import Setting
from opps.recording import codec
from tests.domain.given import (
    CFO,
    FRIDAY,
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    at,
    budget,
    cfo_known,
    changed,
    euros,
    learned,
    lost,
    named,
    opened,
    raised,
    recorded,
    rival_known,
    said_by,
    the_issue,
)

GOLDEN = Path(__file__).parent / "golden" / "models"
# The last two of all digits belong to the logarithms of the platform.
DIGITS = 13


class Happened(Struct):
    """An event under its stored name, as it is stored."""

    tag: str
    event: Raw


class Vector(Struct):
    """A deal, and what a model made of it."""

    deal: str
    clock: datetime | None
    events: list[Happened]
    p: float = 0.0
    low: float = 0.0
    high: float = 0.0
    log_odds_happen: float = 0.0
    log_odds_win: float = 0.0


class Golden(Struct):
    """A model with its vectors."""

    model: Model
    vectors: list[Vector]


def scored(vector: Vector, model: Model) -> Score:
    """Return what a model makes of the deal of a vector."""
    events: list[Event] = [
        msgspec.json.decode(one.event, type=TAGS[one.tag]) for one in vector.events
    ]
    setting = Setting(clock=vector.clock, model=model)
    state = fold(recorded(events))
    assert state is not None
    if state.frozen is not None:
        return score(replace(state.frozen, clock=vector.clock, model=model))
    return score(known(replace(state, setting=setting)))


def figures(of: Score | Vector) -> list[float]:
    names = ("p", "low", "high", "log_odds_happen", "log_odds_win")
    return [round(getattr(of, name), DIGITS) for name in names]


def told(attribute: str, value: str | None, facet: Facet) -> Event:
    fact = Attribute(attribute=attribute, facet=facet, value=value)
    return learned(fact, attribute, source=said_by(CFO))


BUDGET, TENDER = "Budget allocated", "Formal tender"
a_proposal = ProposalSent(learned=at(WEDNESDAY), proposal="A", amount=euros(90_000))
DEALS: dict[str, tuple[int, tuple[Event, ...]]] = {
    "nothing is known": (0, (opened,)),
    "the money is there and the CFO is for us": (
        7,
        (
            opened,
            cfo_known,
            learned(budget(80_000), "budget", source=said_by(CFO)),
            learned(Leaning(evaluator_id=CFO, level=LeaningLevel.SUPPORTER), "leaning"),
            learned(the_issue, "issue", source=said_by(CFO)),
            rival_known,
        ),
    ),
    "a proposal waits for an answer for a month": (
        30,
        (opened, cfo_known, learned(budget(80_000), "budget", source=said_by(CFO)), a_proposal),
    ),
    "the buyer answered, and a question waits": (
        12,
        (
            changed(opened, origin="REFERRAL", context={"Partnership": "Yes"}),
            SellerActed(learned=at(TUESDAY), activity="Call", channel=Channel.CALL),
            a_proposal,
            BuyerResponded(learned=at(FRIDAY), response="They read it", channel=Channel.EMAIL),
            raised(Facet.DECISION_DATE),
            QuestionAsked(learned=at(FRIDAY), question_id=named("question"), evaluator_id=CFO),
        ),
    ),
    "attributes were told, and one was not": (
        3,
        (
            opened,
            AmountEstimated(learned=at(TUESDAY), amount=euros(50_000)),
            told(BUDGET, "Yes", Facet.FUNDING_STATUS),
            told(TENDER, None, Facet.ECONOMIC_AUTHORITY),
        ),
    ),
    "it was lost": (60, (opened, told(BUDGET, "No", Facet.FUNDING_STATUS), lost)),
}


def graded(name: str, source: SignalSource, topic: Topic, **values: float) -> Signal:
    """Return a signal with the grades of its values, and what deals added to the first of them."""
    first, *rest = values.items()
    deviation = Nats(0.11, -0.23)
    return Signal(
        name=name,
        source=source,
        topic=topic,
        weight=Nats(0.4, 0.7),
        values={
            first[0]: Graded(grade=first[1], because="Seen so", deviation=deviation),
            **{value: Graded(grade=grade) for value, grade in rest},
        },
        mean=0.1,
        spread=Nats(0.2, 0.3),
    )


A_LEARNED_MODEL = Model(
    name="learned-example",
    prior_happen=0.62,
    prior_win=0.48,
    weights={
        one: Nats(0.3 + 0.05 * place, 0.9 - 0.07 * place) for place, one in enumerate(Objective)
    },
    unheard=(Objective.TIMING,),
    signals=(
        *OKS_1.signals,
        graded(BUDGET, SignalSource.ATTRIBUTE, Topic.FUNDING, Yes=0.8, No=-0.6),
        graded(
            TENDER, SignalSource.ATTRIBUTE, Topic.DECISION_PROCESS, Yes=0.1, **{UNANSWERED: -0.3}
        ),
        graded("Partnership", SignalSource.CONTEXT, Topic.CONTEXT, Yes=0.5, No=-0.2),
        graded(
            done_before_proposal("Call"),
            SignalSource.ACTIVITY,
            Topic.ACTIVITY,
            **dict(zip(DONE_BEFORE_PROPOSAL_VALUES, (0.3, -0.1), strict=True)),
        ),
    ),
    doubt=1.4,
    precedents=Precedents(
        signals=(
            Compared(SignalSource.ATTRIBUTE, BUDGET, ("Yes", "No")),
            Compared(SignalSource.ATTRIBUTE, TENDER, ("Yes", UNANSWERED)),
        ),
        deals=(Precedent((0, 1), 0.4, won=True), Precedent((1, 0), -0.3)),
    ),
)
MODELS = (OKS_1, A_LEARNED_MODEL)


def written(model: Model) -> Golden:
    """Return a model with what it makes of the deals now."""
    vectors = []
    for deal, (days, events) in DEALS.items():
        happened = [Happened(codec.tag_of(one), Raw(codec.encode(one))) for one in events]
        bare = Vector(deal, MONDAY + timedelta(days=days), happened)
        found = scored(bare, model)
        names = ("p", "low", "high", "log_odds_happen", "log_odds_win")
        vectors.append(replace(bare, **{name: getattr(found, name) for name in names}))
    return Golden(model, vectors)


def golden(path: Path) -> Golden:
    return msgspec.json.decode(path.read_bytes(), type=Golden)


def write() -> None:
    """Write the files of models that have none: one that is there is never changed."""
    for model in MODELS:
        path = GOLDEN / f"{model.name}.json"
        if not path.exists():
            text = msgspec.json.format(msgspec.json.encode(written(model)), indent=1)
            path.write_bytes(text + b"\n")


if __name__ == "__main__":
    write()
