"""Webhooks on the command line: registered, tried, looked at, sent again, removed."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from prometheus_client import generate_latest

from opps.app import Opps
from opps.application import Request, operator
from opps.cli.operators import Desk
from opps.config import settings
from opps.domain.account import RegisterAccount
from tests.cli.conftest import Run
from tests.cli.processes import register, running
from tests.integrations.webhooks.receiver import Receiver, receiving
from tests.support import eventually

RECEIVER = "Renewal forecast"


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """Yield a receiver that webhooks may be sent to."""
    monkeypatch.setenv("OPPS_WEBHOOK_ALLOW", "http://127.0.0.1")
    with receiving() as one:
        yield one


def delivers(slug: str) -> int:
    """Let the deliverer of a server go round once; return the attempts."""
    with Opps(settings()) as opps:
        return opps.delivering().visit(opps.tenant(slug))


def happens(slug: str) -> None:
    """Let something happen: an account is registered."""
    with Opps(settings()) as opps:
        command = RegisterAccount(account_id=uuid4(), name="Nordwind")
        request = Request(tenant=opps.tenant(slug), actor=operator(), command_id=uuid4())
        asyncio.run(opps.application.account(command, request))


def test_an_endpoint_is_registered_looked_at_and_removed(
    run: Run, slug: str, receiver: Receiver
) -> None:
    of = ("--tenant", slug)
    added = run("webhook", "add", receiver.url, "--description", RECEIVER, *of, "--json").answer
    shown = run("webhook", "show", added["endpoint_id"], *of, "--json").answer
    listed = run("webhook", "list", *of).out
    rotated = run("webhook", "rotate", RECEIVER, *of)
    run("webhook", "disable", RECEIVER, *of)
    changed = run("webhook", "change", RECEIVER, "--type", "opps.*", "--opportunity", uuid4(), *of)
    disabled = run("webhook", "show", RECEIVER, *of)
    run("webhook", "change", RECEIVER, "--no-filter", *of)
    enabled = run("webhook", "enable", RECEIVER, *of, "--json").answer
    after = run("webhook", "show", RECEIVER, *of, "--json").answer

    assert added["secret"].startswith("whsec_")
    assert (shown["types"], shown["disabled"]) == (["opps.ScoreChanged"], None)
    assert "secret" not in shown
    assert "nothing sent yet" in listed
    assert rotated.out.startswith("whsec_")
    assert "BY_HAND" in disabled.out
    assert re.search(r"secret_id [0-9a-f-]{36}, until 20", disabled.out)
    assert enabled["disabled"] is None
    assert "from here on" in changed.out
    assert (after["types"], after["opportunity_ids"]) == (["opps.*"], [])
    assert len(after["secrets"]) == 2
    assert "nothing any more" in run("webhook", "remove", RECEIVER, *of).out
    assert "no endpoint yet" in run("webhook", "list", *of).out


def test_a_ping_says_what_came_back(run: Run, slug: str, receiver: Receiver) -> None:
    of = ("--tenant", slug)
    run("webhook", "add", receiver.url, "--description", RECEIVER, *of)
    arrived = run("webhook", "ping", RECEIVER, *of)
    receiver.always = 500
    failed = run("webhook", "ping", RECEIVER, *of)
    tried = run("webhook", "deliveries", RECEIVER, *of, "--json").answer["attempts"]

    assert (arrived.code, failed.code) == (0, 1)
    assert "204" in arrived.out
    assert "it answered 500" in failed.out
    assert [one["status"] for one in tried] == [500, 204]
    only = run("webhook", "deliveries", RECEIVER, "--failed", *of).out
    assert only.count("opps.Ping") == 1


def test_the_demo_tells_endpoints_too(
    run: Run, tmp_path: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    allowed = {"OPPS_WEBHOOK_ALLOW": "http://127.0.0.1"}
    with running("demo", "--port", "0", data_directory=tmp_path, **allowed) as demo:
        assert demo.address
        monkeypatch.setenv("OPPS_DATA_DIRECTORY", str(tmp_path))
        monkeypatch.delenv("OPPS_DATABASE_URL", raising=False)
        run("webhook", "add", receiver.url, "--type", "opps.AccountRegistered")
        position = register(demo.address, "Nordwind")["data"]["registerAccount"]["position"]

        eventually(lambda: receiver.positions == [int(position)])


def test_what_happened_is_sent_and_sent_again_when_somebody_asks(
    run: Run, slug: str, receiver: Receiver
) -> None:
    of = ("--tenant", slug)
    accounts = ("--type", "opps.AccountRegistered")
    run("webhook", "add", receiver.url, "--description", RECEIVER, *accounts, *of)
    happens(slug)
    sent = delivers(slug)
    ids = receiver.ids
    everything = run("webhook", "replay", RECEIVER, "--after", 0, *of)
    again = delivers(slug)

    assert (sent, again) == (1, 1)
    assert receiver.ids == ids * 2
    assert "is sent again" in everything.out
    assert "is sent again" in run("webhook", "replay", RECEIVER, "--message", ids[0], *of).out
    tried = run("status", *of, "--json").answer["webhooks"]
    assert tried == {"endpoints": 1, "given_up": 0, "failing": 0, "waiting": 0, "dead": 0}
    assert "Nothing was given up" in run("webhook", "dead", RECEIVER, *of).out
    since = run("webhook", "replay", RECEIVER, "--failed-since", "2026-01-01", *of, "--json").answer
    assert since == {"revived": 0}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["add", "https://10.0.0.1/hook"], "10.0.0.1 is private"),
        (["add", "https://10.0.0.1/hook"], "OPPS_WEBHOOK_ALLOW"),
        (["add", "https://169.254.169.254/"], "where a cloud hands out credentials."),
        (["add", "https://93.184.216.34/", "--type", "opps.Facts"], "opps.Facts"),
        (["ping", "nobody"], "There is no endpoint 'nobody'"),
        (["replay", "nobody"], "Give one of"),
        (["replay", "nobody", "--dead", "--until", "5"], "Give one of"),
        (["add", "https://93.184.216.34/", "--team", "North"], "There is no team"),
    ],
)
def test_what_cannot_be_done_is_told(run: Run, slug: str, words: list[str], told: str) -> None:
    outcome = run("webhook", *words, "--tenant", slug)

    assert outcome.code == 2
    assert told in outcome.err


def test_types_are_listed(run: Run) -> None:
    listed = run("webhook", "types", "--json").answer["types"]

    assert listed[0] == "opps.*"
    assert {"opps.ScoreChanged", "opps.DangerZoneChanged", "opps.FactLearned"} < set(listed)
    assert "opps.ScoreChanged" in run("webhook", "types").out


def test_the_doctor_says_where_nobody_was_reached(run: Run, slug: str, receiver: Receiver) -> None:
    of = ("--tenant", slug)
    accounts = ("--type", "opps.AccountRegistered")
    run("webhook", "add", receiver.url, "--description", RECEIVER, *accounts, *of)
    happens(slug)
    receiver.always = 410
    delivers(slug)
    found, told = run("doctor", "--json").answer, run("status", *of).out
    run("webhook", "remove", RECEIVER, *of)  # the doctor of other tests has nothing to say of it
    [webhooks] = [one for one in found if one["subject"] == f"webhooks of {slug}"]

    assert webhooks["verdict"] == "watch"
    assert "1 disabled as not reached, 1 message waiting" in webhooks["finding"]
    assert "opps webhook list" in webhooks["advice"]
    assert "1 disabled as not reached" in told


def test_operators_count_attempts(run: Run, slug: str, receiver: Receiver) -> None:
    run("webhook", "add", receiver.url, "--type", "opps.AccountRegistered", "--tenant", slug)
    happens(slug)
    receiver.answers.append(500)
    with Opps(settings()) as opps:
        desk = Desk(opps, lambda: False, None)
        assert opps.delivering().visit(opps.tenant(slug)) == 1
        figures = generate_latest(desk.measures.registry).decode()

    assert 'opps_webhook_attempts_total{outcome="failed"} 1.0' in figures
    assert 'opps_webhook_attempts_total{outcome="arrived"} 0.0' in figures


def test_the_page_on_webhooks_names_commands_and_options_that_there_are(run: Run) -> None:
    page = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text()
    written = re.findall(r"^opps webhook (\w+)([^#\n]*)", page, re.MULTILINE)

    assert len(written) >= 8
    for name in {name for name, _ in written}:
        shown = run("webhook", name, "--help")
        options = {one for of, words in written if of == name for one in words.split()}
        assert shown.code == 0
        assert all(one in shown.out for one in options if one.startswith("--"))
