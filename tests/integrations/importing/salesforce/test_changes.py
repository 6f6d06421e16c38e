"""Changes of an opportunity: what a history shows leads to its end, and is said once."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from opps.domain.times import Learned
from opps.integrations.importing.conversion import Formats
from opps.integrations.importing.rows import Row
from opps.integrations.importing.salesforce import field_history
from opps.integrations.importing.salesforce.changes import Changes, shown
from opps.integrations.importing.salesforce.gathering import Told
from opps.integrations.importing.salesforce.objects import Kind
from opps.integrations.importing.salesforce.settings import SalesforcePart
from opps.integrations.importing.salesforce.words import Words

WORDS = Words(SalesforcePart(), Formats(), {})
START = datetime(2026, 1, 1, tzinfo=UTC)
FIELDS = ("StageName", "Amount", "CloseDate", "ForecastCategory")
Version = dict[str, str]
versions = st.lists(
    st.fixed_dictionaries(
        {
            "StageName": st.sampled_from(["Prospecting", "Proposal", "Negotiation"]),
            "Amount": st.sampled_from(["100", "100.00", "250.5"]),
            "CloseDate": st.sampled_from(["2026-03-31", "2026-06-30"]),
            "ForecastCategory": st.sampled_from(["Pipeline", "BestCase", "Commit"]),
        }
    ),
    min_size=1,
    max_size=8,
)


def at(day: int) -> Learned:
    return Learned(latest=START + timedelta(days=day))


def row_of(number: int, kind: Kind, cells: Version) -> Told:
    return Told(number, kind, "any.csv", number + 2, cells)


def told(gathered: Changes) -> list[Row]:
    """Return the changes, without the rows that say nothing new."""
    return [row for row in gathered.rows if not row.silent]


def of_versions(history: list[Version]) -> Changes:
    gathered = Changes(WORDS, at(0))
    for number, cells in enumerate(history):
        gathered.show(row_of(number, Kind.HISTORY, cells), shown(cells, WORDS), at(number))
    return gathered


@given(versions)
def test_the_last_change_of_each_field_is_what_the_history_ends_with(
    history: list[Version],
) -> None:
    changed = {row.attributes["field"]: row.attributes for row in told(of_versions(history))}

    last = shown(history[-1], WORDS).fields
    for field in FIELDS:
        assert WORDS.number(changed[field]["new_value"]) == WORDS.number(last[field].text)


@given(versions)
def test_no_change_says_what_was_so_before(history: list[Version]) -> None:
    before: dict[str, str] = {}

    for row in told(of_versions(history)):
        field, value = row.attributes["field"], WORDS.number(row.attributes["new_value"])
        assert before.get(field) != value
        before[field] = value


@given(versions)
def test_the_other_history_beside_it_says_nothing_new(history: list[Version]) -> None:
    both = Changes(WORDS, at(0))
    number = len(history)
    for day, cells in enumerate(history):
        both.show(row_of(day, Kind.HISTORY, cells), shown(cells, WORDS), at(day))
        for field in FIELDS if day else ():
            old, new = history[day - 1][field], cells[field]
            if old != new:
                number += 1
                change = {"Field": field, "OldValue": old, "NewValue": new, "CreatedDate": ""}
                row = row_of(number, Kind.FIELD_HISTORY, change)
                field_history.take(row, both, at(day), WORDS)

    assert [row.said for row in told(both)] == [row.said for row in told(of_versions(history))]


@given(versions)
def test_every_change_is_told_from_every_other(history: list[Version]) -> None:
    said = [row.said for row in told(of_versions(history))]

    assert len(set(said)) == len(said)


def test_a_lookup_told_by_name_and_by_id_is_told_twice() -> None:
    def owner(number: int, old: str, new: str, kind: str = "") -> Told:
        cells = {"Field": "Owner", "OldValue": old, "NewValue": new, "CreatedDate": "1"}
        return row_of(number, Kind.FIELD_HISTORY, {**cells, "DataType": kind})

    by_name = owner(1, "Nuria", "Tomás")
    by_id = owner(2, "0055g00000ZxCvB", "0055g00000ZxCvN")
    by_type = owner(3, "hashed", "hashed too", "EntityId")

    assert field_history.told_twice([by_name, by_id]) == {1}
    assert field_history.told_twice([by_type, by_name]) == {1}
    assert field_history.told_twice([by_name]) == frozenset()
    assert field_history.told_twice([by_id]) == frozenset()
