"""Teams on the command line: formed by name, led, and told for people and for scripts."""

from uuid import uuid4

from tests.cli.conftest import Run


def test_teams_are_formed_and_led_by_their_names(run: Run) -> None:
    north, hamburg, boris = f"North {uuid4()}", f"Hamburg {uuid4()}", uuid4()
    run("teams", "form", north)
    run("teams", "form", hamburg, "--below", north)
    run("teams", "assign", hamburg, boris, "--lead")
    shown = run("teams", "show", "--json").answer["teams"]

    above, below = (next(one for one in shown if one["name"] == name) for name in (north, hamburg))
    assert below["parent"] == above["team_id"]
    assert (below["leads"], below["members"]) == ([str(boris)], [])
    assert above["everybody"] == [str(boris)]
    assert hamburg in run("teams", "show").out


def test_a_member_leaves_and_a_team_ends(run: Run) -> None:
    south, other, clara = f"South {uuid4()}", f"West {uuid4()}", uuid4()
    run("teams", "form", south)
    run("teams", "assign", south, clara)
    run("teams", "unassign", south, clara)
    renamed = run("teams", "rename", south, other, "--json").answer["teams"]
    gone = run("teams", "dissolve", other, "--json").answer["teams"]

    assert [one["everybody"] for one in renamed if one["name"] == other] == [[]]
    assert other not in [one["name"] for one in gone]


def test_a_team_that_is_not_there_is_told_with_those_that_are(run: Run) -> None:
    run("teams", "form", f"East {uuid4()}")
    outcome = run("teams", "dissolve", "Atlantis")

    assert outcome.code == 2
    assert "There is no team 'Atlantis'. There is" in outcome.err


def test_what_the_rules_of_teams_refuse_is_told_in_their_words(run: Run) -> None:
    name = f"Twice {uuid4()}"
    run("teams", "form", name)
    outcome = run("teams", "form", name)

    assert outcome.code == 2
    assert f"There is a team called {name} already" in outcome.err
