"""A server that saves marked reads, and what people in several roles ask of it."""

from typing import Any
from uuid import UUID, uuid4

from msgspec import Struct

from opps.api.identity import ACT_AS
from opps.domain.audited_reads import AuditedReads
from tests.api.support import Api

MARKS = AuditedReads.read("role:MANAGER,operation:Dossier")
READS = """query Reads($filter: ReadFilter, $first: Int, $after: String) {
  reads(filter: $filter, first: $first, after: $after) {
    nodes { readId readAt kind principal role operation position endedPosition purged
      shown { personId paths } }
    pageInfo { hasNextPage endCursor }
  } }"""
REPLAY = """query Replay($id: UUID!) { screenReplay(readId: $id) {
  read { readId principal role operation position } document variables answer answerDigest
  identical because { gap message personIds fields } } }"""


class Somebody(Struct, frozen=True):
    """Who asks, in a role."""

    api: Api
    role: str
    principal: UUID

    def post(self, query: str, **variables: Any) -> Any:
        """Return the whole answer."""
        headers = {ACT_AS: f"{self.role} {self.principal}"}
        body = {"query": query, "variables": variables}
        return self.api.client.post(self.api.url, json=body, headers=headers)

    def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """Return the data of an answer without errors."""
        answer = self.post(query, **variables).json()
        assert "errors" not in answer, answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data

    def errors(self, query: str, **variables: Any) -> list[str]:
        """Return the codes of what went wrong."""
        found = self.post(query, **variables).json().get("errors", [])
        return [one["extensions"]["code"] for one in found]

    def reads(self, **filter_: Any) -> list[dict[str, Any]]:
        """Return the saved reads that a filter finds, the latest first."""
        found: list[dict[str, Any]] = self.ask(READS, filter=filter_, first=100)["reads"]["nodes"]
        return found

    def replay(self, read_id: str) -> dict[str, Any]:
        """Return what was seen."""
        found: dict[str, Any] = self.ask(REPLAY, id=read_id)["screenReplay"]
        return found


def somebody(api: Api, role: str) -> Somebody:
    """Return somebody nobody has met before."""
    return Somebody(api, role, uuid4())


def data_of(answer: bytes) -> bytes:
    """Return the data of an answer as they were sent."""
    assert answer.startswith(b'{"data":'), answer[:200]
    data, _, _ = answer.rpartition(b',"extensions":{"cost":')
    return data[len(b'{"data":') :]
