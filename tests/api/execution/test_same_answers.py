"""No answer differs from that of graphql-core, to whatever is asked about a story."""

import asyncio
from collections.abc import Iterator
from uuid import UUID

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from opps.api.context import Context, Services, context_of
from opps.api.costs import COSTS
from opps.api.documents import read
from opps.api.identity import DEVELOPER, Viewer
from opps.api.ids import NodeType, to_global
from opps.api.limits import ANSWERED_BEFORE
from opps.api.pinned import pinned
from opps.api.schema import schema
from opps.api.shutdown import Draining
from opps.application.read_saving import ReadSaving
from opps.domain.audited_reads import NONE
from opps.domain.recorded import Actor, Via
from opps.domain.roles import ActorRole
from opps.projections.views import Views
from tests.api import story
from tests.api.execution.compared import both
from tests.api.execution.generated import CONDITIONS, Queries
from tests.api.support import Api, Installation

OF = schema()._schema
PEOPLE = [to_global(NodeType.PERSON, UUID(one)) for one in (story.SELLER, story.CFO)]
DEAL = to_global(NodeType.OPPORTUNITY, UUID(story.OPPORTUNITY))


def texts(*values: str) -> st.SearchStrategy[str]:
    return st.sampled_from(values).map(lambda one: f'"{one}"')


LITERALS = {
    "ID": texts(DEAL, DEAL, DEAL, *PEOPLE, story.OPPORTUNITY, "none"),
    "UUID": texts(story.BUDGET, story.CFO, story.SECURITY),
    "Int": st.integers(-1, 7).map(str),
    "Float": st.sampled_from(["0.5", "1", "-2.25"]),
    "Boolean": st.sampled_from(["true", "false"]),
    "String": texts("", "EUR", "Europe/Madrid", "2026-03", "0", "none"),
    "DateTime": texts("2026-03-04T10:00:00Z", "2026-03-30T00:00:00+02:00"),
    "Date": texts("2026-03-05"),
    "Decimal": texts("84000.00"),
    "Position": st.integers(0, 30).map(str),
    "ScoreCursor": texts("0", "12.1"),
    "JSON": st.sampled_from(["1", "null"]),
}
# What is worked out at length, or signed, says nothing more about how it is answered.
COSTLY = [name for name, cost in COSTS.items() if cost >= 1_000]
OFTEN = [
    "opportunity",
    "opportunity",
    "opportunity",
    "opportunities",
    "node",
    "exceptions",
    "person",
]
QUERIES = Queries(OF, LITERALS, OFTEN, COSTLY).documents()

AGAIN = 6


class Asking:
    """Answers to what is asked in-process, of the log as it was when the story had been told."""

    def __init__(self, runner: asyncio.Runner, services: Services, viewer: Viewer) -> None:
        self._runner = runner
        self._services = services
        self._viewer = viewer

    def both(self, text: str, variables: dict[str, bool]) -> tuple[str, str]:
        return self._runner.run(both(OF, text, variables, self._context, in_order=False))

    def _context(self) -> Context:
        return context_of(self._services, self._viewer)


@pytest.fixture(scope="module")
def asking(api: Api, installation: Installation) -> Iterator[Asking]:
    story.play(api)
    installation.seal()
    head = api.ask("{ logHead { position } }")["logHead"]["position"]
    api.ask("query ($p: Position) { opportunities(atLeast: $p) { totalCount } }", p=head)
    log, tenant = installation.log, installation.tenant
    views = Views(installation.database)
    services = Services(
        installation.application,
        views,
        installation.ledger_of,
        Draining(),
        ReadSaving(log),
        NONE,
    )
    actor = Actor(principal=DEVELOPER, role=ActorRole.ADMIN, via=Via.GRAPHQL)
    viewer = Viewer(tenant=tenant, slug="acme", actor=actor)
    until = log.head(tenant)
    assert until is not None
    fixed = pinned(services, tenant, until, installation.application.now())
    with asyncio.Runner() as runner:
        runner.run(views.__aenter__())
        yield Asking(runner, fixed, viewer)
        runner.run(views.__aexit__(None, None, None))


@given(text=QUERIES, no=st.booleans())
@settings(max_examples=40)
def test_a_query_is_answered_as_graphql_core_answers_it(
    asking: Asking, text: str, no: bool
) -> None:
    # Fields of one name with other arguments, or of other types, are refused by the rules.
    assume(not read(OF, text, ANSWERED_BEFORE).faults)

    # Of two that fail while the database is asked, either may be the first, and hide the other.
    for _ in range(AGAIN):
        ours, theirs = asking.both(text, {**CONDITIONS, "no": no})
        if ours == theirs:
            break

    assert ours == theirs
