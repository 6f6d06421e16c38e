"""One ledger seals a log, whoever else would: a second one is refused before it signs anything."""

from pathlib import Path

import pytest

from opps.ledger.errors import NothingSealed, SealedElsewhere
from opps.ledger.sealer import new_epoch
from tests.ledger.logs import MemoryLog, ledger_in, monday, sealed


def test_a_log_that_is_sealed_elsewhere_is_not_sealed_here_too(tmp_path: Path) -> None:
    log = MemoryLog(3)
    sealed(tmp_path / "one", log)

    with pytest.raises(SealedElsewhere) as refused:
        sealed(tmp_path / "other", log)

    keys = ledger_in(tmp_path / "one").keys()
    assert keys is not None
    assert refused.value.first_key == keys.first
    with pytest.raises(NothingSealed):
        ledger_in(tmp_path / "other").signed()
    assert ledger_in(tmp_path / "other").keys() is None


def test_whoever_has_the_same_ledger_seals_it_on(tmp_path: Path) -> None:
    log = MemoryLog(3)
    sealed(tmp_path, log)

    again = sealed(tmp_path, log)

    assert again.checkpoint.size == 3


def test_a_ledger_that_is_lost_for_good_is_begun_under_a_name_that_it_never_had(
    tmp_path: Path,
) -> None:
    log = MemoryLog(3)
    lost = sealed(tmp_path / "lost", log).checkpoint

    ended, begun = new_epoch(ledger_in(tmp_path / "other"), log, monday)

    assert (ended, begun.checkpoint.size) == (None, 3)
    assert begun.checkpoint.origin.endswith("/4")
    assert begun.checkpoint.origin != lost.origin
    assert sealed(tmp_path / "other", log).checkpoint.size == 3
    with pytest.raises(SealedElsewhere):
        sealed(tmp_path / "lost", log)


def test_a_log_that_nobody_ever_sealed_cannot_be_begun_again(tmp_path: Path) -> None:
    with pytest.raises(NothingSealed):
        new_epoch(ledger_in(tmp_path), MemoryLog(3), monday)
