"""Importing tables of qualitative attributes as CSV: a row is an opportunity."""

from pathlib import Path
from uuid import UUID

import pytest

from opps.application import OPPORTUNITY, Application
from opps.domain.catalogue import Facet
from opps.domain.events import FactLearned, OpportunityOpened
from opps.domain.facts import Attribute
from opps.domain.opportunity.state import Opportunity, Status, known
from opps.domain.provenance import SourceKind
from opps.domain.times import Precision
from opps.integrations.importing import (
    Mapping,
    MappingRefused,
    SourceMalformed,
    import_facts_csv,
    read_mapping,
)
from opps.recording import codec
from tests.integrations.importing.support import (
    EXAMPLES,
    FACTS_HEADER,
    FACTS_MAPPING,
    mapping,
    stored,
    table,
    tags,
)


@pytest.fixture
def review(tmp_path: Path) -> Mapping:
    return mapping(tmp_path, FACTS_MAPPING)


def learned(application: Application, tenant: UUID) -> list[FactLearned]:
    return [one.event for one in stored(application, tenant) if isinstance(one.event, FactLearned)]


async def opportunity(application: Application, tenant: UUID) -> Opportunity:
    """Return the only opportunity there is."""
    (stream,) = {
        one.stream
        for one in stored(application, tenant)
        if isinstance(one.event, OpportunityOpened)
    }
    state = await application.load(OPPORTUNITY, tenant, stream)
    assert state is not None
    return state


async def test_a_row_becomes_an_opportunity_with_what_was_known_of_it(
    application: Application, tenant: UUID, review: Mapping, tmp_path: Path
) -> None:
    report = import_facts_csv(
        application, tenant, table(tmp_path, "A;approved;none;referral;S1;won"), review
    )

    assert report.complete
    assert (report.opportunities, report.rows, report.typed) == (1, 1, 1)
    assert tags(stored(application, tenant)) == [
        "OpportunityOpened",
        "FactLearned",
        "FactLearned",
        "OpportunityWon",
    ]
    state = await opportunity(application, tenant)
    assert (state.title, state.status) == ("Deal A", Status.WON)
    budget, rivals = learned(application, tenant)
    assert budget.fact == Attribute(
        attribute="budget", facet=Facet.FUNDING_STATUS, value="approved"
    )
    assert budget.provenance.source is SourceKind.BUYER_SAID
    assert rivals.provenance.source is SourceKind.SELLER_OBSERVATION


async def test_context_and_what_is_never_evidence_are_told_at_the_opening(
    application: Application, tenant: UUID, review: Mapping, tmp_path: Path
) -> None:
    import_facts_csv(application, tenant, table(tmp_path, "A;;;fair;S1;open"), review)

    state = await opportunity(application, tenant)

    assert state.context == {"lead": "fair", "seller": "S1"}
    assert not learned(application, tenant)


