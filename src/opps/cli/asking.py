"""Questions of GraphQL asked on the command line, by the same way as over the network."""

from typing import TYPE_CHECKING, Any

from opps.cli.output import Cannot

if TYPE_CHECKING:
    from opps.app import Opps


async def asked(
    opps: "Opps", slug: str | None, document: str, variables: dict[str, Any]
) -> dict[str, Any]:
    """Return the data of an answer, asked as whoever runs opps.

    Raises:
        Cannot: it was refused; the message says why.
    """
    from opps.api.audited import carried_out
    from opps.api.bodies import Asked
    from opps.api.context import Services
    from opps.api.identity import Viewer
    from opps.api.schema import schema
    from opps.api.shutdown import Draining
    from opps.application.operator import operator
    from opps.application.read_saving import ReadSaving

    tenant = opps.tenant(slug)
    viewer = Viewer(tenant=tenant, slug=slug or opps.settings.tenant, actor=operator())
    async with opps.views() as views:
        services = Services(
            opps.application,
            views,
            opps.ledger,
            Draining(),
            ReadSaving(opps.log),
            opps.settings.audited_reads,
        )
        result = await carried_out(schema(), services, viewer, Asked(document, variables))
    if result.errors:
        raise Cannot(result.errors[0].message)
    return _read_back(result.data)


def _read_back(data: Any) -> dict[str, Any]:
    """Return data as it leaves: what is saved was serialised already."""
    import orjson

    found: dict[str, Any] = orjson.loads(orjson.dumps(data))
    return found
