"""An event log in memory says what an import of it would store."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest

from opps.application import Application
from opps.domain.events import Event, OpportunityEvent
from opps.domain.times import Learned
from opps.integrations.importing import MappingRefused, SourceMalformed, import_xes, read_mapping
from opps.integrations.importing.replay import Replay
from tests.integrations.importing.support import EXAMPLES, TODAY, stored
from tests.learning.offers import write_log

BPIC = EXAMPLES / "mappings" / "bpic2012.toml"
EARLY = datetime(2011, 12, 1, tzinfo=TODAY.tzinfo)


def every(external_id: str, proposed_at: datetime | None) -> bool:
    return True


def told(events: Sequence[Event]) -> list[tuple[type[Event], Learned]]:
    """Return what happened to opportunities, and when; ids depend on the tenant."""
    return [(type(one), one.learned) for one in events if isinstance(one, OpportunityEvent)]


def test_each_case_replayed_is_the_history_that_an_import_stores(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    log = write_log(tmp_path / "offers.xes", train=12, test=4)
    mapping = read_mapping(BPIC)
    import_xes(application, tenant, log, mapping)
    imported = [one.event for one in stored(application, tenant)]

    replay = Replay(log, mapping)
    replayed = [one.event for *_, history in replay.histories(every) for one in history]

    assert told(replayed) == told(imported)
    assert len(told(replayed)) > 16


def test_only_the_cases_that_are_wanted_are_decided(tmp_path: Path) -> None:
    log = write_log(tmp_path / "offers.xes", train=12, test=4)
    replay = Replay(log, read_mapping(BPIC))

    later = [one for one, *_ in replay.histories(lambda _, at: at is not None and at > EARLY)]

    assert later == ["13", "14", "15", "16"]


def test_a_row_that_an_import_would_reject_ends_the_replay(tmp_path: Path) -> None:
    log = write_log(tmp_path / "offers.xes", train=2, test=1)
    log.write_text(log.read_text().replace('"A_SUBMITTED"', '""', 1))

    with pytest.raises(SourceMalformed, match="case 1"):
        list(Replay(log, read_mapping(BPIC)).histories(every))


def test_a_mapping_for_other_files_is_refused(tmp_path: Path) -> None:
    log = write_log(tmp_path / "offers.xes", train=1, test=1)

    with pytest.raises(MappingRefused, match="xes"):
        Replay(log, read_mapping(EXAMPLES / "mappings" / "crm-history.toml"))
