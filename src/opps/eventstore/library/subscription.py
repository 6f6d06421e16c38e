"""A subscription of the library that lives on the feed of the log."""

from collections.abc import Sequence
from contextlib import ExitStack, suppress
from uuid import UUID

from eventsourcing.persistence import (
    ApplicationRecorder,
    ListenNotifySubscription,
    OperationalError,
)

from opps.eventstore.log import Log

_POLL_S = 1.0


class LogSubscription(ListenNotifySubscription[ApplicationRecorder]):
    """Is woken by the feed, and looks by itself once a second."""

    def __init__(
        self,
        recorder: ApplicationRecorder,
        log: Log,
        tenant: UUID,
        *,
        gt: int | None,
        topics: Sequence[str],
    ) -> None:
        self._waking = ExitStack()
        super().__init__(recorder=recorder, gt=gt, topics=topics)
        self._waking.enter_context(log.waking(tenant, self._has_been_notified.set))
        self._has_been_notified.set()  # for what came before we could be woken

    def stop(self) -> None:
        """Stop the subscription."""
        self._waking.close()
        super().stop()

    def _loop_on_pull(self) -> None:
        try:
            while not self._has_been_stopped:
                with suppress(OperationalError):  # the database is away: it is waited for
                    self._pull()
                self._has_been_notified.wait(_POLL_S)
        except BaseException as error:
            if self._thread_error is None:
                self._thread_error = error
            self.stop()
