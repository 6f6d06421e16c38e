"""Importing event logs in XES."""

import gzip
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from opps.application import Application
from opps.domain.events import ImportCompleted, OpportunityOpened, PersonRegistered, ProposalSent
from opps.domain.personal import text_of
from opps.domain.recorded import Via
from opps.domain.times import Precision
from opps.eventstore import Log, UnknownTenant
from opps.integrations.importing import (
    Mapping,
    MappingRefused,
    Progress,
    SourceMalformed,
    import_history_csv,
    import_xes,
    read_mapping,
)
from opps.integrations.importing.names import Names
from opps.recording.key_file import FileKeyring
from opps.recording.keyring import OWN
from tests.integrations.importing.support import (
    EXAMPLES,
    TODAY,
    XES_MAPPING,
    event,
    mapping,
    stored,
    tags,
    trace,
    xes,
)


@pytest.fixture
def orders(tmp_path: Path) -> Mapping:
    return mapping(tmp_path, XES_MAPPING)


def test_the_example_becomes_opportunities_with_their_history(
    application: Application, tenant: UUID
) -> None:
    quotes = read_mapping(EXAMPLES / "mappings" / "quotes.toml")

    report = import_xes(application, tenant, EXAMPLES / "import" / "quotes.xes", quotes)

    assert report.complete
    assert (report.opportunities, report.opened, report.rows) == (2, 2, 10)
    assert (report.typed, report.generic, report.counted) == (8, 1, {"lifecycle": 1})
    assert tags(stored(application, tenant)) == [
        "OpportunityOpened",
        "AmountEstimated",
        "ProposalSent",
        "SellerActed",
        "BuyerResponded",
        "ProposalSent",
        "OpportunityWon",
        "OpportunityOpened",
        "AmountEstimated",
        "ProposalSent",
        "SourceEventImported",
        "OpportunityClosedWithoutDecision",
        "StageSet",
    ]


def test_the_source_says_when_we_learned_it_and_never_when_it_was_recorded(
    application: Application, tenant: UUID, orders: Mapping, tmp_path: Path
) -> None:
    nine_in_madrid = datetime(2026, 3, 2, 8, tzinfo=UTC)

    import_xes(application, tenant, xes(tmp_path, trace("A", event("offer"))), orders)

    sent = next(one for one in stored(application, tenant) if isinstance(one.event, ProposalSent))
    assert isinstance(sent.event, ProposalSent)
    assert sent.event.learned.latest == nine_in_madrid
    assert sent.event.learned.precision is Precision.INSTANT
    assert sent.metadata.source_recorded_at == nine_in_madrid
    assert (datetime.now(UTC) - sent.recorded_at).total_seconds() < 60


def test_each_person_of_the_source_acts_under_an_id_and_their_name_is_not_stored(
    application: Application, tenant: UUID, orders: Mapping, tmp_path: Path
) -> None:
    text = XES_MAPPING + '[unmatched]\ncommand = "ImportSourceEvent"\nfields = { name = "other" }'
    events = (event("offer", who="nuria"), event("odd", who="tomas"), event("offer", who="nuria "))

    import_xes(application, tenant, xes(tmp_path, trace("A", *events)), mapping(tmp_path, text))

    opened, first, odd, _ = [one for one in stored(application, tenant) if tags([one])]
    assert opened.metadata.actor == first.metadata.actor
    assert first.metadata.actor.principal != odd.metadata.actor.principal
    assert first.metadata.actor.via == Via.IMPORT
    assert isinstance(opened.event, OpportunityOpened)
    assert opened.event.owner == first.metadata.actor.principal
    logged = application.log.read(tenant, 0, 100)
    assert not any(b"nuria" in one.payload or b"tomas" in one.payload for one in logged)


def test_a_second_import_changes_nothing(
    application: Application, tenant: UUID, orders: Mapping, tmp_path: Path
) -> None:
    file = xes(tmp_path, trace("A", event("offer"), event("offer"), event("stage", stage="x")))
    import_xes(application, tenant, file, orders)
    before = application.log.head(tenant)

    report = import_xes(application, tenant, file, orders)

    assert (report.already, report.events, report.opened, report.extended) == (3, 0, 0, 0)
    assert application.log.head(tenant) == before


