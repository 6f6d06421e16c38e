"""A performance gap in words, and for scripts."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from opps.domain.coaching.causes import CAUSES, CURED_BY_LEARNING, ORDER
from opps.domain.coaching.gap import Assignment, Gap
from opps.domain.coaching.indicators import INDICATORS
from opps.domain.events import LearningActivityOffered
from opps.domain.personal import Personal, text_of
from opps.domain.telling.forms import plain


def in_words(gap: Gap, today: date, known: Mapping[str, LearningActivityOffered]) -> str:
    """Return what there is to a gap, and what comes next."""
    return "\n".join([_title(gap), *(f"  {line}" for line in _lines(gap, today, known))])


def listed(gap: Gap, today: date) -> dict[str, Any]:
    """Return a gap for scripts; words that were erased are null."""
    return {
        "gap_id": gap.gap_id,
        "seller": gap.seller,
        "named_by": gap.by,
        "indicator": gap.indicator,
        "objective": gap.about,
        "observed": gap.observed,
        "note": text_of(gap.note),
        "identified_at": gap.identified_at,
        "shown_from": gap.shown_from,
        "status": gap.status,
        "cause": gap.diagnosis.cause if gap.diagnosis else None,
        "action": None
        if gap.action is None
        else {
            "action": text_of(gap.action.action),
            "owner": gap.action.owner,
            "due": gap.action.due,
        },
        "assignments": [
            {
                "assignment_id": one.assignment_id,
                "activity": one.activity,
                "due": one.due,
                "status": one.status(today),
                "indicator": one.success.indicator,
                "target": one.success.target,
                "impact": one.impact,
            }
            for one in gap.assignments.values()
        ],
        "closed": gap.closed.reason if gap.closed else None,
    }


def _title(gap: Gap) -> str:
    shown = [] if gap.indicator is None else [INDICATORS[gap.indicator].name]
    about = [] if gap.about is None else [plain(gap.about)]
    return f"{', '.join([*shown, *about])}: {plain(gap.status)} ({gap.gap_id})"


def _lines(gap: Gap, today: date, known: Mapping[str, LearningActivityOffered]) -> Iterator[str]:
    if gap.note is not None:
        yield _text(gap.note)
    if (held := gap.observed) is not None:
        yield f"observed: {held.value:g} of {held.n}, between {held.low:g} and {held.high:g}"
    if gap.diagnosis is not None:
        yield f"because of {plain(gap.diagnosis.cause)}. {CAUSES[gap.diagnosis.cause].cure}"
        for one in gap.diagnosis.answers:
            yield f"{plain(one.cause)}: {_text(one.text)}"
    elif gap.open:
        yield "Ask, in this order:"
        for cause in ORDER:
            yield f"  {plain(cause)}: {' '.join(CAUSES[cause].questions)}"
    if gap.action is not None:
        yield f"by {gap.action.due}: {_text(gap.action.action)}"
    for one_of in gap.assignments.values():
        yield _assigned(one_of, today, known)
    if gap.diagnosis is not None and not gap.assignments and gap.action is None and gap.open:
        learning = gap.diagnosis.cause in CURED_BY_LEARNING
        yield "Next: assign an activity." if learning else "Next: agree on what is done, by whom."


def _assigned(one: Assignment, today: date, known: Mapping[str, LearningActivityOffered]) -> str:
    success = f"{one.success.indicator} to reach {one.success.target:g}"
    return f"{plain(one.status(today))}: {known[one.activity].title}, by {one.due}, {success}"


def _text(held: Personal) -> str:
    text = text_of(held)
    return "(erased)" if text is None else f'"{text}"'
