"""Why duplicates cannot be merged, or taken apart again."""

from dataclasses import dataclass
from uuid import UUID

from opps.domain.errors import Refusal


@dataclass
class MergedWithItself(Refusal):
    """{id} cannot be merged into itself: name the other one, which goes on."""

    id: UUID


@dataclass
class MergedAlready(Refusal):
    """{id} was merged into {other} already: undo that merge first, or merge {other} instead."""

    id: UUID
    other: UUID


@dataclass
class GoesOnElsewhere(Refusal):
    """{id} was merged itself, and goes on as {other}: merge into that one."""

    id: UUID
    other: UUID


@dataclass
class MergedInACircle(Refusal):
    """{other} goes on as {id} already: undo that merge first if it is to be the other way round."""

    id: UUID
    other: UUID


@dataclass
class NotMerged(Refusal):
    """{id} is not merged into another one: there is nothing to undo."""

    id: UUID
