"""What the commands on scoring models share: their group, the models, and how they are written."""

import asyncio
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import typer

from opps.cli.output import Cannot

if TYPE_CHECKING:
    from opps.app import Opps
    from opps.application import ModelExecuted
    from opps.domain.scoring_model import AnyScoringModelCommand, Models, ScoringModel

group = typer.Typer(
    help="Learn scoring models from closed opportunities, try them, and bring one into force.",
    no_args_is_help=True,
)


def add_to(application: typer.Typer) -> None:
    application.add_typer(group, name="model")


def models_of(opps: "Opps", tenant: UUID) -> "Models":
    """Return every scoring model of a tenant."""
    return asyncio.run(opps.application.scoring_models(tenant))


def named(models: "Models", name: str) -> "ScoringModel":
    """Return the model of a name.

    Raises:
        Cannot: there is none; the message says which there are.
    """
    if name not in models.models:
        known = ", ".join(sorted(models.models))
        raise Cannot(f"There is no scoring model {name!r}. There is {known}.")
    return models.models[name]


def carry_out(
    opps: "Opps", tenant: UUID, command: "AnyScoringModelCommand", approver: UUID | None = None
) -> "ModelExecuted":
    """Carry out a command on a scoring model, and return what it did."""
    from opps.application import Request, operator

    actor = operator(on_behalf_of=approver)
    request = Request(tenant=tenant, actor=actor, command_id=uuid4())
    return asyncio.run(opps.application.scoring_model(command, request))
