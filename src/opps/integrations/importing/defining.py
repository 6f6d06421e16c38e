"""Store the grades of a mapping as a scoring model of the tenant."""

from uuid import UUID

from uuid_utils.compat import uuid5

from opps.application import Application, ModelExecuted, Request, operator
from opps.domain.recorded import Via
from opps.domain.scoring_model import DefineScoringModel
from opps.integrations.importing.grading import model_of
from opps.integrations.importing.mapping import Mapping


def definition_of(mapping: Mapping, name: str) -> DefineScoringModel:
    """Return the command that defines the model of a mapping's grades."""
    origin = f"An expert's grades of what {mapping.source} tells"
    return DefineScoringModel(model=model_of(mapping, name), origin=origin)


async def define_model(
    application: Application, tenant: UUID, mapping: Mapping, name: str
) -> ModelExecuted:
    """Define the model of a mapping's grades; once, however often it is asked for.

    Raises:
        Refusal: the name stands for another model, or the grades make none.
        AppendRefused, LogFault: the log says no, or is away.
    """
    request = Request(
        tenant=tenant,
        actor=operator(Via.IMPORT),
        command_id=uuid5(tenant, f"define:{name}:{mapping.digest}"),
    )
    return await application.scoring_model(definition_of(mapping, name), request)