def test_a_later_export_adds_only_what_is_new(
    application: Application, tenant: UUID, orders: Mapping, tmp_path: Path
) -> None:
    first = [event("stage", stage="one"), event("stage", stage="one"), event("offer")]
    import_xes(application, tenant, xes(tmp_path, trace("A", *first)), orders)
    later = [event("stage", stage="between"), *first, event("won")]

    report = import_xes(application, tenant, xes(tmp_path, trace("A", *later), trace("B")), orders)

    assert (report.already, report.unchanged, report.typed) == (2, 1, 2)
    assert (report.opened, report.extended) == (1, 1)
    assert tags(stored(application, tenant)) == [
        "OpportunityOpened",
        "StageSet",
        "ProposalSent",
        "StageSet",
        "OpportunityWon",
        "OpportunityOpened",
    ]


def test_what_a_mended_mapping_takes_is_added_and_the_rest_left_alone(
    application: Application, tenant: UUID, orders: Mapping, tmp_path: Path
) -> None:
    file = xes(tmp_path, trace("A", event("offer"), event("odd")), trace("B", event("offer")))
    import_xes(application, tenant, file, orders)
    mended = mapping(
        tmp_path, XES_MAPPING + '[unmatched]\ncommand = "SetStage"\nfields = { stage = "odd" }'
    )

    report = import_xes(application, tenant, file, mended)

    assert report.complete
    assert (report.opened, report.already, report.typed) == (1, 1, 2)


def test_an_opportunity_is_imported_whole_or_not_at_all(
    application: Application, tenant: UUID, orders: Mapping, tmp_path: Path
) -> None:
    file = xes(
        tmp_path,
        trace("A", event("offer"), event("worth", amount="many"), event("won")),
        trace("B", event("offer")),
    )
    rejects = tmp_path / "rejected.jsonl"

    report = import_xes(application, tenant, file, orders, rejects=rejects)

    assert not report.complete
    assert (report.opened, report.refused) == (1, 1)
    assert (report.typed, report.rejected, report.held_back) == (1, 1, 2)
    assert tags(stored(application, tenant)) == ["OpportunityOpened", "ProposalSent"]
    assert report.rejects == rejects
    lines = rejects.read_text().splitlines()
    assert [line.count("HELD_BACK") for line in lines] == [1, 0, 1]
    assert '"VALUE_UNFIT"' in lines[1]
    assert "'many'" in lines[1]


def test_a_rule_of_the_domain_refuses_a_row_in_its_own_words(
    application: Application, tenant: UUID, orders: Mapping, tmp_path: Path
) -> None:
    file = xes(
        tmp_path,
        trace("A", event("won"), event("won")),
        trace("B", event("offer", at="2027-01-01T00:00:00Z")),
    )
    rejects = tmp_path / "rejected.csv"

    report = import_xes(application, tenant, file, orders, rejects=rejects)

    assert (report.rejected, report.held_back) == (1, 2)
    said = rejects.read_text()
    assert "NOT_OPEN,The opportunity is WON: reopen it before you do this." in said
    assert "LEARNED_IN_THE_FUTURE" in said


def test_a_dry_run_stores_nothing_and_tells_what_an_import_would_do(
    application: Application, tenant: UUID, orders: Mapping, tmp_path: Path
) -> None:
    file = xes(tmp_path, trace("A", event("offer")), trace("B", event("odd")))
    before = application.log.head(tenant)

    dry = import_xes(application, tenant, file, orders, dry_run=True)

    assert application.log.head(tenant) == before
    real = import_xes(application, tenant, file, orders)
    assert (dry.dry_run, real.dry_run) == (True, False)
    assert dry.table() == real.table()
    assert ("events ProposalSent", 1) in dry.table()


def test_the_import_says_in_the_log_what_it_took(
    application: Application, tenant: UUID, orders: Mapping, tmp_path: Path
) -> None:
    file = xes(tmp_path, trace("A", event("offer")))

    report = import_xes(application, tenant, file, orders)

    history = application.log.stream(tenant, report.import_id)
    assert [one.tag for one in history] == ["ImportStarted", "ImportCompleted"]
    completed = stored(application, tenant)[-1].event
    assert isinstance(completed, ImportCompleted)
    assert (completed.counts["opened"], completed.counts["rows"]) == (1, 1)


