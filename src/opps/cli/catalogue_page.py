"""The catalogue as a page for readers: docs/events.md."""

from collections.abc import Iterator

from opps.cli.catalogue import STREAMS, Catalogue, FactEntry, Field
from opps.domain.catalogue import Objective

_STREAM_TITLES = {
    "opportunity": "an opportunity",
    "account": "an account",
    "person": "a person",
    "sales process": "a sales process",
    "scoring model": "a scoring model",
    "exception": "an exception",
    "teams": "the teams of an organisation",
    "coaching": "a performance gap of a seller",
    "learning catalogue": "the learning activities of an organisation",
    "access": "who may do what",
    "webhooks": "which addresses are told of what",
    "privacy": "privacy",
    "control": "a tenant's control streams",
}


def markdown(of: Catalogue) -> str:
    """Return the catalogue as the text of docs/events.md."""
    return "\n".join((_OPENING, *_event_sections(of), *_fact_sections(of)))


_OPENING = """\
# Events and kinds of fact

<!-- Made by `opps events --markdown`; `opps events --check` compares. Do not edit by hand. -->

Everything that opps stores is one of these events. The tag and the schema number are stored with
each event for ever; see [the decision](adr/0001-stored-tables.md). A field marked `?` may be
absent; one marked with a key holds personal data, encrypted under the key of the person it is
about. `learned` is an interval: when our side came to know.
"""


def _event_sections(of: Catalogue) -> Iterator[str]:
    for stream in STREAMS:
        yield f"## Events of {_STREAM_TITLES[stream]}\n"
        yield "| Event | Schema | What happened | Fields |"
        yield "|---|---|---|---|"
        for event in of.events:
            if event.stream == stream:
                stored = ", ".join(_marked(field) for field in event.fields)
                yield f"| `{event.tag}` | {event.schema} | {event.meaning} | {stored} |"
        yield ""


def _fact_sections(of: Catalogue) -> Iterator[str]:
    yield "## Kinds of fact\n"
    yield "A `FactLearned` carries one fact of these kinds. Facts of the same key compete: two that"
    yield "meet the conflict rule and come from different people contradict each other. A fact"
    yield f"grows stale behind its horizon. The facets are those of `{of.catalogue}`.\n"
    for objective in Objective:
        yield f"### {objective.replace('_', ' ').capitalize()}\n"
        for fact in of.facts:
            if fact.objective == objective:
                yield from _fact_section(fact)
    yield "### Any objective\n"
    for fact in of.facts:
        if fact.objective is None:
            yield from _fact_section(fact)


def _fact_section(fact: FactEntry) -> Iterator[str]:
    yield f"#### `{fact.kind}`\n"
    yield f"{fact.meaning}\n"
    key = " or ".join(f"`{form}`" for form in fact.key)
    yield f"- Key: {key}. {fact.key_meaning or 'One an opportunity.'}"
    yield f"- Conflict: {fact.conflict or 'Never.'}"
    yield f"- Facets: {', '.join(f'`{name}`' for name in fact.facets) or 'the one it names'}"
    yield f"- Horizon: {f'{fact.horizon_days} days' if fact.horizon_days else 'none'}"
    yield f"- Personal: {', '.join(f'`{name}`' for name in fact.personal) or 'nothing'}\n"
    yield "| Field | Type | Meaning |"
    yield "|---|---|---|"
    for field in fact.fields:
        yield f"| {_marked(field)} | {field.type} | {field.description or ''} |"
    yield ""


def _marked(field: Field) -> str:
    return f"`{field.name}`" + ("" if field.required else "?") + (" 🔑" if field.personal else "")
