"""Columns of a table of attributes: the facet each speaks to, and how an expert grades its values.

What a cell says becomes a fact or context as in any import; the grades become a scoring model.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from opps.domain.catalogue import Facet
from opps.domain.describe import Code
from opps.domain.model import UNANSWERED, Grade, Nats, Probability, Size
from opps.domain.provenance import Channel, SourceKind
from opps.integrations.importing.errors import RowRefused, either, near

LONGEST = 100


class Weights(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Nats at full credence, for each of the two channels."""

    happen: float = 0.0
    win: float = 0.0

    def nats(self) -> Nats:
        """Return it in the words of a model."""
        return Nats(self.happen, self.win)


class GradedValue(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What an expert thinks of a value, from -1 to +1, and why."""

    grade: Grade = 0.0
    because: str = ""


class Column(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One column: it speaks to a facet, or is context, or is reported and never evidence.

    What it can say is told before it is stored for ever: one of `values`, with `corrected` for a
    misspelt text; or the names of people, with `person`, of which only pseudonyms are stored; or
    whatever it likes, with `free`.
    """

    facet: Facet | None = None
    context: bool = False
    never: bool = False
    person: bool = False
    free: bool = False
    source: SourceKind | None = None
    weight: Weights = Weights()
    mean: Grade = 0.0
    spread: Weights | None = None
    values: dict[Code, GradedValue] = {}
    corrected: dict[Code, Code] = {}

    def problems(self) -> Iterator[str]:
        """Yield what in it does not fit together."""
        if (self.facet is not None) + self.context + self.never != 1:
            yield 'say one of facet = "...", context = true and never = true'
        if bool(self.values) + self.person + self.free != 1:
            yield (
                "say what its cells can be, for they are stored for ever: values, or "
                "person = true for the names of people, or free = true for anything"
            )
        if self.person and (self.facet is not None or self.corrected):
            yield "person = true is for context = true or never = true, with nothing corrected"
        if UNANSWERED in self.values or UNANSWERED in self.corrected.values():
            yield f"{UNANSWERED} is no value: it stands for what a buyer did not tell"
        if self.weight != Weights() and (self.never or not self.values):
            yield "only a column with graded values weighs something, and none that never does"
        if self.values:
            for meant in dict.fromkeys(self.corrected.values()):
                if meant not in self.values:
                    yield f"corrected says {meant!r}, which is none of its values"


class FactsPart(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How the cells became known: from what source, and when if the table says so.

    `unanswered` are the texts of a facet that the buyer was asked about and did not tell;
    `not_asked` those that say nothing, as an empty cell does.
    """

    source: SourceKind = SourceKind.IMPORTED
    channel: Channel = Channel.IMPORT
    learned_at: Annotated[str, Meta(min_length=1)] | None = None
    unanswered: tuple[Code, ...] = ()
    not_asked: tuple[Code, ...] = ()


class ModelPart(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The rest of the scoring model that the grades make.

    `only_columns` says that the source speaks of nothing else: what the objectives could say
    beyond the columns does not widen the interval.
    """

    prior_happen: Probability = 0.55
    prior_win: Probability = 0.45
    doubt: Size = 1.0
    only_columns: bool = False


class Cells:
    """Reads the cells of a row as the mapping of its columns says."""

    def __init__(self, columns: Mapping[str, Column], part: FactsPart) -> None:
        self._columns = columns
        self._unanswered = frozenset(part.unanswered)
        self._not_asked = frozenset(["", *part.not_asked])

    def told(self, name: str, attributes: Mapping[str, str]) -> str | None:
        """Return what a cell says, corrected; None for one that says nothing."""
        text = attributes.get(name, "")
        if text in self._not_asked:
            return None
        return self._columns[name].corrected.get(text, text)

    def named(
        self, name: str, attributes: Mapping[str, str], principal_of: Callable[[str], UUID]
    ) -> str | None:
        """Return what a cell says, as it is stored: of a person the pseudonym, never the name."""
        text = self.told(name, attributes)
        return str(principal_of(text)) if text and self._columns[name].person else text

    def unanswered(self, text: str) -> bool:
        """Tell whether a text says that the buyer was asked and did not tell."""
        return text in self._unanswered

    def problem(self, attributes: Mapping[str, str]) -> RowRefused | None:
        """Return why the cells of a row cannot be taken, if they cannot."""
        unfit = [
            (name, text, column)
            for name, column in self._columns.items()
            if (text := self.told(name, attributes)) is not None and not self._fits(text, column)
        ]
        if not unfit:
            return None
        name, text, column = unfit[0]
        if len(text) > LONGEST:
            reason = f"{name} has {len(text)} characters; at most {LONGEST} are a value"
            return RowRefused("VALUE_UNFIT", reason)
        named = "; ".join(f"{one} is {text!r}" for one, text, _ in unfit)
        meant = near(name, text, column.values)
        return RowRefused(
            "VALUE_UNKNOWN",
            f"{named}: no value that the mapping names",
            either(meant, f"add it to columns.{name} of the mapping"),
            meant,
        )

    def _fits(self, text: str, column: Column) -> bool:
        if len(text) > LONGEST:
            return False
        if not column.values or text in column.values:
            return True
        return column.facet is not None and self.unanswered(text)
