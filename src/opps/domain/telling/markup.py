"""Text of anybody's, put into a page so that nothing in it is markup."""

from html import escape

_MARKS = "\\`*_[]<>#|"
_AT_THE_START = ("-", "+", "=")


def in_markdown(text: str) -> str:
    """Return a text as one line of Markdown in which nothing is markup."""
    escaped = "".join(f"\\{one}" if one in _MARKS else one for one in text)
    line = " ".join(escaped.split())
    return f"\\{line}" if line[:1] in _AT_THE_START else line


def in_html(text: str) -> str:
    """Return a text as one line of HTML in which nothing is markup, attributes included."""
    return escape(" ".join(text.split()), quote=True)
