"""A database that cannot be used is told with what to do about it."""

import psycopg
import pytest

from opps.cli.failures import told


@pytest.mark.parametrize(
    ("reason", "advice"),
    [
        ("connection failed: session is read-only", "promote a replica"),
        ("password authentication failed for user x", "the user and the password"),
        ("Connection refused", "Check that PostgreSQL runs"),
    ],
)
def test_who_cannot_reach_the_database_is_told_where_to_look(reason: str, advice: str) -> None:
    assert advice in (told(psycopg.OperationalError(reason)) or "")
