"""What was sealed stays as it was, or everybody hears of it."""

import stat
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opps.ledger.checkpoint import read_checkpoint
from opps.ledger.errors import (
    LeafAltered,
    LedgerRefused,
    LogAltered,
    LogShortened,
    NotGrown,
    NothingSealed,
    NotSealed,
    StateAltered,
    TreeAltered,
)
from opps.ledger.note import open_note, read_verifier
from opps.ledger.proofs import extends, includes
from opps.ledger.sealer import new_epoch, rotate_key
from tests.ledger import naive
from tests.ledger.logs import MONDAY, TENANT, MemoryLog, ledger_in, monday, sealed


def directory_of(home: Path) -> Path:
    return home / str(TENANT)


def damage(path: Path, at: int = 5) -> None:
    """Change one byte of a file."""
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def test_the_first_checkpoint_is_of_the_whole_log(tmp_path: Path) -> None:
    log = MemoryLog(37)

    found = sealed(tmp_path, log)

    assert found.checkpoint.origin == f"opps/{TENANT}/1"
    assert (found.checkpoint.size, found.checkpoint.root) == (37, naive.root(log.hashes))
    assert found.signed_at == MONDAY
    assert ledger_in(tmp_path).signed() == found


def test_a_log_that_did_not_grow_is_not_signed_again(tmp_path: Path) -> None:
    log = MemoryLog(5)

    assert sealed(tmp_path, log) == sealed(tmp_path, log)


def test_an_empty_log_can_be_sealed(tmp_path: Path) -> None:
    assert sealed(tmp_path, MemoryLog(0)).checkpoint.root == naive.root([])


def test_the_keys_are_for_their_owner_alone(tmp_path: Path) -> None:
    sealed(tmp_path, MemoryLog(3))

    kept = [path for path in directory_of(tmp_path).rglob("*") if path.is_file()]
    keys = ledger_in(tmp_path).keys_path
    assert keys in kept
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600


@settings(max_examples=25, deadline=None)  # each one waits for the disk
@given(steps=st.lists(st.integers(0, 100), min_size=1, max_size=5), data=st.data())
def test_however_the_log_grew_every_event_is_proven_and_every_checkpoint_led_to_the_next(
    tmp_path_factory: pytest.TempPathFactory, steps: list[int], data: st.DataObject
) -> None:
    home, log = tmp_path_factory.mktemp("ledger"), MemoryLog(sum(steps))
    whole, checkpoints = log.hashes, []
    for until in (sum(steps[:number]) for number in range(1, len(steps) + 1)):
        log.hashes = whole[:until]
        checkpoints.append(sealed(home, log, thorough=data.draw(st.booleans())).checkpoint)

    ledger, last = ledger_in(home), checkpoints[-1]
    assert last.root == naive.root(whole)
    for old, new in pairwise(checkpoints):
        proof = ledger.consistency_proof(old.size, new.size)
        assert extends(old.size, new.size, old.root, new.root, proof.hashes)
    if whole:
        position = data.draw(st.integers(1, len(whole)))
        shown = ledger.inclusion_proof(position)
        assert shown.leaf == whole[position - 1]
        assert includes(shown.leaf, shown.index, last.size, shown.hashes, last.root)


def test_a_log_that_lost_its_end_is_not_signed(tmp_path: Path) -> None:
    log = MemoryLog(20)
    sealed(tmp_path, log)
    log.hashes = log.hashes[:-1]

    with pytest.raises(LogShortened) as refused:
        sealed(tmp_path, log)

    assert (refused.value.size, refused.value.sealed) == (19, 20)
    assert ledger_in(tmp_path).signed().checkpoint.size == 20


def test_a_log_that_went_on_from_an_older_copy_is_not_signed(tmp_path: Path) -> None:
    log = MemoryLog(20)
    sealed(tmp_path, log)
    log.hashes = log.hashes[:12] + MemoryLog(30, b"other").hashes

    with pytest.raises(LogAltered) as refused:
        sealed(tmp_path, log)
    assert refused.value.position == 20
    with pytest.raises(LogAltered) as thorough:
        sealed(tmp_path, log, thorough=True)
    assert thorough.value.position == 13


