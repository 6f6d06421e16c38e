"""A log that came out of a backup: sealed on with its ledger, and never as if it were new."""

from pathlib import Path

import pytest

from opps.ledger.errors import LeafAltered, LedgerLeftBehind
from opps.ledger.sealer import begin, new_epoch
from tests.ledger.logs import TENANT, MemoryLog, ledger_in, monday, sealed


def test_a_log_restored_without_its_ledger_is_not_sealed_under_a_new_key(tmp_path: Path) -> None:
    restored = MemoryLog(9)
    restored.restored = 9

    with pytest.raises(LedgerLeftBehind) as refused:
        sealed(tmp_path, restored)

    assert refused.value.position == 9
    assert str(tmp_path / str(TENANT)) in str(refused.value)
    assert ledger_in(tmp_path).keys() is None


def test_a_log_whose_ledger_is_lost_begins_under_a_name_that_it_never_had(tmp_path: Path) -> None:
    restored = MemoryLog(9)
    restored.restored = 7

    ended, begun = new_epoch(ledger_in(tmp_path), restored, monday)

    assert ended is None
    assert (begun.checkpoint.origin, begun.checkpoint.size) == (f"opps/{TENANT}/7", 9)
    assert sealed(tmp_path, restored) == begun
    keys = ledger_in(tmp_path).keys()
    assert keys is not None
    assert keys.statements == ()


def test_a_log_that_came_with_its_ledger_is_sealed_on(tmp_path: Path) -> None:
    log = MemoryLog(9)
    before = sealed(tmp_path, log)
    log.restored = 9

    assert sealed(tmp_path, log) == before


def test_what_nobody_ever_signed_may_be_begun_wherever_it_was_restored_from(tmp_path: Path) -> None:
    sample = MemoryLog(9)
    sample.restored = 9
    begin(ledger_in(tmp_path))
    begin(ledger_in(tmp_path))

    assert sealed(tmp_path, sample).checkpoint.origin == f"opps/{TENANT}/1"


def test_a_restored_log_that_is_not_sound_begins_nothing(tmp_path: Path) -> None:
    restored = MemoryLog(9)
    restored.restored, restored.unsound = 9, 4

    with pytest.raises(LeafAltered):
        new_epoch(ledger_in(tmp_path), restored, monday)
    assert ledger_in(tmp_path).keys() is None
