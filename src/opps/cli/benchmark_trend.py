"""`opps benchmark trend`: how good the probabilities are while an answer is awaited."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer
from msgspec import Struct

from opps.cli.output import Cannot, Json, counted, print_json, print_table, progress, say
from opps.cli.trend_split import AGES_DAYS, Divided, Side, Split, closed_before, divided, read_split

if TYPE_CHECKING:
    from opps.integrations.importing.replay import Replay
    from opps.learning.asked import Followed
    from opps.learning.trend import Protocol, Silence

DAY_ONE, TREND, WITH_ACTIVITY = "day-one", "trend", "trend-activity"
_MAPPING = Path("examples/mappings/bpic2012.toml")


class Cases(Struct, frozen=True, kw_only=True):
    """How many cases there were, and how many of them were of use: `deals`, at `rows` moments."""

    cases: int
    without_proposal: int
    not_closed_in_time: int
    deals: int
    rows: int


class Report(Struct, frozen=True, kw_only=True):
    """What was measured, on which data."""

    data_sha256: str
    mapping_sha256: str
    ages_days: list[float]
    closed_before: datetime | None
    train: Cases
    test: Cases
    protocols: "dict[str, Protocol]"
    silence: "list[Silence]"


def trend(
    data: Annotated[
        Path,
        typer.Option(help="The event log: XES, plain or gzipped.", exists=True, dir_okay=False),
    ],
    out: Annotated[Path, typer.Option(help="Where the report goes, as JSON.", dir_okay=False)],
    split: Annotated[
        Path | None,
        typer.Option(
            help="The cases, as JSON: train_cases, test_cases, ages_days. By default: learned "
            "from first offers before December 2011, tested on those of January 2012.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option(
            help="What the log's words mean (TOML); by default that of BPI 2012 in the examples.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    activity: Annotated[
        bool,
        typer.Option(help="Measure also with our own activity and the size, as labelled context."),
    ] = True,
    as_json: Json = False,
) -> None:
    """Measure the probabilities of an event log, day by day after the first proposal.

    Each case takes the way of an import, in memory. A model is learned from the training cases and
    asked about the test cases, each time with no more than was recorded by then. Beside it stands
    the score of day one, which has learned from no case.
    """
    from opps.cli.place import check_can_write
    from opps.integrations.importing import read_mapping
    from opps.integrations.importing.replay import Replay

    check_can_write(out, force=True)
    chosen = None if split is None else read_split(split)
    replay = Replay(data, read_mapping(mapping or _standard_mapping()))
    if chosen is not None and chosen.data_sha256 not in (None, replay.digest):
        raise Cannot(
            f"{split} is for another file, of SHA-256 {chosen.data_sha256}; that of {data} is "
            f"{replay.digest}. Give the file that the split was made for."
        )
    with progress(f"Reading {data.name}", quiet=as_json) as advance:
        cases = divided(replay, chosen, advance)
    report = _measured(replay, chosen, cases, activity)
    out.write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n")
    if as_json:
        print_json(report)
    else:
        _show(report)
        say(f"The report is in {out}.")


def _standard_mapping() -> Path:
    import opps

    for place in (Path(), Path(opps.__file__).parents[2]):
        if (place / _MAPPING).exists():
            return place / _MAPPING
    raise Cannot(f"There is no {_MAPPING} here. Run this in the checkout, or name a --mapping.")


def _measured(replay: "Replay", split: Split | None, cases: Divided, activity: bool) -> Report:
    from opps.domain.oks_1 import OKS_1
    from opps.learning import trend

    before = closed_before(split, *cases.followed.values())
    train = [one for one in cases.followed[Side.TRAIN] if _closed(one, before)]
    test = [one for one in cases.followed[Side.TEST] if _closed(one, None)]
    for what, deals in (("learn from", train), ("test on", test)):
        if not any(one.asked for one in deals):
            raise Cannot(f"No case to {what} was open at one of the ages, and closed in time.")
    learned = trend.learned(OKS_1, train, TREND)
    protocols = {DAY_ONE: trend.protocol(OKS_1, test), TREND: trend.protocol(learned, test)}
    if activity:
        prior = trend.with_activity(OKS_1, train, WITH_ACTIVITY)
        taught = trend.learned(prior, train, WITH_ACTIVITY)
        protocols[WITH_ACTIVITY] = trend.protocol(taught, test)
    return Report(
        data_sha256=replay.digest,
        mapping_sha256=replay.mapping_digest,
        ages_days=list(AGES_DAYS if split is None else split.ages_days),
        closed_before=before,
        train=_cases(cases, Side.TRAIN, train),
        test=_cases(cases, Side.TEST, test),
        protocols=protocols,
        silence=trend.silences(learned, train, test),
    )


def _closed(one: "Followed", before: datetime | None) -> bool:
    return one.closed_at is not None and (before is None or one.closed_at < before)


def _cases(cases: Divided, side: Side, used: "Sequence[Followed]") -> Cases:
    followed = len(cases.followed[side])
    return Cases(
        cases=cases.cases[side],
        without_proposal=cases.cases[side] - followed,
        not_closed_in_time=followed - len(used),
        deals=sum(1 for one in used if one.asked),
        rows=sum(len(one.asked) for one in used),
    )


def _show(report: Report) -> None:
    for part, what in ((report.train, "Learned from"), (report.test, "Tested on")):
        say(f"{what} {counted(part.deals, 'deal')}, asked about {part.rows:,} times.")
    print_table(
        "Probabilities of the tested deals",
        ("protocol", "accuracy", "AUC", "Brier", "log loss", "ECE", "by chance"),
        (
            (name, *(f"{value:.4f}" for value in _figures(one)))
            for name, one in report.protocols.items()
        ),
    )
    print_table(
        "95 % intervals, over deals",
        ("protocol", "AUC", "Brier", "log loss", "ECE"),
        (
            (name, *(_interval(one, metric) for metric in ("auc", "brier", "log_loss", "ece")))
            for name, one in report.protocols.items()
        ),
    )
    print_table(
        "By silence, with nothing else known",
        ("wait", "days", "p", "won of the learned", "won of the tested"),
        _waits(report),
    )


def _figures(one: "Protocol") -> tuple[float, ...]:
    """Return the figures to show; the last is what a perfect model's ECE may be by chance."""
    by_chance = one.null_ece.quantile_95
    return one.accuracy, one.auc, one.brier, one.log_loss, one.ece, by_chance


def _interval(one: "Protocol", metric: str) -> str:
    interval = one.intervals[metric]
    return f"{interval.low:.3f} to {interval.high:.3f}"


def _waits(report: Report) -> Iterator[tuple[object, ...]]:
    for one in report.silence:
        yield (
            one.wait,
            one.days,
            f"{one.p:.0%}",
            _share(one.train_won, one.train_n),
            _share(one.test_won, one.test_n),
        )


def _share(share: float | None, of: int) -> str:
    return "" if share is None else f"{share:.0%} of {of:,}"
