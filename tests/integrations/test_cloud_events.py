"""A log as CloudEvents: what the specification asks of each line, and nothing personal in it."""

import json
import re
import stat
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from opps.eventstore import Log
from opps.integrations.backup import restore_backup
from opps.integrations.backup_file import BackupReader
from opps.integrations.cloud_events import export_cloud_events
from opps.integrations.jsonl import JsonlRefused
from opps.recording.keyring import MemoryKeyring
from opps.sample import write_backup
from tests.projections.support import Teller

TODAY = date(2026, 3, 2)
REQUIRED = {"specversion", "id", "source", "type"}
NO_EXTENSIONS = {"data", "data_base64"}


def quietly(done: int, total: int) -> None:
    """Tell nobody."""


@pytest.fixture(scope="module")
def keyring() -> MemoryKeyring:
    """Return the keys of the sample's persons."""
    return MemoryKeyring()


@pytest.fixture
def sample(database: str, keyring: MemoryKeyring, tmp_path: Path) -> UUID:
    """Return the tenant of a restored sample."""
    backup, tenant = tmp_path / "sample.backup", uuid4()
    write_backup(backup, tenant, TODAY, keyring)
    restore_backup(database, BackupReader(backup))
    return tenant


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_each_line_is_a_cloud_event_as_the_specification_wants_it(
    database: str, sample: UUID, tmp_path: Path
) -> None:
    file = tmp_path / "log.cloudevents"

    done = export_cloud_events(database, sample, file, progress=quietly)

    found = lines(file)
    assert len(found) == done.events > 100
    for one in found:
        assert one.keys() >= REQUIRED
        assert one["specversion"] == "1.0"
        assert all(re.fullmatch("[a-z0-9]{1,20}", name) for name in one.keys() - NO_EXTENSIONS)
        assert all(one[name] not in ("", None) for name in one)
        for name in ("time", "recordedtime"):
            assert datetime.fromisoformat(one[name]).tzinfo is not None
    assert len({(one["source"], one["id"]) for one in found}) == len(found)
    assert {one["source"] for one in found} == {f"urn:uuid:{sample}"}


def test_the_sequence_is_the_order_of_the_log_also_as_text(
    database: str, sample: UUID, tmp_path: Path
) -> None:
    export_cloud_events(database, sample, tmp_path / "log", progress=quietly)

    sequence = [one["sequence"] for one in lines(tmp_path / "log")]

    assert sequence == sorted(sequence)
    assert [int(one) for one in sequence] == list(range(1, len(sequence) + 1))


def test_an_event_happened_when_it_was_learned_and_is_told_with_when_it_was_recorded(
    database: str, sample: UUID, tmp_path: Path
) -> None:
    export_cloud_events(database, sample, tmp_path / "log", progress=quietly)

    learned = [one for one in lines(tmp_path / "log") if one["type"] == "opps.FactLearned"]

    assert any(one["time"] < one["recordedtime"] for one in learned)
    assert all(one["partitionkey"] == one["subject"] for one in learned)


def test_personal_data_stays_sealed_unless_it_is_asked_for(
    database: str, sample: UUID, keyring: MemoryKeyring, tmp_path: Path
) -> None:
    sealed, clear = tmp_path / "sealed", tmp_path / "clear"

    export_cloud_events(database, sample, sealed, progress=quietly)
    export_cloud_events(database, sample, clear, keyring=keyring, progress=quietly)

    def kinds(path: Path) -> set[str]:
        return set(re.findall('"type":"(sealed|clear)"', path.read_text("utf-8")))

    assert (kinds(sealed), kinds(clear)) == ({"sealed"}, {"clear"})


def test_keys_of_another_log_are_refused_and_leave_no_file(
    database: str, sample: UUID, tmp_path: Path
) -> None:
    file = tmp_path / "log"

    with pytest.raises(JsonlRefused):
        export_cloud_events(database, sample, file, keyring=MemoryKeyring(), progress=quietly)

    assert [one.name for one in tmp_path.iterdir()] == ["sample.backup"]


def test_only_its_owner_reads_the_file(database: str, sample: UUID, tmp_path: Path) -> None:
    export_cloud_events(database, sample, tmp_path / "log", progress=quietly)

    assert stat.S_IMODE((tmp_path / "log").stat().st_mode) == 0o600


def test_a_payload_that_is_no_json_is_told_in_base64(
    database: str, log: Log, tenant: UUID, tmp_path: Path
) -> None:
    Teller(log, tenant).tell_bytes(uuid4(), ("FromTheFuture", b"\x00\x01"))

    export_cloud_events(database, tenant, tmp_path / "log", progress=quietly)

    (one,) = lines(tmp_path / "log")
    assert ("data" in one, one["data_base64"]) == (False, "AAE=")
    assert one["type"] == "opps.FromTheFuture"
    assert one["datacontenttype"] == "application/octet-stream"
