"""What an auditor types, and what the exit status says."""

import json
import subprocess
import sys
from base64 import b64encode
from pathlib import Path

import pytest

from benchmarks.forged_proofs import consistency_of, inclusion_of
from benchmarks.honest import backup_of
from benchmarks.signer import Signer
from tests.verifier.bundles import bundle
from tests.verifier.logs import (
    ORIGIN,
    SIGNER,
    TENANT,
    checkpoint,
    edited,
    event_at,
    log,
    naive_root,
    rewritten,
)
from verifier.opps_verify import main

FILE = Path(__file__).parent.parent.parent / "verifier" / "opps_verify.py"
LEAVES = [one.leaf for step in log() for one in step.events]
SECOND = Signer(ORIGIN, b"2" * 32)
KEY = f"--key={SIGNER.vkey}"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """Return a directory with everything that an auditor was given."""
    growth = {"from": 3, "to": 5, "hashes": [_text(one) for one in consistency_of(LEAVES, 3)]}
    path = "".join(f"{_text(one)}\n" for one in inclusion_of(LEAVES, 1))
    written = {
        "kept": checkpoint(log(), 3),
        "newest": checkpoint(log()),
        "rotated": checkpoint(log(), signer=SECOND),
        "statement": SIGNER.sign(f"opps key rotation\n{ORIGIN}\n{SECOND.vkey}\n"),
        "growth": json.dumps(growth),
        "proof": f"c2sp.org/tlog-proof@v1\nindex 1\n{path}\n{checkpoint(log())}",
        "bundle": json.dumps(bundle()),
        "key": SIGNER.vkey + "\n",
    }
    for name, text in written.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "backup").write_bytes(backup_of(TENANT, log(), tmp_path))
    forged = backup_of(TENANT, edited(log(), 2, payload=b"other"), tmp_path)
    (tmp_path / "forged").write_bytes(forged)
    anew = backup_of(TENANT, rewritten(log(), 5, payload=b"other"), tmp_path)
    (tmp_path / "anew").write_bytes(anew)
    return tmp_path


def _text(found: bytes) -> str:
    return b64encode(found).decode()


def run(desk: Path, line: str) -> int:
    """Return the exit status of a line whose files are on the desk."""
    names = {path.name: str(path) for path in desk.iterdir()}
    command, *rest = line.split() or [""]
    words = [command]
    for word in rest:
        at = "@" if word.startswith("@") else ""
        words.append(at + names.get(word.removeprefix("@"), word.removeprefix("@")))
    return main(words)


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("log backup", 0),
        ("log forged", 1),
        ("log missing", 2),
        ("log bundle", 2),
        (f"log backup --checkpoint kept --checkpoint newest {KEY}", 0),
        ("log backup --checkpoint kept --key @key", 0),
        ("log backup --checkpoint kept", 2),
        ("log backup --checkpoint missing --key @key", 2),
        ("log backup --checkpoint backup --key @key", 2),
        ("log backup --checkpoint key --key @key", 1),
        ("log backup --key none", 2),
        ("log backup --key @missing", 2),
        (f"log anew --checkpoint newest {KEY}", 1),
        (f"log backup --checkpoint rotated {KEY}", 1),
        (f"log backup --checkpoint rotated --statement statement {KEY}", 0),
        (f"log backup --statement kept {KEY}", 1),
        (f"bundle bundle {KEY}", 0),
        ("bundle bundle", 2),
        ("bundle missing", 2),
        ("bundle backup", 2),
        (f"since kept --checkpoint newest --proof growth {KEY}", 0),
        (f"since kept --checkpoint rotated --proof growth --statement statement {KEY}", 0),
        (f"since newest --checkpoint kept --proof growth {KEY}", 1),
        (f"since kept --log backup {KEY}", 0),
        (f"since newest --log anew {KEY}", 1),
        (f"since kept --checkpoint newest --log anew {KEY}", 1),
        (f"since kept --log missing {KEY}", 2),
        (f"since kept {KEY}", 2),
        (f"since kept --proof growth {KEY}", 2),
        (f"since kept --checkpoint newest {KEY}", 2),
        (f"since kept --checkpoint newest --proof growth --log backup {KEY}", 2),
        (f"proof proof --leaf {LEAVES[1].hex()} {KEY}", 0),
        (f"proof proof --header {event_at(log(), 2).header.hex()} {KEY}", 0),
        (f"proof proof --leaf {LEAVES[0].hex()} {KEY}", 1),
        (f"proof proof --header {LEAVES[1].hex()} {KEY}", 1),
        (f"proof proof --leaf none {KEY}", 2),
        (f"proof proof --header none {KEY}", 2),
        ("db postgresql://127.0.0.1:1/none?connect_timeout=2 --tenant acme", 2),
    ],
)
def test_the_exit_status_is_the_verdict(line: str, status: int, desk: Path) -> None:
    assert run(desk, line) == status


