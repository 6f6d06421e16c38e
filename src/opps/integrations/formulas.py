"""Texts that a spreadsheet would carry out: made harmless in a file for people, and undone."""

import re

# What a spreadsheet takes for a formula where a cell begins with it, also behind blanks.
_FORMULA = re.compile("[' ]*[=+\\-@\t\r\n＝＋－＠]")  # noqa: RUF001  # the wide ones count too


def guarded(text: str) -> str:
    """Return a text that no spreadsheet carries out: with an apostrophe before a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """Return the text that was guarded."""
    return text[1:] if text[:1] == "'" and _FORMULA.match(text, 1) else text
