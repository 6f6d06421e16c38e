"""Sends what schemathesis makes of the schema, valid or not; prints what breaks a rule."""

import json
import logging
import sys
from collections import Counter
from typing import Any

import httpx
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

# What the schema calls its own, as it may look and as it may not.
SCALARS = {
    "Decimal": st.decimals(allow_nan=True, allow_infinity=True).map(str) | st.text(),
    "Position": st.integers(-1, 2**64).map(str) | st.text(),
    "ScoreCursor": st.sampled_from(["0", "1:0", "1:-1", ":"]) | st.text(),
    "DateTime": st.datetimes().map(lambda one: f"{one.isoformat()}Z") | st.text(),
    "Date": st.dates().map(str) | st.text(),
    "UUID": st.uuids().map(str) | st.text(),
    "JSON": st.text(),
}


def limits(examples: int) -> settings:
    """Return how many examples to make: the same ones each time, as they come."""
    return settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


def main(url: str, examples: int) -> None:
    """Print how many answers of which kind there were, and those that break the rule."""
    logging.disable()
    client = httpx.Client(timeout=30.0, trust_env=False)
    found: Counter[str] = Counter()
    wrong: list[Any] = []
    for name, texts in SCALARS.items():
        schemathesis.graphql.scalar(name, texts.map(schemathesis.graphql.nodes.String))

    operations = schemathesis.graphql.from_url(url).get_all_operations()

    @limits(examples)
    @given(case=st.one_of([one.ok().as_strategy() for one in operations]))
    def ask(case: Any) -> None:
        answer = client.post(url, json={"query": case.body})
        told = answer.json()
        codes = [one.get("extensions", {}).get("code") for one in told.get("errors", [])]
        found.update(codes or ["answered"])
        if answer.status_code >= 500 or not all(codes) or "INTERNAL" in codes:
            wrong.append({"query": case.body, "status": answer.status_code, "answer": told})

    ask()
    print(json.dumps({"found": found, "wrong": wrong[:20]}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
