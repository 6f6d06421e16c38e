"""What is wrong with an export is said before anything is imported, with what to do about it."""

import json
from pathlib import Path
from uuid import UUID

import pytest

from opps.application import Application
from opps.integrations.importing import MappingRefused, salesforce_mapping
from tests.integrations.importing.salesforce.support import (
    HISTORY_COLUMNS,
    OPPORTUNITY_COLUMNS,
    change,
    deal,
    field_history,
    history,
    imported,
    mapping_of,
    opportunities,
    the_deal,
    version,
    why,
    written,
)

ASK = "--print-soql"


def rejected(
    application: Application, tenant: UUID, directory: Path, *paths: Path
) -> dict[str, str]:
    """Return the reason of each code of the rows that were rejected."""
    rejects = directory / "rejects.jsonl"
    report = imported(application, tenant, *paths, rejects=rejects)
    assert not report.complete
    found = [json.loads(line) for line in rejects.read_text().splitlines()]
    return {one["code"]: f"{one['reason']}; {one['suggestion']}" for one in found}


def test_a_file_that_is_no_export(application: Application, tenant: UUID, tmp_path: Path) -> None:
    said = why(application, tenant, written(tmp_path / "a.csv", "city,people", ["Jaén,111000"]))

    assert "no export of Salesforce that opps reads: its columns are city, people" in said
    assert ASK in said


