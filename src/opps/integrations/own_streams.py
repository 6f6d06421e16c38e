"""Streams whose ids are made from the tenant's: in a copy for another tenant they are its own.

Who may do what stays behind: a key that opens one tenant does not open its copy. So do webhook
endpoints, also where the copy has the id of the original: nobody is told everything once more.
"""

from pathlib import Path
from uuid import UUID, uuid5

from opps.domain.clock import clock_stream
from opps.domain.coaching.catalogue import learning_catalogue_stream
from opps.domain.events import SalesProcessPublished, ScoringModelDefined
from opps.domain.exceptions.thresholds import thresholds_stream
from opps.domain.privacy.state import privacy_stream
from opps.domain.sales_process import process_stream
from opps.domain.scoring_model import model_stream
from opps.domain.setting import activation_stream, rules_stream
from opps.domain.teams import teams_stream
from opps.domain.webhooks.state import webhooks_stream
from opps.eventstore.transfer import restore_stream
from opps.integrations.jsonl_lines import events_of, payload_of
from opps.recording import codec

# Whose streams are called by a name that the event itself says.
NAMED = frozenset(kind.__name__ for kind in (ScoringModelDefined, SalesProcessPublished))


def moved_streams(path: Path, before: UUID, after: UUID) -> dict[UUID, UUID]:
    """Return the stream of one tenant that each such stream of another becomes."""
    kinds = (
        privacy_stream,
        clock_stream,
        restore_stream,
        activation_stream,
        rules_stream,
        thresholds_stream,
        teams_stream,
        learning_catalogue_stream,
    )
    moved = {made(before): made(after) for made in kinds}
    moved[webhooks_stream(before)] = uuid5(webhooks_stream(before), "of the original")
    for line in events_of(path):
        if line.tag not in NAMED:
            continue
        event = codec.decode_event(line.tag, line.schema, payload_of(line))
        if isinstance(event, ScoringModelDefined):
            name = event.model.name
            moved[model_stream(before, name)] = model_stream(after, name)
        if isinstance(event, SalesProcessPublished):
            code = event.process
            moved[process_stream(before, code)] = process_stream(after, code)
    return moved
