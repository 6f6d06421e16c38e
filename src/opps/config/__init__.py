"""The settings, read once from environment and files, refused together where they are wrong."""

import os
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import msgspec

from opps.access.provider import ALGORITHMS, Provider
from opps.api.limits import DEFAULTS, Limits
from opps.config import values
from opps.config.sources import Reader
from opps.domain.audited_reads import AuditedReads
from opps.integrations.outgoing.allowed import Allowed

Choice = TypeVar("Choice", bound=StrEnum)


class Environment(StrEnum):
    """Where this process runs; it decides who may ask without saying who they are."""

    DEVELOPMENT = "development"
    """Whoever asks is the development user: for one's own machine."""
    PRODUCTION = "production"
    """Whoever does not say who they are is refused, and unsafe database settings too."""


class LogFormat(StrEnum):
    """How a running process tells what happens."""

    TEXT = "text"
    JSON = "json"


class LogLevel(StrEnum):
    """From which level on it is told."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


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
    oidc_issuer: str | None = None
    """OPPS_OIDC_ISSUER: the identity provider whose access tokens are believed; unset: none."""
    oidc_audience: str | None = None
    """OPPS_OIDC_AUDIENCE: for whom its tokens must be meant: this opps."""
    oidc_jwks_url: str | None = None
    """OPPS_OIDC_JWKS_URL: where its keys are; unset: where its discovery says."""
    oidc_algorithms: frozenset[str] = frozenset(ALGORITHMS)
    """OPPS_OIDC_ALGORITHMS: how its tokens may be signed."""
    oidc_tenant_claim: str | None = None
    """OPPS_OIDC_TENANT_CLAIM: the claim with the tenant's slug; unset: all are of OPPS_TENANT."""
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
    most_body_bytes: int = DEFAULTS.body_bytes
    """OPPS_MOST_BODY_BYTES: the largest request over HTTP, or message over a WebSocket."""
    most_document_bytes: int = DEFAULTS.document_bytes
    """OPPS_MOST_DOCUMENT_BYTES: the longest GraphQL document."""
    most_tokens: int = DEFAULTS.tokens
    """OPPS_MOST_TOKENS: words, names and signs of a document."""
    most_depth: int = DEFAULTS.depth
    """OPPS_MOST_DEPTH: levels of an operation; questions about the schema are exempt."""
    most_aliases: int = DEFAULTS.aliases
    """OPPS_MOST_ALIASES: aliases of an operation, its fragments spread out."""
    most_cost: int = DEFAULTS.cost
    """OPPS_MOST_COST: what an operation may cost, as answers tell in extensions.cost."""
    cost_per_minute: int = DEFAULTS.cost_per_minute
    """OPPS_COST_PER_MINUTE: what everybody's operations may cost in a minute, 0 for no limit."""
    most_subscriptions: int = DEFAULTS.subscriptions
    """OPPS_MOST_SUBSCRIPTIONS: how many everybody may have at a time, 0 for no limit."""
    most_seconds: int = int(DEFAULTS.execution_s)
    """OPPS_MOST_SECONDS: how long a query or command may take, 0 for as long as it does."""
    most_statement_seconds: int = 5
    """OPPS_MOST_STATEMENT_SECONDS: the same for one statement that reads the read models."""
    introspection: bool = True
    """OPPS_INTROSPECTION: whether whoever is let in may ask about the schema."""
    persisted_documents: Path | None = None
    """OPPS_PERSISTED_DOCUMENTS: a directory of documents that are known by their SHA-256."""
    persisted_only: bool = False
    """OPPS_PERSISTED_ONLY: whether those documents are all that is carried out."""
    webhook_allow: Allowed = Allowed()
    """OPPS_WEBHOOK_ALLOW: hosts and networks of your own that webhooks may be sent to."""
    metrics_host: str = "127.0.0.1"
    """OPPS_METRICS_HOST: the address of the port for operators."""
    metrics_port: int | None = None
    """OPPS_METRICS_PORT: a port for operators: /metrics, and /readyz with reasons; unset: none."""
    known_operations: frozenset[str] = frozenset()
    """OPPS_KNOWN_OPERATIONS: names of your own operations, for figures, logs and traces."""
    most_lag_s: int = 300
    """OPPS_MOST_LAG_S: read models this far behind make a server not ready, 0 for never."""
    log_format: LogFormat = LogFormat.TEXT
    """OPPS_LOG_FORMAT: text for people, json for programs."""
    log_level: LogLevel = LogLevel.WARNING
    """OPPS_LOG_LEVEL: error, warning, or info (one line a request)."""
    traces: bool = False
    """OPPS_TRACES: whether to send traces; it takes the extra `otel` and its OTEL_ variables."""

    @property
    def is_embedded(self) -> bool:
        """Whether opps runs its own PostgreSQL."""
        return self.database_url is None

    @property
    def provider(self) -> Provider | None:
        """The identity provider whose tokens are believed."""
        if self.oidc_issuer is None or self.oidc_audience is None:
            return None
        return Provider(
            issuer=self.oidc_issuer,
            audience=self.oidc_audience,
            jwks_url=self.oidc_jwks_url,
            algorithms=tuple(sorted(self.oidc_algorithms)),
            tenant_claim=self.oidc_tenant_claim,
        )

    @property
    def server_directory(self) -> Path:
        """Where the embedded PostgreSQL keeps its data."""
        return self.data_directory / "postgres"

    @property
    def keys_directory(self) -> Path:
        """Where the keys of personal data are kept, apart from the events."""
        return self.own_keys_directory or self.data_directory / "keys"

    @property
    def limits(self) -> Limits:
        """How much one request may ask for."""
        return Limits(
            body_bytes=self.most_body_bytes,
            document_bytes=self.most_document_bytes,
            tokens=self.most_tokens,
            depth=self.most_depth,
            aliases=self.most_aliases,
            cost=self.most_cost,
            cost_per_minute=self.cost_per_minute,
            subscriptions=self.most_subscriptions,
            execution_s=self.most_seconds,
            introspection=self.introspection,
            # On the machine of a developer only: elsewhere they spell out the schema to guessers.
            suggestions=self.environment is Environment.DEVELOPMENT,
        )

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
    """Return the settings; an empty variable counts as unset.

    Raises:
        SettingsRefused: with every problem at once.
    """
    return read_settings(environment)[0]


