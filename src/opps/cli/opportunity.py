"""Which opportunity a command is about, and what it is now."""

from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from opps.cli.output import Cannot

if TYPE_CHECKING:
    from opps.app import Opps
    from opps.domain.opportunity.state import Opportunity

OpportunityId = Annotated[
    str, typer.Argument(help="The opportunity: the id that opps gave, or your UUID.")
]


def there(found: Any, opportunity: str) -> Any:
    """Return what was found of an opportunity, or say that there is none."""
    if found is None:
        raise Cannot(f"There is no opportunity {opportunity}. Ask `opportunities` for their ids.")
    return found


async def state_of(opps: "Opps", tenant: UUID, stream: UUID) -> "Opportunity | None":
    """Return an opportunity as it is now; None where it was never opened."""
    from opps.application import OPPORTUNITY

    return await opps.application.load(OPPORTUNITY, tenant, stream)
