"""Which rule each row of a case meets, before anything is decided."""

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from opps.domain.events import Event
from opps.domain.recorded import Recorded
from opps.domain.times import Learned
from opps.integrations.importing.errors import Meant, RowRefused, either, near
from opps.integrations.importing.makers import OF_FIELDS, Maker
from opps.integrations.importing.mapping import LifecyclePart, Rule
from opps.integrations.importing.names import opening_id, row_id, row_names
from opps.integrations.importing.rows import ROWS_LIMIT, Case, Row
from opps.integrations.importing.rules import Compiled

ANNOUNCED = "lifecycle"
NO_ID = UUID(int=0)


class Step(Struct, kw_only=True):
    """One row on its way: what makes commands of it, and later what came of it.

    A row that is only counted needs no id. The step that opens the opportunity has no row of the
    source.
    """

    row: Row
    row_id: UUID = NO_ID
    ordinal: int = 1
    makers: tuple[Maker, ...] = ()
    counted: str | None = None
    refused: RowRefused | None = None
    already: bool = False
    opens: bool = False
    events: list[Recorded[Event]] = []


def opening_step(compiled: Compiled, case: Case, ids_in: UUID) -> Step:
    """Return the step that opens a case, at the time that the mapping names or of its first row."""
    amount = (compiled.amount,) if compiled.amount else ()
    refused: RowRefused | None = None
    learned: Learned | None = None
    if not case.external_id.strip():
        refused = RowRefused("NO_EXTERNAL_ID", "nothing says which opportunity this is about")
    elif case.too_many:
        refused = too_long(f"{ROWS_LIMIT + case.too_many} rows", f"{ROWS_LIMIT}")
    try:
        learned = _opened(compiled, case)
    except RowRefused as unreadable:
        refused = refused or unreadable
    return Step(
        row_id=opening_id(ids_in),
        row=Row(
            line=case.line,
            attributes=case.attributes,
            learned=learned,
            file=case.file,
            part=case.part,
        ),
        makers=(compiled.opening, *amount),
        refused=refused,
        opens=True,
    )


class RowSteps:
    """Makes a step of each row of a case; `ids_in` is what the ids of its rows are made in."""

    def __init__(self, compiled: Compiled, ids_in: UUID) -> None:
        self._compiled = compiled
        self._ids_in = ids_in
        self._names: dict[str, int] = {}
        self._met: dict[str, int] = {}

    def of(self, rows: Sequence[Row]) -> list[Step]:
        """Return the steps of some rows, in order; they follow on those of the rows before."""
        lifecycle = self._compiled.mapping.lifecycle
        announcing = _announcing(rows, lifecycle) if lifecycle else frozenset()
        names = row_names(rows, self._names)
        return [
            self._step(row, name, announced=number in announcing)
            for number, (row, name) in enumerate(zip(rows, names, strict=True))
        ]

    def _step(self, row: Row, name: str, *, announced: bool) -> Step:
        if row.silent:
            return Step(row=row, refused=row.problem)
        compiled = self._compiled
        makers = () if row.counted else compiled.rules_of(row)
        if not makers and compiled.unmatched:
            makers = (compiled.unmatched,)
        counted = ANNOUNCED if announced else row.counted or (makers and makers[0].counted)
        if counted:
            return Step(row=row, counted=counted)
        step = Step(row=row, row_id=row_id(self._ids_in, name), refused=row.problem)
        met = self._met
        for maker in makers:
            met[maker.place] = step.ordinal = met.get(maker.place, 0) + 1
        if not makers and compiled.mapping.needs_rule:
            step.refused = row.problem or _unmatched(row, compiled.mapping.rules)
        step.makers = (compiled.facts, *makers) if compiled.facts else makers
        return step


def row_steps(compiled: Compiled, case: Case, ids_in: UUID) -> list[Step]:
    """Return a step for each row of a case, in order; `ids_in` is what their ids are made in."""
    return RowSteps(compiled, ids_in).of(case.rows)


def too_long(what: str, limit: str) -> RowRefused:
    """Return the refusal of a case that cannot be stored in one piece."""
    return RowRefused(
        "TOO_LONG",
        f"{what} are more than the {limit} that one opportunity can have in an import",
        "count rows that matter little instead of storing them: counted = in a rule of the mapping",
    )


def _opened(compiled: Compiled, case: Case) -> Learned | None:
    named = compiled.mapping.opportunity.opened_at
    if named is not None and named in case.attributes:
        return compiled.times.read(case.attributes[named])
    return next((row.learned for row in case.rows if row.learned), None)


def _announcing(rows: Sequence[Row], lifecycle: LifecyclePart) -> frozenset[int]:
    """Return the numbers of the rows whose item is done in a later row."""
    announcing = set()
    done: set[str | None] = set()
    for number in range(len(rows) - 1, -1, -1):
        attributes = rows[number].attributes
        transition = attributes.get(lifecycle.attribute)
        if transition in lifecycle.done:
            done.add(attributes.get(lifecycle.item))
        elif transition in lifecycle.announcing and attributes.get(lifecycle.item) in done:
            announcing.add(number)
    return frozenset(announcing)


def _unmatched(row: Row, rules: Sequence[Rule]) -> RowRefused:
    looked_at = {name for rule in rules for name in rule.match}
    said = {name: text for name, text in row.attributes.items() if name in looked_at}
    meant = next(filter(None, (_meant(row, name, rules) for name in said)), None)
    return RowRefused(
        "NO_RULE",
        "no rule of the mapping matches: "
        + ", ".join(f"{k}={v!r}" for k, v in (said or row.attributes).items()),
        either(meant, "add a rule, or an [unmatched] part that says what becomes of such rows"),
        meant,
    )


def _meant(row: Row, name: str, rules: Sequence[Rule]) -> Meant | None:
    """Return what a text may be meant for that no rule looks for, though one looks for its like."""
    text, wanted = row.attributes[name], _wanted(rules, name)
    column = row.attributes.get("field", name) if name in OF_FIELDS else name
    return None if not text or text in wanted else near(column, text, wanted)


def _wanted(rules: Sequence[Rule], name: str) -> list[str]:
    wanted = [rule.match.get(name, []) for rule in rules]
    return [text for one in wanted for text in ([one] if isinstance(one, str) else one)]
