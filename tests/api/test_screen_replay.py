"""What somebody saw can be shown again, byte for byte, whatever happened since."""

from collections.abc import Iterator
from hashlib import sha256
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from opps.api.ids import NodeType, from_global, to_global
from opps.eventstore import register_tenant
from opps.eventstore.reads import purge_reads
from tests.api import story
from tests.api.deals import evaluator, learned, new_id, opened, stated
from tests.api.support import Api, Installation, served_api
from tests.api.test_golden import QUERIES, operation, variables
from tests.api.test_teams import SHOWN, formed
from tests.api.watched import MARKS, REPLAY, Somebody, data_of, somebody
from tests.eventstore.support import rows
from tests.support import eventually

DOSSIER = """query Dossier($id: ID!) {
  viewer { principal role }
  opportunity(id: $id) {
    title asOfPosition version owner { name { text } email { text } }
    score { p low high points }
    evaluators { evaluator { content { title roles } } }
    timeline(first: 100) { nodes { position tag points } pageInfo { hasNextPage } }
    learned: timeline(axis: LEARNED) { nodes { position tag } }
    scoreLedger(first: 100) { nodes { position milliPoints } }
    scoreTrend { nodes { position milliPoints } }
    events { nodes { position tag content } }
    nextBestQuestions { words value }
    blindSpots { because n }
  }
  logHead { position recordedAt }
  scoringModels { name }
}"""
# What they show is a row of now, what was signed since, or was answered to a command.
NOT_KEPT = {
    "calibration",
    "portfolio-trend",
    "ledger",
    "danger-zone-rules",
    "imports",
    "revert-import",
}
# What is for a seller and those who lead the seller is not for auditors.
WITHHELD = {"coaching", "seller-timeline"}


@pytest.fixture(scope="module")
def watched(installation: Installation) -> Iterator[Api]:
    """Yield a client of a server where the story was told, and some reads are marked."""
    with served_api(installation, audited=MARKS) as client:
        story.play(client)
        installation.seal()
        yield client


@pytest.fixture
def manager(watched: Api) -> Somebody:
    """Return a manager, whose reads are marked, and who leads whoever told the story."""
    manager, team = somebody(watched, "MANAGER"), formed(watched, "Vans")
    watched.done("assignTeamMember", SHOWN, teamId=team, member=variables("seller-timeline")["id"])
    led = to_global(NodeType.PERSON, manager.principal)
    watched.done("assignTeamMember", SHOWN, teamId=team, member=led, lead=True)
    return manager


@pytest.fixture
def auditor(watched: Api) -> Somebody:
    """Return an auditor."""
    return somebody(watched, "AUDITOR")


def read_of(auditor: Somebody, who: Somebody) -> str:
    """Return the one read of somebody."""
    [read] = auditor.reads(principal=str(who.principal))
    id_: str = read["readId"]
    return id_


def seller_renamed(api: Api, name: str) -> None:
    """Let another name be known for the owner of the story's deal."""
    api.done("correctPerson", personId=story.SELLER, expectedVersion=None, name=name)


def test_a_manager_s_dossier_is_shown_again_after_everything_has_changed(
    watched: Api, manager: Somebody, auditor: Somebody
) -> None:
    shown = data_of(manager.post(DOSSIER, id=story.OPPORTUNITY).content)
    learned(watched, story.OPPORTUNITY, stated(evaluator(new_id(), "CEO")))
    seller_renamed(watched, "Samuel Seller")
    watched.done(
        "renameOpportunity",
        opportunityId=story.OPPORTUNITY,
        expectedVersion=None,
        title="Vans and trucks",
    )
    again = data_of(manager.post(DOSSIER, id=story.OPPORTUNITY).content)
    [_, first] = auditor.reads(principal=str(manager.principal))
    replayed = auditor.replay(first["readId"])

    assert again != shown
    assert replayed["answer"].encode() == shown
    assert replayed["identical"]
    assert replayed["because"] == []
    assert replayed["answerDigest"] == sha256(shown).hexdigest()
    assert replayed["document"] == DOSSIER
    assert replayed["variables"] == {"id": story.OPPORTUNITY}
    assert replayed["read"]["role"] == "MANAGER"


