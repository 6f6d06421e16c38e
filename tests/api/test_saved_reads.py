"""Which reads are saved, that none of these is answered without, and how they are found again."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest

from opps.api.identity import ACT_AS
from opps.domain.audited_reads import AuditedReads
from tests.api.deals import evaluator, learned, new_id, opened, stated
from tests.api.support import Api, Installation, Socket, served_api
from tests.api.watched import MARKS, READS, Somebody, somebody
from tests.eventstore.support import execute
from tests.support import eventually

WHO = "query Who { viewer { role } }"
DOSSIER = "query Dossier { viewer { role } }"
CHANGES = """subscription Changes($after: ScoreCursor) {
  scoreChanged(after: $after) { __typename } }"""
UNSAVED = "READ_NOT_SAVED"


@pytest.fixture(scope="module")
def watched(installation: Installation) -> Iterator[Api]:
    """Yield a client of a server where the reads of managers and of the dossier are marked."""
    with served_api(installation, audited=MARKS) as client:
        yield client


@pytest.fixture
def auditor(watched: Api) -> Somebody:
    """Return an auditor."""
    return somebody(watched, "AUDITOR")


@contextmanager
def nowhere_to_save(installation: Installation) -> Iterator[None]:
    """Take the table of reads away for a while."""
    execute(installation.database, "ALTER TABLE opps.reads RENAME TO reads_away")
    try:
        yield
    finally:
        execute(installation.database, "ALTER TABLE opps.reads_away RENAME TO reads")


def saved(auditor: Somebody, who: Somebody) -> list[tuple[str, str | None]]:
    """Return the role and operation of what was saved of somebody, the latest first."""
    reads = auditor.reads(principal=str(who.principal))
    return [(one["role"], one["operation"]) for one in reads]


def test_every_read_in_a_marked_role_is_saved(watched: Api, auditor: Somebody) -> None:
    manager = somebody(watched, "MANAGER")
    manager.ask(WHO)
    manager.ask("{ viewer { role } }")

    assert saved(auditor, manager) == [("MANAGER", None), ("MANAGER", "Who")]


def test_a_marked_operation_is_saved_in_any_role(watched: Api, auditor: Somebody) -> None:
    seller = somebody(watched, "SELLER")
    seller.ask(DOSSIER)
    seller.ask(WHO)

    assert saved(auditor, seller) == [("SELLER", "Dossier")]


def test_a_marked_field_is_saved_whatever_the_operation_is_called(
    installation: Installation,
) -> None:
    with served_api(installation, audited=AuditedReads.read("field:logHead")) as api:
        seller, auditor = somebody(api, "SELLER"), somebody(api, "AUDITOR")
        seller.ask("query Harmless { ...All } fragment All on Query { h: logHead { position } }")
        seller.ask("query Named { ... on Query { logHead { position } } }")
        seller.ask(WHO)

        assert saved(auditor, seller) == [("SELLER", "Named"), ("SELLER", "Harmless")]


def test_without_marks_nothing_is_saved(api: Api) -> None:
    manager = somebody(api, "MANAGER")
    manager.ask(DOSSIER)

    assert saved(somebody(api, "AUDITOR"), manager) == []


def test_what_was_refused_before_it_began_is_no_read(watched: Api, auditor: Somebody) -> None:
    manager = somebody(watched, "MANAGER")
    assert manager.errors("{ nonsense }") == ["GRAPHQL_VALIDATION_FAILED"]
    two = "query A { viewer { role } } query B { viewer { role } }"
    assert manager.errors(two) == ["BAD_REQUEST"]
    assert manager.errors(READS) == ["FORBIDDEN"]

    assert saved(auditor, manager) == []


def test_a_command_in_a_marked_role_is_saved_for_its_answer_shows_something(
    watched: Api, auditor: Somebody
) -> None:
    manager = somebody(watched, "MANAGER")
    register = """mutation Register($id: UUID!) {
      registerPerson(input: {commandId: $id, name: "Ada Adler"}) {
        position person { id name { text } } } }"""
    done = manager.ask(register, id=new_id())["registerPerson"]
    [read] = auditor.reads(principal=str(manager.principal))
    replayed = auditor.replay(read["readId"])

    assert (read["kind"], read["operation"]) == ("MUTATION", "Register")
    assert read["position"] == done["position"]
    assert read["shown"] == [
        {"personId": done["person"]["id"], "paths": ["registerPerson.person.name.text"]}
    ]
    assert [one["gap"] for one in replayed["because"]] == ["NOT_REPLAYABLE"]


def test_what_a_command_said_is_not_kept_beside_the_log(watched: Api, auditor: Somebody) -> None:
    manager = somebody(watched, "MANAGER")
    register = """mutation ($id: UUID!, $name: String!) {
      registerPerson(input: {commandId: $id, name: $name}) { position } }"""
    inline = (
        'mutation ($id: UUID!) { registerPerson(input: {commandId: $id, name: "Eva"}) { version } }'
    )
    manager.ask(register, id=new_id(), name="Eva")
    manager.ask(inline, id=new_id())
    said, written = (
        auditor.replay(one["readId"])
        for one in auditor.reads(principal=str(manager.principal))[::-1]
    )

    # It shows nobody, so no erasure would find it: the log alone keeps it, sealed under keys.
    assert (said["document"], said["variables"]) == (register, None)
    assert (written["document"], written["variables"]) == (None, None)


def test_whoever_is_spoken_of_in_a_simulation_is_told_with_its_read(
    watched: Api, auditor: Somebody
) -> None:
    manager, deal, person = somebody(watched, "MANAGER"), opened(watched), new_id()
    cfo = {"evaluator": {"evaluatorId": new_id(), "title": "CFO", "roles": ["ECONOMIC"],
                         "person": {"subject": person, "text": "Eva, who signs"}}}  # fmt: skip
    told = {"source": "SELLER_OBSERVATION", "channel": "OBSERVED"}
    manager.ask(
        "query ($id: ID!, $facts: [FactStatedInput!]) { simulate(opportunityId: $id, facts: $facts)"
        " { userErrors { code } } }",
        id=deal,
        facts=[{"fact": cfo, "provenance": told}],
    )
    [read] = auditor.reads(principal=str(manager.principal))

    assert [one["paths"] for one in read["shown"]] == [["simulate.facts"]]


def test_a_read_that_cannot_be_saved_is_not_answered(
    watched: Api, installation: Installation
) -> None:
    manager, seller = somebody(watched, "MANAGER"), somebody(watched, "SELLER")
    with nowhere_to_save(installation):
        answer = manager.post(WHO)
        assert answer.status_code == 503
        assert "data" not in answer.json()
        assert manager.errors(WHO) == [UNSAVED]
        # Nobody else is kept waiting.
        assert seller.ask(WHO) == {"viewer": {"role": "SELLER"}}

    assert manager.ask(WHO) == {"viewer": {"role": "MANAGER"}}


def test_a_command_whose_answer_could_not_be_saved_was_carried_out_and_is_safe_to_repeat(
    watched: Api, installation: Installation
) -> None:
    manager = somebody(watched, "MANAGER")
    register = """mutation ($id: UUID!) {
      registerPerson(input: {commandId: $id, name: "Ada Adler"}) { replayed }
    }"""
    id_ = new_id()
    with nowhere_to_save(installation):
        assert manager.errors(register, id=id_) == [UNSAVED]

    assert manager.ask(register, id=id_)["registerPerson"] == {"replayed": True}


def test_many_at_once_are_all_saved(watched: Api, auditor: Somebody) -> None:
    manager = somebody(watched, "MANAGER")
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: manager.ask(WHO), range(40)))

    assert len(saved(auditor, manager)) == 40


def test_reads_are_paged_the_latest_first(watched: Api, auditor: Somebody) -> None:
    manager = somebody(watched, "MANAGER")
    for _ in range(3):
        manager.ask(WHO)
    filter_ = {"principal": str(manager.principal)}
    first = auditor.ask(READS, filter=filter_, first=2)["reads"]
    rest = auditor.ask(READS, filter=filter_, first=2, after=first["pageInfo"]["endCursor"])[
        "reads"
    ]
    times = [one["readAt"] for one in (*first["nodes"], *rest["nodes"])]

    assert (len(first["nodes"]), len(rest["nodes"])) == (2, 1)
    assert first["pageInfo"]["hasNextPage"]
    assert times == sorted(times, reverse=True)
    assert len({*times}) == 3


def test_reads_are_found_by_operation_and_from_an_instant_up_to_another(
    watched: Api, auditor: Somebody
) -> None:
    manager = somebody(watched, "MANAGER")
    manager.ask(WHO)
    manager.ask(DOSSIER)
    of = {"principal": str(manager.principal)}
    [late, early] = auditor.reads(**of)
    after = (datetime.fromisoformat(late["readAt"]) + timedelta(microseconds=1)).isoformat()

    assert auditor.reads(**of, operation="Who") == [early]
    assert auditor.reads(**of, since=late["readAt"]) == [late]
    assert auditor.reads(**of, until=late["readAt"]) == [early]
    assert auditor.reads(**of, until=after) == [late, early]
    assert auditor.reads(**of, since=after) == []


@pytest.mark.parametrize(
    "cursor", ["", "1", "2026-01-01T00:00:00Z", "x/00000000-0000-4000-8000-00000000005e"]
)
def test_what_is_no_cursor_of_reads_is_refused(auditor: Somebody, cursor: str) -> None:
    assert auditor.errors(READS, after=cursor) == ["BAD_USER_INPUT"]


@contextmanager
def socket_of(api: Api, who: Somebody) -> Iterator[Socket]:
    """Yield a socket of somebody."""
    with api.raw_socket() as connection:
        socket = Socket(connection)
        payload = {ACT_AS: f"{who.role} {who.principal}"}
        socket.send(type="connection_init", payload=payload)
        assert socket.receive() == {"type": "connection_ack"}
        yield socket


def test_a_query_over_a_socket_is_saved_and_replayed_too(watched: Api, auditor: Somebody) -> None:
    manager = somebody(watched, "MANAGER")
    with socket_of(watched, manager) as socket:
        socket.subscribe(WHO)
        assert socket.next() == {"viewer": {"role": "MANAGER"}}
        assert socket.receive() == {"type": "complete", "id": "1"}
    [read] = auditor.reads(principal=str(manager.principal))

    assert auditor.replay(read["readId"])["answer"] == '{"viewer":{"role":"MANAGER"}}'


def test_a_subscription_is_saved_where_it_begins_and_where_it_ends(
    watched: Api, auditor: Somebody
) -> None:
    manager = somebody(watched, "MANAGER")
    deal = opened(watched)
    with socket_of(watched, manager) as socket:
        socket.subscribe(CHANGES, after="0")
        while socket.next()["scoreChanged"]["__typename"] != "StreamCaughtUp":
            pass
        [begun] = auditor.reads(principal=str(manager.principal))
        learned(watched, deal, stated(evaluator(new_id())))
        assert socket.next()["scoreChanged"]["__typename"] == "ScoreChanged"
        socket.send(type="complete", id="1")
        eventually(
            lambda: auditor.reads(principal=str(manager.principal))[0]["endedPosition"] is not None
        )
    [ended] = auditor.reads(principal=str(manager.principal))
    replayed = auditor.replay(ended["readId"])

    assert (begun["kind"], begun["endedPosition"]) == ("SUBSCRIPTION", None)
    assert ended["endedPosition"] > ended["position"]
    assert [one["gap"] for one in replayed["because"]] == ["NOT_REPLAYABLE"]
    assert replayed["variables"] == {"after": "0"}


@pytest.mark.parametrize("query", [WHO, CHANGES])
def test_a_socket_gets_nothing_that_could_not_be_saved(
    watched: Api, installation: Installation, query: str
) -> None:
    manager = somebody(watched, "MANAGER")
    with socket_of(watched, manager) as socket, nowhere_to_save(installation):
        socket.subscribe(query)
        message = socket.receive()

    assert message["type"] == "error"
    assert [one["extensions"]["code"] for one in message["payload"]] == [UNSAVED]
