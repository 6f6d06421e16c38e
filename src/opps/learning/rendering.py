"""A report as text for a terminal and as Markdown: the same sections, told twice."""

from collections.abc import Iterable, Iterator, Sequence
from math import isnan

from msgspec import Struct

from opps.domain.events import Interval
from opps.domain.model import TOPIC_OF
from opps.learning.report import Report
from opps.learning.telling import evidence_of, signed, title

PICTURE = "reliability.svg"
_NAMES = {
    "brier": "Brier score",
    "skill": "Brier skill against its own base rate",
    "log_loss": "log loss",
    "auc": "AUC",
    "ece": "calibration error (ECE)",
    "accuracy": "accuracy",
}
_NONE = "-"


class Section(Struct, frozen=True, kw_only=True):
    """A heading, what is said under it, and a table."""

    title: str
    said: Sequence[str] = ()
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()


def sections(report: Report) -> list[Section]:
    """Return what a report says, in order; sections with nothing to say are left out."""
    made = (
        _verdict(report),
        _figures(report),
        _reliability(report),
        _curve(report),
        _segments(report),
        _learned(report),
        _unknowns(report),
    )
    return [one for one in made if one.said or one.rows]


def markdown(report: Report) -> str:
    """Return the report as a page in Markdown; its picture lies beside it."""
    parts = [f"# How good `{report.model}` is"]
    for section in sections(report):
        parts += [f"## {section.title}", *section.said]
        if section.title == RELIABILITY:
            parts.append(f"![What was said and what came]({PICTURE})")
        if section.rows:
            parts.append("\n".join(_piped(section)))
    return "\n\n".join(parts) + "\n"


def text(report: Report) -> str:
    """Return the report as plain text."""
    parts = []
    for section in sections(report):
        parts.append("\n".join([section.title.upper(), *section.said, *_aligned(section)]))
    return "\n\n".join(parts)


VERDICT = "Verdict"
RELIABILITY = "What was said and what came"


def _verdict(report: Report) -> Section:
    found = report.backtest
    how = (
        "later deals than it had learned from" if report.timed else "deals it had not learned from"
    )
    passed = "It passes the gate." if found.passed else "It does not pass the gate."
    if report.model == report.against:
        passed = "It is in force, and was compared with itself."
    return Section(
        title=VERDICT,
        said=[
            f"Tried on {report.deals:,} {how}, in {found.folds} folds. Started from "
            f"`{report.prior}`, compared with `{report.against}`.",
            evidence_of(report.evidence, report.against_base, report.against_average),
            f"{passed} Brier score against `{report.against}`: {signed(found.difference)} (90 %; "
            f"at most +.003 passes). Skill against the base rate: {found.skill:+.3f} (above .001 "
            "passes).",
        ],
    )


def _figures(report: Report) -> Section:
    null = report.null_ece
    said = [
        f"Base rate {report.figures['base_rate'].value:.1%}; Brier score of the base rate "
        f"{report.base_brier:.4f}.",
        f"A perfect model would show a calibration error of {null.mean:.3f} by chance alone, and "
        f"one below {null.quantile_95:.3f} 19 times in 20. Drawing deals anew adds such error: the "
        "interval of the calibration error lies high.",
    ]
    if report.coverage is not None:
        said.append(
            f"Where half of what is known was hidden, the 80 % band held what p is with all of it "
            f"in {report.coverage.share:.0%} of {report.coverage.rows:,} cases."
        )
    rows = [
        (name, _figure(report.figures[key].value), _ends(report.figures[key]))
        for key, name in _NAMES.items()
    ]
    return Section(title="Figures", said=said, columns=("", "value", "95 % interval"), rows=rows)


def _reliability(report: Report) -> Section:
    rows = [(f"{one.mass:.0f}", f"{one.said:.1%}", f"{one.came:.1%}") for one in report.reliability]
    return Section(title=RELIABILITY, columns=("deals", "said", "came"), rows=rows)


def _curve(report: Report) -> Section:
    rows = [
        (
            f"{one.deals:,}",
            _figure(one.brier.value),
            _ends(one.brier),
            _figure(one.log_loss),
            _figure(one.auc),
            _figure(one.ece),
        )
        for one in report.curve
    ]
    return Section(
        title="Learning curve",
        said=["The same deals foretold after so many others; after none, by the prior."]
        if rows
        else (),
        columns=("deals", "Brier", "95 % interval", "log loss", "AUC", "ECE"),
        rows=rows,
    )


def _segments(report: Report) -> Section:
    rows = [
        (
            f"{one.what.replace('_', ' ')} {one.value}",
            f"{one.deals:,}",
            f"{one.base_rate:.1%}",
            f"{_figure(one.brier.value)} {_ends(one.brier)}",
            _figure(one.skill),
            f"{one.ece:.3f} ({one.null_ece.quantile_95:.3f})",
        )
        for one in report.segments
    ]
    columns = ("", "deals", "won", "Brier (95 %)", "skill", "ECE (95 % by chance)")
    return Section(title="By segment", columns=columns, rows=rows)


def _learned(report: Report) -> Section:
    rows = [(title(one.topic), one.text, f"{one.points:+.1f}") for one in report.learned]
    nothing = "Nothing that would move a deal by half a point."
    return Section(
        title="What was learned",
        said=["10 points double the odds."] if rows else [nothing],
        columns=("", "", "points"),
        rows=rows,
    )


def _unknowns(report: Report) -> Section:
    rows = [
        (
            title(TOPIC_OF[one.objective]),
            f"{one.won_known:.1%} of {one.known_deals:,}",
            f"{one.won_unknown:.1%} of {one.unknown_deals:,}",
            _ends(one.difference),
        )
        for one in report.unknowns
    ]
    said = "A diagnostic: what is unknown widens the band, and never counts against a deal."
    return Section(
        title="Who wins with what unknown",
        said=[said] if rows else (),
        columns=("", "won, known", "won, unknown", "difference (95 %)"),
        rows=rows,
    )


def _figure(value: float | None) -> str:
    return _NONE if value is None or isnan(value) else f"{value:.4f}"


def _ends(interval: Interval) -> str:
    if isnan(interval.low):
        return _NONE
    return f"[{interval.low:.3f}, {interval.high:.3f}]"


def _piped(section: Section) -> Iterator[str]:
    yield _row(section.columns)
    yield _row("---" for _ in section.columns)
    yield from (_row(cell.replace("|", "\\|") for cell in row) for row in section.rows)


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _aligned(section: Section) -> Iterator[str]:
    if not section.rows:
        return
    table = [section.columns, *section.rows]
    widths = [max(len(row[column]) for row in table) for column in range(len(section.columns))]
    for row in table:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  " + "  ".join(cells).rstrip()