def test_progress_is_told_up_to_the_end_of_the_file(
    application: Application, tenant: UUID, orders: Mapping, tmp_path: Path
) -> None:
    file = xes(tmp_path, *[trace(f"{number}", event("offer")) for number in range(200)])
    told: list[Progress] = []

    import_xes(application, tenant, file, orders, progress=told.append)

    assert len(told) > 1
    assert told[-1].bytes_read == told[-1].bytes_total == file.stat().st_size


def test_opportunities_of_one_customer_share_its_account(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    text = XES_MAPPING.replace('name = "Customers"', 'name = "{who}"\nexternal_id = "{number}"')
    file = xes(
        tmp_path,
        trace("A", who="Norte", number="7"),
        trace("B", who="Norte S.A.", number="7"),
        trace("C", who="Sur", number="8"),
    )

    report = import_xes(application, tenant, file, mapping(tmp_path, text))

    assert report.stored == {"AccountRegistered": 2, "OpportunityOpened": 3}


def test_a_compressed_file_with_prefixes_and_nested_attributes_is_read(
    application: Application, tenant: UUID, orders: Mapping, tmp_path: Path
) -> None:
    nested = '<x:string key="concept:name" value="A"><x:string key="concept:name" value="no"/>'
    content = (
        '<x:log xmlns:x="http://www.xes-standard.org/"><x:global scope="event">'
        '<x:string key="concept:name" value="UNKNOWN"/></x:global><x:trace>'
        f'{nested}</x:string><x:event><x:string value="offer" key="concept:name"/>'
        '<x:date key="time:timestamp" value="2026-03-02T09:00:00Z"/></x:event></x:trace></x:log>'
    )
    file = tmp_path / "orders.xes.gz"
    file.write_bytes(gzip.compress(content.encode()))

    report = import_xes(application, tenant, file, orders)

    assert report.complete
    assert report.stored["ProposalSent"] == 1


def test_a_time_that_nobody_can_place_is_rejected_with_what_to_do(
    application: Application, tenant: UUID, orders: Mapping, tmp_path: Path
) -> None:
    file = xes(
        tmp_path,
        trace("A", event("offer", at="2026-03-02T09:00:00")),
        trace("B", event("offer", at="yesterday")),
    )
    rejects = tmp_path / "rejected.jsonl"

    import_xes(application, tenant, file, orders, rejects=rejects)

    without_zone, unreadable = rejects.read_text().splitlines()
    assert "has no zone" in without_zone
    assert '[times] zone = \\"Europe/Madrid\\"' in without_zone
    assert "TIME_UNREADABLE" in unreadable


def test_an_opportunity_that_is_too_long_for_one_piece_is_refused(
    application: Application, tenant: UUID, orders: Mapping, tmp_path: Path
) -> None:
    long = trace("A", *[event("offer") for _ in range(1_000)])
    fits = trace("B", *[event("offer") for _ in range(999)])

    report = import_xes(application, tenant, xes(tmp_path, long, fits), orders)

    assert (report.opened, report.refused, report.held_back) == (1, 1, 1_000)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<log><trace>", "line 1: no readable XML: no element found"),
        (b"\n<log><trace></log>", "line 2: no readable XML: mismatched tag"),
        (b"<html/>", "there is no <log> in it"),
        (b"<log>\n<event/></log>", "line 2: an event outside every trace"),
        (b"", "no readable XML"),
        (b"not XML", "no readable XML"),
        (gzip.compress(b"<log></log>" * 999, mtime=0)[:40], "broken or cut off"),
        (
            b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
            + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 99) for n in range(1, 9))
            + b']><log><trace><string key="a" value="&a8;"/></trace></log>',
            "no readable XML",
        ),
    ],
)
def test_a_file_that_is_no_xes_is_refused_with_its_line(
    application: Application,
    tenant: UUID,
    orders: Mapping,
    tmp_path: Path,
    content: bytes,
    said: str,
) -> None:
    file = tmp_path / "broken.xes"
    file.write_bytes(content)

    with pytest.raises(SourceMalformed) as refused:
        import_xes(application, tenant, file, orders)

    assert said in str(refused.value)
    assert str(file) in str(refused.value)


def test_a_mapping_for_another_format_is_refused(
    application: Application, tenant: UUID, orders: Mapping, tmp_path: Path
) -> None:
    with pytest.raises(MappingRefused, match="line 3, format: it is for xes files"):
        import_history_csv(application, tenant, tmp_path / "any.csv", orders)


