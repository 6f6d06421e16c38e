"""A page of plain text in sections, as Markdown and as HTML: whoever fills it escapes nothing."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from opps.domain.telling.markup import in_html, in_markdown

# A page is to be read: of a longer list it says how many more there are.
LONGEST_LIST = 200

_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:46em;margin:2em auto;padding:0 1em;color:#222}"
    "h2{margin-top:1.6em;border-bottom:1px solid #ccc}li{margin:.3em 0}li li{color:#555}"
)


class Point(Struct, frozen=True):
    """A line of a list, with what is said about it below."""

    text: str
    below: tuple[str, ...] = ()


class Section(Struct, frozen=True):
    """A heading with a list; `intro` stands above it, or alone where the list is empty."""

    heading: str
    points: tuple[Point, ...] = ()
    intro: str | None = None


class Page(Struct, frozen=True):
    """A page: its title, a few words, and sections."""

    title: str
    intro: str
    sections: tuple[Section, ...]


def section(heading: str, points: Iterable[Point], otherwise: str | None = None) -> Section:
    """Return a section, and what it says where its list is empty."""
    listed = tuple(points)
    if not listed:
        return Section(heading, intro=otherwise)
    more = len(listed) - LONGEST_LIST
    if more <= 0:
        return Section(heading, listed)
    return Section(heading, (*listed[:LONGEST_LIST], Point(f"And {more} more")))


def markdown(page: Page) -> str:
    """Return a page as Markdown."""
    parts = [f"# {in_markdown(page.title)}", in_markdown(page.intro)]
    parts += ["\n".join(_section_in_markdown(one)) for one in page.sections]
    return "\n\n".join(parts) + "\n"


def html(page: Page) -> str:
    """Return a page as one HTML document that needs nothing else."""
    title = in_html(page.title)
    body = "\n".join(line for one in page.sections for line in _section_in_html(one))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{title}</h1>\n<p>{in_html(page.intro)}</p>\n{body}\n</body>\n</html>\n"
    )


def _section_in_markdown(of: Section) -> Iterator[str]:
    yield f"## {in_markdown(of.heading)}"
    if of.intro:
        yield from ("", in_markdown(of.intro))
    if of.points:
        yield ""
    for point in of.points:
        yield f"- {in_markdown(point.text)}"
        yield from (f"  - {in_markdown(one)}" for one in point.below)


def _section_in_html(of: Section) -> Iterator[str]:
    yield f"<h2>{in_html(of.heading)}</h2>"
    if of.intro:
        yield f"<p>{in_html(of.intro)}</p>"
    if of.points:
        yield f"<ul>{''.join(_item(one) for one in of.points)}</ul>"


def _item(of: Point) -> str:
    below = "".join(f"<li>{in_html(one)}</li>" for one in of.below)
    return f"<li>{in_html(of.text)}{f'<ul>{below}</ul>' if below else ''}</li>"
