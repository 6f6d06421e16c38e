"""What opps gives to an auditor is checked by the tool that trusts nobody."""

from base64 import b64decode
from pathlib import Path

import pytest

from opps.api.ids import NodeType, to_global
from opps.embedded import EmbeddedPostgres
from tests.cli.conftest import Run
from tests.cli.stock import open_deal, stock
from verifier.opps_verify import main as verify


def test_an_auditor_who_kept_the_first_key_and_checkpoint_can_check_everything(
    run: Run, slug: str, tmp_path: Path, installation: Path
) -> None:
    stock(slug)
    run("ledger", "seal", "--tenant", slug)
    key = tmp_path / "key"
    key.write_text(run("ledger", "public-key", "--tenant", slug).out)
    kept = tmp_path / "kept"
    kept.write_text(run("ledger", "checkpoint", "--tenant", slug).out)
    rotated = run("ledger", "rotate-key", "--tenant", slug, "--json").answer
    statement = tmp_path / "statement"
    statement.write_text(rotated["statements"][0])
    deal = open_deal(slug)
    run("ledger", "seal", "--tenant", slug)
    newest = tmp_path / "newest"
    newest.write_text(run("ledger", "checkpoint", "--tenant", slug).out)
    growth = tmp_path / "growth"
    growth.write_text(run("ledger", "consistency", 2, "--tenant", slug, "--json").out)
    proof = tmp_path / "proof"
    proof.write_text(run("ledger", "proof", 1, "--tenant", slug).out)
    bundle = tmp_path / "bundle"
    run("ledger", "bundle", to_global(NodeType.OPPORTUNITY, deal), bundle, "--tenant", slug)
    backup = tmp_path / "backup"
    run("backup", backup, "--tenant", slug, "--keys", tmp_path / "keys")
    url = EmbeddedPostgres(installation / "postgres").conninfo()
    trusting = [f"--key=@{key}", f"--statement={statement}"]
    checkpoints = [f"--checkpoint={kept}", f"--checkpoint={newest}"]

    for line in (
        ["log", backup, *checkpoints, *trusting],
        ["db", url, "--tenant", slug, *checkpoints, *trusting],
        ["bundle", bundle, f"--key=@{key}"],
        ["since", kept, f"--checkpoint={newest}", f"--proof={growth}", *trusting],
        ["since", kept, f"--log={backup}", *trusting],
    ):
        assert verify([str(word) for word in line]) == 0, line
    answer = run("ledger", "proof", 1, "--tenant", slug, "--json").answer
    assert verify(["proof", str(proof), "--leaf", _hex(answer["leaf"]), *trusting]) == 0
    assert verify(["proof", str(proof), "--leaf", answer["leaf"], *trusting]) == 0
    assert verify(["proof", str(proof), "--leaf", "00" * 32, *trusting]) == 1
    assert verify(["proof", str(proof), "--leaf", "AAA=", *trusting]) == 2


def _hex(leaf: str) -> str:
    return b64decode(leaf).hex()


def test_a_log_that_began_again_is_told_from_the_one_that_was_kept(
    run: Run, slug: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stock(slug)
    run("ledger", "seal", "--tenant", slug)
    key = tmp_path / "key"
    key.write_text(run("ledger", "public-key", "--tenant", slug).out)
    kept = tmp_path / "kept"
    kept.write_text(run("ledger", "checkpoint", "--tenant", slug).out)
    run("ledger", "new-epoch", "--yes", "--tenant", slug)
    newest = tmp_path / "newest"
    newest.write_text(run("ledger", "checkpoint", "--tenant", slug).out)
    statement = tmp_path / "statement"
    told = run("ledger", "public-key", "--tenant", slug, "--json").answer
    statement.write_text(told["statements"][0])
    backup = tmp_path / "backup"
    run("backup", backup, "--tenant", slug, "--keys", tmp_path / "keys")
    growth = tmp_path / "growth"
    growth.write_text(run("ledger", "consistency", 0, "--tenant", slug, "--json").out)
    trusting = [f"--key=@{key}", f"--statement={statement}"]

    asked = ["since", str(kept), f"--checkpoint={newest}"]
    assert verify([*asked, f"--proof={growth}", *trusting]) == 2
    assert "the log began again" in capsys.readouterr().out
    assert verify([*asked, f"--log={backup}", *trusting]) == 0
