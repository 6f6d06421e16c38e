"""The schema: derived from the domain, described for the caller, and printed in the repository."""

from pathlib import Path
from typing import Any, get_args

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLUnionType,
)

from opps.api.coaching_mutations import ON_GAPS
from opps.api.mutations import ON_EXCEPTIONS
from opps.api.schema import print_schema, schema
from opps.api.webhook_mutations import ON_ENDPOINTS
from opps.domain.access.commands import AnyKeyCommand, AnyLinkCommand
from opps.domain.account import AnyAccountCommand, AnyAccountMerge
from opps.domain.coaching.commands import AnyLearningCatalogueCommand
from opps.domain.errors import Refusal
from opps.domain.exceptions.thresholds import SetExceptionThresholds
from opps.domain.facts import KINDS
from opps.domain.imports import RevertImport
from opps.domain.opportunity.commands import COMMANDS
from opps.domain.person import AnyPersonCommand, AnyPersonMerge
from opps.domain.privacy.commands import AnyPrivacyCommand
from opps.domain.rules import AnyRulesCommand
from opps.domain.sales_process import PublishSalesProcess
from opps.domain.scoring_model import ActivateScoringModel
from opps.domain.teams import AnyTeamCommand
from opps.domain.webhooks.commands import PingWebhookEndpoint, ReplayWebhook

PRINTED = Path(__file__).parents[2] / "schema.graphql"
TYPES: dict[str, Any] = {
    name: kind for name, kind in schema()._schema.type_map.items() if not name.startswith("__")
}
STANDARD = {"Boolean", "Float", "ID", "Int", "String"}


def test_the_schema_in_the_repository_is_current() -> None:
    assert PRINTED.read_text() == print_schema(), "run: opps schema > schema.graphql"


def test_every_type_field_and_argument_is_described() -> None:
    silent = []
    for name, kind in TYPES.items():
        if not kind.description and name not in STANDARD:
            silent.append(name)
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            for field_name, field in kind.fields.items():
                if not field.description:
                    silent.append(f"{name}.{field_name}")
                for argument_name, argument in getattr(field, "args", {}).items():
                    if not argument.description:
                        silent.append(f"{name}.{field_name}({argument_name})")

    assert silent == []


def test_descriptions_are_sentences() -> None:
    described = [
        (f"{name}.{field_name}", field.description)
        for name, kind in TYPES.items()
        if not isinstance(kind, GraphQLEnumType | GraphQLUnionType) and hasattr(kind, "fields")
        for field_name, field in kind.fields.items()
    ]

    assert [where for where, said in described if not said[0].isupper()] == []
    assert [where for where, said in described if not said.rstrip().endswith((".", "?"))] == []


def test_every_command_is_a_mutation_of_its_name() -> None:
    privacy = get_args(AnyPrivacyCommand)
    others = (
        *privacy,
        *AnyAccountCommand.__args__,
        *AnyAccountMerge.__args__,
        *AnyPersonCommand.__args__,
        *AnyPersonMerge.__args__,
        *AnyTeamCommand.__args__,
        *AnyKeyCommand.__args__,
        *AnyLinkCommand.__args__,
        *ON_ENDPOINTS,
        PingWebhookEndpoint,
        ReplayWebhook,
        *AnyLearningCatalogueCommand.__args__,
        *ON_GAPS,
        ActivateScoringModel,
        RevertImport,
        PublishSalesProcess,
        SetExceptionThresholds,
    )
    commands = (*COMMANDS, *others, *ON_EXCEPTIONS, *AnyRulesCommand.__args__)
    names = {f"{one.__name__[0].lower()}{one.__name__[1:]}" for one in commands}

    assert set(TYPES["Mutation"].fields) == names


def test_every_mutation_takes_one_input_with_a_command_id() -> None:
    for mutation in TYPES["Mutation"].fields.values():
        [given] = mutation.args.values()

        assert str(given.type).endswith("Input!")
        assert str(given.type.of_type.fields["commandId"].type) == "UUID!"


def test_every_kind_of_fact_can_be_given_and_is_shown() -> None:
    given = {field.type.name for field in TYPES["FactInput"].fields.values()}
    shown = {member.name for member in TYPES["FactContent"].types}

    assert given == {f"{kind.__name__}FactInput" for kind in KINDS.values()}
    assert shown == {f"{kind.__name__}Fact" for kind in KINDS.values()}
    assert set(TYPES["FactKind"].values) == {tag.upper() for tag in KINDS}


def test_every_refusal_is_a_user_error_of_its_own_type() -> None:
    errors = {one.name for one in schema()._schema.get_possible_types(TYPES["UserError"])}
    refusals = {one.__name__ for one in Refusal.__subclasses__()}

    assert refusals < errors
    assert errors - refusals == {
        "CommandIdReused",
        "InvalidInput",
        "Overloaded",
        "ReadOnly",
        "VersionConflict",
    }


def test_no_field_says_that_something_is_known_or_validated() -> None:
    # The lens of that name asks what was known at an instant: it is given an instant, not a tick.
    kinds = [kind for name, kind in TYPES.items() if name != "AsOf"]
    names = {field for kind in kinds for field in getattr(kind, "fields", {})}

    assert names.isdisjoint({"known", "isKnown", "validated", "isValidated", "complete"})
