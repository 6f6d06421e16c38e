"""Asks, commands and subscribes with gql, and prints what it understood; run by its own Python."""

import asyncio
import json
import sys
from typing import Any

from gql import Client, gql
from gql.transport.exceptions import TransportQueryError
from gql.transport.httpx import HTTPXAsyncTransport
from gql.transport.websockets import WebsocketsTransport

QUERY = "query Who { viewer { role } }"
BROKEN = "query Broken { nothing }"
PARTLY = 'query Partly { viewer { role } opportunity(id: "nonsense") { id } }'
REGISTER = """mutation Register($input: RegisterAccountInput!) {
  registerAccount(input: $input) { version replayed userErrors { code } }
}"""
CHANGES = 'subscription Changes { scoreChanged(after: "0") { __typename } }'


async def told(session: Any, query: str) -> list[str]:
    """Return the codes of the errors of an operation."""
    try:
        await session.execute(gql(query))
    except TransportQueryError as error:
        return [one["extensions"]["code"] for one in error.errors or ()]
    return []


async def main(url: str, command_id: str) -> None:
    variables = {"input": {"commandId": command_id, "name": "Customer of gql"}}
    over_http = HTTPXAsyncTransport(url=url)
    async with Client(transport=over_http, fetch_schema_from_transport=True) as session:
        # The schema was fetched, so that this is checked here as well as there.
        query = await session.execute(gql(QUERY))
        mutation = await session.execute(gql(REGISTER), variable_values=variables)
    async with Client(transport=HTTPXAsyncTransport(url=url)) as session:
        broken, partly = await told(session, BROKEN), await told(session, PARTLY)
    over_socket = WebsocketsTransport(url=url.replace("http", "ws"))
    async with Client(transport=over_socket) as session:
        subscription = await anext(session.subscribe(gql(CHANGES)))
    answer = {"query": query, "mutation": mutation, "subscription": subscription}
    print(json.dumps(answer | {"broken": broken, "partly": partly}))


asyncio.run(main(sys.argv[1], sys.argv[2]))
