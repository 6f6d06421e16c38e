"""opps as `opps serve` runs it, in a process that tells what it spends; started by benchmarks.

It reads words from its input, and answers each with a line of JSON: `spent` says how many CPU
seconds its threads have spent, `sample` begins to look where its event loop is, and `sampled` ends
that and says what was found. At the end of its input it stops.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from subprocess import PIPE, Popen
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.sampling import Sampler, thread_seconds
from opps.app import Opps
from opps.cli.http import listening, serve_until_stopped
from opps.config import Environment, Settings
from opps.domain.audited_reads import AuditedReads

UNSPENDABLE = 1_000_000_000


class Served:
    """The process as its parent sees it."""

    def __init__(self, directory: Path, module: str, *more: str) -> None:
        command = [sys.executable, "-m", module, str(directory), *more]
        self.process = Popen(command, stdin=PIPE, stdout=PIPE, text=True)
        self.ready = self._line()

    def ask(self, word: str) -> Any:
        """Return what it answers to a word."""
        assert self.process.stdin is not None
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()
        return self._line()

    def close(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    def _line(self) -> Any:
        assert self.process.stdout is not None
        return json.loads(self.process.stdout.readline())


@contextmanager
def serving(*, projecting: bool = True) -> Iterator[Served]:
    """Yield a running server with a durable PostgreSQL of its own that is thrown away."""
    with (
        TemporaryDirectory(prefix="opps-benchmark-") as directory,
        closing(Served(Path(directory), "benchmarks.served", str(int(projecting)))) as served,
    ):
        yield served


def main(directory: Path, *, projecting: bool) -> None:
    """Serve until the input ends."""
    sampler = Sampler()
    settings = Settings(
        data_directory=directory,
        environment=Environment.DEVELOPMENT,
        audited_reads=AuditedReads.read("operation:Audited"),
        # One caller asks for everything here: the bucket is there, and never empty.
        cost_per_minute=UNSPENDABLE,
    )

    def hear() -> None:
        match sys.stdin.readline().strip():
            case "spent":
                tell(thread_seconds())
            case "sample":
                sampler.start()
                tell(None)
            case "sampled":
                tell(sampler.stop())
            case _:
                asyncio.get_running_loop().remove_reader(sys.stdin)
                os.kill(os.getpid(), signal.SIGTERM)

    with listening("127.0.0.1", 0) as listener, Opps(settings, alone=True) as opps:

        def ready() -> None:
            asyncio.get_running_loop().add_reader(sys.stdin, hear)
            port = listener.getsockname()[1]
            tell({"port": port, "url": opps.database.url, "tenant": str(opps.tenant())})

        opps.make_read_models()
        with opps.projecting() if projecting else ExitStack():
            asyncio.run(serve_until_stopped(opps, listener, ready))


def tell(answer: Any) -> None:
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), projecting=sys.argv[2] == "1")