@pytest.mark.parametrize("name", QUERIES)
def test_every_operation_is_replayed_or_says_what_is_not_kept(
    watched: Api, manager: Somebody, auditor: Somebody, name: str
) -> None:
    shown = data_of(manager.post(operation(name), **variables(name)).content)
    learned(watched, story.OPPORTUNITY, stated(evaluator(new_id(), "Controller")))
    opened(watched, "Another deal", owner=story.SELLER)
    replayed = auditor.replay(read_of(auditor, manager))

    assert replayed["identical"] is (name not in NOT_KEPT | WITHHELD), replayed["because"]
    if replayed["identical"]:
        assert replayed["answer"].encode() == shown
    else:
        gap = "WITHHELD" if name in WITHHELD else "NOT_REPLAYABLE"
        assert [one["gap"] for one in replayed["because"]] == [gap]
        assert name not in WITHHELD or replayed["answer"] is None


def test_a_list_that_is_kept_as_it_is_now_is_named_by_its_place_in_the_answer(
    manager: Somebody, auditor: Somebody
) -> None:
    manager.ask("{ viewer { role } buyers: accounts(first: 5) { nodes { name } } }")
    replayed = auditor.replay(read_of(auditor, manager))
    [reason] = replayed["because"]

    assert (reason["gap"], reason["fields"]) == ("NOT_REPLAYABLE", ["buyers"])
    assert not replayed["identical"]


def test_a_page_of_the_board_is_shown_as_it_was(
    watched: Api, manager: Somebody, auditor: Somebody
) -> None:
    query = """query { opportunities(first: 2, orderBy: {field: TITLE, descending: false}) {
      totalCount value { currency count sumP expected }
      nodes { title score { p } owner { name { text } } version }
      pageInfo { endCursor hasNextPage } } }"""
    opened(watched, "A deal of the first page")
    shown = data_of(manager.post(query).content)
    opened(watched, "A deal before it")
    now = data_of(somebody(watched, "MANAGER").post(query).content)
    replayed = auditor.replay(read_of(auditor, manager))

    assert b"A deal of the first page" in shown
    assert now != shown
    assert (replayed["answer"].encode(), replayed["identical"]) == (shown, True)


def test_it_is_the_answer_that_anybody_gets_who_is_not_watched(
    watched: Api, manager: Somebody
) -> None:
    query = DOSSIER.replace("viewer { principal role }", "").replace("Dossier", "Another")
    seller = somebody(watched, "SELLER")

    def same() -> bool:
        # The read models of an unmarked read may be a moment behind.
        return bool(
            manager.post(query, id=story.OPPORTUNITY).content
            == seller.post(query, id=story.OPPORTUNITY).content
        )

    eventually(same)


def test_a_read_says_of_whom_personal_data_was_shown_and_where(
    watched: Api, manager: Somebody, auditor: Somebody
) -> None:
    query = "query ($id: ID!) { opportunity(id: $id) { owner { name { text } email { text } } } }"
    manager.ask(query, id=story.OPPORTUNITY)
    [read] = auditor.reads(principal=str(manager.principal))
    seller = to_global(NodeType.PERSON, UUID(story.SELLER))

    assert read["shown"] == [{"personId": seller, "paths": ["opportunity.owner.name.text"]}]
    assert auditor.reads(personId=seller)[0]["readId"] == read["readId"]
    assert auditor.reads(personId=to_global(NodeType.PERSON, uuid4())) == []


