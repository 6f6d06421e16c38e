"""A view of the warehouse as a Parquet file, with pyarrow, which the extra `parquet` brings."""

from pathlib import Path
from typing import Any
from uuid import UUID

from opps.integrations.backup_file import Progress
from opps.integrations.private_files import whole_file
from opps.integrations.whole_tables import TableExported, Values, whole_table
from opps.projections.warehouse import WarehouseView


class ParquetMissing(Exception):
    """pyarrow is not installed; the message says how to get it."""

    def __init__(self) -> None:
        super().__init__(
            "Parquet files take pyarrow, which the extra `parquet` of opps brings: "
            "pip install pyarrow."
        )


def export_parquet(
    url: str, tenant: UUID, view: WarehouseView, path: Path, *, progress: Progress
) -> TableExported:
    """Write a table with its types, and what each column means in the metadata of its field.

    Raises:
        ParquetMissing: pyarrow is not installed.
        psycopg.errors.UndefinedTable: the read models were not made yet.
        psycopg.OperationalError: the database is away.
    """
    try:
        import pyarrow
        from pyarrow.parquet import ParquetWriter
    except ModuleNotFoundError:
        raise ParquetMissing from None
    schema = _schema(pyarrow, tenant, view)
    with whole_table(url, tenant, view) as table, whole_file(path) as file:
        done = 0
        with ParquetWriter(file, schema, compression="zstd") as writer:
            for batch in table.batches():
                writer.write_batch(_batch(pyarrow, schema, batch))
                done += len(batch)
                progress(done, table.count)
        return table.told()


def _schema(pyarrow: Any, tenant: UUID, view: WarehouseView) -> Any:
    fields = [
        pyarrow.field(
            one.name, _type(pyarrow, view.sql_type(one)), metadata={"meaning": one.meaning}
        )
        for one in view.columns
    ]
    told = {"opps.view": view.name, "opps.tenant": str(tenant), "opps.meaning": view.meaning}
    return pyarrow.schema(fields, metadata=told)


def _type(pyarrow: Any, sql_type: str) -> Any:
    types = {
        "uuid": pyarrow.string(),
        "text": pyarrow.string(),
        "boolean": pyarrow.bool_(),
        "bigint": pyarrow.int64(),
        "double precision": pyarrow.float64(),
        "timestamptz": pyarrow.timestamp("us", tz="UTC"),
        "date": pyarrow.date32(),
        # As many digits as an amount has before and after the point.
        "numeric": pyarrow.decimal128(24, 9),
        "uuid[]": pyarrow.list_(pyarrow.string()),
    }
    return types[sql_type]


def _batch(pyarrow: Any, schema: Any, rows: list[Values]) -> Any:
    columns = zip(*rows, strict=True)
    arrays = [
        pyarrow.array([_plain(value) for value in column], type=field.type)
        for column, field in zip(columns, schema, strict=True)
    ]
    return pyarrow.record_batch(arrays, schema=schema)


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    return [str(one) for one in value] if isinstance(value, list) else value
