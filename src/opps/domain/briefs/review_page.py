"""The win/loss review as a page: what was written down, what came late, and what was wrong."""

from opps.domain.briefs.lookback import (
    Chance,
    ChanceThen,
    Misbelief,
    PastReview,
    Surprise,
    Surprising,
    WinLossReview,
)
from opps.domain.briefs.page import Page, Point, section
from opps.domain.briefs.told import where_from
from opps.domain.telling.forms import counted, day, percent, plain

_SURPRISE = {
    Surprising.AFTER_CLOSE: "after the end",
    Surprising.NEW_EVALUATOR: "somebody new after we had proposed",
    Surprising.NEW_ALTERNATIVE: "another alternative after we had proposed",
    Surprising.LATE: "late",
}


def review_page(of: WinLossReview) -> Page:
    """Return a review as a page; persons are called by what they do."""
    reason = of.loss_kind or of.no_decision
    why = "" if reason is None else f" ({plain(reason)})"
    return Page(
        f"Win/loss review: {of.title}",
        f"{plain(of.status).capitalize()}{why} on {day(of.closed_at.date())}.",
        (
            section("Written down", map(_review, of.reviews), "Nobody has looked back yet."),
            section("Surprises", map(_surprise, of.surprises), "Nothing came late."),
            section("Wrong beliefs", map(_misbelief, of.misbeliefs), "None was found."),
            section(
                "Danger zones at the end",
                (Point(f"{one.zone} {one.name}: {one.because}", (one.move,)) for one in of.dangers),
                "It was in none.",
            ),
            section("Win probability, believed and as it should have been", map(_then, of.chances)),
        ),
    )


def _review(of: PastReview) -> Point:
    return Point(f"{day(of.at.date())}: {of.summary}", of.surprises)


def _surprise(of: Surprise) -> Point:
    days = of.days_before_close
    when = f"{counted(abs(days), 'day')} {'before' if days >= 0 else 'after'} the end"
    below = [where_from(of.fact)]
    if of.should_have_been_known_by is not None:
        needed = "our proposal" if of.needed_for == "PROPOSAL" else f"gate {of.needed_for}"
        below.append(f"Needed by {day(of.should_have_been_known_by)} for {needed}")
    return Point(f"{of.fact.words}: {_SURPRISE[of.surprise]}, {when}", tuple(below))


def _misbelief(of: Misbelief) -> Point:
    held = f"believed for {counted(of.held_days, 'day')}"
    found = f"{plain(of.how)} {day(of.found_at.date())}"
    return Point(f"{of.fact.words}: {held}, {found}", (where_from(of.fact),))


def _then(of: ChanceThen) -> Point:
    believed, should = _told(of.believed), _told(of.should_have_been)
    return Point(f"{plain(of.what)}, {day(of.at.date())}: {believed}, should have been {should}")


def _told(of: Chance | None) -> str:
    if of is None:
        return "nothing"
    return f"{percent(of.p)} % ({percent(of.low)} to {percent(of.high)} %)"