def test_what_a_client_calls_a_field_is_not_kept_in_clear(
    manager: Somebody, auditor: Somebody
) -> None:
    query = """query ($id: ID!) { AnnaMuster: opportunity(id: $id) { ...Hers } }
      fragment Hers on Opportunity { owner: owner { Anna: name { ... on PersonalText { muster: text
      } } } }"""
    manager.ask(query, id=story.OPPORTUNITY)
    [read] = auditor.reads(principal=str(manager.principal))

    assert [one["paths"] for one in read["shown"]] == [["opportunity.owner.name.text"]]


def test_naming_a_person_s_id_alone_shows_nothing_of_them(
    manager: Somebody, auditor: Somebody
) -> None:
    query = "query ($id: ID!) { opportunity(id: $id) { ownerId owner { name { subject } } } }"
    manager.ask(query, id=story.OPPORTUNITY)
    [read] = auditor.reads(principal=str(manager.principal))

    assert read["shown"] == []


def test_events_that_hold_names_show_whose(watched: Api, manager: Somebody) -> None:
    auditor = somebody(watched, "DPO")
    manager.ask("{ events(first: 5) { nodes { content } } }")
    [read] = auditor.reads(principal=str(manager.principal))

    assert read["shown"] == [
        {
            "personId": to_global(NodeType.PERSON, UUID(story.SELLER)),
            "paths": ["events.nodes.content"],
        }
    ]


def test_whoever_replays_is_saved_as_having_seen_the_same(
    manager: Somebody, auditor: Somebody
) -> None:
    manager.ask(DOSSIER, id=story.OPPORTUNITY)
    auditor.replay(read_of(auditor, manager))
    [replaying] = auditor.reads(principal=str(auditor.principal))
    [shown] = replaying["shown"]

    assert (replaying["role"], replaying["operation"]) == ("AUDITOR", "Replay")
    assert shown["personId"] == to_global(NodeType.PERSON, UUID(story.SELLER))
    assert "screenReplay.answer.opportunity.owner.name.text" in shown["paths"]


def test_a_replay_is_not_replayed_again(manager: Somebody, auditor: Somebody) -> None:
    manager.ask(DOSSIER, id=story.OPPORTUNITY)
    auditor.replay(read_of(auditor, manager))
    replayed = auditor.replay(read_of(auditor, auditor))

    assert not replayed["identical"]
    assert [one["gap"] for one in replayed["because"]] == ["NOT_REPLAYABLE"]


def test_once_somebody_was_erased_the_replay_is_not_what_was_seen_and_says_why(
    watched: Api, installation: Installation, manager: Somebody, auditor: Somebody
) -> None:
    person = watched.done("registerPerson", "person { id }", name="Maria Muster")["person"]["id"]
    query = "query ($id: ID!) { person(id: $id) { name { text redacted } } }"
    manager.ask(query, id=person)
    read_id = read_of(auditor, manager)
    subject = from_global(person)[1]
    installation.keyring.destroy(subject)
    before_purge = auditor.replay(read_id)
    purged = installation.log.run(lambda of: purge_reads(of, installation.tenant, [subject]))
    after_purge = auditor.replay(read_id)

    assert before_purge["answer"] == '{"person":{"name":{"text":null,"redacted":true}}}'
    assert not before_purge["identical"]
    [reason] = before_purge["because"]
    assert (reason["gap"], reason["personIds"]) == ("ERASED", [person])
    # The auditor who replayed it saw nobody any more.
    assert purged == 1
    assert (after_purge["answer"], after_purge["document"]) == (None, None)
    assert (after_purge["variables"], after_purge["answerDigest"]) == (None, None)
    assert [one["gap"] for one in after_purge["because"]] == ["ERASED"]
    [read] = auditor.reads(personId=person)
    assert (read["principal"], read["purged"]) == (str(manager.principal), True)


def test_a_text_in_the_document_itself_is_kept_with_its_read_alone(
    installation: Installation, manager: Somebody, auditor: Somebody
) -> None:
    query = f'{{ opportunity(id: "{story.OPPORTUNITY}") {{ title }} }}  # about Maria'
    shown = data_of(manager.post(query).content)
    replayed = auditor.replay(read_of(auditor, manager))

    assert (replayed["answer"].encode(), replayed["identical"]) == (shown, True)
    assert replayed["document"] == query


