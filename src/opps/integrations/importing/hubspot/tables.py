"""The tables of HubSpot that an import reads, each known by its columns and never by a name."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct


class Kind(StrEnum):
    """A table of an export."""

    HISTORY = "deal property history"
    STAGE_HISTORY = "deal stage history"
    DEALS = "deals"
    STAGES = "pipeline stages"
    PIPELINES = "pipelines, not needed"
    OWNERS = "owners"
    COMPANIES = "companies"
    COMPANY_OF = "companies of deals"
    MERGED = "merged deals"


TELLS = (Kind.HISTORY, Kind.STAGE_HISTORY, Kind.DEALS)
OF_DEALS = (*TELLS, Kind.COMPANY_OF)


class Shape(Struct, frozen=True):
    """The columns that a table is known by: all of some, one of others, and none of the last."""

    needed: tuple[str, ...]
    one_of: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


# In the order in which they are told apart.
SHAPES: Mapping[Kind, Shape] = {
    Kind.HISTORY: Shape(("deal_id", "name", "value", "timestamp")),
    Kind.STAGE_HISTORY: Shape(("deal_id", "value", "date_entered")),
    Kind.MERGED: Shape(("deal_id", "merged_deal_id")),
    Kind.COMPANY_OF: Shape(("deal_id", "company_id"), without=("dealname",)),
    Kind.DEALS: Shape(("deal_id",), ("dealname", "dealstage")),
    Kind.STAGES: Shape(("stage_id", "label"), ("pipeline_id", "is_closed", "probability")),
    Kind.PIPELINES: Shape(("pipeline_id", "label"), without=("stage_id",)),
    Kind.OWNERS: Shape(("owner_id", "email")),
    Kind.COMPANIES: Shape(("company_id", "company"), without=("deal_id",)),
}
# What exports call a column, beside the name that HubSpot's own interface gives it.
_ALSO = {
    "dealid": "deal_id",
    "recordid": "id",
    "propertyname": "name",
    "propertyvalue": "value",
    "changedate": "timestamp",
    "sourceid": "source_id",
    "dealpipelineid": "pipeline",
    "dealpipelinestageid": "dealstage",
    "ownerid": "hubspot_owner_id",
    "dealowner": "hubspot_owner_id",
    "lastmodifieddate": "hs_lastmodifieddate",
    "currency": "deal_currency_code",
    "associatedcompany": "company",
    "associatedcompanyids": "company_id",
    "forecastcategory": "hs_manual_forecast_category",
    "mergeddealid": "merged_deal_id",
    "companyid": "company_id",
    "companyname": "company",
    "stageid": "stage_id",
    "pipelineid": "pipeline_id",
    "isclosed": "is_closed",
    "closedwon": "closed_won",
    "isdeleted": "is_deleted",
    "isarchived": "is_deleted",
    "archived": "is_deleted",
    "dateentered": "date_entered",
    "activeuserid": "active_user_id",
    "userid": "active_user_id",
    "firstname": "first_name",
    "lastname": "last_name",
}
_PREFIX = "property_"
# What a table of ids is about: the columns that only deals have, or only companies.
_OF_DEALS = frozenset({"dealname", "dealstage"})
_OF_COMPANIES = frozenset({"domain", "companydomainname", "company", "industry"})


def standard_names(header: Iterable[str], columns: Mapping[str, str]) -> list[str]:
    """Return HubSpot's own names of the columns; `columns` gives what an export calls some.

    property_dealname, "Deal Name" and dealname are one.
    """
    own = {_plain(written): name for name, written in columns.items()}
    names = [own.get(_plain(name)) or _standard(name) for name in header]
    if "id" not in names:
        return names
    if not _OF_DEALS.isdisjoint(names):
        return ["deal_id" if name == "id" else name for name in names]
    if not _OF_COMPANIES.isdisjoint(names):
        meant = {"id": "company_id", "name": "company"}
        return [meant.get(name, name) for name in names]
    return names


def kind_of(header: Iterable[str]) -> Kind | None:
    """Return the table that has these columns, if it is one that we read."""
    there = set(header)
    if "owner_id" not in there and "email" in there and "hubspot_owner_id" in there:
        there.add("owner_id")  # the owners' own id, under the name that deals have for it
    if "name" in there and "company_id" in there and "timestamp" not in there:
        there.add("company")
    for kind, shape in SHAPES.items():
        if (
            there.issuperset(shape.needed)
            and (not shape.one_of or not there.isdisjoint(shape.one_of))
            and there.isdisjoint(shape.without)
        ):
            return kind
    return None


def nearest(header: Sequence[str]) -> tuple[Kind, list[str]] | None:
    """Return the table that a header nearly is, with the columns that it lacks."""
    there = set(header)
    found = [
        (len(set(shape.needed) - there), kind)
        for kind, shape in SHAPES.items()
        if len(shape.needed) > 1 and not there.isdisjoint(shape.needed)
    ]
    if not found:
        return None
    _, kind = min(found, key=lambda one: one[0])
    return kind, [name for name in SHAPES[kind].needed if name not in there]


def _standard(written: str) -> str:
    name = written.strip()
    if name.casefold().startswith(_PREFIX):
        name = name[len(_PREFIX) :]
    plain = _plain(name)
    return _ALSO.get(plain) or (plain if " " in name else name.casefold())


def _plain(name: str) -> str:
    return name.strip().replace("_", "").replace(" ", "").casefold()
