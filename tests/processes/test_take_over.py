"""Two servers and two projectors on one database: one leads, and another takes over at once."""

import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.cli.processes import Process
from tests.processes.clients import not_as_acknowledged, selling, some_more
from tests.processes.places import (
    database,
    leader,
    log_size,
    named,
    opps,
    rows_show,
    runs_with_another,
    verify,
)
from tests.support import eventually

TAKEN_OVER_WITHIN_S = 3.0
KILLS = 3

pytestmark = [pytest.mark.processes, pytest.mark.timeout(300)]


def test_when_the_leader_is_killed_another_leads_at_once_and_nothing_is_applied_twice(
    tmp_path: Path,
) -> None:
    taken: list[float] = []
    with database(tmp_path / "postgres") as server, ExitStack() as opened:
        url, keys = server.conninfo(), tmp_path / "keys"

        def projector(name: str) -> Process:
            process = opps(
                "project", data=tmp_path / name, keys=keys, OPPS_DATABASE_URL=named(url, name)
            )
            return opened.enter_context(process)

        answering = [
            opened.enter_context(
                opps(
                    *("serve", "--no-projector", "--port", "0"),
                    data=tmp_path / name,
                    keys=keys,
                    OPPS_DATABASE_URL=url,
                    OPPS_SEAL_EVERY_S="0",
                )
            )
            for name in ("one", "two")
        ]
        projectors = {name: projector(name) for name in ("left", "right")}
        with selling([process.address for process in answering]) as team:
            for number in range(KILLS):
                eventually(lambda: runs_with_another(url, projectors), timeout_s=60.0)
                some_more(team)
                eventually(lambda: rows_show(url) > 0, timeout_s=30.0)
                killed = str(leader(url))

                projectors.pop(killed).child.kill()
                began = time.monotonic()
                behind = log_size(url)
                eventually(lambda: leader(url) in projectors, TAKEN_OVER_WITHIN_S)
                eventually(
                    lambda behind=behind: rows_show(url) > behind,  # type: ignore[misc]  # bound now
                    TAKEN_OVER_WITHIN_S - (time.monotonic() - began),
                )
                taken.append(time.monotonic() - began)

                name = f"{killed} {number}"
                projectors[name] = projector(name)
        eventually(lambda: rows_show(url) == log_size(url), timeout_s=30.0)

        verify(url, tmp_path / "one", keys)
        assert not_as_acknowledged(url, team) == []
        assert [process.stop() for process in answering] == [0, 0]
    print(f"taken over within {', '.join(f'{one:.2f}' for one in taken)} s")