def test_an_unknown_tenant_is_refused_before_anything_is_read(
    application: Application, orders: Mapping, tmp_path: Path
) -> None:
    with pytest.raises(UnknownTenant):
        import_xes(application, UUID(int=7), xes(tmp_path, trace("A")), orders)


def test_today_is_after_what_the_examples_tell() -> None:
    assert datetime(2026, 5, 5, tzinfo=UTC) < TODAY


def test_people_are_registered_under_their_own_keys_where_the_mapping_says_so(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    registering = mapping(tmp_path, XES_MAPPING + "[actors]\nregister = true\n")
    file = xes(tmp_path, trace("A", event("offer", who="nuria"), event("offer", who="tomas")))

    dry = import_xes(application, tenant, file, registering, dry_run=True)
    report = import_xes(application, tenant, file, registering)
    again = import_xes(application, tenant, file, registering)

    assert dry.stored == report.stored
    assert (report.stored["PersonRegistered"], again.events) == (2, 0)
    registered = [
        application.readable(tenant, one)
        for one in stored(application, tenant)
        if isinstance(one.event, PersonRegistered)
    ]
    names = {text_of(one.name) for one in registered if isinstance(one, PersonRegistered)}
    assert names == {"nuria", "tomas"}
    assert not any(b"nuria" in one.payload for one in application.log.read(tenant, 0, 100))


def test_an_id_of_a_person_cannot_be_found_by_trying_names(
    application: Application, tenant: UUID, orders: Mapping, tmp_path: Path
) -> None:
    file = xes(tmp_path, trace("A", event("offer", who="nuria")))
    import_xes(application, tenant, file, orders)
    ours = stored(application, tenant)[-2].metadata

    with_another_key = Names(tenant, "orders", bytes(32))
    with_our_key = Names(tenant, "orders", application.keyring_of(tenant).key(OWN))

    assert with_our_key.principal("nuria") == ours.actor.principal
    assert with_another_key.principal("nuria") != ours.actor.principal


def test_what_a_closed_opportunity_refuses_may_be_counted(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    counting = mapping(tmp_path, XES_MAPPING + '[when_closed]\ncounted = "closed again"\n')
    file = xes(tmp_path, trace("A", event("won"), event("won")))

    report = import_xes(application, tenant, file, counting)

    assert report.complete
    assert (report.typed, report.counted) == (1, {"closed again": 1})


def test_the_mapping_names_the_attribute_that_says_when_it_opened(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    text = XES_MAPPING.replace('currency = "EUR"', 'currency = "EUR"\nopened_at = "opened"')
    file = xes(
        tmp_path, trace("A", event("offer"), opened="2026-01-05T00:00:00Z"), trace("B", opened="?")
    )

    report = import_xes(application, tenant, file, mapping(tmp_path, text))

    assert (report.opened, report.refused) == (1, 1)
    opened = stored(application, tenant)[2].event
    assert isinstance(opened, OpportunityOpened)
    assert opened.learned.latest == datetime(2026, 1, 5, tzinfo=UTC)


def test_what_is_said_about_somebody_who_was_erased_is_refused(
    log: Log, tenant: UUID, tmp_path: Path
) -> None:
    customer = UUID(int=77)
    quoting = f"""
[[rules]]
match = {{ "concept:name" = "said" }}
command = "LearnFact"
[rules.fields.stated]
fact = {{ kind = "want", want_id = {{ id = "want", of = "{{text}}" }}, text = "{{text}}" }}
provenance.source = "IMPORTED"
provenance.channel = "IMPORT"
provenance.evidence.quote = {{ type = "clear", subject = "{customer}", text = "{{text}}" }}
"""
    keyring = FileKeyring(tmp_path / "keys.jsonl")
    keyring.key_or_new(customer)
    keyring.destroy(customer)
    application = Application(log, lambda _: keyring, lambda: TODAY)
    file = xes(tmp_path, trace("A", event("said", text="More speed"), event("offer")))
    rejects = tmp_path / "rejected.jsonl"

    report = import_xes(
        application, tenant, file, mapping(tmp_path, XES_MAPPING + quoting), rejects=rejects
    )

    assert (report.rejected, report.held_back, report.opened) == (1, 1, 0)
    assert "PERSON_IS_ERASED" in rejects.read_text()
