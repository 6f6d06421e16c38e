"""Tables read in memory: what is known of each row is what an import makes known."""

from csv import writer
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from opps.application import OPPORTUNITY, Application
from opps.domain.events import OpportunityOpened
from opps.domain.opportunity.state import known
from opps.domain.score import score
from opps.integrations.importing import (
    Mapping,
    SourceMalformed,
    Table,
    import_facts_csv,
    model_of,
)
from tests.integrations.importing.support import (
    FACTS_HEADER,
    FACTS_MAPPING,
    TODAY,
    mapping,
    stored,
    table,
)

ROWS = (
    "A;approved;none;referral;S1;won",
    "B;not told;;fair;S2;lost",
    "C;wished;several;;S1;open",
)


@pytest.fixture
def review(tmp_path: Path) -> Mapping:
    return mapping(tmp_path, FACTS_MAPPING)


async def test_what_is_known_of_a_row_scores_as_the_imported_opportunity_does(
    application: Application, tenant: UUID, review: Mapping, tmp_path: Path
) -> None:
    file = table(tmp_path, *ROWS)
    import_facts_csv(application, tenant, file, review)
    model = model_of(review, "review-expert")
    read = Table(file, review, TODAY)

    for number, deal in enumerate(("Deal A", "Deal B", "Deal C")):
        (stream,) = [
            one.stream
            for one in stored(application, tenant)
            if isinstance(one.event, OpportunityOpened) and one.event.title == deal
        ]
        state = await application.load(OPPORTUNITY, tenant, stream)
        assert state is not None
        imported, in_memory = known(state), read.known(number)

        assert in_memory.context == imported.context
        assert {key: one.beliefs[0].fact for key, one in in_memory.standings.items()} == {
            key: one.beliefs[0].fact for key, one in imported.standings.items()
        }
        assert score(replace(in_memory, model=model)) == score(replace(imported, model=model))


def test_rows_keep_their_order(review: Mapping, tmp_path: Path) -> None:
    read = Table(table(tmp_path, *reversed(ROWS)), review)

    assert len(read) == 3
    assert read.columns == ("budget", "rivals", "lead", "seller")
    assert [read.known(number).context["seller"] for number in range(3)] == ["S1", "S2", "S1"]


def test_a_closed_row_teaches_how_it_ended_and_an_open_one_nothing(
    review: Mapping, tmp_path: Path
) -> None:
    read = Table(table(tmp_path, *ROWS), review)

    (won,), (lost,), still_open = (read.training_rows(number) for number in range(3))

    assert (won.won, won.decided, won.closed_at) == (True, True, None)
    assert (lost.won, lost.decided) == (False, None)
    assert won.known == replace(read.known(0), model=won.known.model)
    assert not still_open


def test_a_row_with_dates_teaches_what_was_known_at_moments_before_the_end(tmp_path: Path) -> None:
    dated = FACTS_MAPPING.replace("unknown = true", 'attribute = "closed"\nzone = "UTC"').replace(
        'external_id = "deal"', 'external_id = "deal"\nopened_at = "opened"'
    )
    file = table(
        tmp_path,
        "A;approved;none;referral;S1;won;2026-01-01;2026-03-02",
        header=f"{FACTS_HEADER};opened;closed",
    )

    undated = Table(file, mapping(tmp_path, dated), TODAY).training_rows(0)
    dated = dated.replace("[facts]", '[facts]\nlearned_at = "opened"')
    told = Table(file, mapping(tmp_path, dated), TODAY).training_rows(0)

    for taught in (undated, told):
        moments = [one.moment for one in taught]
        assert moments == ["30_DAYS_BEFORE", "MID_LIFE", "14_DAYS_BEFORE"]
        assert all(one.known.context["lead"] == "referral" for one in taught)
    assert not any(one.known.standings for one in undated)
    assert all(len(one.known.standings) == 2 for one in told)


def test_a_table_tells_which_sellers_and_products_it_has(review: Mapping, tmp_path: Path) -> None:
    assert Table(table(tmp_path, *ROWS), review).context_ids() == {"seller": {"S1", "S2"}}


def test_a_hidden_cell_counts_as_not_asked(review: Mapping, tmp_path: Path) -> None:
    read = Table(table(tmp_path, *ROWS, "D;;none;;S1;won"), review)

    hidden, empty = read.known(0, ("budget", "lead")), read.known(3)

    assert hidden.context == empty.context
    assert hidden.standings.keys() == empty.standings.keys() == {"attribute:rivals"}
    assert read.known(0).standings.keys() == {"attribute:budget", "attribute:rivals"}


def test_with_everything_hidden_only_the_prior_speaks(review: Mapping, tmp_path: Path) -> None:
    read = Table(table(tmp_path, *ROWS), review)
    model = model_of(review, "review-expert")

    hidden = score(replace(read.known(0, read.columns), model=model))

    assert all((one.happen, one.win) == (0, 0) for one in hidden.contributions)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(
    cells=st.lists(st.text(), min_size=5, max_size=5),
    ended=st.sampled_from(["won", " lost", "open"]) | st.text(),
)
def test_whatever_its_cells_hold_a_row_is_taken_or_refused(
    tmp_path: Path, review: Mapping, cells: list[str], ended: str
) -> None:
    file = tmp_path / "any.csv"
    with file.open("w", newline="", encoding="utf-8", errors="replace") as text:
        rows = writer(text, delimiter=";")
        rows.writerows([FACTS_HEADER.split(";"), [*cells, ended]])

    try:
        read = Table(file, review, TODAY)
        taught = read.training_rows(0)
    except SourceMalformed:
        return

    assert len(taught) == (ended.strip() in ("won", "lost"))
    assert all(len(one) <= 100 for one in read.known(0).context.values())


def test_a_row_that_an_import_rejects_is_told_with_its_line(
    review: Mapping, tmp_path: Path
) -> None:
    read = Table(table(tmp_path, ROWS[0], "B;appproved;;;;won"), review)

    with pytest.raises(SourceMalformed, match="line 3: budget is 'appproved'"):
        read.known(1)
