"""Read the cases of an event log in XES (IEEE 1849), one trace at a time."""

from collections.abc import Callable, Iterator
from xml.parsers import expat

from opps.domain.times import Learned
from opps.integrations.importing.errors import RowRefused, SourceMalformed
from opps.integrations.importing.rows import ROWS_LIMIT, Case, Row
from opps.integrations.importing.rules import Compiled
from opps.integrations.importing.source import SourceFile


def xes_cases(file: SourceFile, compiled: Compiled) -> Iterator[Case]:
    """Yield the traces of a file; attributes inside attributes are not read.

    Raises:
        SourceMalformed: the file is no XES, or is broken or cut off.
    """
    parser = expat.ParserCreate()
    traces = _Traces(parser, compiled)
    try:
        for chunk in file.chunks():
            parser.Parse(chunk, False)
            yield from traces.take()
        parser.Parse(b"", True)
    except _StrayEvent:
        message = "an event outside every trace belongs to no opportunity"
        raise SourceMalformed(file.path, message, parser.CurrentLineNumber) from None
    except expat.ExpatError as error:
        what = expat.ErrorString(error.code)
        raise SourceMalformed(file.path, f"no readable XML: {what}", error.lineno) from None
    if not traces.is_log:
        raise SourceMalformed(file.path, "no XES: there is no <log> in it")


class _StrayEvent(Exception):
    """An event stands outside every trace."""


class _Traces:
    """Gathers what the parser meets; `take` hands over the traces that are complete."""

    def __init__(self, parser: expat.XMLParserType, compiled: Compiled) -> None:
        self.is_log = False
        self._id_attribute = compiled.mapping.id_attribute
        self._time_attribute = compiled.mapping.time_attribute
        self._times = compiled.times
        self._mended = compiled.corrections.mended if compiled.corrections else None
        self._complete: list[Case] = []
        self._trace: dict[str, str] = {}
        self._rows: list[Row] = []
        self._too_many = 0
        self._into: dict[str, str] | None = None
        self._line = self._trace_line = 0
        self._inside = 0
        self._parser = parser
        parser.ordered_attributes = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end

    def take(self) -> list[Case]:
        complete, self._complete = self._complete, []
        return complete

    def _start(self, tag: str, written: list[str]) -> None:
        if not self._inside and tag not in _VALUES and (part := _part(tag)):
            part(self)
            return
        self._inside += 1
        if self._inside == 1 and self._into is not None:
            if len(written) == 4 and written[0] == "key":
                self._into[written[1]] = written[3]
            else:
                said = dict(zip(written[::2], written[1::2], strict=True))
                if "key" in said and "value" in said:
                    self._into[said["key"]] = said["value"]

    def _end(self, tag: str) -> None:
        if self._inside:
            self._inside -= 1
        elif tag.endswith("event"):
            self._end_event()
        elif tag.endswith("trace"):
            self._end_trace()

    def _start_log(self) -> None:
        self.is_log = True

    def _start_trace(self) -> None:
        self._into = self._trace = {}
        self._rows = []
        self._too_many = 0
        self._trace_line = self._parser.CurrentLineNumber

    def _start_event(self) -> None:
        if self._into is None:
            raise _StrayEvent
        self._into = {}
        self._line = self._parser.CurrentLineNumber

    def _end_event(self) -> None:
        attributes = self._into or {}
        self._into = self._trace
        if self._mended is not None:
            attributes = self._mended(attributes, self._trace.get(self._id_attribute, ""))
        if len(self._rows) == ROWS_LIMIT:
            self._too_many += 1
            return
        learned: Learned | None = None
        problem: RowRefused | None = None
        try:
            learned = self._times.read(attributes.get(self._time_attribute, ""))
        except RowRefused as refused:
            problem = refused
        self._rows.append(
            Row(line=self._line, attributes=attributes, learned=learned, problem=problem)
        )

    def _end_trace(self) -> None:
        self._into = None
        if self._mended is not None:
            self._trace = self._mended(self._trace, self._trace.get(self._id_attribute, ""))
        self._complete.append(
            Case(
                line=self._trace_line,
                external_id=self._trace.get(self._id_attribute, ""),
                attributes=self._trace,
                rows=self._rows,
                too_many=self._too_many,
            )
        )


def _part(tag: str) -> Callable[[_Traces], None] | None:
    return _PARTS.get(tag.rpartition(":")[2])


# The elements inside events, a million of them: told apart from the others at once.
_VALUES = frozenset({"string", "date", "int", "float", "boolean", "id"})
_PARTS = {
    "log": _Traces._start_log,
    "trace": _Traces._start_trace,
    "event": _Traces._start_event,
}
