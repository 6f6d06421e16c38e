"""Words that say something: a text of spaces and invisible characters does not."""

from unicodedata import category

from opps.domain.errors import Blank

_INVISIBLE = ("C", "Z")  # control and format characters; separators


def not_blank(field: str, text: str) -> None:
    """Refuse a text in which nothing can be seen.

    Raises:
        Blank: there is nothing to see.
    """
    if all(category(character)[0] in _INVISIBLE for character in text):
        raise Blank(field=field)
