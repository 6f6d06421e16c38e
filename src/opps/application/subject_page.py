"""What is held of one person as one page for people to read: no script, nothing from elsewhere."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape

import msgspec

from opps.application.subject_export import HeldValue, Statement, SubjectExport, Where

_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;"
    "color:#1c1c1c;background:#fff}table{border-collapse:collapse;width:100%;margin:.5rem 0 2rem}"
    "th,td{text-align:left;vertical-align:top;border-bottom:1px solid #ccc;padding:.35rem .6rem;"
    "overflow-wrap:anywhere}code{font-size:.85em}pre{white-space:pre-wrap;margin:0;font-size:.85em}"
    ".gone{color:#8a1f11}"
)


def page(export: SubjectExport) -> str:
    """Return the page; every text in it is escaped."""
    parts = [
        f"<h1>What is held of person <code>{export.person_id}</code></h1>",
        f"<p>Written {_at(export.written_at)}, from all that organisation "
        f"<code>{export.tenant}</code> had recorded up to position {export.position:,}.</p>",
        *(
            f'<p class="gone">Erased {_at(one.at)} at level {one.level}, on the basis '
            f"{escape(one.basis)}: certificate <code>{one.erasure_id}</code>.</p>"
            for one in export.erasures
        ),
        *(
            f"<p>Another entry of the same person is <code>{one}</code>: ask for its page too.</p>"
            for one in export.merged_with
        ),
        _section(
            "Who the person is",
            ("Field", "Text", "Where"),
            [_value(export, one) for one in export.values if one.tells_who],
        ),
        _section(
            "What the person said, and what was written about the person",
            ("Field", "Text", "Where"),
            [_value(export, one) for one in export.values if not one.tells_who],
        ),
        _section(
            "What was recorded of the person as an evaluator of a purchase",
            ("What", "Content", "Where"),
            [_statement(export, one) for one in export.statements],
        ),
        _section(
            "Where the person's id stands",
            ("Event", "Field", "How often", "First", "Last"),
            [
                (
                    escape(one.event),
                    f"<code>{escape(one.field)}</code>",
                    f"{one.count:,}",
                    _at(one.first_at),
                    _at(one.last_at),
                )
                for one in export.mentions
            ],
        ),
        _section(
            "Who was shown data of the person, as far as reads are saved",
            ("When", "Who", "Role", "Operation", "Fields"),
            [
                (
                    _at(one.read_at),
                    f"<code>{one.principal}</code>",
                    escape(one.role),
                    escape(one.operation or ""),
                    escape(", ".join(one.fields)),
                )
                for one in export.shown
            ],
        ),
    ]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>Person {export.person_id}</title><style>{_STYLE}</style></head>\n<body>"
        + "\n".join(parts)
        + "</body></html>\n"
    )


def _section(title: str, columns: Sequence[str], rows: Sequence[Iterable[str]]) -> str:
    if not rows:
        return f"<h2>{title}</h2><p>Nothing.</p>"
    head = "".join(f"<th>{one}</th>" for one in columns)
    body = "\n".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<h2>{title}</h2><table><tr>{head}</tr>\n{body}</table>"


def _value(export: SubjectExport, one: HeldValue) -> tuple[str, str, str]:
    if one.text is not None:
        text = escape(one.text)
    else:
        when = "" if one.erased_at is None else f" {_at(one.erased_at)}, {escape(one.basis or '')}"
        text = f'<span class="gone">erased{when}</span>'
    return f"<code>{escape(one.field)}</code>", text, _where(export, one.where)


def _statement(export: SubjectExport, one: Statement) -> tuple[str, str, str]:
    said = msgspec.json.format(msgspec.json.encode(one.said), indent=2).decode()
    return escape(one.where.event), f"<pre>{escape(said)}</pre>", _where(export, one.where)


def _where(export: SubjectExport, where: Where) -> str:
    deal = "" if where.opportunity_id is None else export.opportunities[where.opportunity_id]
    opportunity = f"{escape(deal)} (<code>{where.opportunity_id}</code>), " if deal else ""
    return (
        f"{opportunity}{escape(where.event)} at position {where.position:,}, "
        f"{_at(where.recorded_at)}, by <code>{where.recorded_by}</code>"
    )


def _at(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M:%S} UTC"
