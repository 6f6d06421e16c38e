"""What clients and checks that were installed by npm made of a server and its schema."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CLIENTS = ("apollo", "urql", "graphql-ws", "graphql-sse", "relay", "typescript")
PATIENCE_S = 110


class Judged:
    """What each of them found, run by one process of node."""

    def __init__(
        self,
        url: str,
        scratch: Path,
        schemas: Sequence[tuple[Path, Path]],
        messages: Mapping[str, Any],
    ) -> None:
        asked = {
            "root": str(ROOT),
            "scratch": str(scratch),
            "url": url,
            "schemas": [[str(before), str(after)] for before, after in schemas],
            "messages": messages,
            "ids": {name: str(uuid4()) for name in CLIENTS},
        }
        self._found: dict[str, Any] = printed(
            "node", str(HERE / "judge.cjs"), json.dumps(asked), patience_s=PATIENCE_S
        )

    def by(self, name: str) -> Any:
        """Return what one of them found; it must have come to its end."""
        found = self._found[name]
        assert "error" not in found, found["error"]
        return found["value"]


def printed(*command: str, patience_s: int = 60) -> Any:
    """Return the JSON that a command prints."""
    run = subprocess.run(command, capture_output=True, text=True, timeout=patience_s, check=False)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)
