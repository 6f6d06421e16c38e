"""Zips and compressed files that are cut off, or made to fill a disk, are refused."""

import gzip
import random
import zipfile
from pathlib import Path
from uuid import UUID

import pytest

from opps.application import Application
from opps.integrations.importing import packing
from tests.integrations.importing.salesforce.support import (
    OPPORTUNITY_COLUMNS,
    deal,
    opportunities,
    why,
)


def zipped(path: Path, **files: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(f"{name}.csv", text)
    return path


@pytest.mark.parametrize("share", [0.3, 0.7, 0.99])
def test_a_zip_that_is_cut_off(
    application: Application, tenant: UUID, tmp_path: Path, share: float
) -> None:
    whole = zipped(tmp_path / "export.zip", deals=f"{OPPORTUNITY_COLUMNS}\n{deal()}\n").read_bytes()
    cut = tmp_path / "cut.zip"
    cut.write_bytes(whole[: int(len(whole) * share)])

    said = why(application, tenant, cut)

    assert "the zip is broken or cut off: get it once more" in said


def test_a_zip_with_a_spoilt_member(application: Application, tenant: UUID, tmp_path: Path) -> None:
    noise = random.Random(3).randbytes(5_000).hex()
    whole = zipped(tmp_path / "export.zip", deals=f"{OPPORTUNITY_COLUMNS}\n{deal(Name=noise)}\n")
    content = bytearray(whole.read_bytes())
    content[2_000] ^= 0xFF
    whole.write_bytes(content)

    assert "cut off" in why(application, tenant, whole)


def test_a_zip_that_unpacks_to_very_much(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    bomb = zipped(tmp_path / "bomb.zip", deals="0" * 20_000_000)

    said = why(application, tenant, bomb)

    assert "deals.csv unpacks to more than 250 times its size, as no table does" in said


def test_a_zip_of_very_many_files(application: Application, tenant: UUID, tmp_path: Path) -> None:
    many = zipped(tmp_path / "many.zip", **{f"f{number}": "" for number in range(1_001)})

    assert "1,001 files in the zip, more than 1,000" in why(application, tenant, many)


def test_a_zip_that_unpacks_to_more_than_a_disk_holds(
    application: Application, tenant: UUID, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "MOST_BYTES", 100)
    large = zipped(tmp_path / "large.zip", a=OPPORTUNITY_COLUMNS, b=deal())

    assert "the zip unpacks to more than" in why(application, tenant, large)


def test_a_compressed_file_that_is_cut_off(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    whole = gzip.compress(opportunities(tmp_path, deal()).read_bytes())
    cut = tmp_path / "cut.csv.gz"
    cut.write_bytes(whole[:-20])

    assert "broken or cut off" in why(application, tenant, cut)


def test_a_compressed_file_that_unpacks_to_very_much(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    bomb = tmp_path / "bomb.csv.gz"
    bomb.write_bytes(gzip.compress(b"0" * 20_000_000))

    assert "more than 250 times its size" in why(application, tenant, bomb)
