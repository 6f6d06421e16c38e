"""What is said about a mapping file that is wrong."""

from pathlib import Path

import pytest

from opps.integrations.importing import MappingRefused, read_mapping
from tests.integrations.importing.support import EXAMPLES, XES_MAPPING, mapping

MAPPINGS = sorted((EXAMPLES / "mappings").glob("*.toml"))


@pytest.mark.parametrize("path", MAPPINGS, ids=lambda path: path.name)
def test_every_example_is_a_right_mapping(path: Path) -> None:
    assert read_mapping(path).source


FACT = """command = "LearnFact"
[rules.fields.stated]
provenance = { source = "IMPORTED", channel = "IMPORT" }
[rules.fields.stated.fact]
kind = "alternative"
alternative_id = { id = "alternative", of = "{rival}" }
alternative_kind = "COMPETITOR"
name = "{rival}"
status = "CONSIDERED"
"""
RULE = '[[rules]]\nmatch = { "concept:name" = "x" }\n'


@pytest.mark.parametrize(
    ("added", "said"),
    [
        ("[rule]\n", "line 25, rule: is unknown; there are source, format, opportunity"),
        ("[times]\nzone = 'Mars/Olympus'\n", "times.zone: no zone is called 'Mars/Olympus'"),
        ("[times]\nzones = 1\n", "line 25, times: Object contains unknown field 'zones'"),
        (
            RULE + 'command = "WinOportunity"\n',
            "line 25, rules[5].command: no command is called 'WinOportunity'; "
            "WinOpportunity may be meant",
        ),
        (
            RULE + 'command = "SetStage"\nfields = { stag = "x" }\n',
            "line 25, rules[5].fields.stag: no field is called 'stag'; stage may be meant",
        ),
        (RULE + 'command = "SetStage"\n', "line 25, rules[5].fields: SetStage needs stage"),
        (
            RULE + 'command = "LoseOpportunity"\nfields = { loss_kind = "MAYBE" }\n',
            "line 25, rules[5].fields.loss_kind: 'MAYBE': Invalid enum value 'MAYBE'",
        ),
        (
            RULE + FACT.replace('"alternative"', '"alternativ"'),
            "rules[5].fields.stated.fact.kind: no kind is called 'alternativ'; "
            "there are alternative, attribute",
        ),
        (
            RULE + FACT.replace('"CONSIDERED"', '"CONSIDERD"'),
            "rules[5].fields.stated.fact.status: Invalid enum value 'CONSIDERD'",
        ),
        (
            RULE + FACT.replace("name =", "nam ="),
            "rules[5].fields.stated.fact.nam: no field is called so; there are alternative_id",
        ),
        (
            RULE + FACT.replace('provenance = { source = "IMPORTED", channel = "IMPORT" }', ""),
            "rules[5].fields.stated: provenance is missing",
        ),
        (
            RULE + 'counted = "noise"\nalso = true\n',
            "line 25, rules[5]: what is only counted goes to no other rule",
        ),
        (
            '[references.products]\ncolumn = "product"\n',
            "line 25, references: only a mapping for facts-csv has references",
        ),
        (RULE, "line 25, rules[5]: give it either a command or a name to be counted under"),
        (RULE + 'counted = ""\n', "line 25, rules[5]: Expected 'str' of length >= 1, in counted"),
        ("x = \n", "is no TOML: Invalid value (at line 25"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_field(tmp_path: Path, added: str, said: str) -> None:
    with pytest.raises(MappingRefused) as refused:
        mapping(tmp_path, XES_MAPPING + added)

    assert said in str(refused.value)
    assert str(tmp_path / "mapping.toml") in str(refused.value)


def test_what_a_fact_draws_on_a_row_is_left_for_the_row(tmp_path: Path) -> None:
    assert mapping(tmp_path, XES_MAPPING + RULE + FACT).rules[-1].command == "LearnFact"


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = XES_MAPPING.replace("SetStage", "SetStages").replace("WinOpp", "WonOpp")

    with pytest.raises(MappingRefused) as refused:
        mapping(tmp_path, text)

    assert [problem.place for problem in refused.value.problems] == [
        "rules[3].command",
        "rules[4].command",
    ]


@pytest.mark.parametrize("part", ["source", "format", "opportunity", "account"])
def test_what_is_missing_is_named(tmp_path: Path, part: str) -> None:
    lines = [line for line in XES_MAPPING.splitlines() if not line.startswith(part)]
    text = "\n".join(lines).replace(f"[{part}]", "[times]")

    with pytest.raises(MappingRefused, match=f"{part}: is missing"):
        mapping(tmp_path, text)


def test_a_currency_is_a_code_of_three_letters(tmp_path: Path) -> None:
    with pytest.raises(MappingRefused, match=r"line 4, opportunity\.fields\.currency: 'euro'"):
        mapping(tmp_path, XES_MAPPING.replace("EUR", "euro"))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MappingRefused, match="cannot be read"):
        read_mapping(tmp_path / "none.toml")
