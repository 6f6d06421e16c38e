"""Ids of Salesforce: the form of 15 characters gets the three that make it safe in any case."""

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_SHORT = 15
_GROUP = 5


def long_id(text: str) -> str:
    """Return an id in its form of 18 characters; what is no id of 15 stays as it is."""
    text = text.strip()
    if len(text) != _SHORT or not (text.isascii() and text.isalnum()):
        return text
    return text + "".join(_suffix(text[at : at + _GROUP]) for at in range(0, _SHORT, _GROUP))


def _suffix(group: str) -> str:
    """Return the letter that says which of five characters are capitals."""
    capitals = sum(1 << place for place, letter in enumerate(group) if letter.isupper())
    return _LETTERS[capitals]
