"""Keys, seals and the register as they were stored once: whatever is changed, they are read."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from opps.domain.personal import ErasureLevel
from opps.recording.asked import AskedThen
from opps.recording.register import Registered

FILES = Path(__file__).parent / "golden" / "keys"
ROOT, KEYS = FILES / "root.key", FILES / "keys.jsonl"
REGISTER, SEALED = FILES / "erasures.jsonl", FILES / "sealed.json"

ANNA = UUID("a0000000-0000-4000-8000-000000000001")
BORIS = UUID("b0000000-0000-4000-8000-000000000002")
READ = UUID("c0000000-0000-4000-8000-000000000003")
PLACE = b"d0000000-0000-4000-8000-000000000004|fact.quote|"
ASKED = AskedThen({"search": "Muster"}, "Board")
DOCUMENT = "query Board { opportunities { nodes { title } } }"
ERASURE = Registered(
    tenant=UUID("e0000000-0000-4000-8000-000000000005"),
    erasure_id=UUID("f0000000-0000-4000-8000-000000000006"),
    person_id=BORIS,
    level=ErasureLevel.FULL,
    basis="OBJECTION",
    requested_by=ANNA,
    approved_by=READ,
    erased_at=datetime(2026, 3, 2, 9, tzinfo=UTC),
)
