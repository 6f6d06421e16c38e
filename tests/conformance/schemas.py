"""Which schema was released last, and which breaks of it were announced."""

import re
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.conformance.judged import ROOT

UNRELEASED = re.compile(r"^## \[?Unreleased\]?.*?$(?P<text>.*?)(?=^## |\Z)", re.M | re.S)


def last_release(home: Path = ROOT) -> str | None:
    """Return the schema of the last tag; None as long as nothing was released."""
    tag = _git(home, "describe", "--tags", "--abbrev=0")
    return _git(home, "show", f"{tag.strip()}:schema.graphql") if tag else None


def unannounced(breaks: Iterable[Mapping[str, str]], changelog: str) -> list[Mapping[str, str]]:
    """Return the breaks that no line of what is unreleased names by their path."""
    unreleased = UNRELEASED.search(changelog)
    told = unreleased["text"] if unreleased else ""
    return [one for one in breaks if f"`{one['path']}`" not in told]


def _git(home: Path, *command: str) -> str | None:
    run = subprocess.run(["git", *command], cwd=home, capture_output=True, text=True, check=False)
    return run.stdout if run.returncode == 0 else None
