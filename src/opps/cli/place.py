"""Where a command reads and writes: one that only looks at data makes none."""

from pathlib import Path
from typing import TYPE_CHECKING

from opps.cli.output import Cannot

if TYPE_CHECKING:
    from opps.config import Settings


def existing() -> "Settings":
    """Return the settings of an installation that is there.

    Raises:
        Cannot: opps never ran with this data directory; the message says what to do.
    """
    from opps.config import settings

    found = settings()
    if found.is_embedded and not (found.server_directory / "PG_VERSION").exists():
        raise Cannot(
            f"There is no data of opps in {found.data_directory}, and nothing was made there. Set "
            "OPPS_DATA_DIRECTORY to the directory of the opps that you mean: `opps demo` and "
            "`make run` print it. `opps serve` begins a new one."
        )
    return found


def check_can_write(*files: Path | None, force: bool) -> None:
    """Refuse to begin where a file could not be written in the end.

    Raises:
        Cannot: a file exists, or its folder does not; the message says what to do.
    """
    for file in files:
        if file is None:
            continue
        folder = file.absolute().parent
        if not folder.is_dir():
            raise Cannot(f"There is no folder {folder}. Make it, or name a file in another one.")
        if file.exists() and not force:
            raise Cannot(f"{file} exists. Name a new file, or replace it with --force.")
