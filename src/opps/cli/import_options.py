"""What can be asked of an import on the command line, beside its files."""

from pathlib import Path
from typing import Annotated, Any

import typer
from msgspec import Struct

from opps.cli.output import Cannot

Source = Annotated[
    Path, typer.Argument(help="The file to import.", exists=True, dir_okay=False, metavar="FILE")
]
MappingFile = Annotated[
    Path,
    typer.Option(
        "--mapping", "-m", help="What the source's words mean (TOML).", exists=True, dir_okay=False
    ),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Show what would happen, and store nothing.")
]
RejectsFile = Annotated[
    Path | None,
    typer.Option(
        help="Write each rejected row with its reason here; by default beside you, "
        "as FILE.rejected.jsonl.",
        dir_okay=False,
    ),
]
ResultsFile = Annotated[
    Path | None,
    typer.Option(
        help="Write what became of every row here, with the ids of its events: JSON lines, or a "
        "table if the name ends in .csv.",
        dir_okay=False,
    ),
]
CorrectionsFile = Annotated[
    Path | None,
    typer.Option(
        help="What texts of the file should be: CSV with column,was,now (and reason, external_id), "
        "or TOML. The log records those that met a row.",
        exists=True,
        dir_okay=False,
    ),
]
ReferenceFiles = Annotated[
    list[str] | None,
    typer.Option(
        "--reference",
        help="A list of what may stand in a column, as the mapping names it: "
        "--reference products=products.csv. Can be given several times.",
        metavar="NAME=FILE",
    ),
]
Sources = Annotated[
    list[Path],
    typer.Argument(
        help="Files, folders or zips of one export, in any order.", exists=True, metavar="PATH..."
    ),
]
OwnMapping = Annotated[
    Path | None,
    typer.Option(
        "--mapping",
        "-m",
        help="What your words mean (TOML), instead of the mapping that --print-mapping prints.",
        exists=True,
        dir_okay=False,
    ),
]
CurrencyCode = Annotated[
    str | None,
    typer.Option(help="The currency of deals that name none, such as EUR.", metavar="CODE"),
]
PrintMapping = Annotated[
    bool, typer.Option("--print-mapping", help="Print the mapping to start your own from, and end.")
]
RemarksFile = Annotated[
    Path | None,
    typer.Option(
        help="Write what opportunities lack that come in all the same, such as an account; by "
        "default beside you, as FILE.remarks.jsonl.",
        dir_okay=False,
    ),
]
ProposeFile = Annotated[
    Path | None,
    typer.Option(
        "--propose-corrections",
        help="Write the nearest words of rejected rows here, as a file for --corrections. "
        "Look it over first: nobody knows what was meant.",
        dir_okay=False,
    ),
]
DefineModel = Annotated[
    str | None,
    typer.Option(help="Store the grades of the mapping as a scoring model of this name."),
]


class Chosen(Struct, frozen=True, kw_only=True):
    """What was asked of an import, beside the file and its mapping."""

    dry_run: bool
    rejects: Path | None
    results: Path | None
    corrections: Path | None
    tenant: str | None
    as_json: bool
    remarks: Path | None = None
    propose: Path | None = None
    references: list[str] | None = None
    model: str | None = None

    def options(self, name: str) -> dict[str, Any]:
        """Return the options of the import of what is called so."""
        return {
            "dry_run": self.dry_run,
            "rejects": self.rejects or Path(f"{name}.rejected.jsonl"),
            "results": self.results,
            "remarks": self.remarks or Path(f"{name}.remarks.jsonl"),
            "propose": self.propose,
            "corrections": self.corrections,
            "references": dict(map(_reference, self.references or [])),
        }


def _reference(written: str) -> tuple[str, Path]:
    name, _, path = written.partition("=")
    if not (name and path):
        raise Cannot(f"--reference {written}: write it as NAME=FILE, such as products=products.csv")
    if not Path(path).is_file():
        raise Cannot(f"--reference {written}: there is no file {path}")
    return name, Path(path)
