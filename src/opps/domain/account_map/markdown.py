"""The account map as Markdown, to print or to send: persons are called by what they do."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from opps.domain.account_map.looks import (
    MapAction,
    MapEstimate,
    MapGate,
    MapMilestone,
    MapOutcome,
    MapView,
)
from opps.domain.account_map.outcome import Drift
from opps.domain.account_map.state import Planned, Slip
from opps.domain.account_map.view import map_view
from opps.domain.events import OutcomeDimension, Side
from opps.domain.facts import Need, Want
from opps.domain.knowledge import Believed
from opps.domain.opportunity.state import Opportunity, known
from opps.domain.telling.forms import counted, day, money, percent, plain
from opps.domain.telling.markup import in_markdown
from opps.domain.telling.names import Names

_SIDE = {Side.US: "us", Side.CUSTOMER: "the customer"}
_DONE = {Planned.OPEN: " ", Planned.DONE: "x", Planned.DROPPED: "-"}


def markdown(state: Opportunity) -> str:
    """Return the account map of an opportunity, or of one seen through a lens, as Markdown."""
    view, names = map_view(state), Names(state)
    parts = (
        [f"# {in_markdown(state.title)}"],
        _outcome(view.outcome, names),
        _objectives(view),
        _gates(view),
        _milestones(view, names),
        _actions(view),
        _team(view),
        _estimate(view.estimate),
        _needs(state, names),
    )
    return "\n\n".join("\n".join(lines) for part in parts if (lines := list(part))) + "\n"


def _outcome(of: MapOutcome | None, names: Names) -> Iterator[str]:
    yield "## Desired outcome"
    yield ""
    if of is None:
        yield "Not stated yet."
        return
    yield in_markdown(of.statement)
    yield ""
    if of.warning:
        yield f"- Too long: {of.warning}"
    if of.sale:
        quantity = "" if of.sale.quantity is None else f"{of.sale.quantity} x "
        yield f"- Sale: {quantity}{in_markdown(of.sale.product)}, {money(of.sale.amount)}"
    if of.by:
        yield f"- Timeline: by {day(of.by)}"
    for one in of.performance:
        figures = _figure(one.baseline, one.target)
        yield f"- Performance: {in_markdown(one.name)} {figures} {one.unit}"
    for lack in of.missing:
        yield f"- Not measurable yet in {plain(lack.dimension)}: {in_markdown(lack.what)}"
    who = ", ".join(in_markdown(names.evaluator(one.evaluator_id)) for one in of.agreements)
    yield f"- Agreed by {who}" if who else "- Agreed by nobody yet"
    yield from (f"- {_drift(one)}" for one in of.progress)


def _figure(baseline: Decimal | None, target: Decimal | None) -> str:
    shown = ("?" if one is None else f"{one:f}" for one in (baseline, target))
    return "from {} to {}".format(*shown)


def _drift(of: Drift) -> str:
    unit = " days" if of.dimension is OutcomeDimension.TIMELINE else " %"
    what = (
        plain(of.dimension) if of.name is None else f"{plain(of.dimension)}, {in_markdown(of.name)}"
    )
    if of.off > 0:
        judged = "drifting" if of.beyond else "on track"
        return f"Heading, {what}: {of.off:f}{unit} behind, {judged}"
    return f"Heading, {what}: on target" if of.off == 0 else f"Heading, {what}: ahead"


def _objectives(view: MapView) -> Iterator[str]:
    yield "## What we know"
    yield ""
    yield "| Objective | State | Evidenced |"
    yield "|---|---|---|"
    for one in view.objectives:
        state, share = plain(one.state), percent(one.coverage)
        yield f"| {plain(one.objective)} | {state} | {share} % |"


def _gates(view: MapView) -> Iterator[str]:
    if view.process is None:
        return
    yield f"## Gates: {in_markdown(view.process.process)} {view.process.number}"
    yield ""
    for one in view.gates:
        yield from _gate(one)


def _gate(of: MapGate) -> Iterator[str]:
    mark = "x" if of.passed else " "
    yield f"- [{mark}] {in_markdown(of.name)}{_due(of.due, of.overdue_days)}"
    yield from _slips(of.slips)
    if of.passed:
        for waiver in of.passed.waivers:
            about = plain(waiver.facet or waiver.objective)
            yield f"  - Waived: {about} was {plain(waiver.found)}: {in_markdown(waiver.reason)}"
        return
    for lack in of.missing:
        about, found = plain(lack.facet or lack.objective), plain(lack.found)
        yield f"  - Missing: {about}, {plain(lack.minimum)} at least, is {found}"


def _milestones(view: MapView, names: Names) -> Iterator[str]:
    if view.milestones:
        yield "## Milestones"
        yield ""
    for one in view.milestones:
        yield from _milestone(one, names)


def _milestone(of: MapMilestone, names: Names) -> Iterator[str]:
    theirs = f", with {in_markdown(names.evaluator(of.their_owner))}" if of.their_owner else ""
    reason = f": {in_markdown(of.reason)}" if of.reason else ""
    what = f"{in_markdown(of.what)}{_due(of.due, of.overdue_days)}{theirs}{reason}"
    yield f"- [{_DONE[of.status]}] {what}"
    yield from _slips(of.slips)


def _actions(view: MapView) -> Iterator[str]:
    if view.actions:
        yield "## Actions"
        yield ""
    yield from (_action(one) for one in view.actions)


def _action(of: MapAction) -> str:
    tied = [*of.mitigates, *of.advances]
    if of.answers:
        tied.append(counted(len(of.answers), "question"))
    why = f" ({', '.join(in_markdown(one) for one in tied)})" if tied else ""
    result = f": {in_markdown(of.result)}" if of.result else ""
    return (
        f"- [{_DONE[of.status]}] {in_markdown(of.what)}{_due(of.due, of.overdue_days)}{why}{result}"
    )


def _team(view: MapView) -> Iterator[str]:
    if view.team:
        functions = sorted(plain(one.function) for one in view.team)
        yield "## Team"
        yield ""
        yield f"{counted(len(functions), 'member')} beside the owner: {', '.join(functions)}"


def _estimate(of: MapEstimate | None) -> Iterator[str]:
    if of is None:
        return
    yield "## Worth"
    yield ""
    worked_out = ""
    if of.quantity is not None and of.unit_price is not None:
        worked_out = f", {of.quantity} x {of.unit_price:f}"
    basis = f": {in_markdown(of.basis)}" if of.basis else ""
    yield f"{money(of.amount)}{worked_out}{basis}"
    if of.x_of_y:
        yield ""
    for one in of.x_of_y:
        yield f"- {one.words} {plain(one.answer or one.state).capitalize()}."


def _needs(state: Opportunity, names: Names) -> Iterator[str]:
    believed = Believed(known(state))
    needs = [one.fact for one in believed.of(Need) if not one.fact.rejected]
    wants = [one.fact for one in believed.of(Want)]
    if not needs and not wants:
        return
    yield "## Needs and wants"
    yield ""
    for need in needs:
        asked = in_markdown(names.issue(need.issue_id))
        yield f"- Need ({plain(need.criticality)}): {in_markdown(need.text)}, because of {asked}"
    for want in wants:
        yield f"- Want: {in_markdown(want.text)}"
    for one in state.map.reclassified.values():
        yield f"- Was a want: {in_markdown(names.need(one.need_id))}: {in_markdown(one.reason)}"


def _due(due: date | None, overdue_days: int) -> str:
    if due is None:
        return ""
    late = f", {counted(overdue_days, 'day')} late" if overdue_days else ""
    return f", due {day(due)}{late}"


def _slips(slips: tuple[Slip, ...]) -> Iterator[str]:
    for one in slips:
        before = "no date" if one.from_due is None else day(one.from_due)
        moved = f"{before} to {day(one.to_due)}"
        yield f"  - Moved from {moved}, by {_SIDE[one.side]}: {in_markdown(one.reason)}"
