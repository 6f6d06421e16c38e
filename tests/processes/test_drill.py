"""The drill of an operator: load, back up, destroy, restore, verify, and go on."""

import json
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.cli.processes import Caller, Process, running
from tests.processes.clients import OPEN, REGISTER
from tests.support import eventually

PERSON = """mutation ($input: RegisterPersonInput!) {
  registerPerson(input: $input) { position userErrors { code } person { id } } }"""
SEEN = """query ($person: ID!, $deal: ID!) {
  person(id: $person) { name { text } }
  opportunity(id: $deal) { title timeline(first: 50) { nodes { tag recordedAt } } }
  opportunities(first: 10) { totalCount } logHead { position } }"""
NAME = "Dana Whitfield"

pytestmark = [pytest.mark.processes, pytest.mark.timeout(300)]


def run(*command: str, data: Path, code: int = 0) -> str:
    """Return what a command of opps says."""
    with running(*command, data_directory=data, OPPS_ENVIRONMENT="development") as process:
        assert process.ended() == code, process.said
        return process.said


def serving(data: Path) -> Any:
    return running("serve", "--port", "0", data_directory=data, OPPS_ENVIRONMENT="development")


def asked(server: Process, query: str, **variables: Any) -> Any:
    with closing(Caller(server.address)) as caller:
        answer = caller.ask(query, variables)
    assert "errors" not in answer, answer
    return answer["data"]


def done(server: Process, query: str, **given: str) -> Any:
    """Carry out a command and return what it made."""
    [payload] = asked(server, query, input={"commandId": str(uuid4()), **given}).values()
    assert payload["userErrors"] == []
    return payload


def test_what_was_backed_up_is_back_after_the_whole_machine_is_lost(tmp_path: Path) -> None:
    first, second, kept = tmp_path / "first", tmp_path / "second", tmp_path / "kept"
    kept.mkdir()
    copy, keys, root = (str(kept / name) for name in ("log.backup", "log.keys", "root.key"))
    with serving(first) as server:
        person = done(server, PERSON, name=NAME)["person"]["id"]
        account = done(server, REGISTER, name="Halden")["account"]["id"]
        deal = done(server, OPEN, accountId=account, title="Line 3", currency="EUR")
        deal = deal["opportunity"]["id"]
        eventually(lambda: shown(server, person=person, deal=deal))
        before = asked(server, SEEN, person=person, deal=deal)
        written = json.loads(run("backup", copy, "--keys", keys, "--json", data=first))
        run("keys", "copy-root", root, data=first)
        run("ledger", "seal", data=first)
        assert server.stop() == 0
    shutil.copytree(first / "ledger", kept / "ledger")
    refused = run("restore", copy, "--keys", keys, data=first, code=2)
    shutil.rmtree(first)

    altered = kept / "altered.backup"
    altered.write_bytes(flipped(Path(copy).read_bytes()))
    damaged = run("restore", str(altered), "--keys", keys, "--root-key", root, data=second, code=2)
    restored = run("restore", copy, "--keys", keys, "--root-key", root, "--json", data=second)
    shutil.copytree(kept / "ledger", second / "ledger", dirs_exist_ok=True)
    run("rebuild", "all", data=second)
    run("verify", data=second)
    with serving(second) as server:
        eventually(lambda: shown(server, person=person, deal=deal))
        after = asked(server, SEEN, person=person, deal=deal)
        again = done(server, OPEN, accountId=account, title="Line 4", currency="EUR")
        run("ledger", "seal", data=second)
        assert server.stop() == 0

    assert "has a log already" in refused
    assert "altered" in damaged or "hash" in damaged, damaged
    assert after["person"]["name"]["text"] == NAME
    assert after["opportunity"] == before["opportunity"]
    assert after["opportunities"] == before["opportunities"]
    answer = json.loads(restored[restored.index("{") :])
    assert (answer["events"], answer["sha256"]) == (written["events"], written["sha256"])
    assert int(again["position"]) > int(before["logHead"]["position"])


def shown(server: Process, **of: str) -> bool:
    """Tell whether the rows show all that was recorded of a deal."""
    answer = asked(server, SEEN, **of)
    return bool(
        answer["opportunity"]["timeline"]["nodes"] and answer["opportunities"]["totalCount"]
    )


def flipped(content: bytes) -> bytes:
    """Return a file with one other bit in the middle of it."""
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
