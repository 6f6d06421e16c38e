"""Saving reads before their answers leave: many that wait at once go in one transaction."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID

import psycopg

from opps.eventstore import Log, LogFault
from opps.eventstore.reads import NewRead, Touched, end_read, save_reads

logger = logging.getLogger("opps.reads")

MOST_AT_ONCE = 500


class ReadNotSaved(Exception):
    """The read is marked for audit and could not be saved: its answer may not leave."""


class ReadSaving:
    """Saves the reads of one event loop, each durable before its caller goes on."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._waiting: list[tuple[NewRead, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def save(self, read: NewRead) -> None:
        """Save a read.

        Raises:
            ReadNotSaved: it could not be saved.
        """
        saved: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((read, saved))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        await saved

    async def end(self, tenant: UUID, read_id: UUID, position: int, touched: Touched) -> None:
        """Save where a subscription ended; where that fails, it stays without an end."""
        try:
            await self._run(
                partial(
                    end_read, tenant=tenant, read_id=read_id, position=position, touched=touched
                )
            )
        except (LogFault, psycopg.Error) as error:
            logger.warning("The end of read %s could not be saved: %s", read_id, error)

    async def _write(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
            error = await self._failure([read for read, _ in batch])
            if isinstance(error, psycopg.Error) and len(batch) > 1:
                # One that cannot be saved is not to keep the others from their answers.
                for read, saved in batch:
                    _settle(saved, await self._failure([read]))
                continue
            for _, saved in batch:
                _settle(saved, error)

    async def _failure(self, reads: Sequence[NewRead]) -> Exception | None:
        try:
            await self._run(partial(save_reads, reads=reads))
        except Exception as error:
            logger.warning("%s reads could not be saved: %s", len(reads), error)
            return error
        return None

    async def _run(self, write: Callable[[psycopg.Connection], None]) -> None:
        await self._log.aside(self._log.run, write)


def _settle(saved: asyncio.Future[None], error: Exception | None) -> None:
    if saved.done():  # whoever waited has gone away
        return
    if error is None:
        saved.set_result(None)
    else:
        failure = ReadNotSaved()
        failure.__cause__ = error
        saved.set_exception(failure)
