"""The settings as they may be shown: each with where it comes from, and no secret."""

import os
import shlex
from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from opps.config import NAMES, Settings, read_settings
from opps.domain.audited_reads import AuditedReads

MASK = "***"
_SECRETS = (
    "password",
    "sslpassword",
    "scram_client_key",
    "scram_server_key",
    "oauth_client_secret",
)
_CONNECTIONS = ("database_url", "database_direct_url", "keys_url")


class Given(Struct, frozen=True):
    """One setting; `value` is None where it is unset and has no default."""

    name: str
    value: str | None
    origin: str


def given(environment: Mapping[str, str] = os.environ) -> list[Given]:
    """Return every setting as it holds, secrets masked; raises what `settings` raises."""
    found, origins = read_settings(environment)
    fields = Settings.__struct_fields__
    return [
        Given(name, _shown(field, getattr(found, field)), origins[name])
        for name, field in zip(NAMES, fields, strict=True)
    ]


def _shown(field: str, value: Any) -> str | None:
    if value is None:
        return None
    if field in _CONNECTIONS:
        return _without_secrets(value)
    if field == "root_key_command":
        # Its arguments may be credentials: the program alone tells which one it is.
        program, *arguments = shlex.split(value) or [""]
        return " ".join([program, *[MASK][: len(arguments)]])
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, frozenset):
        return ",".join(sorted(value))
    if isinstance(value, AuditedReads):
        return _marks(value)
    return str(value)


def _marks(reads: AuditedReads) -> str:
    named = (("role", reads.roles), ("operation", reads.operations), ("field", reads.fields))
    marks = [f"{kind}:{name}" for kind, names in named for name in sorted(names)]
    return ",".join(["*"] * reads.every + marks)


def _without_secrets(connection: str) -> str:
    parts = conninfo_to_dict(connection)
    masked = {key: MASK if key in _SECRETS else value for key, value in parts.items()}
    return make_conninfo("", **masked)
