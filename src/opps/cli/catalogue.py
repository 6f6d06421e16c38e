"""The catalogue of events and kinds of fact, read from the domain: docs/events.md is made here."""

import ast
import inspect
import textwrap
from collections.abc import Iterator
from decimal import Decimal
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from msgspec import Meta, Struct
from msgspec.structs import fields

from opps.domain.catalogue import CATALOGUE, Facet
from opps.domain.events import (
    TAGS,
    AccessEvent,
    AccountEvent,
    AnyOpportunityEvent,
    CoachingEvent,
    ControlEvent,
    Event,
    ExceptionEvent,
    LearningCatalogueEvent,
    PersonEvent,
    PrivacyEvent,
    SalesProcessEvent,
    ScoringModelEvent,
    TeamEvent,
    WebhookEvent,
)
from opps.domain.facts import KINDS, AnyFact
from opps.domain.facts.base import Fact
from opps.domain.personal import Personal
from opps.recording.personal import PERSONAL, has_personal


class Field(Struct, frozen=True):
    """One stored field."""

    name: str
    type: str
    required: bool
    personal: bool
    description: str | None


class EventEntry(Struct, frozen=True):
    """One kind of event."""

    tag: str
    schema: int
    stream: str
    meaning: str
    fields: tuple[Field, ...]


class FactEntry(Struct, frozen=True):
    """One kind of fact; two facts of one key that meet the conflict rule contradict each other."""

    kind: str
    objective: str | None
    meaning: str
    key: tuple[str, ...]
    key_meaning: str | None
    conflict: str | None
    facets: tuple[str, ...]
    horizon_days: int | None
    fields: tuple[Field, ...]

    @property
    def personal(self) -> tuple[str, ...]:
        """The names of the fields that are stored under a person's key."""
        return tuple(field.name for field in self.fields if field.personal)


class Catalogue(Struct, frozen=True):
    """Everything that opps stores."""

    catalogue: str
    events: tuple[EventEntry, ...]
    facts: tuple[FactEntry, ...]


_NAMES: dict[Any, str] = {
    str: "text",
    int: "integer",
    float: "number",
    bool: "yes or no",
    Decimal: "decimal",
    UUID: "id",
}
STREAMS = {
    "opportunity": AnyOpportunityEvent,
    "account": AccountEvent,
    "person": PersonEvent,
    "sales process": SalesProcessEvent,
    "scoring model": ScoringModelEvent,
    "exception": ExceptionEvent,
    "teams": TeamEvent,
    "coaching": CoachingEvent,
    "learning catalogue": LearningCatalogueEvent,
    "access": AccessEvent,
    "webhooks": WebhookEvent,
    "privacy": PrivacyEvent,
    "control": ControlEvent,
}


def catalogue() -> Catalogue:
    """Return the catalogue of this version."""
    return Catalogue(
        CATALOGUE,
        tuple(_event(TAGS[tag], stream) for stream, tag in _tags_by_stream()),
        tuple(_fact(kind) for kind in KINDS.values()),
    )


def _tags_by_stream() -> Iterator[tuple[str, str]]:
    for stream, union in STREAMS.items():
        yield from ((stream, kind.__name__) for kind in get_args(union) or (union,))


def _event(kind: type[Event], stream: str) -> EventEntry:
    return EventEntry(kind.__name__, kind.schema, stream, _sentence(kind), _fields(kind))


def _fact(kind: type[Fact]) -> FactEntry:
    own_key = kind.key is not Fact.key
    return FactEntry(
        kind=kind.kind(),
        objective=kind.group,
        meaning=_sentence(kind),
        key=tuple(_key_forms(kind)) if own_key else (kind.kind(),),
        key_meaning=_sentence(kind.key) if own_key else None,
        conflict=None if kind.contradicts is Fact.contradicts else _sentence(kind.contradicts),
        facets=tuple(_facets_named(kind)),
        horizon_days=kind.horizon_days,
        fields=_fields(kind),
    )


def _key_forms(kind: type[Fact]) -> Iterator[str]:
    """Yield each form a key can take, as `influence:{evaluator_id}`."""
    key: Any = kind.key
    for node in ast.walk(_tree(key.fget)):
        if isinstance(node, ast.Return) and node.value is not None:
            yield _form(node.value)


def _form(value: ast.expr) -> str:
    """Return a formatted string as a reader would write it: `{event_id|NONE}`."""
    match value:
        case ast.JoinedStr(values=parts):
            return "".join(map(_form, parts))
        case ast.FormattedValue(value=inner):
            return "{" + _form(inner) + "}"
        case ast.IfExp(body=one, orelse=other):
            return f"{_form(other)}|{_form(one)}"
        case ast.Constant(value=text):
            return str(text)
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case _:
            return ast.unparse(value)


def _facets_named(kind: type[Fact]) -> Iterator[str]:
    """Yield the facets that the kind can fill, in the order of the catalogue."""
    named: set[str] = set()
    for node in ast.walk(_tree(kind.fills)):
        if isinstance(node, ast.keyword):
            named.add(node.arg or "")
        elif isinstance(node, ast.Attribute):
            named.add(node.attr)
    return (facet.name for facet in Facet if facet.name in named)


def _tree(function: Any) -> ast.AST:
    return ast.parse(textwrap.dedent(inspect.getsource(function)))


def _fields(kind: type[Struct]) -> tuple[Field, ...]:
    hints = get_type_hints(kind, include_extras=True)
    return tuple(
        Field(
            field.name,
            _type_name(hints[field.name]),
            field.required,
            _is_personal(hints[field.name]),
            _description(hints[field.name]),
        )
        for field in fields(kind)
    )


def _type_name(hint: Any) -> str:
    if get_origin(hint) is Annotated:
        return _type_name(get_args(hint)[0])
    if get_origin(hint) is tuple:
        return f"list of {_type_name(get_args(hint)[0])}"
    if get_origin(hint) is dict:
        return "map"
    if hint == Personal:
        return "Personal"
    if hint == AnyFact:
        return "Fact"
    parts = _parts(hint)
    if len(parts) == 1 and parts != (hint,):
        return _type_name(parts[0])
    return _NAMES.get(hint) or str(getattr(hint, "__name__", hint))


def _parts(hint: Any) -> tuple[Any, ...]:
    """Return the members of a union without None."""
    if get_origin(hint) in (Union, UnionType):
        parts = tuple(part for part in get_args(hint) if part is not NoneType)
        return (Personal,) if frozenset(parts) == PERSONAL else parts
    return (hint,)


def _is_personal(hint: Any) -> bool:
    if hint == Personal or _type_name(hint) == "Personal":
        return True
    return isinstance(hint, type) and issubclass(hint, Struct) and has_personal(hint)


def _description(hint: Any) -> str | None:
    if get_origin(hint) is Annotated:
        for meta in get_args(hint)[1:]:
            if isinstance(meta, Meta) and meta.description:
                return meta.description
    return None


def _sentence(documented: object) -> str:
    return " ".join((inspect.getdoc(documented) or "").split("\n\n")[0].split())