def test_no_words_that_were_asked_are_readable_in_the_database(
    installation: Installation, manager: Somebody
) -> None:
    query = """query ($s: String) {
      accounts(search: $s) { nodes { id } } more: accounts(search: "Xaver Kolb") { nodes { id } }
    }"""
    manager.ask(query, s="Wilhelmine Hauser")
    stored = rows(
        installation.database,
        "SELECT encode(sealed, 'escape') FROM opps.reads"
        " UNION ALL SELECT encode(sealed, 'escape') FROM opps.read_documents",
    )

    assert stored
    for word in ("Wilhelmine", "Xaver", "accounts"):
        assert not any(word in str(one) for one in stored)


@pytest.mark.parametrize("role", ["SELLER", "MANAGER", "INTEGRATOR"])
def test_who_saw_what_is_for_auditors(watched: Api, manager: Somebody, role: str) -> None:
    other = somebody(watched, role)

    assert other.errors("{ reads { nodes { readId } } }") == ["FORBIDDEN"]
    assert other.errors(REPLAY, id=str(uuid4())) == ["FORBIDDEN"]


def test_a_gap_that_a_seller_saw_in_the_log_is_shown_to_no_auditor(
    watched: Api, auditor: Somebody
) -> None:
    seller = somebody(watched, "SELLER")
    watched.done("identifyGap", seller=str(seller.principal), indicator="RETRACTIONS")
    query = (
        'query Dossier { events(filter: {tags: ["PerformanceGapIdentified"]}) { nodes { tag } } }'
    )
    assert seller.ask(query)["events"]["nodes"] != []
    replayed = auditor.replay(read_of(auditor, seller))

    assert replayed["answer"] is None
    assert [(one["gap"], one["fields"]) for one in replayed["because"]] == [
        ("WITHHELD", ["events"])
    ]


@pytest.mark.parametrize("role", ["AUDITOR", "DPO", "ADMIN"])
def test_what_a_seller_saw_of_their_own_coaching_is_shown_to_nobody_before_the_first_look_is_over(
    watched: Api, role: str
) -> None:
    seller, looking = somebody(watched, "SELLER"), somebody(watched, role)
    mine = to_global(NodeType.PERSON, seller.principal)
    seller.ask("query Dossier($id: ID!) { coaching(seller: $id) { openGaps } }", id=mine)
    [reason] = looking.replay(read_of(looking, seller))["because"]

    assert (reason["gap"], reason["fields"]) == (
        "WITHHELD",
        ["Coaching.openGaps", "Query.coaching"],
    )


@pytest.mark.parametrize("role", ["AUDITOR", "DPO", "ADMIN"])
def test_three_roles_may_look(watched: Api, manager: Somebody, role: str) -> None:
    manager.ask(DOSSIER, id=story.OPPORTUNITY)
    looking = somebody(watched, role)

    assert looking.replay(read_of(looking, manager))["identical"]


def test_a_read_that_never_was_is_unknown(auditor: Somebody) -> None:
    assert auditor.errors(REPLAY, id=str(uuid4())) == ["UNKNOWN_READ"]


def test_a_read_of_another_organisation_is_unknown(
    installation: Installation, manager: Somebody, auditor: Somebody
) -> None:
    manager.ask(DOSSIER, id=story.OPPORTUNITY)
    read_id = read_of(auditor, manager)
    tenant = register_tenant(installation.database, uuid4(), "elsewhere")
    with served_api(replace(installation, tenant=tenant)) as elsewhere:
        theirs = somebody(elsewhere, "AUDITOR")

        assert theirs.errors(REPLAY, id=read_id) == ["UNKNOWN_READ"]
        assert theirs.reads(principal=str(manager.principal)) == []
