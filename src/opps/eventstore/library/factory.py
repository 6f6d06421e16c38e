"""Recorders for one application of the library: its name makes its tenant."""

import re
from types import TracebackType
from uuid import NAMESPACE_URL, UUID, uuid5

from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    InfrastructureFactory,
    InfrastructureFactoryError,
    ProcessRecorder,
    TrackingRecorder,
)
from eventsourcing.utils import Environment, EnvType, resolve_topic, strtobool

from opps.eventstore.database import LogSettings
from opps.eventstore.library.process import LogProcessRecorder, LogTrackingRecorder
from opps.eventstore.library.recorders import LogAggregateRecorder, LogApplicationRecorder
from opps.eventstore.library.shared import SHARED_LOGS
from opps.eventstore.tenants import register_tenant


class Factory(InfrastructureFactory[TrackingRecorder]):
    """Makes recorders over the log of this process.

    Environment: `OPPS_DATABASE_URL`, `OPPS_DATABASE_DIRECT_URL`, `OPPS_DATABASE_DURABLE` (yes),
    `OPPS_TENANT` (the application's name), `CREATE_TABLE` (yes: migrate the database).

    Raises:
        InfrastructureFactoryError: there is no database, or snapshots are asked for.
    """

    def __init__(self, env: Environment | EnvType | None) -> None:
        super().__init__(env)
        url = self.env.get("OPPS_DATABASE_URL")
        if not url:
            raise InfrastructureFactoryError("OPPS_DATABASE_URL names no database")
        self._settings = LogSettings(
            url=url,
            direct_url=self.env.get("OPPS_DATABASE_DIRECT_URL") or url,
            durable=strtobool(self.env.get("OPPS_DATABASE_DURABLE") or "yes"),
        )
        self._log = SHARED_LOGS.take(
            self._settings, migrate=strtobool(self.env.get("CREATE_TABLE") or "yes")
        )
        self._closed = False
        try:
            self._tenant = self._register()
        except BaseException:
            self.close()
            raise

    def aggregate_recorder(self, purpose: str = "events") -> AggregateRecorder:
        """Return a recorder of streams.

        Raises:
            InfrastructureFactoryError: for snapshots, which the log does not keep.
        """
        if purpose != "events":
            raise InfrastructureFactoryError(f"the log keeps events, not {purpose}")
        return LogAggregateRecorder(self._log, self._tenant)

    def application_recorder(self) -> ApplicationRecorder:
        """Return a recorder of streams and of the log."""
        return LogApplicationRecorder(self._log, self._tenant)

    def tracking_recorder(
        self, tracking_recorder_class: type[TrackingRecorder] | None = None
    ) -> TrackingRecorder:
        """Return a tracking recorder, of the class given or configured."""
        topic = self.env.get(self.TRACKING_RECORDER_TOPIC)
        kind: type = tracking_recorder_class or (
            resolve_topic(topic) if topic else LogTrackingRecorder
        )
        if not issubclass(kind, LogTrackingRecorder):
            raise InfrastructureFactoryError(f"{kind} is no LogTrackingRecorder")
        return kind(self._log, self._tenant)

    def process_recorder(self) -> ProcessRecorder:
        """Return a recorder of events together with tracking."""
        return LogProcessRecorder(self._log, self._tenant)

    def close(self) -> None:
        """Give the log back."""
        if not self._closed:
            self._closed = True
            SHARED_LOGS.give_back(self._settings)

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_val: BaseException | None,
        exc_tb: TracebackType | None,
    ) -> None:
        super().__exit__(exc_type, exc_val, exc_tb)
        self.close()

    def _register(self) -> UUID:
        slug = self.env.get("OPPS_TENANT") or _slug(self.env.name)
        tenant = uuid5(NAMESPACE_URL, f"opps:tenant:{slug}")
        return register_tenant(self._settings.direct_url, tenant, slug)


def _slug(application_name: str) -> str:
    slug = re.sub("[^a-z0-9]+", "-", application_name.lower()).strip("-")
    return slug[:63].rstrip("-") or "default"
