"""The handover brief as a page: what is promised and dangerous first, then what is known."""

from collections.abc import Iterator

from opps.domain.account_map.looks import MapOutcome
from opps.domain.briefs.page import Page, Point, Section, section
from opps.domain.briefs.takeover import (
    Commitment,
    DangerAhead,
    Handover,
    KnownObjective,
    OpenException,
    OpenQuestion,
    SuspectedGap,
)
from opps.domain.briefs.told import where_from
from opps.domain.catalogue import Facet
from opps.domain.telling.forms import counted, day, money, percent, plain


def handover_page(of: Handover) -> Page:
    """Return a brief as a page; persons are called by what they do."""
    return Page(
        f"Handover: {of.title}",
        f"{'; '.join(_headline(of))}.",
        (
            _outcome(of.outcome),
            section("Promised", map(_commitment, of.commitments), "Nothing is promised."),
            section("Open exceptions", map(_exception, of.exceptions), "None is open."),
            section("Danger zones", map(_danger, of.dangers), "It is in none."),
            *map(_objective, of.objectives),
            section("Open questions", map(_question, of.questions), "None is open."),
            section("Never looked at", _unexamined(of), "Everything was looked at."),
            section("Suspected", map(_suspected, of.suspected), "Nothing calls for a look."),
        ),
    )


def _headline(of: Handover) -> Iterator[str]:
    yield plain(of.status).capitalize()
    if of.amount:
        yield money(of.amount)
    if of.commit_date:
        pushed = f", moved {counted(of.pushes, 'time')}" if of.pushes else ""
        yield f"decision promised for {day(of.commit_date)}{pushed}"
    yield f"win probability {percent(of.p)} % ({percent(of.low)} to {percent(of.high)} %)"
    functions = sorted(plain(one.function) for one in of.team)
    yield f"team beside the owner: {', '.join(functions) or 'nobody'}"


def _outcome(of: MapOutcome | None) -> Section:
    if of is None:
        return Section("Desired outcome", intro="Not stated yet.")
    points = [Point(of.statement)]
    points += [Point(f"Not measurable in {plain(one.dimension)}: {one.what}") for one in of.missing]
    agreed = counted(len(of.agreements), "evaluator")
    points.append(Point(f"Agreed by {agreed}" if of.agreements else "Agreed by nobody yet"))
    return section("Desired outcome", points)


def _commitment(of: Commitment) -> Point:
    due = "" if of.due is None else f", by {day(of.due)}"
    late = f", {counted(of.overdue_days, 'day')} late" if of.overdue_days else ""
    return Point(f"{of.what}{due}{late}: {of.who}")


def _exception(of: OpenException) -> Point:
    plan = () if of.plan is None else (f"Plan: {of.plan}",)
    return Point(f"{of.summary} ({plain(of.status)} since {day(of.raised_at.date())})", plan)


def _danger(of: DangerAhead) -> Point:
    return Point(f"{of.zone} {of.name} ({plain(of.severity)}): {of.because}", (f"{of.move}",))


def _objective(of: KnownObjective) -> Section:
    points = [Point(one.words, (where_from(one),)) for one in of.facts]
    if of.more:
        points.append(Point(f"And {of.more} more"))
    heading = f"{plain(of.objective).capitalize()}: {plain(of.state)}"
    return section(heading, points, "Nothing is known.")


def _question(of: OpenQuestion) -> Point:
    how = "asked" if of.asked else "not asked yet"
    whom = "" if of.whom is None else f", {of.whom}"
    return Point(f"{of.text} ({how}{whom}, since {day(of.since.date())})")


def _unexamined(of: Handover) -> Iterator[Point]:
    for one in of.objectives:
        if one.unexamined:
            yield Point(f"{plain(one.objective).capitalize()}: {_facets(one.unexamined)}")


def _facets(facets: tuple[Facet, ...]) -> str:
    return ", ".join(plain(one) for one in facets)


def _suspected(of: SuspectedGap) -> Point:
    return Point(f"{plain(of.facet).capitalize()}: {of.because}", (of.words,))
