"""The settings, read once from the environment and refused together where they are wrong."""

import os
import re
import shlex
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import TypeVar
from zoneinfo import available_timezones

import msgspec
import psycopg
from psycopg.conninfo import conninfo_to_dict

from opps.domain.audited_reads import AuditedReads

Value = TypeVar("Value")

_SLUG = re.compile(r"[a-z][a-z0-9-]{0,62}")


class Environment(StrEnum):
    """Where this process runs; it decides who may ask without saying who they are."""

    DEVELOPMENT = "development"
    """Whoever asks is the development user: for one's own machine."""
    PRODUCTION = "production"
    """Whoever does not say who they are is refused, and unsafe database settings too."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What may differ between two installations of the same opps."""

    database_url: str | None = None
    """OPPS_DATABASE_URL: PostgreSQL 15 or later, pooled or not; unset: the embedded one."""
    database_direct_url: str | None = None
    """OPPS_DATABASE_DIRECT_URL: for migrations and leadership, never through a pooler."""
    data_directory: Path
    """OPPS_DATA_DIRECTORY: the keys, and the data of the embedded server."""
    own_keys_directory: Path | None = None
    """OPPS_KEYS_DIRECTORY: the keys of personal data; unset: `keys` of the data directory."""
    keys_url: str | None = None
    """OPPS_KEYS_URL: PostgreSQL for the wrapped keys, best another one; unset: files."""
    root_key_command: str | None = None
    """OPPS_ROOT_KEY_COMMAND: a program that wraps tenant keys; unset: the file root.key."""
    host: str = "127.0.0.1"
    """OPPS_HOST: the address to listen on."""
    port: int = 8000
    """OPPS_PORT: the port to listen on, 0 for any free one."""
    environment: Environment = Environment.PRODUCTION
    """OPPS_ENVIRONMENT: development or production; `opps demo` is development by itself."""
    tenant: str = "default"
    """OPPS_TENANT: the slug of the tenant of a request that names none."""
    zone: str = "UTC"
    """OPPS_ZONE: the zone whose midnight turns the day for every tenant, such as Europe/Madrid."""
    seal_every_s: int = 10
    """OPPS_SEAL_EVERY_S: how often a serving process signs the logs that grew, 0 for never."""
    publish_ledger: bool = False
    """OPPS_PUBLISH_LEDGER: whether everybody may fetch checkpoints and tiles from a server."""
    audited_reads: AuditedReads = AuditedReads()
    """OPPS_AUDITED_READS: reads to be saved, such as role:MANAGER,operation:Dossier, or *."""
    reads_kept_days: int = 365
    """OPPS_READS_KEPT_DAYS: after how many days a saved read is deleted."""
    most_folded: int = 500
    """OPPS_MOST_FOLDED: opportunities that a list of the past may fold where rows do not do."""

    @property
    def is_embedded(self) -> bool:
        """Whether opps runs its own PostgreSQL."""
        return self.database_url is None

    @property
    def server_directory(self) -> Path:
        """Where the embedded PostgreSQL keeps its data."""
        return self.data_directory / "postgres"

    @property
    def keys_directory(self) -> Path:
        """Where the keys of personal data are kept, apart from the events."""
        return self.own_keys_directory or self.data_directory / "keys"

    @property
    def ledger_directory(self) -> Path:
        """Where what was signed is kept, and the keys that sign, apart from the events."""
        return self.data_directory / "ledger"


