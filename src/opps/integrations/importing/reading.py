"""Read a mapping file, and name every mistake in it with its line and field."""

import hashlib
import re
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from opps.integrations.importing.columns import Column, FactsPart, ModelPart
from opps.integrations.importing.conversion import Formats
from opps.integrations.importing.errors import MappingRefused, Problem
from opps.integrations.importing.hubspot.settings import HubspotPart
from opps.integrations.importing.mapping import (
    AccountPart,
    ActorPart,
    CsvPart,
    LifecyclePart,
    Mapping,
    OpportunityPart,
    ReferencePart,
    Rule,
    SourceFormat,
)
from opps.integrations.importing.rules import compiled
from opps.integrations.importing.salesforce.settings import SalesforcePart
from opps.integrations.importing.times import Times

_HEAD = {"source": Annotated[str, Meta(min_length=1, max_length=100)], "format": SourceFormat}
_PARTS: dict[str, Any] = {
    "opportunity": OpportunityPart,
    "account": AccountPart,
    "actors": ActorPart,
    "times": Times,
    "formats": Formats,
    "lifecycle": LifecyclePart,
    "csv": CsvPart,
    "hubspot": HubspotPart,
    "facts": FactsPart,
    "model": ModelPart,
    "salesforce": SalesforcePart,
    "unmatched": Rule,
    "when_closed": Rule,
}
# What these formats mean without a word of ours: a mapping of them says only what is otherwise.
STANDARD = {
    SourceFormat.HUBSPOT_CSV: "hubspot/defaults.toml",
    SourceFormat.SALESFORCE_CSV: "salesforce/defaults.toml",
}
_NEEDED = ("source", "format", "opportunity", "account")


def read_mapping(path: Path) -> Mapping:
    """Return the mapping of a TOML file, checked as far as one can without a row.

    Raises:
        MappingRefused: it cannot be read or something in it is wrong, with line and field.
    """
    try:
        content = path.read_bytes()
        written = tomllib.loads(content.decode())
    except OSError as error:
        raise MappingRefused(path, [Problem("file", f"cannot be read: {error.strerror}")]) from None
    except (ValueError, RecursionError) as error:
        raise MappingRefused(path, [Problem("file", f"is no TOML: {error}")]) from None
    return _mapping(path, content, written)


def standard_mapping(format: SourceFormat) -> Mapping:
    """Return the mapping of a format that has one of its own."""
    path = Path(str(files("opps.integrations.importing") / STANDARD[format]))
    return _mapping(path, b"", {"format": format.value})


def _mapping(path: Path, content: bytes, written: dict[str, Any]) -> Mapping:
    lines = _lines(content.decode())
    standard = STANDARD.get(written.get("format", ""))
    if standard is not None:
        below = (files("opps.integrations.importing") / standard).read_bytes()
        content += below
        written = _over(tomllib.loads(below.decode()), written)
    parts, problems = _parts(written, lines)
    if problems:
        raise MappingRefused(path, problems)
    digest = hashlib.sha256(content).hexdigest()
    mapping = Mapping(path=path, digest=digest, lines=lines, **parts)
    compiled(mapping)
    return mapping


def _over(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Return what somebody wrote over what is standard: their rules come first."""
    merged = {**below, **above}
    for name, part in below.items():
        own = above.get(name)
        if isinstance(part, dict) and isinstance(own, dict) and _PARTS.get(name) is not Rule:
            merged[name] = _over(part, own)
        elif isinstance(part, list) and isinstance(own, list) and name == "rules":
            merged[name] = own + part
    return merged


def _parts(written: dict[str, Any], lines: dict[str, int]) -> tuple[dict[str, Any], list[Problem]]:
    problems = [Problem(name, "is missing", None) for name in _NEEDED if name not in written]
    parts: dict[str, Any] = {}

    def take(place: str, given: Any, kind: Any) -> Any:
        try:
            return msgspec.convert(given, kind)
        except msgspec.ValidationError as error:
            problems.append(Problem(place, _readable(str(error)), lines.get(place)))
            return None

    for name, given in written.items():
        if name == "rules":
            if not isinstance(given, list):
                problems.append(Problem("rules", "write each as [[rules]]", lines.get("rules")))
                continue
            parts["rules"] = tuple(
                take(f"rules[{number}]", one, Rule) for number, one in enumerate(given, 1)
            )
        elif name == "columns":
            if not isinstance(given, dict):
                problems.append(Problem("columns", "write each as [columns.NAME]", lines.get(name)))
                continue
            parts["columns"] = {
                column: take(f"columns.{column}", one, Column) for column, one in given.items()
            }
        elif name == "references":
            if not isinstance(given, dict):
                message = "write each as [references.NAME]"
                problems.append(Problem("references", message, lines.get(name)))
                continue
            parts["references"] = {
                one: take(f"references.{one}", part, ReferencePart) for one, part in given.items()
            }
        elif name in _PARTS or name in _HEAD:
            parts[name] = take(name, given, _PARTS.get(name) or _HEAD[name])
        else:
            known = ", ".join([*_HEAD, *_PARTS, "columns", "references", "rules"])
            problems.append(Problem(name, f"is unknown; there are {known}", lines.get(name)))
    return parts, problems


def _readable(message: str) -> str:
    """Turn msgspec's `- at $.fields[...]` into words."""
    return re.sub(r" - at `\$\.?([^`]*)`", r", in \1", message).replace("`", "'")


_HEADER = re.compile(r"\s*(\[\[?)\s*([\w-]+)(?:\.([\w-]+|\"[^\"]*\"))?")
_KEY = re.compile(r"([\w-]+)\s*[=.]")


def _lines(text: str) -> dict[str, int]:
    """Return the line at which each table, rule and leading key of a mapping begins."""
    lines: dict[str, int] = {}
    rules = 0
    in_table = False
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            in_table = True
            name = header[2]
            if header[1] == "[[" and name == "rules":
                rules += 1
                name = f"rules[{rules}]"
            lines.setdefault(name, number)
            if header[3]:
                part = header[3].strip('"')
                lines.setdefault(f"{name}.{part}", number)
        elif not in_table and (key := _KEY.match(line)):
            lines.setdefault(key[1], number)
    return lines
