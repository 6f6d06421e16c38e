"""A splits file is followed to the letter, or refused with the place of what is wrong."""

import json
from pathlib import Path
from typing import Any

import pytest

from opps.learning.splits import Splits, SplitsRefused, check, chosen, read_splits

COLUMNS = ("Budget", "Client")


def written(directory: Path, content: object) -> Path:
    path = directory / "splits.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def splits(directory: Path, fold: dict[str, Any], **besides: Any) -> Splits:
    protocol = {"aggregate": "mean", "repeats": [[fold]], **besides}
    found, _ = read_splits(written(directory, {"protocols": {"one": protocol}}))
    return found


def test_without_rows_to_learn_from_all_others_teach(tmp_path: Path) -> None:
    fold = splits(tmp_path, {"test": [1, 3]}).protocols["one"].repeats[0][0]

    assert fold.learned_from(5) == [0, 2, 4]
    assert list(fold.asked()) == [(1, []), (3, [])]


def test_no_rows_to_learn_from_are_none(tmp_path: Path) -> None:
    fold = splits(tmp_path, {"test": [1], "train": []}).protocols["one"].repeats[0][0]

    assert fold.learned_from(5) == []


def test_what_is_hidden_goes_with_the_row_that_is_asked_about(tmp_path: Path) -> None:
    found = splits(tmp_path, {"test": [1, 3], "hidden": [["Budget"], []]}).protocols["one"]

    assert found.hides
    assert list(found.repeats[0][0].asked()) == [(1, ["Budget"]), (3, [])]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{not json", "no splits file"),
        ({"protocols": {}}, "protocols"),
        ({"protocols": {"one": {"aggregate": "mean", "repeats": []}}}, "repeats"),
        ({"protocols": {"one": {"aggregate": "mean", "repeats": [[]]}}}, "repeats"),
        ({"protocols": {"one": {"aggregate": "mean", "repeats": [[{"test": []}]]}}}, "test"),
        ({"protocols": {"one": {"aggregate": "sum", "repeats": [[{"test": [1]}]]}}}, "sum"),
        ({"protocols": {"one": {"aggregate": "mean", "repeats": [[{"test": [-1]}]]}}}, "test"),
        ({"protocols": {"one": {"aggregate": "mean", "repeat": 3}}}, "repeat"),
    ],
)
def test_what_is_no_splits_file_is_refused(tmp_path: Path, content: object, words: str) -> None:
    with pytest.raises(SplitsRefused, match="no splits file") as refused:
        read_splits(written(tmp_path, content))

    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("fold", "words"),
    [
        ({"test": [5]}, "no row 5"),
        ({"test": [0], "train": [9]}, "no row 9"),
        ({"test": [0, 1], "train": [1]}, "row 1 is learned from and asked about"),
        ({"test": [0, 1], "hidden": [["Budget"]]}, "hidden has 1 entries for 2"),
        ({"test": [0], "hidden": [["Weather"]]}, "no column 'Weather'"),
    ],
)
def test_a_fold_that_the_table_cannot_follow_is_refused_by_its_place(
    tmp_path: Path, fold: dict[str, Any], words: str
) -> None:
    found = splits(tmp_path, fold)

    with pytest.raises(SplitsRefused, match="protocol one, repeat 0, fold 0") as refused:
        check(found.protocols, 5, COLUMNS)

    assert words in str(refused.value)


def test_a_column_to_drop_must_be_there(tmp_path: Path) -> None:
    found = splits(tmp_path, {"test": [0]}, drop_columns=["Weather"])

    with pytest.raises(SplitsRefused, match="Weather"):
        check(found.protocols, 5, COLUMNS)


def test_protocols_are_chosen_by_name_or_all_taken(tmp_path: Path) -> None:
    found = splits(tmp_path, {"test": [0]})

    assert chosen(found, []) == chosen(found, ["one"]) == found.protocols
    with pytest.raises(SplitsRefused, match="no protocol two"):
        chosen(found, ["two"])


def test_a_table_without_rows_is_told_as_one(tmp_path: Path) -> None:
    found = splits(tmp_path, {"test": [0]})

    with pytest.raises(SplitsRefused, match="The table has no rows"):
        check(found.protocols, 0, COLUMNS)