@pytest.mark.parametrize("position", [1, 7, 20])
def test_a_thorough_look_finds_the_event_that_was_altered(tmp_path: Path, position: int) -> None:
    log = MemoryLog(20)
    sealed(tmp_path, log)
    log.hashes[position - 1] = bytes(32)

    with pytest.raises(LogAltered) as refused:
        sealed(tmp_path, log, thorough=True)

    assert refused.value.position == position


def test_an_event_whose_leaf_is_not_that_of_its_header_is_not_signed(tmp_path: Path) -> None:
    log = MemoryLog(20)
    log.unsound = 11

    with pytest.raises(LeafAltered) as refused:
        sealed(tmp_path, log)

    assert refused.value.position == 11


def test_an_event_that_is_missing_in_the_middle_is_not_passed_over(tmp_path: Path) -> None:
    log = MemoryLog(20)
    log.leaves = lambda after, until: (b"".join(log.hashes[after : until - 1]), None)  # type: ignore[method-assign]  # a log with a hole

    with pytest.raises(LogAltered):
        sealed(tmp_path, log)


@pytest.mark.parametrize(("level", "position"), [(0, 1), (4, 20)])
def test_a_damaged_tree_proves_nothing_and_is_made_anew(
    tmp_path: Path, level: int, position: int
) -> None:
    log = MemoryLog(40)
    before = sealed(tmp_path, log)
    damage(directory_of(tmp_path) / "epoch-1" / f"level-{level}")

    with pytest.raises(TreeAltered):
        ledger_in(tmp_path).inclusion_proof(position)

    assert sealed(tmp_path, log, thorough=True) == before
    assert ledger_in(tmp_path).inclusion_proof(position).leaf == log.hashes[position - 1]


def test_a_tree_without_the_signed_root_is_not_built_upon(tmp_path: Path) -> None:
    log = MemoryLog(40)
    sealed(tmp_path, log)
    damage(directory_of(tmp_path) / "epoch-1" / "level-4")

    with pytest.raises(TreeAltered):
        sealed(tmp_path, log)


def test_a_tree_that_is_gone_is_made_anew(tmp_path: Path) -> None:
    log = MemoryLog(40)
    before = sealed(tmp_path, log)
    (directory_of(tmp_path) / "epoch-1" / "level-0").unlink()

    with pytest.raises(TreeAltered):
        ledger_in(tmp_path).inclusion_proof(1)

    assert sealed(tmp_path, log, thorough=True) == before


def test_a_damaged_tree_does_not_hide_an_altered_log(tmp_path: Path) -> None:
    log = MemoryLog(40)
    sealed(tmp_path, log)
    damage(directory_of(tmp_path) / "epoch-1" / "level-0")
    log.hashes[7] = bytes(32)

    with pytest.raises(LogAltered):
        sealed(tmp_path, log, thorough=True)


def test_what_a_crash_left_behind_the_sealed_tree_does_no_harm(tmp_path: Path) -> None:
    log = MemoryLog(40)
    sealed(tmp_path, log)
    with (directory_of(tmp_path) / "epoch-1" / "level-0").open("ab") as torn:
        torn.write(b"torn" * 33)
    log.hashes = MemoryLog(45).hashes

    assert sealed(tmp_path, log).checkpoint.root == naive.root(log.hashes)


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", None])
@pytest.mark.parametrize("name", ["keys.json", "epoch-1/state.json"])
def test_a_damaged_or_missing_file_of_the_sealer_is_told(
    tmp_path: Path, name: str, content: bytes | None
) -> None:
    log, path = MemoryLog(9), directory_of(tmp_path) / name
    sealed(tmp_path, log)
    path.unlink() if content is None else path.write_bytes(content)

    with pytest.raises(StateAltered) as refused:
        sealed(tmp_path, log)

    assert refused.value.path == path
    with pytest.raises(StateAltered):
        ledger_in(tmp_path).signed()


def test_a_checkpoint_that_somebody_wrote_by_hand_is_not_believed(tmp_path: Path) -> None:
    log = MemoryLog(9)
    sealed(tmp_path, log)
    state = directory_of(tmp_path) / "epoch-1" / "state.json"
    state.write_text(state.read_text().replace("\\n9\\n", "\\n5\\n"))

    with pytest.raises(StateAltered, match="not of this text"):
        sealed(tmp_path, log)


