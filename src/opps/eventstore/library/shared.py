"""One log a process for all applications on the same database."""

from threading import Lock

from opps.eventstore import migrations
from opps.eventstore.database import LogSettings
from opps.eventstore.log import Log


class SharedLogs:
    """Opens a log for the first who asks, closes it with the last who gives it back."""

    def __init__(self) -> None:
        self._logs: dict[LogSettings, tuple[Log, int]] = {}
        self._changing = Lock()

    def take(self, settings: LogSettings, *, migrate: bool) -> Log:
        """Return the log of these settings; migrate its database first if it is to be opened."""
        with self._changing:
            if settings in self._logs:
                log, users = self._logs[settings]
            else:
                if migrate:
                    migrations.migrate(settings.direct_url or settings.url)
                log, users = Log(settings), 0
            self._logs[settings] = log, users + 1
            return log

    def give_back(self, settings: LogSettings) -> None:
        """Close the log if nobody else uses it."""
        with self._changing:
            log, users = self._logs.pop(settings)
            if users > 1:
                self._logs[settings] = log, users - 1
                return
        log.close()


SHARED_LOGS = SharedLogs()
