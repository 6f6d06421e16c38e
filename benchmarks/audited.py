"""What it costs to save a read before it is answered: the same question, marked and not.

python -m benchmarks.audited
"""

import asyncio
import time
from statistics import median
from uuid import UUID

from benchmarks.asking import Connection, request
from benchmarks.dossier_served import SCORE, append_deal
from benchmarks.long_deals import SHAPES
from benchmarks.served import Served, serving
from opps.eventstore import Log, LogSettings

ROUNDS = 5
EACH = 200
CALLERS = (1, 16)
QUESTIONS = {"{ viewer { role } }": "who asks", SCORE: "score of a deal of 500 events"}


def main() -> None:
    """Measure and print."""
    with serving(projecting=False) as served:
        tenant = UUID(served.ready["tenant"])
        with Log(LogSettings(url=served.ready["url"])) as log:
            deal = append_deal(log, tenant, next(iter(SHAPES.values()))())
        for text, what in QUESTIONS.items():
            for callers in CALLERS:
                _measure(served, text, what, str(deal), callers)


def _measure(served: Served, text: str, what: str, deal: str, callers: int) -> None:
    variables = {"id": deal} if "$id" in text else {}
    taken: dict[str, list[tuple[float, float]]] = {"Plain": [], "Audited": []}
    for _ in range(ROUNDS):
        for name, found in taken.items():
            asked = request(_named(text, name), variables)
            before = _spent(served)
            waited = asyncio.run(_all(served.ready["port"], asked, callers))
            asked_for = callers * (EACH // callers)
            found.append((1_000 * (_spent(served) - before) / asked_for, waited))
    for name, found in taken.items():
        cpu, waited = (median(column) for column in zip(*found, strict=True))
        print(f"{what}, {callers} callers, {name}: CPU {cpu:.2f} ms, answered in {waited:.2f} ms")


def _named(text: str, name: str) -> str:
    if text.startswith("{"):
        return f"query {name} {text}"
    return text.replace("query Score", f"query {name}", 1)


def _spent(served: Served) -> float:
    seconds: float = sum(served.ask("spent").values())
    return seconds


async def _all(port: int, asked: bytes, callers: int) -> float:
    """Return the median of the milliseconds that a caller waits for an answer."""
    waited = await asyncio.gather(*(_some(port, asked, EACH // callers) for _ in range(callers)))
    return median(one for of in waited for one in of)


async def _some(port: int, asked: bytes, times: int) -> list[float]:
    caller = await Connection.to(port)
    waited = []
    try:
        for _ in range(times):
            begun = time.perf_counter()
            answer = await caller.read(asked)
            waited.append(1_000 * (time.perf_counter() - begun))
            assert b'"errors"' not in answer, answer[:1_000]
    finally:
        caller.close()
    return waited


if __name__ == "__main__":
    main()
