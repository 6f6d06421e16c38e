"""What is misspelt is told of, never guessed; what a person says of it is applied and recorded."""

import csv as spreadsheets
import json
import stat
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opps.application import Application
from opps.domain.events import FactLearned, ImportCompleted, ImportCorrectionApplied
from opps.domain.imports import fold
from opps.integrations.importing import (
    MappingRefused,
    import_facts_csv,
    import_history_csv,
    import_xes,
)
from opps.integrations.importing.corrections import (
    Correction,
    Corrections,
    read_corrections,
    write_proposed,
)
from opps.integrations.importing.errors import Meant
from opps.recording import codec
from tests.integrations.importing.support import (
    CSV_MAPPING,
    FACTS_HEADER,
    FACTS_MAPPING,
    XES_MAPPING,
    csv,
    event,
    mapping,
    stored,
    table,
    trace,
    xes,
)

HEADER = "column,was,now,reason,external_id"
PEOPLE = FACTS_MAPPING.replace(
    "[columns.seller]\nnever = true\nfree = true", "[columns.seller]\nnever = true\nperson = true"
)


def _corrections(directory: Path, *rows: str, header: str = HEADER) -> Path:
    path = directory / "corrections.csv"
    path.write_text("\n".join([header, *rows, ""]))
    return path


def _applied(application: Application, tenant: UUID) -> list[ImportCorrectionApplied]:
    return [
        one.event
        for one in stored(application, tenant)
        if isinstance(one.event, ImportCorrectionApplied)
    ]


