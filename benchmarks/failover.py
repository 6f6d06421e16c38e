"""How long nobody leads, and nobody answers, when the process that did is killed.

Run `python -m benchmarks.failover`; `--json` writes the figures down. Take-over: one of two `opps
project` that leads is killed, and the time counts until rows show what was recorded after the kill.
Failover: the primary is killed with all its processes, its synchronous replica is promoted by hand
at once, and the time counts until each of several clients of two servers was answered again.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from tests.cli.processes import Process
from tests.processes.clients import Seller, not_as_acknowledged, selling, some_more
from tests.processes.places import (
    database,
    either,
    kill,
    leader,
    log_size,
    named,
    opps,
    promote,
    replica_of,
    rows_show,
    runs_with_another,
    wait_for_replicas,
)
from tests.support import eventually

CLIENTS = 6


def take_overs(directory: Path, rounds: int) -> list[float]:
    """Return the seconds until another projector showed what came after the kill of the leader."""
    taken = []
    with database(directory / "postgres") as server, ExitStack() as opened:
        url, keys = server.conninfo(), directory / "keys"

        def start(*command: str, name: str, to: str) -> Process:
            process = opps(*command, data=directory / name, keys=keys, OPPS_DATABASE_URL=to)
            return opened.enter_context(process)

        serve = ("serve", "--no-projector", "--port", "0")
        address = start(*serve, name="server", to=url).address
        names = ["left", "right"]
        projectors = {one: start("project", name=one, to=named(url, one)) for one in names}
        with selling([address], CLIENTS) as team:
            for number in range(rounds):
                eventually(lambda: runs_with_another(url, projectors), 60.0)
                some_more(team)
                killed = str(leader(url))
                projectors.pop(killed).child.kill()
                began, size = time.monotonic(), log_size(url)
                eventually(lambda size=size: rows_show(url) > size, 60.0)  # type: ignore[misc]  # bound now
                taken.append(time.monotonic() - began)
                name = f"{killed[0]}{number}"
                projectors[name] = start("project", name=name, to=named(url, name))
    return taken


def failover(directory: Path) -> tuple[float, float, int, int]:
    """Return the seconds of promotion and until all were answered; answers: all, and lost."""
    keys = directory / "keys"
    with (
        database(directory / "one") as primary,
        replica_of(primary, directory / "two") as replica,
    ):
        wait_for_replicas(primary)
        to = either(primary, replica)
        serve = ("serve", "--port", "0")
        with (
            opps(*serve, data=directory / "a", keys=keys, OPPS_DATABASE_URL=to) as first,
            opps(*serve, data=directory / "b", keys=keys, OPPS_DATABASE_URL=to) as second,
            selling([first.address, second.address], CLIENTS) as team,
        ):
            some_more(team)
            kill(primary)
            began = time.monotonic()
            promote(replica)
            promoted = time.monotonic() - began
            some_more(team)
            answered = time.monotonic() - began
            some_more(team)
        return promoted, answered, answers_of(team), len(not_as_acknowledged(to, team))


def answers_of(team: Sequence[Seller]) -> int:
    return sum(len(seller.acknowledged) for seller in team)


def main(arguments: list[str]) -> None:
    """Measure, print the figures, and write them down where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10, help="kills of each kind")
    parser.add_argument("--json", type=Path, help="where to write the figures")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="opps-failover-") as home:
        taken = take_overs(Path(home) / "take-over", options.rounds)
        found = [failover(Path(home) / f"{number}") for number in range(options.rounds)]
    promoted, answered, answers, lost = zip(*found, strict=True)
    figures = {
        "take-over, s": [median(taken), max(taken)],
        "promotion, s": [median(promoted), max(promoted)],
        "all clients answered again, s": [median(answered), max(answered)],
        "commands acknowledged": [sum(answers)],
        "of these lost": [sum(lost)],
    }
    for name, values in figures.items():
        print(f"{name:>32}  " + "  ".join(f"{value:>8,.2f}" for value in values))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
