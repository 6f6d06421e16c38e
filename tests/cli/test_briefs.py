"""Briefs from the command line: a page to print, HTML to send, or JSON for scripts."""

from uuid import UUID, uuid4

from tests.cli.conftest import Run
from tests.cli.quiet import installation
from tests.cli.test_account_map import STATEMENT, mapped

__all__ = ["installation", "mapped"]


def test_a_handover_is_a_page_html_or_json(run: Run, mapped: UUID) -> None:
    run("rebuild", "all")
    page, document = run("brief", mapped).out, run("brief", mapped, "--html").out
    answer = run("brief", mapped, "--json").answer

    assert page.startswith("# Handover: Line 3\n")
    assert f"- {STATEMENT}" in page
    assert document.startswith("<!doctype html>")
    assert answer["outcome"]["statement"] == STATEMENT
    assert len(answer["objectives"]) == 9


def test_a_proposal_of_a_deal_nobody_knows_anything_of_says_so(run: Run, mapped: UUID) -> None:
    told = run("proposal", mapped)
    answer = run("proposal", mapped, "--json").answer

    assert told.out.startswith("# Line 3\n")
    assert told.out.count("Nothing that is known well enough to say.") == 5
    assert answer["left_out"] == []


def test_what_is_no_opportunity_has_no_brief(run: Run, mapped: UUID) -> None:
    run("rebuild", "all")
    unknown, unreadable = run("brief", uuid4()), run("proposal", "line-3")

    assert (unknown.code, unreadable.code) == (2, 2)
    assert "There is no opportunity" in unknown.err
    assert "is no id" in unreadable.err
