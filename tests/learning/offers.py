"""An invented event log of loan offers: who answers soon tends to take one, who is silent not."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.sax.saxutils import quoteattr

OCTOBER, JANUARY = datetime(2011, 10, 3, 9, tzinfo=UTC), datetime(2012, 1, 3, 9, tzinfo=UTC)
DAY = timedelta(days=1)

Happened = tuple[str, datetime]


def write_log(path: Path, *, train: int = 60, test: int = 40, seed: int = 3) -> Path:
    """Write a log of cases that are offered in October and in January; return its path.

    Cases are numbered from 1, those of October first.
    """
    draw = random.Random(seed)
    starts = [OCTOBER] * train + [JANUARY] * test
    cases = (
        _trace(str(number), start + draw.uniform(0, 20) * DAY, draw)
        for number, start in enumerate(starts, start=1)
    )
    path.write_text("<log>\n" + "\n".join(cases) + "\n</log>\n")
    return path


def _trace(name: str, registered: datetime, draw: random.Random) -> str:
    amount = draw.choice([4_000, 6_000, 12_000, 25_000])
    said = [
        _value("string", "concept:name", name),
        _value("date", "REG_DATE", registered.isoformat()),
        _value("string", "AMOUNT_REQ", str(amount)),
    ]
    events = "".join(_event(*one) for one in _story(registered, draw))
    return f"<trace>{''.join(said)}{events}</trace>"


def _story(registered: datetime, draw: random.Random) -> Iterator[Happened]:
    offered = registered + draw.uniform(0.01, 3) * DAY
    yield "A_SUBMITTED", registered
    if draw.random() < 0.5:
        yield "W_Afhandelen leads", registered + (offered - registered) / 2
    yield "O_CREATED", offered
    yield "O_SENT", offered
    yield "W_Nabellen offertes", offered + draw.uniform(1, 3) * DAY
    if draw.random() < 0.5:
        answered = offered + draw.uniform(3, 12) * DAY
        yield "O_SENT_BACK", answered
        won = draw.random() < 0.8
        yield "A_APPROVED" if won else "A_DECLINED", answered + draw.uniform(2, 8) * DAY
    else:
        yield "A_CANCELLED", offered + draw.uniform(8, 28) * DAY


def _event(name: str, at: datetime) -> str:
    said = [
        _value("string", "concept:name", name),
        _value("string", "lifecycle:transition", "COMPLETE"),
        _value("date", "time:timestamp", at.isoformat()),
    ]
    return f"<event>{''.join(said)}</event>"


def _value(kind: str, key: str, value: str) -> str:
    return f"<{kind} key={quoteattr(key)} value={quoteattr(value)}/>"
