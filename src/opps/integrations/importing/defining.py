"""Store the grades of a mapping as a scoring model of the tenant."""

from uuid import UUID

from uuid_utils.compat import uuid5

from opps.application import Application, ModelExecuted, Request
from opps.domain.recorded import Actor, Via
from opps.domain.scoring_model import DefineScoringModel
from opps.integrations.importing.grading import model_of
from opps.integrations.importing.mapping import Mapping
from opps.integrations.importing.names import Names
from opps.recording.keyring import OWN


def definition_of(mapping: Mapping, name: str) -> DefineScoringModel:
    """Return the command that defines the model of a mapping's grades."""
    origin = f"An expert's grades of what {mapping.source} tells, in {mapping.path.name}"
    return DefineScoringModel(model=model_of(mapping, name), origin=origin)


async def define_model(
    application: Application, tenant: UUID, mapping: Mapping, name: str
) -> ModelExecuted:
    """Define the model of a mapping's grades; once, however often it is asked for.

    Raises:
        Refusal: the name stands for another model, or the grades make none.
        AppendRefused, LogFault: the log says no, or is away.
    """
    names = Names(tenant, mapping.source, application.keyring_of(tenant).key_or_new(OWN))
    actor = Actor(principal=names.principal(""), role=mapping.actors.role, via=Via.IMPORT)
    request = Request(
        tenant=tenant,
        actor=actor,
        command_id=uuid5(tenant, f"define:{name}:{mapping.digest}"),
    )
    return await application.scoring_model(definition_of(mapping, name), request)
