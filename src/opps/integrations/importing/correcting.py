"""What the log tells of the corrections that an import applied: words, or only ids made of them."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from opps.domain.events import ImportCorrectionApplied
from opps.integrations.importing.corrections import Corrections
from opps.integrations.importing.mapping import Mapping, Rule
from opps.integrations.importing.names import Names
from opps.integrations.importing.templates import names_in

FIELD = "field"


def corrections_applied(
    corrections: Corrections, mapping: Mapping, names: Names
) -> Iterator[ImportCorrectionApplied]:
    """Yield what an import tells of each correction that met rows.

    Words of a fixed vocabulary stay words. A person gets the pseudonym that the import gives them
    everywhere, and of any other text, that may be about somebody, there is only an id.
    """
    people, plain = set(_people(mapping)), set(_plain(mapping))
    for one, rows in corrections.applied():
        if one.column in people:
            was, now = (text and str(names.principal(text)) for text in (one.was, one.now))
        elif one.column in plain:
            was, now = one.was, one.now
        else:
            was, now = (text and str(names.text(text)) for text in (one.was, one.now))
        yield ImportCorrectionApplied(
            column=one.column, was=was, now=now, rows=rows, reason=one.reason
        )


def _people(mapping: Mapping) -> Iterator[str]:
    """Yield the columns that name people."""
    yield mapping.actor_attribute
    yield from (name for name, column in mapping.columns.items() if column.person)
    yield from _actors(mapping.opportunity.fields)
    for rule in mapping.rules:
        named = set(_actors(rule.fields))
        yield from named
        if named:
            yield from _fields_of(rule)


def _plain(mapping: Mapping) -> Iterator[str]:
    """Yield the columns whose words are few and known, or stand in the log anyhow."""
    opportunity, times = mapping.opportunity, mapping.times
    yield from (name for name, column in mapping.columns.items() if column.values)
    yield from (one.column for one in mapping.references.values())
    yield mapping.time_attribute
    yield from filter(None, (opportunity.opened_at, times.attribute, mapping.facts.learned_at))
    yield from names_in(mapping.account.name)
    yield from names_in(mapping.account.external_id or "")
    for rule in mapping.rules:
        looked_at = {*rule.match, *rule.values}
        yield from looked_at - {FIELD}
        if looked_at - {FIELD}:
            yield from _fields_of(rule)


def _fields_of(rule: Rule) -> list[str]:
    """Return the fields of a history that a rule is about."""
    fields = rule.match.get(FIELD, [])
    return [fields] if isinstance(fields, str) else fields


def _actors(written: Any) -> Iterator[str]:
    """Yield the attributes that are made the id of a person."""
    if isinstance(written, dict):
        if written.keys() == {"actor"}:
            yield from names_in(written["actor"])
        else:
            yield from chain.from_iterable(map(_actors, written.values()))
    elif isinstance(written, list):
        yield from chain.from_iterable(map(_actors, written))
