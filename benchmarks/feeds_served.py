"""What `benchmarks.feeds` follows: opps, and beside it the same subscriptions by stock Strawberry.

Started by it as `python -m benchmarks.feeds_served DIRECTORY`. It reads words from its input and
answers each with a line of JSON: `spent` says how many CPU seconds its threads have spent, `memory`
how many kB it holds. At the end of its input it stops.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

from benchmarks.graphql_served import stock
from benchmarks.sampling import thread_seconds
from benchmarks.served import UNSPENDABLE, tell
from opps.api.app import create_app
from opps.api.context import Services
from opps.api.identity import development
from opps.api.shutdown import Draining
from opps.app import Opps
from opps.application.read_saving import ReadSaving
from opps.cli.http import Server, listening
from opps.config import Environment, Settings
from opps.domain.audited_reads import AuditedReads


def memory_kb() -> int:
    """Return what this process holds."""
    lines = Path("/proc/self/status").read_text().splitlines()
    [held] = [line.split()[1] for line in lines if line.startswith("VmRSS:")]
    return int(held)


def hear() -> None:
    """Answer a word."""
    match sys.stdin.readline().strip():
        case "spent":
            tell(thread_seconds())
        case "memory":
            tell(memory_kb())
        case _:
            asyncio.get_running_loop().remove_reader(sys.stdin)
            os.kill(os.getpid(), signal.SIGTERM)


async def serve(opps: Opps, listener: Any) -> None:
    """Serve until told to stop."""
    tenant, draining = opps.tenant(), Draining()
    identify = development(tenant)
    async with opps.views() as views:
        log = opps.application.log
        alone = Services(
            opps.application, views, opps.ledger, Draining(), ReadSaving(log), AuditedReads()
        )
        limits = opps.settings.limits
        app = create_app(opps.application, views, opps.ledger, identify, draining, limits=limits)
        app.mount("/stock", stock(alone, identify))

        def ready() -> None:
            asyncio.get_running_loop().add_reader(sys.stdin, hear)
            port = listener.getsockname()[1]
            tell({"port": port, "url": opps.database.url, "tenant": str(tenant)})

        await Server(app, draining.begin, ready).serve([listener])


def main(directory: Path) -> None:
    """Serve a database that is thrown away."""
    settings = Settings(
        data_directory=directory,
        environment=Environment.DEVELOPMENT,
        cost_per_minute=UNSPENDABLE,
        most_subscriptions=0,
    )
    with listening("127.0.0.1", 0) as listener, Opps(settings, alone=True) as opps:
        opps.make_read_models()
        with opps.projecting():
            asyncio.run(serve(opps, listener))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
