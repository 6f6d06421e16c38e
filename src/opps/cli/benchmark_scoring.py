"""`opps benchmark scoring`: how good the probabilities are that a table of closed deals teaches."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer
from msgspec import Struct

from opps.cli.output import Cannot, Json, print_json, print_table, progress, say

if TYPE_CHECKING:
    from opps.domain.model import Model
    from opps.integrations.importing import Mapping as Meaning
    from opps.integrations.importing import Table
    from opps.learning.scoring import Measured
    from opps.learning.settings import FitSettings
    from opps.learning.splits import Plan

_NAME = "benchmark"
_FIGURES = ("accuracy", "auc", "brier", "log_loss", "ece")


class Report(Struct, frozen=True, kw_only=True):
    """What was measured, on which data."""

    data_sha256: str
    mapping_sha256: str
    splits_sha256: str
    context_ids: bool
    protocols: "dict[str, Measured]"


def scoring(
    data: Annotated[
        Path, typer.Option(help="The table of closed deals: CSV.", exists=True, dir_okay=False)
    ],
    mapping: Annotated[
        Path,
        typer.Option(
            help="What its columns mean, with an expert's grades (TOML).",
            exists=True,
            dir_okay=False,
        ),
    ],
    splits: Annotated[
        Path,
        typer.Option(
            help="Protocols, as JSON: the rows to learn from and those to ask about.",
            exists=True,
            dir_okay=False,
        ),
    ],
    out: Annotated[Path, typer.Option(help="Where the report goes, as JSON.", dir_okay=False)],
    protocol: Annotated[
        list[str] | None,
        typer.Option(help="Only the protocol of that name; may be given more than once."),
    ] = None,
    context_ids: Annotated[
        bool,
        typer.Option(
            "--context-ids",
            help="Let also columns that are never evidence speak, such as product and seller, as "
            "shrunken context, and near-identical closed deals. Without it they are ignored.",
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Measure the probabilities of a table of closed deals, by protocols of rows.

    Each row takes the way of an import, in memory. For every fold a model is learned from its
    training rows alone, and asked about the others as about any opportunity.
    """
    from opps.cli.place import check_can_write
    from opps.integrations.importing import Table, read_mapping
    from opps.learning.settings import FitSettings, with_precedents
    from opps.learning.splits import SplitsRefused, check, chosen, read_splits

    check_can_write(out, force=True)
    meant = read_mapping(mapping)
    table = Table(data, meant)
    try:
        given, splits_digest = read_splits(splits)
        if given.data_sha256 not in (None, table.digest):
            raise SplitsRefused(
                f"{splits} is for another file, of SHA-256 {given.data_sha256}; that of {data} is "
                f"{table.digest}. Give the file that the splits were made for."
            )
        plans = chosen(given, protocol or [])
        check(plans, len(table), table.columns)
    except SplitsRefused as refused:
        raise Cannot(str(refused)) from None
    settings = with_precedents(FitSettings()) if context_ids else FitSettings()
    report = Report(
        data_sha256=table.digest,
        mapping_sha256=meant.digest,
        splits_sha256=splits_digest,
        context_ids=context_ids,
        protocols=_measured(plans, table, _prior(table, meant, context_ids), settings, as_json),
    )
    out.write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n")
    if as_json:
        print_json(report)
    else:
        _show(report)
        say(f"The report is in {out}.")


def _prior(table: "Table", meant: "Meaning", context_ids: bool) -> "Model":
    from opps.integrations.importing.grading import model_of

    return model_of(meant, _NAME, context_ids=table.context_ids() if context_ids else None)


def _measured(
    plans: Mapping[str, "Plan"],
    table: "Table",
    prior: "Model",
    settings: "FitSettings",
    quiet: bool,
) -> "dict[str, Measured]":
    from opps.learning.scoring import NotClosed, measured

    found = {}
    for name, plan in plans.items():
        with progress(f"Measuring {name}", quiet=quiet) as advance:
            try:
                found[name] = measured(plan, table, prior, settings, advance)
            except NotClosed as reason:
                raise Cannot(f"Protocol {name}: {reason}.") from None
    return found


def _show(report: Report) -> None:
    print_table(
        "Asked of deals that were not learned from; the ECE up to which chance explains it",
        ("protocol", "n", "accuracy", "AUC", "Brier", "log loss", "ECE", "chance"),
        (
            (
                name,
                one.n,
                f"{one.accuracy:.4f}",
                "" if one.auc is None else f"{one.auc:.4f}",
                *(f"{value:.4f}" for value in (one.brier, one.log_loss, one.ece)),
                f"{one.null_ece.quantile_95:.4f}",
            )
            for name, one in report.protocols.items()
        ),
    )
    print_table(
        "95 % intervals, over deals",
        ("protocol", "accuracy", "AUC", "Brier", "log loss", "ECE"),
        (
            (name, *(_interval(one, figure) for figure in _FIGURES))
            for name, one in report.protocols.items()
        ),
    )
    for name, one in report.protocols.items():
        for line in _beside(one):
            say(f"{name}: {line}")


def _interval(one: "Measured", figure: str) -> str:
    interval = one.intervals.get(figure)
    return "" if interval is None else f"{interval.low:.3f}-{interval.high:.3f}"


def _beside(one: "Measured") -> Iterator[str]:
    if one.coverage80 is not None:
        yield f"the 80 % band held p with nothing hidden {one.coverage80:.1%} of the time."
    if one.base_rate_distance is not None:
        yield f"p was at most {one.base_rate_distance:.4f} from the base rate."
    if not one.evidence:
        yield (
            "there is no evidence: the model found nothing that tells wins from losses, and "
            f"answers with the base rate (Brier {one.base_rate_brier:.4f} for that alone)."
        )
