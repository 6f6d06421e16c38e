"""Which rule each row of a case meets, before anything is decided."""

from collections import Counter
from uuid import UUID

from msgspec import Struct

from opps.domain.events import AnyOpportunityEvent
from opps.domain.times import Learned
from opps.integrations.importing.errors import RowRefused
from opps.integrations.importing.mapping import LifecyclePart
from opps.integrations.importing.names import opening_id, row_ids
from opps.integrations.importing.rows import ROWS_LIMIT, Case, Row
from opps.integrations.importing.rules import Compiled, Maker

ANNOUNCED = "lifecycle"


class Step(Struct, kw_only=True):
    """One row on its way: what makes commands of it, and later what came of it.

    The step that opens the opportunity has no row of the source.
    """

    row_id: UUID
    row: Row
    ordinal: int = 1
    makers: tuple[Maker, ...] = ()
    counted: str | None = None
    refused: RowRefused | None = None
    already: bool = False
    opens: bool = False
    events: list[tuple[AnyOpportunityEvent, UUID]] = []


def opening_step(compiled: Compiled, case: Case, opportunity_id: UUID) -> Step:
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
        row_id=opening_id(opportunity_id),
        row=Row(line=case.line, attributes=case.attributes, learned=learned),
        makers=(compiled.opening, *amount),
        refused=refused,
        opens=True,
    )


def row_steps(compiled: Compiled, case: Case, opportunity_id: UUID) -> list[Step]:
    """Return a step for each row of a case, in order."""
    lifecycle = compiled.mapping.lifecycle
    announcing = _announcing(case.rows, lifecycle) if lifecycle else frozenset()
    met: Counter[str] = Counter()
    steps = []
    ids = row_ids(opportunity_id, case.rows)
    for number, (row, row_id) in enumerate(zip(case.rows, ids, strict=True)):
        step = Step(row_id=row_id, row=row)
        steps.append(step)
        maker = compiled.rule_of(row) or compiled.unmatched
        if number in announcing:
            step.counted = ANNOUNCED
        elif maker is None:
            step.refused = _unmatched(row)
        elif maker.counted is not None:
            step.counted = maker.counted
        else:
            met[maker.place] += 1
            step.ordinal = met[maker.place]
            step.makers = (maker,)
            step.refused = row.problem
    return steps


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


def _announcing(rows: list[Row], lifecycle: LifecyclePart) -> frozenset[int]:
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


def _unmatched(row: Row) -> RowRefused:
    return RowRefused(
        "NO_RULE",
        "no rule of the mapping matches: "
        + ", ".join(f"{k}={v!r}" for k, v in row.attributes.items()),
        "add a rule, or an [unmatched] part that says what becomes of such rows",
    )
