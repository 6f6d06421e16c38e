"""Given events, then rows: what each projection shows of them."""

from datetime import date, timedelta

from msgspec.structs import replace

from opps.domain.catalogue import Facet, Objective
from opps.domain.events import (
    AccountRenamed,
    AmountEstimated,
    FactRetracted,
    OpportunityRenamed,
    OpportunityReopened,
    QuestionAsked,
    RetractionReason,
    Supersedes,
    Supersession,
)
from opps.domain.score import NOTHING_KNOWN
from tests.domain.given import (
    ACCOUNT,
    CFO,
    DEAL,
    FRIDAY,
    SELLER,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    at,
    budget,
    cfo_known,
    euros,
    learned,
    lost,
    named,
    opened,
    raised,
    said_by,
    won,
)
from tests.projections.conftest import Show
from tests.projections.support import Teller, account_registered, person_registered

approved = learned(budget(100_000), "approved", on=TUESDAY, source=said_by(CFO))
cut = learned(
    budget(60_000),
    "cut",
    on=WEDNESDAY,
    source=said_by(CFO),
    replaces=Supersedes(named("approved"), Supersession.WORLD_CHANGED),
)


def test_the_board_shows_where_an_opportunity_stands(teller: Teller, show: Show) -> None:
    estimated = AmountEstimated(learned=at(TUESDAY), amount=euros(80_000))
    last = teller.tell(DEAL, opened, estimated, cfo_known, raised(Facet.FUNDING_STATUS))

    [row] = show("board")

    assert row["opportunity_id"] == DEAL
    assert row["title"] == "Line 3 widgets"
    assert row["status"] == "OPEN"
    assert row["amount"] == 80_000
    assert (row["facts"], row["open_questions"], row["unanswered"]) == (1, 1, 0)
    assert (row["version"], row["position"]) == (3, last)


def test_the_board_counts_what_the_buyer_was_asked_apart_from_what_we_wrote_down(
    teller: Teller, show: Show
) -> None:
    put = QuestionAsked(learned=at(WEDNESDAY), question_id=named("question"), evaluator_id=CFO)
    teller.tell(DEAL, opened, cfo_known, raised(Facet.FUNDING_STATUS), raised(Facet.STEPS, "other"))
    teller.tell(DEAL, put)

    [row] = show("board")

    assert (row["open_questions"], row["unanswered"]) == (2, 1)


def test_the_board_follows_a_deal_that_is_lost_and_opened_again(teller: Teller, show: Show) -> None:
    teller.tell(DEAL, opened, lost)
    assert [(row["status"], row["loss_kind"]) for row in show("board")] == [("LOST", "UNSPECIFIED")]

    teller.tell(DEAL, OpportunityReopened(learned=at(FRIDAY), reason="They called back"))

    assert [(row["status"], row["loss_kind"]) for row in show("board")] == [("OPEN", None)]


def test_accounts_go_by_their_present_name(teller: Teller, show: Show) -> None:
    teller.tell(ACCOUNT, account_registered("Halden"))
    teller.tell(ACCOUNT, AccountRenamed(name="Halden Foods"))

    assert [row["name"] for row in show("accounts")] == ["Halden Foods"]


def test_persons_are_listed_without_their_data(teller: Teller, show: Show) -> None:
    teller.tell(CFO, person_registered())

    [row] = show("persons")

    assert row["person_id"] == CFO
    assert "name" not in row


def test_the_timeline_says_who_told_us_what_when(teller: Teller, show: Show) -> None:
    teller.tell(DEAL, opened, cfo_known, approved)

    row = show("timeline")[-1]

    assert (row["tag"], row["kind"], row["objective"]) == ("FactLearned", "funding", "FUNDING")
    assert (row["told_by"], row["learned_by"], row["channel"]) == (CFO, SELLER, "CALL")
    assert (row["source"], row["grade"]) == ("BUYER_SAID", 0.8)
    assert row["learned_at"] == TUESDAY
    assert row["recorded_at"] > row["learned_at"]
    assert row["lag_s"] == (row["recorded_at"] - TUESDAY).total_seconds()


def test_the_timeline_says_what_a_fact_replaced(teller: Teller, show: Show) -> None:
    teller.tell(DEAL, opened, cfo_known, approved, cut)

    first, second = show("timeline")[-2:]

    assert first["replaced"] == []
    assert second["replaced"] == [named("approved")]
    assert second["replaced_because"] == "WORLD_CHANGED"


