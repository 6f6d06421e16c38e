"""The queries that export from Salesforce what an import reads."""

from textwrap import fill

from msgspec import Struct

from opps.integrations.importing.salesforce.objects import Kind

_WIDTH = 96


class Query(Struct, frozen=True):
    """What to select from an object, and a name for the file of the answer; any other will do."""

    file: str
    kind: Kind
    columns: str
    where: str = ""

    def __str__(self) -> str:
        """Return it in SOQL."""
        selected = fill(f"SELECT {self.columns}", _WIDTH, subsequent_indent="  ")
        return "\n".join(filter(None, (selected, f"FROM {self.kind}", self.where)))


QUERIES = (
    Query(
        "opportunities.csv",
        Kind.OPPORTUNITY,
        "Id, AccountId, Account.Name, Name, StageName, Amount, Probability, CloseDate, Type, "
        "LeadSource, ForecastCategory, OwnerId, Owner.Name, CreatedDate, CreatedById, "
        "LastModifiedDate, LastModifiedById, IsClosed, IsWon, IsDeleted",
    ),
    Query(
        "opportunity-history.csv",
        Kind.HISTORY,
        "OpportunityId, StageName, Amount, CloseDate, Probability, ForecastCategory, "
        "CreatedDate, CreatedById",
    ),
    Query(
        "opportunity-field-history.csv",
        Kind.FIELD_HISTORY,
        "OpportunityId, Field, DataType, OldValue, NewValue, CreatedDate, CreatedById",
    ),
    Query(
        "opportunity-contact-roles.csv",
        Kind.CONTACT_ROLE,
        "OpportunityId, ContactId, Role, IsPrimary, CreatedDate, LastModifiedDate, CreatedById",
    ),
    Query(
        "opportunity-competitors.csv",
        Kind.COMPETITOR,
        "OpportunityId, CompetitorName, Strengths, Weaknesses, CreatedDate, LastModifiedDate, "
        "CreatedById",
    ),
    Query(
        "contacts.csv",
        Kind.CONTACT,
        "Id, AccountId, FirstName, LastName, Title, Email",
        "WHERE Id IN (SELECT ContactId FROM OpportunityContactRole)",
    ),
    Query("users.csv", Kind.USER, "Id, Username, Name"),
)
_NOTES = """\
-- Run each with an exporter that writes CSV, such as Data Loader or the Salesforce CLI, and import
-- all answers together: opps import salesforce-csv FOLDER
-- With more than one currency, add CurrencyIsoCode to the first; else say --currency EUR.
-- Deleted opportunities are in the answer only of an export of all rows; they are counted.
-- Leave out what your organisation does not use: only the first is needed."""


def script() -> str:
    """Return all queries, each under the name of a file for its answer."""
    return "\n\n".join([_NOTES, *(f"-- {query.file}\n{query};" for query in QUERIES)])
