"""The objects of Salesforce that an import reads, each known by its columns and never by a name."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct


class Kind(StrEnum):
    """An object of Salesforce, by its name there."""

    OPPORTUNITY = "Opportunity"
    HISTORY = "OpportunityHistory"
    FIELD_HISTORY = "OpportunityFieldHistory"
    CONTACT_ROLE = "OpportunityContactRole"
    COMPETITOR = "OpportunityCompetitor"
    ACCOUNT = "Account"
    CONTACT = "Contact"
    USER = "User"


class Shape(Struct, frozen=True):
    """The columns of an object: those it is known by, one of some others, and the rest we read."""

    needed: tuple[str, ...]
    one_of: tuple[str, ...] = ()
    read: tuple[str, ...] = ()

    def columns(self) -> tuple[str, ...]:
        """All columns that an import reads."""
        return (*self.needed, *self.read)


_WHO = ("CreatedById", "CreatedBy.Name")
# In the order in which they are told apart: each has columns that those below it lack.
SHAPES: Mapping[Kind, Shape] = {
    Kind.FIELD_HISTORY: Shape(
        ("OpportunityId", "Field", "NewValue", "CreatedDate"),
        read=("OldValue", "DataType", "IsDeleted", *_WHO),
    ),
    Kind.CONTACT_ROLE: Shape(
        ("OpportunityId", "ContactId"),
        ("Role", "IsPrimary"),
        (
            *("Role", "IsPrimary", "CreatedDate", "LastModifiedDate", "IsDeleted"),
            *("Contact.Name", "Contact.Title", "Contact.Email", *_WHO),
        ),
    ),
    Kind.COMPETITOR: Shape(
        ("OpportunityId", "CompetitorName"),
        read=("Strengths", "Weaknesses", "CreatedDate", "LastModifiedDate", "IsDeleted", *_WHO),
    ),
    Kind.HISTORY: Shape(
        ("OpportunityId", "StageName", "CreatedDate"),
        read=(
            *("Amount", "CloseDate", "Probability", "ForecastCategory", "ForecastCategoryName"),
            *("PrevAmount", "PrevCloseDate", "IsDeleted", *_WHO),
        ),
    ),
    Kind.OPPORTUNITY: Shape(
        ("Id", "StageName", "CloseDate"),
        read=(
            *("Name", "AccountId", "Account.Name", "Amount", "Probability", "Type", "LeadSource"),
            *("ForecastCategory", "ForecastCategoryName", "OwnerId", "Owner.Name"),
            *("CurrencyIsoCode", "CreatedDate", "LastModifiedDate", "LastModifiedById"),
            *("LastStageChangeDate", "SystemModstamp", "IsClosed", "IsWon", "IsDeleted"),
            *("FivetranStart", "FivetranSynced", *_WHO),
        ),
    ),
    Kind.USER: Shape(
        ("Id",), ("Username", "ProfileId", "UserRoleId"), ("Name", "FirstName", "LastName")
    ),
    Kind.CONTACT: Shape(
        ("Id", "AccountId"),
        ("LastName", "Title", "Email"),
        ("Name", "FirstName", "LastName", "Title", "Email", "IsDeleted"),
    ),
    Kind.ACCOUNT: Shape(
        ("Id", "Name"),
        ("Industry", "AccountNumber", "AccountSource", "BillingCity", "NumberOfEmployees"),
        ("IsDeleted",),
    ),
}
# Of a table that has no more than ids and names, the first three characters of an id tell.
_PREFIXES = {"001": Kind.ACCOUNT, "003": Kind.CONTACT, "005": Kind.USER}
_BY_PREFIX: Mapping[Kind, Shape] = {
    Kind.ACCOUNT: Shape(("Id", "Name"), read=("IsDeleted",)),
    Kind.USER: Shape(("Id",), read=("Name", "FirstName", "LastName")),
    Kind.CONTACT: Shape(
        ("Id",), read=("AccountId", "Name", "FirstName", "LastName", "Title", "Email", "IsDeleted")
    ),
}
_NAMES = ("name", "lastname")


def plain(name: str) -> str:
    """Return the name of a column without what exports write in different ways.

    CloseDate, close_date and "Close Date" are one.
    """
    return name.strip().replace("_", "").replace(" ", "").casefold()


def kind_of(header: Iterable[str], first_id: str = "") -> Kind | None:
    """Return the object that has these columns, if it is one that we read.

    `first_id` is the id in the first row: it tells what a table of ids and names is about.
    """
    there = {plain(name) for name in header}
    for kind, shape in SHAPES.items():
        if _has(there, shape.needed) and (
            not shape.one_of or any(plain(one) in there for one in shape.one_of)
        ):
            return kind
    if "id" in there and there.intersection(_NAMES):
        return _PREFIXES.get(first_id[:3])
    return None


def places(kind: Kind, header: Sequence[str]) -> dict[str, int]:
    """Return at which place of a row each column that we read stands.

    Columns of an opportunity that are not standard keep the name that they have in the file.
    """
    found: dict[str, int] = {}
    there = {plain(name): place for place, name in enumerate(header)}
    shape = SHAPES[kind]
    for name in dict.fromkeys((*shape.columns(), *_of_prefix(kind))):
        place = there.get(plain(name))
        if place is not None:
            found[name] = place
    if kind is Kind.OPPORTUNITY:
        taken = set(found.values())
        for place, name in enumerate(header):
            if place not in taken:
                found.setdefault(name.strip(), place)
    return found


def doubled(kind: Kind, header: Sequence[str]) -> str | None:
    """Return a column that we read and that a header has twice; None where there is none."""
    read = {plain(name) for name in SHAPES[kind].columns()}
    seen = set[str]()
    for name in header:
        if plain(name) in read & seen:
            return name.strip()
        seen.add(plain(name))
    return None


def nearest(header: Iterable[str]) -> tuple[Kind, list[str]] | None:
    """Return the object that a header nearly is, with the columns that it lacks."""
    there = {plain(name) for name in header}

    def has(names: Iterable[str]) -> int:
        return sum(plain(name) in there for name in names)

    found = [
        (has(shape.columns()), kind)
        for kind, shape in SHAPES.items()
        if len(shape.needed) > 1 and has(shape.needed)
    ]
    if not found:
        return None
    _, kind = max(found, key=lambda one: one[0])
    return kind, [name for name in SHAPES[kind].needed if plain(name) not in there]


def _of_prefix(kind: Kind) -> tuple[str, ...]:
    return _BY_PREFIX[kind].columns() if kind in _BY_PREFIX else ()


def _has(there: set[str], names: Iterable[str]) -> bool:
    return all(plain(name) in there for name in names)
