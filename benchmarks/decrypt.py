"""What it costs to open the personal data of one dossier: 500 events, 50 of them with a quote.

Run `python -m benchmarks.decrypt`; `--json` prints the figures for a script. Every figure is the
median of several rounds, in CPU time of this process; PostgreSQL runs beside it.
"""

import argparse
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from decimal import Decimal
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time
from uuid import UUID, uuid4

from rich.console import Console
from rich.table import Table

from opps.domain.events import AmountEstimated, BuyerResponded, Event
from opps.domain.money import Money
from opps.domain.personal import Clear
from opps.domain.times import UNKNOWN
from opps.embedded import EmbeddedPostgres
from opps.recording.key_places import KeyDatabase, KeyDirectory
from opps.recording.keyring import Keyring, MemoryKeyring
from opps.recording.personal import sealed, unsealed
from opps.recording.root_key import LocalRootKey

EVENTS = 500
QUOTES = 50
PERSONS = 6
ROUNDS = 15
WORDS = "We pay by June if the plant stands still for no more than two days. " * 2

Dossier = list[tuple[Event, UUID]]


def main() -> None:
    """Measure each keyring, cold and warm."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    figures = {}
    with keyrings() as each:
        for name, process in each.items():
            dossier = a_dossier(process())
            cold = median(opened(process(), dossier) for _ in range(ROUNDS))
            keyring = process()
            warm = median(opened(keyring, dossier) for _ in range(ROUNDS))
            figures[name] = {"cold": cold, "warm": warm}
    if options.json:
        print(json.dumps(figures, indent=2))
        return
    table = Table("Keys", "First look, ms", "Later looks, ms", "µs a value, later", title="Dossier")
    for name, took in figures.items():
        each_us = took["warm"] / QUOTES * 1e6
        table.add_row(
            name, f"{took['cold'] * 1e3:.2f}", f"{took['warm'] * 1e3:.2f}", f"{each_us:.1f}"
        )
    Console().print(table)


@contextmanager
def keyrings() -> Iterator[dict[str, Callable[[], Keyring]]]:
    """Yield each kind of keyring, as a process that knows no key yet has it."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        root, tenant = LocalRootKey(folder / "root.key"), uuid4()
        server = stack.enter_context(EmbeddedPostgres(folder / "postgres", durable=False))
        tables = stack.enter_context(closing(KeyDatabase(server.conninfo(), root)))
        memory = MemoryKeyring()
        yield {
            "in memory": lambda: memory,
            "wrapped, in a file": lambda: KeyDirectory(folder / "keys", root).keyring(tenant),
            "wrapped, in PostgreSQL": lambda: tables.keyring(tenant),
        }


def a_dossier(keyring: Keyring) -> Dossier:
    """Return the events of an opportunity as they are stored, and their ids."""
    persons = [uuid4() for _ in range(PERSONS)]
    said = range(0, EVENTS, EVENTS // QUOTES)
    dossier: Dossier = []
    for number in range(EVENTS):
        event: Event = AmountEstimated(learned=UNKNOWN, amount=Money(Decimal(100), "EUR"))
        if number in said:
            quote = Clear(persons[number % PERSONS], WORDS)
            event = BuyerResponded(learned=UNKNOWN, response="Answered", quote=quote)
        id_ = uuid4()
        dossier.append((sealed(event, id_, keyring), id_))
    return dossier


def opened(keyring: Keyring, dossier: Dossier) -> float:
    """Return how long it takes to open a dossier, in seconds of CPU."""
    began = process_time()
    for event, id_ in dossier:
        unsealed(event, id_, keyring)
    return process_time() - began


if __name__ == "__main__":
    main()
