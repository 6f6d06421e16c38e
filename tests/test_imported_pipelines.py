"""What opps tells of a pipeline on the day on which it comes in from Salesforce."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest

from opps.integrations.importing import import_salesforce_csv, salesforce_mapping
from tests.conftest import PostgresServer, made_database
from tests.imported import EXAMPLES, Pipeline, imported
from tests.support import eventually

EXPORT = EXAMPLES / "import" / "salesforce-team"
MONDAY = date(2026, 6, 15)
ZONES = "dangerZones { zone because }"


@pytest.fixture(scope="module")
def pipeline(postgres: PostgresServer, template: str) -> Iterator[Pipeline]:
    """Yield what a plain export of Salesforce tells on a Monday in June."""
    with (
        made_database(postgres, template) as name,
        imported(
            postgres.conninfo(name),
            lambda application, tenant: import_salesforce_csv(
                application, tenant, [EXPORT], salesforce_mapping()
            ),
            MONDAY,
        ) as found,
    ):
        yield found


def zones(pipeline: Pipeline, title: str) -> dict[str, str]:
    """Return the danger zones of an opportunity, and why it is in each."""
    return {one["zone"]: one["because"] for one in pipeline.deal(title, ZONES)["dangerZones"]}


def test_the_robot_arms_have_no_alternative_but_us(pipeline: Pipeline) -> None:
    of = pipeline.deal("Robot arms, hall 3", "alternatives { kind }")

    assert [one["kind"] for one in of["alternatives"]] == ["US", "DO_NOTHING"]
    assert zones(pipeline, "Robot arms, hall 3")["DZ09"] == (
        "no alternative but us is known, and doing nothing was not looked at"
    )


def test_the_label_printers_slid_three_times(pipeline: Pipeline) -> None:
    of = pipeline.deal("Label printers, Porto", "pushes commitDate")

    assert (of["pushes"], of["commitDate"]) == (3, "2026-07-31")
    assert zones(pipeline, "Label printers, Porto")["DZ16"] == "the commit date was pushed 3 times"
    slid = [one["title"] for one in pipeline.deals("", inDangerZone=["DZ16"])]
    assert slid == ["Label printers, Porto"]


def test_of_three_deals_alone_somebody_of_the_buyer_is_known(pipeline: Pipeline) -> None:
    open_ = pipeline.deals("evaluators { evaluatorId }", status=["OPEN"])
    met = [one["title"] for one in open_ if one["evaluators"]]

    assert len(open_) == 13
    assert met == ["Pallet tracking", "Label printers, Porto", "Voice picking"]


def test_nobody_decides_about_the_pallets_though_two_are_known(pipeline: Pipeline) -> None:
    of = pipeline.deal("Pallet tracking", "evaluators { evaluator { content { title roles } } }")
    known = [one["evaluator"]["content"] for one in of["evaluators"]]

    assert known == [
        {"title": "Warehouse Lead", "roles": ["USER"]},
        {"title": "Head of IT", "roles": ["TECHNICAL"]},
    ]
    assert zones(pipeline, "Pallet tracking")["DZ04"] == (
        "nobody is known who decides or releases the money"
    )


def test_of_the_largest_deal_nobody_knows_anything_and_opps_says_so(pipeline: Pipeline) -> None:
    largest = pipeline.deals(
        "evaluators { evaluatorId } issues { issueId } criteria { criterionId }"
        " alternatives { favouredBy { contested } } score { low high }"
        " unknowns { objectivesUnexamined alternativesNobodyFavours }",
        status=["OPEN"],
    )[0]

    assert largest["title"] == "Robot arms, hall 3"
    assert (largest["evaluators"], largest["issues"], largest["criteria"]) == ([], [], [])
    assert [one["favouredBy"] for one in largest["alternatives"]] == [[], []]
    assert len(largest["unknowns"]["objectivesUnexamined"]) == 9
    assert largest["unknowns"]["alternativesNobodyFavours"] == 2
    assert largest["score"]["high"] - largest["score"]["low"] > 0.7


def test_the_inbox_puts_the_robot_arms_first_and_says_why(pipeline: Pipeline) -> None:
    first, second, *_ = pipeline.inbox("urgency { inWords }")

    assert first["opportunity"]["title"] == "Robot arms, hall 3"
    assert first["summary"].startswith("Blind to alternatives: no alternative but us is known")
    assert first["urgency"]["inWords"] == (
        "240,000 EUR, 5.7 times the usual 42,000 EUR; an interval 72 % wide; "
        "85 % of a quarter left until 2026-08-31."
    )
    assert second["opportunity"]["title"] == "Pallet tracking"


def test_the_next_best_question_is_another_one_where_the_export_tells_more(
    pipeline: Pipeline,
) -> None:
    asked = {
        title: pipeline.deal(title, "nextBestQuestions(first: 1) { words }")["nextBestQuestions"]
        for title in ("Robot arms, hall 3", "Voice picking")
    }

    assert asked == {
        "Robot arms, hall 3": [{"words": "Which other ways of solving this are you looking at?"}],
        "Voice picking": [{"words": "How far is the money: planned, requested, or released?"}],
    }


def test_what_the_export_tells_is_no_blind_spot_and_the_rest_is(pipeline: Pipeline) -> None:
    def blind(title: str) -> set[str]:
        of = pipeline.deal(title, "blindSpots { facet because }")["blindSpots"]
        assert {one["because"] for one in of} == {"there is no fact about it, and no question"}
        return {one["facet"] for one in of}

    told = blind("Robot arms, hall 3") - blind("Voice picking")
    assert told == {"CONSIDERED_SET", "DECISION_MAKER"}
    assert {"ISSUE", "FUNDING_STATUS", "CRITERION"} <= blind("Voice picking")


def test_ninety_percent_by_its_stage_is_a_question_where_nothing_is_known(
    pipeline: Pipeline,
) -> None:
    title = "Freezer sensors, second store"
    of = pipeline.deal(
        title, "opinions { disagreements { higher { whose p } lower { whose p } question } }"
    )
    [between] = of["opinions"]["disagreements"]

    assert between["higher"] == {"whose": "STAGE", "p": 0.9}
    assert between["lower"]["whose"] == "KNOWLEDGE"
    assert between["lower"]["p"] < 0.3
    assert between["question"].endswith("?")
    assert zones(pipeline, title)["DZ26"] == "forecast as COMMIT, and the interval begins at 1%"


def test_what_was_closed_stays_out(pipeline: Pipeline) -> None:
    over = pipeline.deals(f"status {ZONES}", status=["WON", "LOST"])
    inbox = {one["opportunity"]["title"] for one in pipeline.inbox()}

    assert {one["title"]: one["status"] for one in over} == {
        "Yard cameras": "LOST",
        "Conveyor spares": "WON",
    }
    assert all(one["dangerZones"] == [] for one in over)
    assert inbox.isdisjoint(one["title"] for one in over)


def test_of_the_voice_picking_the_export_knows_something(pipeline: Pipeline) -> None:
    of = pipeline.deal(
        "Voice picking",
        "account { name customerKind } alternatives { kind name }"
        " evaluators { evaluator { content { title roles } } }",
    )

    assert of["account"] == {"name": "Hafen Logistik", "customerKind": "EXISTING"}
    assert of["alternatives"][2] == {"kind": "COMPETITOR", "name": "Aurora Sensors"}
    assert [one["evaluator"]["content"]["roles"] for one in of["evaluators"]] == [
        ["DECISION_MAKER"],
        ["TECHNICAL"],
    ]
    found = zones(pipeline, "Voice picking")
    assert "DZ09" not in found
    assert found["DZ04"] == "who decides and who releases the money is not evidenced"


def test_each_seller_has_five_deals_in_the_inbox_until_somebody_works_on_another(
    pipeline: Pipeline,
) -> None:
    owners = {one["title"]: one["owner"]["id"] for one in pipeline.deals("owner { id }")}
    shown = [one["opportunity"]["title"] for one in pipeline.inbox()]
    nuria = owners["Robot arms, hall 3"]

    assert len(shown) == len(set(shown)), "one exception for each deal"
    assert max(Counter(owners[title] for title in shown).values()) == 5
    waiting = {title for title, owner in owners.items() if owner == nuria} - set(shown)
    assert waiting == {"Dock scheduling", "Handheld batteries"}

    docks = pipeline.deal("Dock scheduling", "version")
    pipeline.api.done(
        "setStage", opportunityId=docks["id"], expectedVersion=None, stage="Qualified again"
    )
    eventually(lambda: pipeline.look() > 0)

    def of_the_docks() -> int:
        return [one["opportunity"]["title"] for one in pipeline.inbox()].count("Dock scheduling")

    eventually(lambda: of_the_docks() > 1)  # what somebody works on stands in no line
