"""What `benchmarks.graphql` asks: opps itself, the same schema by Strawberry alone, bare endpoints.

Started by it as `python -m benchmarks.graphql_served DIRECTORY keep|read`. `/graphql` is opps as it
is served, `/stock/` the same schema and resolvers as Strawberry serves them by itself, `/bare/...`
JSON of the same objects written by hand. `keep` reads everything from the database once, so that
what is left is answering.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from time import thread_time
from typing import Any

import orjson
import strawberry
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from strawberry.asgi import GraphQL
from strawberry.schema.config import StrawberryConfig

from benchmarks.served import UNSPENDABLE, tell
from opps.api.admission import admitted
from opps.api.app import create_app
from opps.api.bodies import asked
from opps.api.context import Services, context_of
from opps.api.errors import error_types
from opps.api.execution.planning import planned
from opps.api.identity import Identify, development
from opps.api.ids import NodeType, to_global
from opps.api.mutations import mutation_type
from opps.api.parties import Account as AccountType
from opps.api.parties import Person
from opps.api.queries import Query
from opps.api.reading import Key, Reading
from opps.api.scalars import SCALARS
from opps.api.schema import schema
from opps.api.shutdown import Draining
from opps.api.subscriptions import Subscription
from opps.app import Opps
from opps.application.read_saving import ReadSaving
from opps.cli.http import Server, listening
from opps.config import Environment, Settings
from opps.domain.account import Account
from opps.domain.audited_reads import AuditedReads
from opps.projections.listing import Listed
from opps.projections.views import Views
from opps.telemetry.asking import Asking

OBJECT_FIELDS = [
    "title",
    "status",
    "currency",
    "version",
    "position",
    "recordedAt",
    "category",
    "stage",
    "origin",
    "pushes",
]
LIST_FIELDS = [
    "title",
    "status",
    "currency",
    "version",
    "position",
    "openedAt",
    "recordedAt",
    "closedAt",
    "commitDate",
    "pushes",
    "category",
    "stage",
    "customerKind",
    "origin",
]
_JSON = {"Content-Type": "application/json"}


class Kept:
    """Answers of the database, read once."""

    def __init__(self) -> None:
        self._held: dict[Any, Any] = {}

    def of(self, read: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        """Return a method that reads once for each of its arguments."""

        async def kept(self_: Any, *arguments: Any, **options: Any) -> Any:
            key = repr((read.__qualname__, arguments, options))
            if key not in self._held:
                self._held[key] = await read(self_, *arguments, **options)
            return self._held[key]

        return kept


def stock(services: Services, identify: Identify) -> GraphQL[Any, Any]:
    """Return the same resolvers, served by Strawberry as its documentation has it."""
    schema = strawberry.Schema(
        query=Query,
        mutation=mutation_type(),
        subscription=Subscription,
        types=[*error_types(), AccountType, Person],
        config=StrawberryConfig(scalar_map=SCALARS),
    )

    class Stock(GraphQL[Any, Any]):
        async def get_context(self, request: Any, response: Any) -> Any:
            viewer = await identify(request)
            assert viewer is not None
            return context_of(services, viewer)

    return Stock(schema, graphql_ide=None)


def bare(views: Views, reading: Callable[[], Reading], tenant: Any) -> list[BaseRoute]:
    """Return endpoints that write the same objects by hand."""

    async def one(request: Request) -> Response:
        [picture] = await reading()._pictures([Key(request.path_params["id"])])
        assert picture is not None
        return _answer({"opportunity": _object(picture.state)})

    async def several(_: Request) -> Response:
        listed = await views.board(tenant, limit=101)
        nodes = [{"id": _id(row.board), **_row(row.board, LIST_FIELDS)} for row in listed[:100]]
        return _answer({"opportunities": {"nodes": nodes}})

    async def with_others(_: Request) -> Response:
        listed = (await views.board(tenant, limit=101))[:100]
        accounts = await reading()._accounts([row.board.account_id for row in listed])
        nodes = [_other(*both) for both in zip(listed, accounts, strict=True)]
        return _answer({"opportunities": {"nodes": nodes}})

    return [
        Route("/bare/object/{id:uuid}", one),
        Route("/bare/list", several),
        Route("/bare/others", with_others),
    ]


def limits(services: Services, identify: Identify) -> BaseRoute:
    """Return an endpoint that finds a document and its plan, and has it paid for, and no more."""

    async def admit(request: Request) -> Response:
        viewer = await identify(request)
        assert viewer is not None
        found = await asked(request, services.limits.body_bytes)
        times, of = request.path_params["times"], schema()._schema
        began_s = thread_time()
        for _ in range(times):
            document = admitted(of, services, viewer, found, Asking("benchmark")).document
            assert document is not None
            planned(of, document, found.operation_name, found.variables)
        return _answer({"us": (thread_time() - began_s) / times * 1e6})

    return Route("/bare/limits/{times:int}", admit, methods=["POST"])


def _other(listed: Listed, account: Account | None) -> dict[str, Any]:
    row, score = listed.board, listed.score
    assert account is not None
    assert score is not None
    return {
        "id": _id(row),
        "title": row.title,
        "status": row.status,
        "account": {"name": account.name},
        "amount": {"amount": str(row.amount), "currency": row.currency},
        "score": {"p": score.p, "low": score.low, "high": score.high},
    }


def _answer(data: Any) -> Response:
    return Response(orjson.dumps({"data": data}), headers=_JSON)


def _object(state: Any) -> dict[str, Any]:
    return _row(state, OBJECT_FIELDS)


def _id(row: Any) -> str:
    return to_global(NodeType.OPPORTUNITY, row.opportunity_id)


def _row(of: Any, fields: list[str]) -> dict[str, Any]:
    return {name: getattr(of, _PYTHON[name]) for name in fields}


def _snake(name: str) -> str:
    return "".join(f"_{one.lower()}" if one.isupper() else one for one in name)


_PYTHON = {name: _snake(name) for name in (*OBJECT_FIELDS, *LIST_FIELDS)}


async def serve(opps: Opps, listener: Any, *, keep: bool) -> None:
    """Serve until told to stop; `keep` reads each thing once."""
    tenant = opps.tenant()
    if keep:
        kept = Kept()
        for where, name in ((Views, "board"), (Reading, "_pictures"), (Reading, "_accounts")):
            setattr(where, name, kept.of(getattr(where, name)))
    identify = development(tenant)
    async with opps.views() as views:
        routes = bare(views, lambda: Reading(opps.application, tenant), tenant)
        log = opps.application.log
        alone = Services(
            opps.application, views, opps.ledger, Draining(), ReadSaving(log), AuditedReads()
        )
        routes.append(limits(alone, identify))
        app = create_app(
            opps.application,
            views,
            opps.ledger,
            identify,
            beside=routes,
            limits=opps.settings.limits,
        )
        app.mount("/stock", stock(alone, identify))
        ready = {"port": listener.getsockname()[1], "tenant": str(tenant)}
        await Server(app, lambda: None, lambda: tell(ready)).serve([listener])


def main(directory: Path, *, keep: bool) -> None:
    """Serve what was filled into a directory before."""
    settings = Settings(
        data_directory=directory,
        environment=Environment.DEVELOPMENT,
        cost_per_minute=UNSPENDABLE,
    )
    with listening("127.0.0.1", 0) as listener, Opps(settings) as opps:
        opps.make_read_models()
        asyncio.run(serve(opps, listener, keep=keep))


if __name__ == "__main__":
    main(Path(sys.argv[1]), keep=sys.argv[2] == "keep")
