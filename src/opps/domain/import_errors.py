"""Why an import cannot be reverted, or cannot run now."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from opps.domain.errors import Refusal


@dataclass
class UnknownImport(Refusal):
    """There is no import {import_id}: `opps imports list` names them all."""

    import_id: UUID


@dataclass
class ImportUnderWay(Refusal):
    """An import or a revert is under way here: wait for its end, or stop it, and try again."""


@dataclass
class ImportRevertedAlready(Refusal):
    """Import {import_id} was reverted already, on {reverted_at}: nothing of it is left."""

    import_id: UUID
    reverted_at: datetime


@dataclass
class ImportBuiltOn(Refusal):
    """{total} events build on import {import_id}, so it stays; revert later imports first, newest
    first, and keep what people have worked on: {dependents}.
    """

    import_id: UUID
    total: int
    dependents: list[str]