class SettingsRefused(Exception):
    """One or more settings are wrong; the message names each variable and what it may be."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


NAMES = tuple(
    f"OPPS_{name.removeprefix('own_').upper()}" for name in Settings.__struct_fields__
)  # in the order of the help


def settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings that the environment variables give; an empty one counts as unset.

    Raises:
        SettingsRefused: with every problem at once.
    """
    reader = _Reader(environment)
    database_url = reader.read("OPPS_DATABASE_URL", _connection, None)
    found = Settings(
        database_url=database_url,
        database_direct_url=reader.read("OPPS_DATABASE_DIRECT_URL", _connection, database_url),
        data_directory=reader.read("OPPS_DATA_DIRECTORY", _directory, _home(environment)),
        own_keys_directory=reader.read("OPPS_KEYS_DIRECTORY", _directory, None),
        keys_url=reader.read("OPPS_KEYS_URL", _connection, None),
        root_key_command=reader.read("OPPS_ROOT_KEY_COMMAND", _command, None),
        host=reader.read("OPPS_HOST", str, "127.0.0.1"),
        port=reader.read("OPPS_PORT", _port, 8000),
        environment=reader.read("OPPS_ENVIRONMENT", _environment, Environment.PRODUCTION),
        tenant=reader.read("OPPS_TENANT", _slug, "default"),
        zone=reader.read("OPPS_ZONE", _zone, "UTC"),
        seal_every_s=reader.read("OPPS_SEAL_EVERY_S", _seconds, 10),
        publish_ledger=reader.read("OPPS_PUBLISH_LEDGER", _yes_or_no, False),
        audited_reads=reader.read("OPPS_AUDITED_READS", AuditedReads.read, AuditedReads()),
        reads_kept_days=reader.read("OPPS_READS_KEPT_DAYS", _days, 365),
        most_folded=reader.read("OPPS_MOST_FOLDED", _opportunities, 500),
    )
    if found.database_direct_url is not None and found.is_embedded:
        reader.problems.append(
            "OPPS_DATABASE_DIRECT_URL is set without OPPS_DATABASE_URL. Set both to use that "
            "server, or neither to use the embedded one."
        )
    reader.look_for_misspellings()
    if reader.problems:
        raise SettingsRefused(reader.problems)
    return found


class _Reader:
    def __init__(self, environment: Mapping[str, str]) -> None:
        self.problems: list[str] = []
        self._environment = environment

    def read(self, name: str, parse: Callable[[str], Value], default: Value) -> Value:
        text = self._environment.get(name, "").strip()
        if not text:
            return default
        try:
            return parse(text)
        except ValueError as problem:
            self.problems.append(f"{name} {problem}")
            return default

    def look_for_misspellings(self) -> None:
        for name in sorted(self._environment.keys() - set(NAMES)):
            near = get_close_matches(name, NAMES, n=1, cutoff=0.9)
            if name.startswith("OPPS_") and near:
                self.problems.append(f"{name} is not a setting. Is {near[0]} meant?")


def _connection(text: str) -> str:
    try:
        conninfo_to_dict(text)
    except psycopg.ProgrammingError:
        # The value is not repeated: it may hold a password.
        raise ValueError(
            "is not a connection to PostgreSQL. It looks like "
            "postgresql://user:password@host:5432/database."
        ) from None
    return text


def _zone(text: str) -> str:
    if text not in available_timezones():
        raise ValueError(f"is {text!r}. It is the name of a zone, such as Europe/Madrid or UTC.")
    return text


def _directory(text: str) -> Path:
    path = Path(text).expanduser().absolute()
    if path.exists() and not path.is_dir():
        raise ValueError(f"is {path}, which is not a directory. Name a directory, or a new path.")
    return path


def _command(text: str) -> str:
    try:
        shlex.split(text)
    except ValueError as problem:
        raise ValueError(f"is no command with its arguments: {problem}.") from None
    return text


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65_535:
        raise ValueError(f"is {text!r}. It is a number from 0 to 65535; 0 takes any free port.")
    return int(text)


def _seconds(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 86_400:
        raise ValueError(f"is {text!r}. It is a number of seconds up to 86400; 0 is never.")
    return int(text)


def _yes_or_no(text: str) -> bool:
    if text not in ("yes", "no"):
        raise ValueError(f"is {text!r}. It is yes or no.")
    return text == "yes"


def _opportunities(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= 100_000):
        raise ValueError(f"is {text!r}. It is a number of opportunities up to 100000.")
    return int(text)


def _days(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 36_500:
        raise ValueError(f"is {text!r}. It is a number of days from 1 to 36500.")
    return int(text)


def _environment(text: str) -> Environment:
    try:
        return Environment(text)
    except ValueError:
        allowed = " or ".join(Environment)
        raise ValueError(f"is {text!r}. It is {allowed}.") from None


def _slug(text: str) -> str:
    if not _SLUG.fullmatch(text):
        raise ValueError(
            f"is {text!r}. It is a slug: a to z first, then a to z, 0 to 9 and -, at most 63."
        )
    return text


def _home(environment: Mapping[str, str]) -> Path:
    base = environment.get("XDG_DATA_HOME", "")
    return (Path(base) if base else Path.home() / ".local" / "share") / "opps"
