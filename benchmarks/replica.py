"""An event log of any length, made of one log over and over: every copy of a case is a new case."""

import gzip
import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from opps.integrations.importing.source import SourceFile

_TRACE = re.compile(rb"<trace>.*?</trace>", re.DOTALL)
_NAME = re.compile(rb'(key="concept:name" value=")([^"]*)"')


def replicate(source: Path, target: Path, events: int) -> int:
    """Write a compressed log of at least so many events; return how many it has."""
    written = 0
    with gzip.open(target, "wb", compresslevel=1) as log:
        log.write(b'<?xml version="1.0" encoding="UTF-8"?>\n<log>\n')
        for copy in count():
            for trace in _traces(source):
                log.write(_NAME.sub(rb"\g<1>\g<2>-%d" % copy + b'"', trace, count=1) + b"\n")
                written += trace.count(b"<event>")
                if written >= events:
                    log.write(b"</log>\n")
                    return written
    raise AssertionError("copies never end")


def _traces(source: Path) -> Iterator[bytes]:
    rest = b""
    with SourceFile(source) as file:
        for chunk in file.chunks():
            rest += chunk
            end = 0
            for found in _TRACE.finditer(rest):
                yield found[0]
                end = found.end()
            rest = rest[end:]