def test_a_misspelt_word_is_refused_and_its_nearest_is_proposed(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    file = table(tmp_path, "A;aproved;none;fair;S1;won", "B;aproved;none;fair;S1;won")
    rejects, proposed = tmp_path / "rejects.jsonl", tmp_path / "proposed.csv"

    report = import_facts_csv(
        application,
        tenant,
        file,
        mapping(tmp_path, FACTS_MAPPING),
        rejects=rejects,
        propose=proposed,
    )

    told = [json.loads(line) for line in rejects.read_text().splitlines()]
    assert (report.opened, report.rejected) == (0, 2)
    assert {one["code"] for one in told} == {"VALUE_UNKNOWN"}
    assert all("'approved' may be meant" in one["suggestion"] for one in told)
    assert [(why.code, why.rows) for why in report.reasons] == [("VALUE_UNKNOWN", 2)]
    assert proposed.read_text() == "column,was,now,reason\nbudget,aproved,approved,\n"


def test_what_is_proposed_carries_nothing_out_in_a_spreadsheet_and_is_read_back_as_it_was(
    tmp_path: Path,
) -> None:
    meant = [Meant("budget", was, "-") for was in ('=HYPERLINK("http://evil.example")', "plain")]
    proposed = tmp_path / "proposed.csv"
    proposed.touch(0o644)

    write_proposed(proposed, meant)

    with proposed.open(newline="") as file:
        cells = [cell for row in spreadsheets.reader(file) for cell in row]
    assert not any(cell.startswith(("=", "-")) for cell in cells)
    assert stat.S_IMODE(proposed.stat().st_mode) == 0o600
    corrections = read_corrections(proposed)
    for one in meant:
        assert corrections.mended({"budget": one.was}, "A") == {"budget": "-"}


def test_what_was_proposed_can_be_applied_and_is_recorded_once(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    file = table(tmp_path, "A;aproved;none;fair;S1;won", "B;aproved;none;fair;S1;won")
    corrections = _corrections(tmp_path, "budget,aproved,approved,A slip,")
    ready = mapping(tmp_path, FACTS_MAPPING)

    first = import_facts_csv(application, tenant, file, ready, corrections=corrections)
    second = import_facts_csv(application, tenant, file, ready, corrections=corrections)

    assert (first.opened, first.corrected) == (2, {"budget 'aproved' as 'approved'": 2})
    assert (second.already, second.events) == (2, 0)
    assert _applied(application, tenant) == [
        ImportCorrectionApplied(
            column="budget", was="aproved", now="approved", rows=2, reason="A slip"
        )
    ]
    stream = application.log.stream(tenant, first.import_id)
    told = fold([codec.decode(one) for one in stream])
    assert told is not None
    assert [(one.now, one.rows) for one in told.corrections] == [("approved", 2)]
    kinds = [type(one.event) for one in stored(application, tenant)]
    assert kinds.index(ImportCorrectionApplied) < kinds.index(ImportCompleted)


def test_a_correction_of_one_opportunity_leaves_the_others_alone(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    file = table(tmp_path, "A;;none;fair;S1;won", "B;;none;fair;S1;won")
    corrections = _corrections(tmp_path, "budget,,approved,They told us,B")

    report = import_facts_csv(
        application, tenant, file, mapping(tmp_path, FACTS_MAPPING), corrections=corrections
    )

    facts = [one for one in stored(application, tenant) if isinstance(one.event, FactLearned)]
    assert report.corrected == {"budget '' as 'approved'": 1}
    assert len(facts) == 3


@pytest.mark.parametrize("text", [PEOPLE, FACTS_MAPPING], ids=["person", "free text"])
def test_the_record_has_no_words_of_a_column_that_names_people_or_takes_any_text(
    application: Application, tenant: UUID, tmp_path: Path, text: str
) -> None:
    file = table(tmp_path, "A;approved;none;fair;Nurja Vidal;won")
    corrections = _corrections(tmp_path, "seller,Nurja Vidal,Nuria Vidal,Her name,")

    import_facts_csv(application, tenant, file, mapping(tmp_path, text), corrections=corrections)

    (applied,) = _applied(application, tenant)
    assert UUID(applied.was) != UUID(applied.now)
    record = next(
        one
        for one in application.log.read(tenant, 0, 100)
        if one.tag == ImportCorrectionApplied.__name__
    )
    assert b"Vidal" not in record.payload


def test_a_correction_that_meets_no_row_is_told_of(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    file = table(tmp_path, "A;approved;none;fair;S1;won")
    corrections = _corrections(tmp_path, "budget,aprovd,approved,,", "colour,red,blue,,")

    report = import_facts_csv(
        application, tenant, file, mapping(tmp_path, FACTS_MAPPING), corrections=corrections
    )

    assert report.unmet == ["budget 'aprovd'", "colour 'red'"]
    assert _applied(application, tenant) == []


def test_in_a_history_the_name_of_a_field_corrects_its_old_and_its_new_values(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    file = csv(
        tmp_path,
        "D-1,forecast,,Comit,2026-02-01,nuria,crm",
        "D-1,forecast,Comit,Pipeline,2026-02-02,nuria,crm",
        "D-1,stage,,Comit,2026-02-03,nuria,crm",
    )
    corrections = _corrections(tmp_path, "forecast,Comit,Commit,,")

    report = import_history_csv(
        application, tenant, file, mapping(tmp_path, CSV_MAPPING), corrections=corrections
    )

    assert report.complete
    assert report.corrected == {"forecast 'Comit' as 'Commit'": 2}
    assert _applied(application, tenant)[0].was == "Comit"


def test_an_event_log_is_put_right_too(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    file = xes(tmp_path, trace("O-1", event("offr"), event("won", "2026-03-03T09:00:00+01:00")))
    corrections = tmp_path / "corrections.toml"
    corrections.write_text(
        '[[corrections]]\ncolumn = "concept:name"\nwas = "offr"\nnow = "offer"\nreason = "A slip"\n'
    )

    report = import_xes(
        application, tenant, file, mapping(tmp_path, XES_MAPPING), corrections=corrections
    )

    assert (report.complete, report.stored["ProposalSent"]) == (True, 1)


@pytest.mark.parametrize(
    ("rows", "header", "says"),
    [
        (["a,b"], "column,was", "has no column now"),
        (["budget,x"], "column,was,now", "line 2, row: Expected `str`, got `null`"),
        ([f"budget,{'x' * 201},y,,"], HEADER, "line 2, row: .*length <= 200"),
        (["budget,x,y,,", "budget,x,z,,"], HEADER, "line 3, row: 'x' is to be 'y' above"),
        (['budget,"x,y'], HEADER, "is no readable CSV"),
        (["budget,x,y,,,more"], HEADER, "line 2, row"),
    ],
)
def test_each_mistake_in_a_file_of_corrections_is_named_before_anything_is_read(
    application: Application,
    tenant: UUID,
    tmp_path: Path,
    rows: list[str],
    header: str,
    says: str,
) -> None:
    file = table(tmp_path, "A;approved;none;fair;S1;won")
    corrections = _corrections(tmp_path, *rows, header=header)

    with pytest.raises(MappingRefused, match=says.replace("`", "'")):
        import_facts_csv(
            application, tenant, file, mapping(tmp_path, FACTS_MAPPING), corrections=corrections
        )

    assert stored(application, tenant) == []


_WORDS = st.text(alphabet="abc", max_size=2)


@given(
    given=st.dictionaries(st.tuples(st.sampled_from("xy"), _WORDS), _WORDS),
    rows=st.lists(st.fixed_dictionaries({"x": _WORDS, "y": _WORDS}), max_size=8),
)
def test_only_what_is_named_is_changed_and_every_change_is_counted(
    given: dict[tuple[str, str], str], rows: list[dict[str, str]]
) -> None:
    corrections = Corrections(
        tuple(Correction(column=column, was=was, now=now) for (column, was), now in given.items())
    )

    mended = [corrections.mended(row, "any") for row in rows]

    for row, after in zip(rows, mended, strict=True):
        assert after == {name: given.get((name, text), text) for name, text in row.items()}
    met = sum((name, text) in given for row in rows for name, text in row.items())
    assert sum(count for _, count in corrections.applied()) == met
    assert len(corrections.applied()) + len(corrections.unmet()) == len(given)


def test_a_list_beside_the_table_tells_what_is_misspelt_and_what_belongs_to_a_row(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    text = (
        FACTS_MAPPING
        + """
[columns.branch]
context = true
values = { timber = {}, food = {} }
[references.leads]
column = "lead"
key = "name"
tells = { branch = "branch" }
"""
    )
    leads = tmp_path / "leads.csv"
    leads.write_text("name;branch\nreferral;timber\nfair;fod\n")
    rejects = tmp_path / "rejects.jsonl"
    file = table(
        tmp_path,
        "A;approved;none;referral;S1;won",
        "B;approved;none;referal;S1;won",
        "C;approved;none;fair;S1;won",
        "D;approved;none;;S1;won",
    )

    report = import_facts_csv(
        application,
        tenant,
        file,
        mapping(tmp_path, text),
        rejects=rejects,
        references={"leads": leads},
    )

    told = {
        one["external_id"]: (one["code"], one["meant"]["now"])
        for one in map(json.loads, rejects.read_text().splitlines())
    }
    assert report.opened == 2
    assert told == {"B": ("NOT_IN_REFERENCE", "referral"), "C": ("VALUE_UNKNOWN", "food")}


def test_a_list_that_the_mapping_does_not_name_is_refused(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    file = table(tmp_path, "A;approved;none;fair;S1;won")

    with pytest.raises(MappingRefused, match="no list is called 'products'; there are none"):
        import_facts_csv(
            application,
            tenant,
            file,
            mapping(tmp_path, FACTS_MAPPING),
            references={"products": file},
        )


def test_an_opportunity_without_an_account_comes_in_and_is_remarked_on(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    text = FACTS_MAPPING.replace('name = "Customers"', 'name = ["{customer}", "Account not told"]')
    remarks = tmp_path / "remarks.jsonl"
    file = table(
        tmp_path,
        "A;approved;none;fair;S1;won;Lindqvist",
        "B;approved;none;fair;S1;won;",
        header=FACTS_HEADER + ";customer",
    )
    ready = mapping(tmp_path, text)

    report = import_facts_csv(application, tenant, file, ready, remarks=remarks)
    again = import_facts_csv(application, tenant, file, ready, remarks=remarks)

    (told,) = map(json.loads, remarks.read_text().splitlines())
    assert (report.opened, report.remarked, again.remarked) == (2, 1, 0)
    assert (told["code"], told["external_id"], told["line"]) == ("ACCOUNT_NOT_TOLD", "B", 3)
    assert "customer,,NAME,REASON,B" in told["suggestion"]


def test_a_file_of_corrections_may_be_written_by_a_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "corrections.csv"
    path.write_text("\ufeffcolumn;was;now\nproduct;GTXPro;GTX Pro\n", encoding="utf-8")

    read = read_corrections(path)

    assert read.mended({"product": "GTXPro"}, "any") == {"product": "GTX Pro"}