@pytest.mark.parametrize("line", ["", "log", "nothing", "db url", "proof proof", "log backup --no"])
def test_what_is_asked_wrongly_cannot_be_checked(line: str, desk: Path) -> None:
    with pytest.raises(SystemExit) as left:
        run(desk, line)

    assert left.value.code == 2


def test_without_a_command_nothing_is_checked() -> None:
    with pytest.raises(SystemExit) as left:
        main([])

    assert left.value.code == 2


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("proof proof --leaf none", "--header or --leaf: it is no lower-case hexadecimal"),
        ("log backup --key none", "--key: it is no Ed25519 key like name+hash+base64"),
        ("log missing", "missing cannot be read: No such file or directory"),
        ("log backup --checkpoint latin --key @key", "{desk}/latin is no text"),
    ],
)
def test_why_something_cannot_be_checked_is_told(
    line: str, why: str, desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (desk / "latin").write_bytes(b"\xff")
    run(desk, line)

    assert f"  not checked: {why.format(desk=desk)}" in capsys.readouterr().out.splitlines()


def test_a_finding_is_told_with_its_place(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(desk, "log forged")

    assert capsys.readouterr().out.splitlines()[:2] == [
        f"TAMPERED: {desk / 'forged'}",
        "  position 2, payload: BYTES_DIFFER: "
        "the payload is not the one whose hash is in the header",
    ]


def test_a_sound_log_is_told_with_what_it_does_not_show(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(desk, "log backup")

    assert capsys.readouterr().out.splitlines() == [
        f"SOUND: {desk / 'backup'}",
        f"  tenant {TENANT}",
        "  events 5",
        "  commands 5",
        "  streams 2",
        f"  root {_text(naive_root(LEAVES))}",
        "  no signed checkpoint: a log forged as a whole would look the same",
    ]


def test_checkpoints_and_what_was_not_checked_are_told(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(desk, "log backup --checkpoint kept")
    told = capsys.readouterr().out.splitlines()

    assert told[0].startswith("CANNOT CHECK: ")
    assert f"  not checked: {desk / 'kept'}: give the key that you know with --key" in told
    assert f"  checkpoint {ORIGIN} at 3" in told


def test_a_finding_without_a_position_and_those_left_out_are_told(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(desk, f"log anew --checkpoint newest {KEY}")
    told = capsys.readouterr().out.splitlines()

    assert told[1] == f"  root: ROOT_DIFFERS: {ORIGIN} was signed with another root at 5"


def test_a_programme_is_told_the_same(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(desk, "log forged --json")
    told = json.loads(capsys.readouterr().out)

    assert (told["verdict"], told["exit"], told["more"]) == ("tampered", 1, 0)
    assert told["findings"] == [
        {
            "position": 2,
            "field": "payload",
            "kind": "BYTES_DIFFER",
            "message": "the payload is not the one whose hash is in the header",
        }
    ]


def test_whatever_goes_wrong_is_never_taken_for_a_verdict(
    desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("unforeseen")

    monkeypatch.setattr("verifier.opps_verify.check_log", fail)

    assert run(desk, "log backup") == 2
    assert "not checked: RuntimeError: unforeseen" in capsys.readouterr().out


def test_help_tells_what_the_exit_status_means(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])

    assert "0 sound, 1 tampered, 2 cannot check" in capsys.readouterr().out


def test_the_file_runs_alone_and_loads_nothing_of_opps(desk: Path) -> None:
    programme = f"""
import runpy, sys
try:
    runpy.run_path({str(FILE)!r}, run_name="__main__")
except SystemExit as left:
    loaded = {{name.partition(".")[0] for name in sys.modules}}
    print(left.code, loaded & {{"opps", "msgspec", "psycopg", "benchmarks"}})
"""
    line = [sys.executable, "-I", "-c", programme, "log", str(desk / "backup")]
    done = subprocess.run(line, capture_output=True, text=True, cwd=desk)

    assert done.stdout.splitlines()[-1] == "0 set()", done.stderr
