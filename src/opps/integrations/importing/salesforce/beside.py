"""Rows beside an opportunity's fields: who has a role in it, and whom we compete with."""

import re

from opps.domain.times import Learned
from opps.integrations.importing.rows import PersonTold, Row
from opps.integrations.importing.salesforce.changes import actor_of
from opps.integrations.importing.salesforce.gathering import Cells, Told
from opps.integrations.importing.salesforce.words import Words

ROLE, COMPETITOR = "ContactRole", "Competitor"
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_TITLE_LIMIT = 200
_NO_FUNCTION = "Contact"


def role_row(told: Told, contact: Cells, words: Words, learned: Learned, *, named: bool) -> Row:
    """Return the row of somebody who evaluates; `contact` is what the export has of the person.

    Where people are `named`, the evaluator is linked to the person.
    """
    cells = told.cells
    role = cells.get("Role", "").strip()
    ours = words.role(role) if role else None
    title = contact.get("Title", "").strip() or cells.get("Contact.Title", "").strip()
    if title and role and ours is None:
        title = f"{title} ({role})"
    told_of = person_of(cells, contact) if named else None
    attributes = {
        "object": told.kind,
        "field": ROLE,
        "old_value": "",
        "new_value": role,
        "actor": actor_of(told.kind, cells),
        "ContactId": cells["ContactId"],
        "title": (title or role or _NO_FUNCTION)[:_TITLE_LIMIT],
        "role": ours or "",
    }
    if told_of is not None:
        attributes["person"] = told_of.name
    return Row(
        line=told.line,
        file=told.file,
        part=told.number,
        attributes=attributes,
        learned=learned,
        said=f"{ROLE}\x1f{cells['ContactId']}\x1f{role}",
    )


def competitor_row(told: Told, learned: Learned) -> Row:
    """Return the row of somebody whom we compete with."""
    cells = told.cells
    name, *why = (
        cells.get(column, "").strip() for column in ("CompetitorName", "Strengths", "Weaknesses")
    )
    return Row(
        line=told.line,
        file=told.file,
        part=told.number,
        attributes={
            "object": told.kind,
            "field": COMPETITOR,
            "old_value": "",
            "new_value": name,
            "actor": actor_of(told.kind, cells),
            **{column: text for column, text in zip(("Strengths", "Weaknesses"), why, strict=True)},
        },
        learned=learned,
        said="\x1f".join((COMPETITOR, name, *why)),
    )


def person_of(cells: Cells, contact: Cells) -> PersonTold | None:
    """Return what an export tells of a contact, if it has a name."""
    name = full_name(contact) or cells.get("Contact.Name", "").strip()
    email = (contact.get("Email") or cells.get("Contact.Email", "")).strip()
    return PersonTold(name, email if _EMAIL.fullmatch(email) else None) if name else None


def full_name(cells: Cells) -> str:
    """Return the name of a person in an export: whole, or in its parts."""
    parts = (cells.get("FirstName", "").strip(), cells.get("LastName", "").strip())
    return cells.get("Name", "").strip() or " ".join(part for part in parts if part)


def time_of(told: Told) -> str:
    """Return when a row was last true for sure: when it was changed, or else made."""
    return told.cells.get("LastModifiedDate") or told.cells.get("CreatedDate", "")