def test_a_later_word_of_the_same_person_replaces_the_earlier_one(
    teller: Teller, show: Show
) -> None:
    teller.tell(DEAL, opened, cfo_known, approved, replace(cut, supersedes=None))

    row = show("timeline")[-1]

    assert (row["replaced"], row["replaced_because"]) == ([named("approved")], None)


def test_facts_that_cannot_both_hold_show_as_contradicted(teller: Teller, show: Show) -> None:
    denied = learned(budget(10_000), "denied", on=WEDNESDAY)
    teller.tell(DEAL, opened, cfo_known, approved, denied)

    assert [row["contradicted"] for row in show("timeline")] == [False, False, False, True]
    assert [row["contradictions"] for row in show("board")] == [1]


def test_what_is_learned_after_the_close_moves_no_score(teller: Teller, show: Show) -> None:
    teller.tell(DEAL, opened, cfo_known, won, replace(approved, after_close=True))

    rows = show("timeline")

    assert [row["after_close"] for row in rows] == [False, False, False, True]
    assert rows[-1]["milli_points"] is None
    assert show("score_trend")[-1]["version"] < 2


def test_the_trend_begins_at_the_opening_with_nothing_before(teller: Teller, show: Show) -> None:
    teller.tell(DEAL, opened)

    [item] = show("score_trend")

    assert (item["p_before"], item["p"]) == (None, NOTHING_KNOWN.p)
    assert item["cause"] == "OpportunityOpened"
    assert item["milli_points_change"] == 0


def test_the_changes_of_a_trend_add_up_to_the_score(teller: Teller, show: Show) -> None:
    retracted = FactRetracted(
        learned=at(THURSDAY), fact_id=named("cut"), reason=RetractionReason.MISHEARD
    )
    teller.tell(DEAL, opened, cfo_known, approved, cut, retracted)

    items = show("score_trend")

    changed = sum(item["milli_points_change"] for item in items)
    assert items[0]["milli_points"] + changed == items[-1]["milli_points"]
    assert [item["p_before"] for item in items[1:]] == [item["p"] for item in items[:-1]]
    for item in items:
        moved = sum(effect["milli_points"] for effect in item["effects"])
        assert moved == item["milli_points_change"]
    effects = [row["milli_points"] for row in show("timeline")]
    assert sum(effect or 0 for effect in effects) == changed


def test_a_new_title_is_no_news_for_the_score(teller: Teller, show: Show) -> None:
    teller.tell(DEAL, opened, OpportunityRenamed(learned=at(TUESDAY), title="Line 4"))

    assert len(show("score_trend")) == 1
    assert [row["milli_points"] for row in show("timeline")] == [None, None]


def test_a_day_moves_only_the_scores_whose_knowledge_ages(teller: Teller, show: Show) -> None:
    other = named("other deal")
    teller.tell(DEAL, opened, cfo_known, approved)
    teller.tell(other, opened)
    teller.turn(date(2026, 3, 10))
    assert "DayTurned" not in [item["cause"] for item in show("score_trend")]

    position = teller.turn(date(2026, 3, 1) + timedelta(days=300))

    aged = [item for item in show("score_trend") if item["cause"] == "DayTurned"]
    assert [(item["opportunity_id"], item["position"]) for item in aged] == [(DEAL, position)]
    [item] = aged
    assert item["ordinal"] == 0
    assert item["p"] < item["p_before"]


def test_a_closed_deal_does_not_age(teller: Teller, show: Show) -> None:
    teller.tell(DEAL, opened, cfo_known, approved, won)
    teller.turn(date(2027, 3, 1))

    assert "DayTurned" not in [item["cause"] for item in show("score_trend")]
    assert [row["next_step_at"] for row in show("score_current")] == [None]


def test_an_objective_is_named_also_for_a_question(teller: Teller, show: Show) -> None:
    teller.tell(DEAL, opened, raised(Facet.FUNDING_STATUS))

    row = show("timeline")[-1]

    assert (row["facet"], row["objective"]) == (Facet.FUNDING_STATUS, Objective.FUNDING)
    assert row["question_id"] == named("question")
