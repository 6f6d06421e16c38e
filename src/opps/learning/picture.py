"""The picture of a reliability table: what was said against what came, as an SVG of its own."""

from collections.abc import Iterator, Sequence
from html import escape
from math import sqrt

from opps.learning.metrics import Bin

_SIDE = 360
_LEFT, _TOP = 64, 48
_WIDTH, _HEIGHT = _LEFT + _SIDE + 24, _TOP + _SIDE + 102
_TENTHS = [number / 10 for number in range(0, 11, 2)]
_Z = 1.96
A_TENTH = "Each dot is a tenth of the rows."
_CAPTION = (
    "The bar of a dot is where chance alone would put it,",
    "19 times in 20, if what was said were true.",
)
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#222}.small{font-size:11px;fill:#555}"
    ".title{font-size:15px;font-weight:600}.grid{stroke:#e4e4e4}.frame{fill:none;stroke:#888}"
    ".truth{stroke:#888;stroke-dasharray:5 4}.chance{stroke:#2b6cb0;stroke-opacity:.45;"
    "stroke-width:5;stroke-linecap:round}.came{fill:#2b6cb0;stroke:#fff}"
)


def picture(table: Sequence[Bin], title: str, dots: str = A_TENTH) -> str:
    """Return the reliability picture of a table; it needs nothing beside itself.

    `dots` says what each dot is. Its line is where 95 % of such dots would lie if what was said
    were true: a dot outside its line is no chance.
    """
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'width="{_WIDTH}" height="{_HEIGHT}" role="img" aria-label="{escape(title, quote=True)}">',
        f"<style>{_STYLE}</style>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
        f'<text class="title" x="{_LEFT}" y="26">{escape(title)}</text>',
        *_axes(),
        _line("truth", 0, 0, 1, 1),
        *(_chance(one) for one in table),
        *(_dot(one) for one in table),
        *_words(dots),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _axes() -> Iterator[str]:
    for share in _TENTHS:
        yield _line("grid", share, 0, share, 1)
        yield _line("grid", 0, share, 1, share)
        below, beside = _y(0) + 18, _x(0) - 8
        yield f'<text class="small" x="{_x(share):.1f}" y="{below:.1f}" text-anchor="middle">' + (
            f"{share:.0%}</text>"
        )
        yield f'<text class="small" x="{beside:.1f}" y="{_y(share) + 4:.1f}" text-anchor="end">' + (
            f"{share:.0%}</text>"
        )
    yield f'<rect class="frame" x="{_LEFT}" y="{_TOP}" width="{_SIDE}" height="{_SIDE}"/>'


def _words(dots: str) -> Iterator[str]:
    middle = _LEFT + _SIDE / 2
    yield f'<text x="{middle}" y="{_y(0) + 40:.1f}" text-anchor="middle">what was said</text>'
    turned = f"rotate(-90 18 {_TOP + _SIDE / 2})"
    yield (
        f'<text x="18" y="{_TOP + _SIDE / 2}" text-anchor="middle" transform="{turned}">'
        "what came</text>"
    )
    for number, line in enumerate((dots, *_CAPTION)):
        below = _y(0) + 62 + 15 * number
        yield f'<text class="small" x="{middle}" y="{below:.1f}" text-anchor="middle">{line}</text>'


def _chance(one: Bin) -> str:
    spread = _Z * sqrt(one.said * (1 - one.said) / one.mass) if one.mass else 0.0
    return _line(
        "chance", one.said, max(0.0, one.said - spread), one.said, min(1, one.said + spread)
    )


def _dot(one: Bin) -> str:
    told = f"said {one.said:.0%}, came {one.came:.0%} of {one.mass:.0f}"
    return (
        f'<circle class="came" cx="{_x(one.said):.1f}" cy="{_y(one.came):.1f}" r="5">'
        f"<title>{told}</title></circle>"
    )


def _line(kind: str, x1: float, y1: float, x2: float, y2: float) -> str:
    start = f'x1="{_x(x1):.1f}" y1="{_y(y1):.1f}"'
    return f'<line class="{kind}" {start} x2="{_x(x2):.1f}" y2="{_y(y2):.1f}"/>'


def _x(share: float) -> float:
    return _LEFT + _SIDE * share


def _y(share: float) -> float:
    return _TOP + _SIDE * (1 - share)
