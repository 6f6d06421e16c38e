"""A serving process seals what was recorded, and goes on where one log is not what it was."""

import logging
from pathlib import Path
from threading import Event
from uuid import UUID, uuid4

import pytest

from opps.eventstore import Log, register_tenant
from opps.ledger.errors import NothingSealed
from opps.ledger.ledger import Ledger
from opps.sealing import Sealing
from tests.eventstore.support import append, settings
from tests.support import eventually


def test_logs_that_grow_are_sealed_by_themselves(database: str, tmp_path: Path) -> None:
    acme, empty = (register_tenant(database, uuid4(), slug) for slug in ("acme", "empty"))

    def ledger_of(tenant: UUID) -> Ledger:
        return Ledger(tmp_path, tenant)

    def size() -> int:
        try:
            return ledger_of(acme).signed().checkpoint.size
        except NothingSealed:
            return 0

    with (
        Log(settings(database)) as log,
        Sealing(log, lambda: [empty, acme], ledger_of, every_s=0.01),
    ):
        for number in (1, 2):
            log.append_now(append(acme))
            eventually(lambda number=number: size() == number)  # type: ignore[misc]  # bound now

    with pytest.raises(NothingSealed):
        ledger_of(empty).signed()


def test_a_log_that_is_refused_is_told_once_and_the_others_are_sealed(
    database: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    broken, acme = (register_tenant(database, uuid4(), slug) for slug in ("broken", "acme"))
    (tmp_path / str(broken)).mkdir()
    (tmp_path / str(broken) / "keys.json").write_text("torn")
    rounds = 0

    def tenants() -> list[UUID]:
        nonlocal rounds
        rounds += 1
        return [broken, acme]

    with caplog.at_level(logging.ERROR, "opps.sealing"), Log(settings(database)) as log:
        log.append_now(append(broken))
        log.append_now(append(acme))
        with Sealing(log, tenants, lambda tenant: Ledger(tmp_path, tenant), every_s=0.01):
            eventually(lambda: rounds > 3)

    assert Ledger(tmp_path, acme).signed().checkpoint.size == 1
    assert [str(broken) in record.message for record in caplog.records] == [True]


def test_a_sealer_that_is_told_to_stop_signs_nothing_more(database: str, tmp_path: Path) -> None:
    acme = register_tenant(database, uuid4(), "acme")
    told = Event()

    def tenants() -> list[UUID]:
        told.set()
        eventually(lambda: sealing.closing)
        return [acme]

    with Log(settings(database)) as log:
        log.append_now(append(acme))
        sealing = Sealing(log, tenants, lambda tenant: Ledger(tmp_path, tenant), every_s=0.01)
        with sealing:
            told.wait()

    assert Ledger(tmp_path, acme).signed().checkpoint.size == 0


def test_the_sealer_goes_on_when_it_could_not_list_the_tenants(
    database: str, tmp_path: Path
) -> None:
    acme = register_tenant(database, uuid4(), "acme")
    answers = iter([OSError("away")])

    def tenants() -> list[UUID]:
        for failure in answers:
            raise failure
        return [acme]

    def is_sealed() -> bool:
        return (tmp_path / str(acme) / "epoch-1" / "state.json").exists()

    with Log(settings(database)) as log:
        log.append_now(append(acme))
        with Sealing(log, tenants, lambda tenant: Ledger(tmp_path, tenant), every_s=0.01):
            eventually(is_sealed)