def read_settings(environment: Mapping[str, str] = os.environ) -> tuple[Settings, dict[str, str]]:
    """Return the settings and where each comes from; raises what `settings` raises."""
    reader = Reader(environment)
    database_url = reader.read("OPPS_DATABASE_URL", values.connection, None)
    found = Settings(
        database_url=database_url,
        database_direct_url=reader.read(
            "OPPS_DATABASE_DIRECT_URL", values.connection, database_url
        ),
        data_directory=reader.read("OPPS_DATA_DIRECTORY", values.directory, _home(environment)),
        own_keys_directory=reader.read("OPPS_KEYS_DIRECTORY", values.directory, None),
        keys_url=reader.read("OPPS_KEYS_URL", values.connection, None),
        root_key_command=reader.read("OPPS_ROOT_KEY_COMMAND", values.command, None),
        host=reader.read("OPPS_HOST", str, "127.0.0.1"),
        port=reader.read("OPPS_PORT", values.port, 8000),
        environment=reader.read("OPPS_ENVIRONMENT", _one_of(Environment), Environment.PRODUCTION),
        tenant=reader.read("OPPS_TENANT", values.slug, "default"),
        oidc_issuer=reader.read("OPPS_OIDC_ISSUER", values.address, None),
        oidc_audience=reader.read("OPPS_OIDC_AUDIENCE", str, None),
        oidc_jwks_url=reader.read("OPPS_OIDC_JWKS_URL", values.address, None),
        oidc_algorithms=reader.read(
            "OPPS_OIDC_ALGORITHMS", values.algorithms, frozenset(ALGORITHMS)
        ),
        oidc_tenant_claim=reader.read("OPPS_OIDC_TENANT_CLAIM", str, None),
        zone=reader.read("OPPS_ZONE", values.zone, "UTC"),
        seal_every_s=reader.read("OPPS_SEAL_EVERY_S", values.seconds, 10),
        publish_ledger=reader.read("OPPS_PUBLISH_LEDGER", values.yes_or_no, False),
        audited_reads=reader.read("OPPS_AUDITED_READS", AuditedReads.read, AuditedReads()),
        reads_kept_days=reader.read("OPPS_READS_KEPT_DAYS", values.days, 365),
        most_folded=reader.read("OPPS_MOST_FOLDED", values.opportunities, 500),
        most_body_bytes=reader.read("OPPS_MOST_BODY_BYTES", values.most, DEFAULTS.body_bytes),
        most_document_bytes=reader.read(
            "OPPS_MOST_DOCUMENT_BYTES", values.most, DEFAULTS.document_bytes
        ),
        most_tokens=reader.read("OPPS_MOST_TOKENS", values.most, DEFAULTS.tokens),
        most_depth=reader.read("OPPS_MOST_DEPTH", values.most, DEFAULTS.depth),
        most_aliases=reader.read("OPPS_MOST_ALIASES", values.most, DEFAULTS.aliases),
        most_cost=reader.read("OPPS_MOST_COST", values.most, DEFAULTS.cost),
        cost_per_minute=reader.read(
            "OPPS_COST_PER_MINUTE", values.points, DEFAULTS.cost_per_minute
        ),
        most_subscriptions=reader.read(
            "OPPS_MOST_SUBSCRIPTIONS", values.points, DEFAULTS.subscriptions
        ),
        most_seconds=reader.read("OPPS_MOST_SECONDS", values.seconds, int(DEFAULTS.execution_s)),
        most_statement_seconds=reader.read("OPPS_MOST_STATEMENT_SECONDS", values.seconds, 5),
        introspection=reader.read("OPPS_INTROSPECTION", values.yes_or_no, True),
        persisted_documents=reader.read("OPPS_PERSISTED_DOCUMENTS", values.directory, None),
        persisted_only=reader.read("OPPS_PERSISTED_ONLY", values.yes_or_no, False),
        webhook_allow=reader.read("OPPS_WEBHOOK_ALLOW", Allowed.read, Allowed()),
        metrics_host=reader.read("OPPS_METRICS_HOST", str, "127.0.0.1"),
        metrics_port=reader.read("OPPS_METRICS_PORT", values.port, None),
        known_operations=reader.read("OPPS_KNOWN_OPERATIONS", values.operations, frozenset()),
        most_lag_s=reader.read("OPPS_MOST_LAG_S", values.seconds, 300),
        log_format=reader.read("OPPS_LOG_FORMAT", _one_of(LogFormat), LogFormat.TEXT),
        log_level=reader.read("OPPS_LOG_LEVEL", _one_of(LogLevel), LogLevel.WARNING),
        traces=reader.read("OPPS_TRACES", values.yes_or_no, False),
    )
    if found.database_direct_url is not None and found.is_embedded:
        reader.problems.append(
            "OPPS_DATABASE_DIRECT_URL is set without OPPS_DATABASE_URL. Set both to use that "
            "server, or neither to use the embedded one."
        )
    if (found.oidc_issuer is None) != (found.oidc_audience is None):
        reader.problems.append(
            "OPPS_OIDC_ISSUER and OPPS_OIDC_AUDIENCE go together: a token is believed if it is of "
            "that provider, and meant for this opps. Set both, or neither."
        )
    if found.persisted_only and found.persisted_documents is None:
        reader.problems.append(
            "OPPS_PERSISTED_ONLY is set without OPPS_PERSISTED_DOCUMENTS: nothing at all would be "
            "carried out. Name the directory with the documents."
        )
    reader.look_for_misspellings(NAMES)
    if reader.problems:
        raise SettingsRefused(reader.problems)
    return found, reader.origins


def _one_of(choices: type[Choice]) -> Callable[[str], Choice]:
    def parse(text: str) -> Choice:
        try:
            return choices(text)
        except ValueError:
            raise ValueError(f"is {text!r}. It is {' or '.join(choices)}.") from None

    return parse


def _home(environment: Mapping[str, str]) -> Path:
    base = environment.get("XDG_DATA_HOME", "")
    return (Path(base) if base else Path.home() / ".local" / "share") / "opps"