def test_a_file_that_lacks_a_column(application: Application, tenant: UUID, tmp_path: Path) -> None:
    columns = HISTORY_COLUMNS.replace("CreatedDate", "Date")

    said = why(application, tenant, written(tmp_path / "a.csv", columns, [version("2026-02-01")]))

    assert "nearly an export of OpportunityHistory, and lacks CreatedDate" in said
    assert "[salesforce.columns]" in said


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n\x00\x00", b"\n\n\n"])
def test_a_file_that_is_no_table(
    application: Application, tenant: UUID, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(content)

    assert ASK in why(application, tenant, file)


def test_a_folder_without_an_export(application: Application, tenant: UUID, tmp_path: Path) -> None:
    written(tmp_path / "cities.csv", "city,people", ["Jaén,111000"])

    assert "there is no export of Salesforce in it" in why(application, tenant, tmp_path)


def test_names_without_opportunities(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    written(tmp_path / "users.csv", "Id,Username", ["0055g00000ZxCvB,nuria"])

    assert "names and no opportunities" in why(application, tenant, tmp_path)


def test_several_objects_in_one_file(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    rows = [deal(), HISTORY_COLUMNS, version("2026-02-01")]

    said = why(application, tenant, written(tmp_path / "all.csv", OPPORTUNITY_COLUMNS, rows))

    assert "line 3: here begins another table, OpportunityHistory" in said
    assert "give each a file of its own" in said


def test_the_same_export_twice_in_one_file(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    rows = [deal(), OPPORTUNITY_COLUMNS, deal()]

    said = why(application, tenant, written(tmp_path / "all.csv", OPPORTUNITY_COLUMNS, rows))

    assert "line 3: here begins another table" in said


def test_a_row_with_a_delimiter_too_many(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    said = why(application, tenant, opportunities(tmp_path, deal(Name="Scanners, and more")))

    assert "line 2: 16 cells, but there are 15 columns" in said


def test_a_wrong_delimiter(application: Application, tenant: UUID, tmp_path: Path) -> None:
    said = why(application, tenant, opportunities(tmp_path, deal()), delimiter=";")

    assert "with ';' between its cells it is one column; ',' may be meant" in said


@pytest.mark.parametrize(
    ("encoding", "said"),
    [("klingon", "no encoding is called 'klingon'"), ("ascii", "it is no ascii")],
)
def test_a_wrong_encoding(
    application: Application, tenant: UUID, tmp_path: Path, encoding: str, said: str
) -> None:
    file = opportunities(tmp_path, deal(Name="Lácteos"))

    assert said in why(application, tenant, file, encoding=encoding)


def test_no_currency(application: Application, tenant: UUID, tmp_path: Path) -> None:
    columns = OPPORTUNITY_COLUMNS.replace("CurrencyIsoCode", "Region__c")

    said = why(application, tenant, opportunities(tmp_path, deal(), columns=columns))

    assert "say which, with --currency EUR or in a mapping" in said


@pytest.mark.parametrize("currency", ["eur", "Euro"])
def test_a_currency_that_is_none(currency: str) -> None:
    with pytest.raises(MappingRefused, match=r"currency"):
        salesforce_mapping(currency=currency)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[salesforce.stages]\n"Signed" = "YES"', "Invalid enum value 'YES', in stages"),
        ('[salesforce.roles]\n"Boss" = "CHIEF"', "Invalid enum value 'CHIEF', in roles"),
        ("[salesforce]\ncurency = 'EUR'", "unknown field 'curency'"),
        ('[[rules]]\nmatch = { field = "X" }\ncommand = "LernFact"', "LearnFact may be meant"),
        ('[columns.Size]\nfacet = "SCOPE"\nfree = true', "a column is context; a rule learns"),
        (
            '[[rules]]\nmatch = { field = "X" }\ncommand = "LearnFact"\n[rules.fields]\n'
            'stated = { fact = { kind = "rumour" }, provenance = { source = "IMPORTED", '
            'channel = "IMPORT" } }',
            "rumour",
        ),
    ],
)
def test_a_mapping_that_names_something_unknown(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(MappingRefused) as refused:
        mapping_of(tmp_path, text)

    assert said in str(refused.value)


def test_two_rows_of_one_id_that_say_different_things(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    file = opportunities(tmp_path, deal(), deal(Amount="200"))

    said = rejected(application, tenant, tmp_path, file)

    assert "line 2 of opportunities.csv, line 3 of opportunities.csv" in said["DUPLICATE_ID"]


def test_two_rows_that_say_the_same_are_one(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    report = imported(application, tenant, opportunities(tmp_path, deal(), deal()))

    assert (report.complete, report.opened, report.rows) == (True, 1, 2)


def test_a_history_of_nothing(application: Application, tenant: UUID, tmp_path: Path) -> None:
    said = rejected(application, tenant, tmp_path, history(tmp_path, version("2026-02-01")))

    assert "export Opportunity beside OpportunityHistory" in said["NO_OPPORTUNITY"]


@pytest.mark.parametrize(
    ("row", "code", "what"),
    [
        (deal(Probability="140"), "VALUE_UNFIT", "no percentage from 0 to 100"),
        (deal(Amount="many"), "VALUE_UNFIT", "no number"),
        (deal(CloseDate="31/06/26"), "VALUE_UNFIT", "31/06/26"),
        (deal(CreatedDate="once"), "TIME_UNREADABLE", "'once' is no time"),
        (deal(LastModifiedDate="then"), "TIME_UNREADABLE", "'then' is no time"),
        (deal(CurrencyIsoCode=""), "CURRENCY_MISSING", "--currency EUR"),
        (deal(Id=""), "NO_EXTERNAL_ID", "which opportunity"),
    ],
)
def test_a_row_that_cannot_be_taken(
    application: Application, tenant: UUID, tmp_path: Path, row: str, code: str, what: str
) -> None:
    said = rejected(application, tenant, tmp_path, opportunities(tmp_path, row))

    assert what in said[code]


def test_a_row_of_a_history_without_its_time(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    files = (
        opportunities(tmp_path, deal()),
        history(tmp_path, version("2026-02-01", CreatedDate="")),
    )

    said = rejected(application, tenant, tmp_path, *files)

    assert "there is no CreatedDate" in said["TIME_MISSING"]
    assert "line 2 of history.csv was refused" in said["HELD_BACK"]


def test_another_currency_than_before(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    imported(application, tenant, opportunities(tmp_path, deal()))

    said = rejected(
        application, tenant, tmp_path, opportunities(tmp_path, deal(CurrencyIsoCode="USD"))
    )

    assert "imported in EUR, and CurrencyIsoCode says USD now" in said["CURRENCY_CHANGED"]


async def test_a_category_that_nobody_knows_is_left_out_and_counted(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    file = opportunities(tmp_path, deal(ForecastCategory="Upside"))
    mapping = mapping_of(tmp_path, '[salesforce.forecast_categories]\nUpside = "BEST_CASE"\n')

    first = imported(application, tenant, file)
    told = imported(application, tenant, file, mapping=mapping)

    assert first.complete
    assert first.left_out == {"forecast category unknown": 1}
    assert told.stored == {"ForecastCategorySet": 1}
    assert (await the_deal(application, tenant)).category == "BEST_CASE"


def test_fields_without_a_rule_are_counted(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    rows = field_history(tmp_path, change("2026-02-01", "Next_Step__c", "", "Call"))

    report = imported(application, tenant, opportunities(tmp_path, deal()), rows)

    assert report.counted == {"fields without a rule": 1}


@pytest.mark.parametrize("amount", ["1e999999999", "-1e999999", "1e-999999", "NaN", "sNaN", "inf"])
def test_an_amount_that_is_no_amount_is_rejected_with_its_row_alone(
    application: Application, tenant: UUID, tmp_path: Path, amount: str
) -> None:
    said = rejected(application, tenant, tmp_path, opportunities(tmp_path, deal(Amount=amount)))

    assert said["VALUE_UNFIT"].startswith(f"'{amount}'")


@pytest.mark.parametrize("share", ["NaN", "sNaN", "inf", "1e999999999", "-1e999999999"])
def test_a_probability_that_is_no_percentage_is_rejected_with_its_row_alone(
    application: Application, tenant: UUID, tmp_path: Path, share: str
) -> None:
    said = rejected(application, tenant, tmp_path, opportunities(tmp_path, deal(Probability=share)))

    assert f"{share!r}, which is no percentage" in said["VALUE_UNFIT"]


def test_a_nul_in_a_last_line_without_its_end(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    file = tmp_path / "a.csv"
    file.write_text(f"{OPPORTUNITY_COLUMNS}\n{deal()}\0")

    assert "it has a NUL, so it is no text" in why(application, tenant, file)


def test_two_columns_of_one_name(application: Application, tenant: UUID, tmp_path: Path) -> None:
    columns = f"{OPPORTUNITY_COLUMNS},name"

    said = why(
        application, tenant, written(tmp_path / "a.csv", columns, [f"{deal()},Other scanners"])
    )

    assert "two columns are called name" in said