def test_the_keys_of_another_tenant_are_refused(tmp_path: Path) -> None:
    sealed(tmp_path, MemoryLog(9))
    path = ledger_in(tmp_path).keys_path
    path.write_text(path.read_text().replace(str(TENANT), str(TENANT).replace("0", "1")))

    with pytest.raises(StateAltered):
        ledger_in(tmp_path).public_keys()


def test_what_is_not_sealed_has_no_proof(tmp_path: Path) -> None:
    ledger = ledger_in(tmp_path)
    with pytest.raises(NothingSealed):
        ledger.inclusion_proof(1)
    assert ledger.public_keys() == []
    sealed(tmp_path, MemoryLog(9))

    for position in (-1, 0, 10):
        with pytest.raises(NotSealed):
            ledger.inclusion_proof(position)
    for old, new in ((-1, 3), (5, 4), (3, 10)):
        with pytest.raises(NotGrown):
            ledger.consistency_proof(old, new)


def test_a_new_key_signs_and_the_old_one_vouches_for_it(tmp_path: Path) -> None:
    log, ledger = MemoryLog(9), ledger_in(tmp_path)
    before = sealed(tmp_path, log)
    [old] = ledger.public_keys()

    keys = rotate_key(ledger, monday)

    assert ledger.public_keys() == [old, keys.newest.verifier]
    text, _ = open_note(keys.statements[0], [old])
    assert text.splitlines() == [
        "opps key rotation",
        before.checkpoint.origin,
        str(keys.newest.verifier),
    ]
    now = ledger.signed()
    assert read_checkpoint(now.note, [keys.newest.verifier]) == before.checkpoint
    log.hashes = MemoryLog(12).hashes
    assert sealed(tmp_path, log).checkpoint.size == 12


def test_after_an_older_restore_a_new_epoch_says_where_the_old_one_ended(tmp_path: Path) -> None:
    ledger, lost = ledger_in(tmp_path), sealed(tmp_path, MemoryLog(20))
    [old_key] = ledger.public_keys()
    restored = MemoryLog(12)
    with pytest.raises(LogShortened):
        sealed(tmp_path, restored)

    ended, begun = new_epoch(ledger, restored, monday)

    assert ended == lost.checkpoint
    assert begun.checkpoint.origin == f"opps/{TENANT}/2"
    assert (begun.checkpoint.size, begun.checkpoint.root) == (12, naive.root(restored.hashes))
    keys = ledger.keys()
    assert keys is not None
    text, _ = open_note(keys.statements[0], [old_key])
    head, *last, vouched = text.splitlines()
    assert (head, "\n".join(last) + "\n") == ("opps new epoch", lost.checkpoint.text)
    assert read_verifier(vouched) == keys.newest.verifier
    assert sealed(tmp_path, restored) == begun
    assert ledger.public_keys() == [keys.newest.verifier]


def test_a_new_epoch_gets_over_a_lost_state_and_vouches_for_nothing(tmp_path: Path) -> None:
    log, ledger = MemoryLog(9), ledger_in(tmp_path)
    sealed(tmp_path, log)
    (directory_of(tmp_path) / "epoch-1" / "state.json").unlink()

    ended, begun = new_epoch(ledger, log, monday)

    assert ended is None
    assert begun.checkpoint.size == 9


def test_a_log_that_is_not_sound_begins_no_epoch(tmp_path: Path) -> None:
    log, ledger = MemoryLog(9), ledger_in(tmp_path)
    before = sealed(tmp_path, log)
    log.unsound = 4

    with pytest.raises(LeafAltered):
        new_epoch(ledger, log, monday)

    assert ledger.signed() == before


def test_there_is_nothing_to_rotate_or_to_begin_again_before_the_first_seal(tmp_path: Path) -> None:
    with pytest.raises(NothingSealed):
        rotate_key(ledger_in(tmp_path), monday)
    with pytest.raises(NothingSealed):
        new_epoch(ledger_in(tmp_path), MemoryLog(3), monday)


def test_every_refusal_has_a_code_of_its_own() -> None:
    kinds = LedgerRefused.__subclasses__()

    assert len({kind.code for kind in kinds}) == len(kinds) > 0
