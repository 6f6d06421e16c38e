"""From the text of a setting to its value; what is no such value is refused in plain words."""

import re
import shlex
from pathlib import Path
from zoneinfo import available_timezones

import psycopg
from psycopg.conninfo import conninfo_to_dict

from opps.access.provider import ALGORITHMS, is_safe

_URLS = ("postgresql://", "postgres://")
_SLUG = re.compile(r"[a-z][a-z0-9-]{0,62}")
_OPERATION = re.compile(r"[_A-Za-z][_0-9A-Za-z]{0,99}")
MOST_OPERATIONS = 200


def connection(text: str) -> str:
    """Return what names a PostgreSQL."""
    try:
        conninfo_to_dict(text)
    except psycopg.ProgrammingError:
        # The value is not repeated: it may hold a password.
        raise ValueError(
            "is not a connection to PostgreSQL. It looks like "
            "postgresql://user:password@host:5432/database."
        ) from None
    if _looks_cut(text):
        # PostgreSQL would take the rest of the password for a host, and tell everybody of it.
        raise ValueError(
            "has a password or user with @ or / in it. Write %40 for @ and %2F for / there."
        )
    return text


def _looks_cut(text: str) -> bool:
    """Tell whether a URL has an @ where only a password that is not encoded has one."""
    if not text.startswith(_URLS):
        return False
    place = text.partition("://")[2].partition("?")[0]
    return place.count("@") > 1 or "@" in place.partition("/")[2]


def zone(text: str) -> str:
    """Return the name of a zone."""
    if text not in available_timezones():
        raise ValueError(f"is {text!r}. It is the name of a zone, such as Europe/Madrid or UTC.")
    return text


def directory(text: str) -> Path:
    """Return a directory, which need not be there yet."""
    path = Path(text).expanduser().absolute()
    if path.exists() and not path.is_dir():
        raise ValueError(f"is {path}, which is not a directory. Name a directory, or a new path.")
    return path


def command(text: str) -> str:
    """Return a program with its arguments."""
    try:
        shlex.split(text)
    except ValueError as problem:
        raise ValueError(f"is no command with its arguments: {problem}.") from None
    return text


def port(text: str) -> int:
    """Return a port to listen on."""
    if not text.isascii() or not text.isdigit() or int(text) > 65_535:
        raise ValueError(f"is {text!r}. It is a number from 0 to 65535; 0 takes any free port.")
    return int(text)


def seconds(text: str) -> int:
    """Return a time of at most a day."""
    if not text.isascii() or not text.isdigit() or int(text) > 86_400:
        raise ValueError(f"is {text!r}. It is a number of seconds up to 86400; 0 is never.")
    return int(text)


def yes_or_no(text: str) -> bool:
    """Return whether something is wanted."""
    if text not in ("yes", "no"):
        raise ValueError(f"is {text!r}. It is yes or no.")
    return text == "yes"


def opportunities(text: str) -> int:
    """Return how many opportunities."""
    if not (text.isascii() and text.isdigit() and int(text) <= 100_000):
        raise ValueError(f"is {text!r}. It is a number of opportunities up to 100000.")
    return int(text)


def most(text: str) -> int:
    """Return the most of something that a request may have."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:11]) <= 1_000_000_000):
        raise ValueError(f"is {text[:100]!r}. It is a number from 1 to 1000000000.")
    return int(text)


def points(text: str) -> int:
    """Return how many, of points of cost or of subscriptions; 0 is no limit."""
    if text == "0":
        return 0
    try:
        return most(text)
    except ValueError:
        raise ValueError(
            f"is {text[:100]!r}. It is a number up to 1000000000; 0 is no limit."
        ) from None


def days(text: str) -> int:
    """Return how many days."""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 36_500:
        raise ValueError(f"is {text!r}. It is a number of days from 1 to 36500.")
    return int(text)


def slug(text: str) -> str:
    """Return the short name of a tenant."""
    if not _SLUG.fullmatch(text):
        raise ValueError(
            f"is {text!r}. It is a slug: a to z first, then a to z, 0 to 9 and -, at most 63."
        )
    return text


def operations(text: str) -> frozenset[str]:
    """Return names of GraphQL operations."""
    names = frozenset(filter(None, (one.strip() for one in text.split(","))))
    wrong = sorted(name for name in names if not _OPERATION.fullmatch(name))
    if wrong:
        raise ValueError(f"has {wrong[0]!r}. It is names of operations, such as MyBoard,MyDeal.")
    if len(names) > MOST_OPERATIONS:
        raise ValueError(f"has {len(names)} names, {MOST_OPERATIONS} may be.")
    return names


def address(text: str) -> str:
    """Return an address from which something is fetched that is believed."""
    if not is_safe(text):
        raise ValueError(
            f"is {text!r}. It is an https address; http is for this machine only, as localhost."
        )
    return text


def algorithms(text: str) -> frozenset[str]:
    """Return the algorithms in which a token may be signed."""
    named = frozenset(filter(None, (one.strip() for one in text.split(","))))
    if not named or not named <= frozenset(ALGORITHMS):
        raise ValueError(f"is {text!r}. It is one or more of {', '.join(ALGORITHMS)}.")
    return named
