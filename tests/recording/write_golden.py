"""Write the golden bytes of what has none yet: `python -m tests.recording.write_golden`."""

from opps.recording import codec
from tests.recording.golden import (
    EXAMPLES,
    HEADERS,
    METADATA,
    METADATA_FILE,
    header_of,
    payload_file,
)


def main() -> None:
    """Write what is missing; what is there was stored once, and is never written again."""
    for name, event in EXAMPLES.items():
        if not payload_file(name).exists():
            payload_file(name).write_bytes(codec.encode(event) + b"\n")
    if not METADATA_FILE.exists():
        METADATA_FILE.write_bytes(codec.encode_metadata(METADATA) + b"\n")
    known = HEADERS.read_text().splitlines() if HEADERS.exists() else []
    named = {line.split()[0] for line in known}
    new = [f"{name} {header_of(name).hex()}" for name in EXAMPLES if name not in named]
    HEADERS.write_text("\n".join([*known, *new]) + "\n")


if __name__ == "__main__":
    main()
