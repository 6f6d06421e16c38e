"""Closed deals pull those like them: likeness is told signal by signal, each in its own source."""

from msgspec.structs import replace

from opps.domain.knowledge import Believed
from opps.domain.model import Graded, Model, Nats, Signal, SignalSource, Topic
from opps.domain.oks_1 import OKS_1
from opps.domain.precedents import Compared, Precedent, Precedents
from opps.domain.signals import hear
from tests.domain.build import known

RFI = "RFI"


def told(source: SignalSource) -> Signal:
    return Signal(
        name=RFI,
        source=source,
        topic=Topic.CONTEXT,
        weight=Nats(0.0, 0.5),
        values={"Yes": Graded(grade=0.5)},
    )


CLOSED = Precedents(
    signals=(
        Compared(SignalSource.CONTEXT, RFI, ("Yes",)),
        Compared(SignalSource.ATTRIBUTE, RFI, ("Yes",)),
    ),
    deals=(Precedent((0, 0), 1.0, won=True),),
)
HEARD_TWICE: Model = replace(
    OKS_1,
    name="heard-twice",
    signals=(told(SignalSource.CONTEXT), told(SignalSource.ATTRIBUTE)),
    precedents=CLOSED,
)


def test_a_value_told_in_one_source_is_not_taken_for_one_of_another() -> None:
    deal = replace(known(), model=HEARD_TWICE, context={RFI: "Yes"})

    [pull] = CLOSED.pulls(hear(Believed(deal)))

    assert pull.differing == 1
