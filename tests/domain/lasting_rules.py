"""What stored models rest on besides their own numbers, and the file that holds it for ever.

To write the file where there is none: python -m tests.domain.lasting_rules
"""

from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from opps.domain import activity
from opps.domain.behaviour import PROPOSAL_ANSWER, STEPS, Wait, question_answer
from opps.domain.catalogue import Objective
from opps.domain.credence import CREDENCE_LIMIT, SILENCE_DAYS, Freshness
from opps.domain.facts import KINDS
from opps.domain.model import UNANSWERED
from opps.domain.money import Money
from opps.domain.opportunity.state import CUSTOMER_KIND, ORIGIN
from opps.domain.provenance import GRADES_1
from opps.domain.size import AMOUNT_SIZE, amount_size
from opps.domain.valence.grades import GRADES, MASS, NUMBERS

FILE = Path(__file__).parent / "golden" / "lasting-rules.json"
_AMOUNTS = ("0", "0.99", "1", "1.49", "1.5", "2", "3", "5", "7.5", "9.99", "10", "7500", "1e12")


def rules() -> dict[str, Any]:
    """Return every value and grade in the code that a stored model rests on."""
    found = {
        "unanswered": UNANSWERED,
        "context": [CUSTOMER_KIND, ORIGIN, AMOUNT_SIZE],
        "behaviour": {
            "names": [PROPOSAL_ANSWER, *map(question_answer, Objective)],
            "steps": STEPS,
            "values": [value for wait in Wait for value in wait.values],
        },
        "activity": {
            activity.last_done("x"): activity.LAST_DONE_VALUES,
            activity.done_before_proposal("x"): activity.DONE_BEFORE_PROPOSAL_VALUES,
            activity.PROPOSED_AFTER: activity.PROPOSED_AFTER_VALUES,
        },
        "sizes": {one: amount_size(Money(Decimal(one), "EUR")) for one in _AMOUNTS},
        "grades-1": GRADES_1,
        "freshness": {one.value: one.factor for one in Freshness},
        "credence limit": CREDENCE_LIMIT,
        "silence days": SILENCE_DAYS,
        "horizon days": {kind: struct.horizon_days for kind, struct in KINDS.items()},
        "valence": {
            name: {value: (one.happen, one.win) for value, one in table.items()}
            for name, table in GRADES.items()
        },
        "numbers": {name: one.value for name, one in NUMBERS.items()},
        "mass": MASS,
    }
    written: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(found))
    return written


def main() -> None:
    """Write the file where there is none; what is there was relied on, and is never written."""
    if not FILE.exists():
        text = msgspec.json.format(msgspec.json.encode(rules(), order="deterministic"), indent=2)
        FILE.write_bytes(text + b"\n")


if __name__ == "__main__":
    main()