async def test_of_people_only_pseudonyms_are_stored(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    people = mapping(tmp_path, FACTS_MAPPING.replace("free = true", "person = true"))
    file = table(tmp_path, "A;;;fair;Maria Garcia;open", "B;;;;Maria Garcia;won", "C;;;;;won")
    import_facts_csv(application, tenant, file, people)
    told = [one.event for one in stored(application, tenant)]

    assert not any(b"Maria" in codec.encode(event) for event in told)
    sellers = [one.context.get("seller") for one in told if isinstance(one, OpportunityOpened)]
    assert sellers[0] == sellers[1]
    assert UUID(sellers[0])
    assert sellers[2] is None


def test_a_table_in_another_order_adds_nothing(
    application: Application, tenant: UUID, review: Mapping, tmp_path: Path
) -> None:
    rows = ["A;approved;none;;;won", "B;;several;fair;;open", "C;wished;;;;lost"]
    import_facts_csv(application, tenant, table(tmp_path, *rows), review)
    before = tags(stored(application, tenant))

    again = import_facts_csv(application, tenant, table(tmp_path, *reversed(rows)), review)

    assert (again.already, again.typed) == (3, 0)
    assert tags(stored(application, tenant)) == before


async def test_not_asked_is_nothing_and_not_told_is_something(
    application: Application, tenant: UUID, review: Mapping, tmp_path: Path
) -> None:
    import_facts_csv(application, tenant, table(tmp_path, "A;not told;n/a;;;open"), review)

    (fact,) = [one.fact for one in learned(application, tenant)]

    assert fact == Attribute(attribute="budget", facet=Facet.FUNDING_STATUS, value=None)
    assert not fact.fills(UUID(int=0))


async def test_the_end_comes_after_the_facts_so_that_they_count_among_what_was_known(
    application: Application, tenant: UUID, review: Mapping, tmp_path: Path
) -> None:
    import_facts_csv(application, tenant, table(tmp_path, "A;wished;several;;;lost"), review)

    state = await opportunity(application, tenant)

    assert state.status is Status.LOST
    assert set(known(state).standings) == {"attribute:budget", "attribute:rivals"}


async def test_a_table_without_dates_says_that_nobody_knows_when(
    application: Application, tenant: UUID, review: Mapping, tmp_path: Path
) -> None:
    import_facts_csv(application, tenant, table(tmp_path, "A;approved;none;;;won"), review)

    assert {one.learned.precision for one in learned(application, tenant)} == {Precision.UNKNOWN}


def test_a_missing_time_is_refused_unless_the_mapping_says_that_nobody_knows(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    strict = mapping(tmp_path, FACTS_MAPPING.replace("unknown = true\n", ""))
    rejects = tmp_path / "rejects.jsonl"

    report = import_facts_csv(
        application, tenant, table(tmp_path, "A;;;;;won"), strict, rejects=rejects
    )

    assert (report.refused, report.rejected, report.events) == (1, 1, 0)
    (said,) = rejects.read_text().splitlines()
    assert '"TIME_MISSING"' in said
    assert "[times] unknown = true" in said


def test_a_second_import_adds_nothing(
    application: Application, tenant: UUID, review: Mapping, tmp_path: Path
) -> None:
    file = table(tmp_path, "A;approved;none;;;won", "B;;several;fair;;open")
    import_facts_csv(application, tenant, file, review)
    before = application.log.head(tenant)

    again = import_facts_csv(application, tenant, file, review)

    assert application.log.head(tenant) == before
    assert (again.already, again.events) == (2, 0)


async def test_a_later_table_adds_only_the_cells_that_changed(
    application: Application, tenant: UUID, review: Mapping, tmp_path: Path
) -> None:
    import_facts_csv(application, tenant, table(tmp_path, "A;wished;none;;;open"), review)

    later = table(tmp_path, "A;approved;none;;;won")
    report = import_facts_csv(application, tenant, later, review)

    assert report.stored == {"FactLearned": 1, "OpportunityWon": 1}
    state = await opportunity(application, tenant)
    belief = state.standing("attribute:budget").belief
    assert belief is not None
    assert belief.fact == Attribute(
        attribute="budget", facet=Facet.FUNDING_STATUS, value="approved"
    )


async def test_a_later_table_may_say_more_of_what_has_ended(
    application: Application, tenant: UUID, review: Mapping, tmp_path: Path
) -> None:
    import_facts_csv(application, tenant, table(tmp_path, "A;wished;;;;won"), review)

    later = table(tmp_path, "A;wished;none;;;won")
    report = import_facts_csv(application, tenant, later, review)

    assert report.complete
    assert report.stored == {"FactLearned": 1}
    assert learned(application, tenant)[-1].after_close


def test_an_unknown_value_is_refused_with_the_one_that_may_be_meant(
    application: Application, tenant: UUID, review: Mapping, tmp_path: Path
) -> None:
    rejects = tmp_path / "rejects.jsonl"
    file = table(tmp_path, "A;appproved;none;referrral;;won", "B;approved;none;;;won")

    report = import_facts_csv(application, tenant, file, review, rejects=rejects)

    assert (report.opened, report.refused, report.rejected) == (1, 1, 1)
    (said,) = rejects.read_text().splitlines()
    assert '"line":2' in said
    assert "budget is 'appproved'; lead is 'referrral': no value that the mapping names" in said
    assert "'approved' may be meant" in said


async def test_a_correction_in_the_mapping_is_applied(
    application: Application, tenant: UUID, review: Mapping, tmp_path: Path
) -> None:
    import_facts_csv(application, tenant, table(tmp_path, "A;;nobody;;;won"), review)

    (fact,) = [one.fact for one in learned(application, tenant)]

    assert fact == Attribute(attribute="rivals", facet=Facet.CONSIDERED_SET, value="none")


def test_an_end_that_the_mapping_does_not_name_is_refused(
    application: Application, tenant: UUID, review: Mapping, tmp_path: Path
) -> None:
    rejects = tmp_path / "rejects.jsonl"

    report = import_facts_csv(
        application, tenant, table(tmp_path, "A;;;;;wonn"), review, rejects=rejects
    )

    assert report.refused == 1
    assert "no rule of the mapping matches: ended='wonn'" in rejects.read_text()
    assert "'won' may be meant by ended" in rejects.read_text()


def test_two_rows_of_one_id_are_refused_both(
    application: Application, tenant: UUID, review: Mapping, tmp_path: Path
) -> None:
    rejects = tmp_path / "rejects.jsonl"
    file = table(tmp_path, "A;approved;;;;won", "B;;;;;won", "A;wished;;;;lost")

    report = import_facts_csv(application, tenant, file, review, rejects=rejects)

    assert (report.opened, report.refused) == (1, 1)
    assert (report.rejected, report.held_back) == (1, 1)
    assert "line 2 has the same id, and a row is one opportunity" in rejects.read_text()


def test_a_row_without_an_id_is_refused(
    application: Application, tenant: UUID, review: Mapping, tmp_path: Path
) -> None:
    report = import_facts_csv(application, tenant, table(tmp_path, ";;;;;won"), review)

    assert report.refused == 1


async def test_without_an_id_of_its_own_a_row_is_known_by_its_number(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    text = FACTS_MAPPING.replace('external_id = "deal"\n', "").replace("{deal}", "{row}")

    import_facts_csv(application, tenant, table(tmp_path, "A;;;;;won"), mapping(tmp_path, text))

    assert (await opportunity(application, tenant)).title == "Deal 1"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "there is no column budget, rivals, lead, seller, ended, deal; there are none"),
        (b"deal;budget;rivals;lead;ended\n", "there is no column seller; there are deal,"),
        (b"deal,budget,rivals,lead,seller,ended\n", "[csv] its delimiter"),
        (FACTS_HEADER.encode() + b"\nA;won\n", "line 2: 2 cells, but there are 6 columns"),
        (FACTS_HEADER.encode() + b"\nM\xfcller;;;;;won\n", "line 2: no utf-8"),
        (FACTS_HEADER.encode() + b"\nA\0;;;;;won\n", "line 2: it has a NUL"),
        (FACTS_HEADER.encode() + b"\n" + b"x" * 6_000_000, "line 2: a line has more than"),
        (FACTS_HEADER.encode() + b";deal\n", "two columns have one name"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused_before_anything_is_imported(
    application: Application,
    tenant: UUID,
    review: Mapping,
    tmp_path: Path,
    content: bytes,
    said: str,
) -> None:
    file = tmp_path / "table.csv"
    file.write_bytes(content)

    with pytest.raises(SourceMalformed) as refused:
        import_facts_csv(application, tenant, file, review)

    assert said in str(refused.value)
    assert not tags(stored(application, tenant))


def test_a_table_without_rows_is_no_mistake(
    application: Application, tenant: UUID, review: Mapping, tmp_path: Path
) -> None:
    report = import_facts_csv(application, tenant, table(tmp_path), review)

    assert report.complete
    assert report.opportunities == 0


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("never = true", "", "line 50, columns.seller: say one of facet"),
        ("never = true", "never = true\ncontext = true", "columns.seller: say one of facet"),
        ("free = true", "", "columns.seller: say what its cells can be"),
        ("free = true", "free = true\nperson = true", "columns.seller: say what its cells"),
        (
            "never = true\nfree = true",
            'facet = "LEANING"\nperson = true',
            "columns.seller: person = true is for context",
        ),
        ("wished =", "UNANSWERED =", "columns.budget: UNANSWERED is no value"),
        ('nobody = "none"', 'nobody = "UNANSWERED"', "columns.rivals: UNANSWERED is no value"),
        ("columns.seller]", "columns.origin]", "columns.origin: opps itself tells origin"),
        (
            'unanswered = ["not told"]',
            'unanswered = ["not told", "wished"]',
            "columns.budget: what a buyer did not tell is one value",
        ),
        ("never = true", "never = true\nweight = { win = 1 }", "columns.seller: only a column"),
        ("FUNDING_STATUS", "MONEY", "line 29, columns.budget: Invalid enum value 'MONEY'"),
        ("grade = 0.4", "grade = 4.0", "columns.lead: Expected `float` <= 1.0"),
        ("grade = 0.4", "grades = 0.4", "columns.lead: Object contains unknown field 'grades'"),
        ('nobody = "none"', 'nobody = "non"', "columns.rivals: corrected says 'non', which is"),
        ('command = "WinOpportunity"', 'counted = "won"', "rules[1]: a row of a table is an"),
        ("columns.seller]", f"columns.{'s' * 101}]", "a name has 1 to 100 characters"),
        ("facts-csv", "history-csv", "columns: only a mapping for facts-csv has columns"),
    ],
)
def test_a_mistake_in_a_column_is_named_with_its_line(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    with pytest.raises(MappingRefused) as refused:
        mapping(tmp_path, FACTS_MAPPING.replace(old, new))

    assert said.replace("`", "'") in str(refused.value)


async def test_the_example_is_imported_whole(application: Application, tenant: UUID) -> None:
    review = read_mapping(EXAMPLES / "mappings" / "deal-review.toml")

    report = import_facts_csv(application, tenant, EXAMPLES / "import/deal-review.csv", review)

    assert report.complete
    assert (report.opened, report.stored["FactLearned"]) == (5, 14)
