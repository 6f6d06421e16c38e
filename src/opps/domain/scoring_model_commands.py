"""What can be asked for of the scoring models of a tenant."""

from typing import Annotated

from msgspec import Struct

from opps.domain.describe import Code, Count, Position, Text, doc
from opps.domain.events import Backtest
from opps.domain.model import Model


class DefineScoringModel(Struct, frozen=True, kw_only=True):
    """Define a scoring model; it scores nothing until it is activated."""

    model: Annotated[Model, doc("The model, whole.")]
    origin: Annotated[Text, doc("Who made it, and how.")]
    learned_from: Annotated[Count, doc("How many closed opportunities it learned from.")] = 0
    up_to: Annotated[Position, doc("The last position of the log that it learned from.")] = 0
    prior: Annotated[
        Code | None, doc("The model that it was fitted from; none for an expert's.")
    ] = None

    @property
    def name(self) -> str:
        """The name of the model."""
        return self.model.name


class RecordBacktest(Struct, frozen=True, kw_only=True):
    """Record how a scoring model did on later deals than it had learned from."""

    name: Annotated[Code, doc("The model.")]
    against: Annotated[Code, doc("The model in force, which it was compared with.")]
    backtest: Annotated[Backtest, doc("What came of it.")]


class ActivateScoringModel(Struct, frozen=True, kw_only=True):
    """Bring a scoring model into force: from here on it scores every open opportunity."""

    name: Annotated[Code, doc("The model.")]
    reason: Annotated[Text, doc("Why.")]
    override: Annotated[
        bool, doc("Bring it into force although it did not pass the gate; the reason says why.")
    ] = False


AnyScoringModelCommand = DefineScoringModel | RecordBacktest | ActivateScoringModel
