"""What the generator makes of a document is what GraphQL answers to it."""

from pathlib import Path

import pytest
from graphql import FragmentDefinitionNode, OperationDefinitionNode, build_schema, parse

from clients.python.generator.documents import read
from clients.python.generator.kinds import annotation
from clients.python.generator.names import camel, docstring, snake
from clients.python.generator.shapes import Answered, Composite, Part, Shapes

SCHEMA = build_schema("""
type Query { news: [News!]! deal(id: ID!): Deal }
interface Named { name: String! }
union News = Deal | Account
type Deal implements Named { name: String! p: Float! owner: Account! tags: [String!] }
type Account implements Named { name: String! since: Int! }
""")


def fields(document: str) -> list[Answered]:
    """Return the fields of the only object that a document asks for."""
    parsed = parse(document)
    [operation] = [one for one in parsed.definitions if isinstance(one, OperationDefinitionNode)]
    fragments = [one for one in parsed.definitions if isinstance(one, FragmentDefinitionNode)]
    shapes = Shapes(SCHEMA, {one.name.value: one for one in fragments})
    root = SCHEMA.query_type
    assert isinstance(root, Composite)
    [asked] = shapes.fields([Part(root, operation.selection_set, False)])
    return shapes.fields(asked.parts)


def told(document: str) -> dict[str, str]:
    """Return the annotation of each field; with a question mark, of one that may be absent."""
    return {
        one.name: ("?" if one.sometimes else "") + annotation(one.kind, "x")
        for one in fields(document)
    }


def test_what_only_some_types_have_may_be_absent() -> None:
    document = "{ news { __typename ... on Deal { p } ... on Named { name } } }"

    assert told(document) == {"__typename": "x", "p": "?x", "name": "x"}


def test_what_every_type_is_asked_for_is_always_there() -> None:
    document = "{ news { ...Told } } fragment Told on News { ... on Named { called: name } }"

    assert told(document) == {"called": "x"}


def test_what_may_be_skipped_may_be_absent_unless_it_is_asked_for_twice() -> None:
    document = "query ($no: Boolean!) { deal(id: 1) { p @skip(if: $no) name @skip(if: $no) name } }"

    assert told(document) == {"p": "?x", "name": "x"}


def test_an_object_that_is_asked_for_twice_has_the_fields_of_both() -> None:
    document = (
        "{ deal(id: 1) { owner { name } ...More } } fragment More on Deal { owner { since } }"
    )
    [owner] = fields(document)
    below = Shapes(SCHEMA, {}).fields(owner.parts)

    assert [(one.name, one.sometimes) for one in below] == [("name", False), ("since", False)]


def test_the_fields_of_an_object_that_only_one_type_has_are_there_with_it() -> None:
    [owner] = fields("{ news { ... on Deal { owner { name } } } }")

    assert owner.sometimes
    assert [one.sometimes for one in Shapes(SCHEMA, {}).fields(owner.parts)] == [False]


def test_lists_and_what_may_be_null_are_told_apart() -> None:
    assert told("{ deal(id: 1) { tags p } }") == {"tags": "list[x] | None", "p": "x"}


def test_a_document_that_the_schema_does_not_allow_makes_no_client(tmp_path: Path) -> None:
    (tmp_path / "broken.graphql").write_text("query Broken { nothing }")

    with pytest.raises(ValueError, match=r"broken\.graphql: Cannot query field 'nothing'"):
        read(SCHEMA, tmp_path)


@pytest.mark.parametrize("name", ["asOfPosition", "p", "milliPoints", "externalId", "basedOn"])
def test_a_name_comes_back_as_it_was(name: str) -> None:
    assert camel(snake(name)) == name


def test_words_of_python_get_a_line_behind_them() -> None:
    assert (snake("from"), snake("import"), snake("fromDue")) == ("from_", "import_", "from_due")


def test_a_long_description_is_broken_and_a_short_one_is_not() -> None:
    assert docstring("Short.\n\nMore of it.", "x") == '    """Short."""'
    assert max(map(len, docstring("word " * 60, "x").splitlines())) <= 100
