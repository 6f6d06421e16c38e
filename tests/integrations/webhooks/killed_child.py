"""A process that delivers once, to be killed: `python -m ... DATABASE TENANT KEYS`."""

import sys
from pathlib import Path
from uuid import UUID

from opps.application import Application
from opps.eventstore import Log
from opps.integrations.webhooks import Deliverer
from opps.recording.key_file import FileKeyring
from tests.integrations.webhooks.office import SENDER
from tests.projections.support import settings


def main(database: str, tenant: UUID, keys: Path) -> None:
    """Deliver what is due."""
    keyring = FileKeyring(keys)
    with Log(settings(database)) as log:
        application = Application(log, lambda _: keyring)
        Deliverer(application, database, lambda: [tenant], SENDER.post).visit(tenant)


if __name__ == "__main__":
    main(sys.argv[1], UUID(sys.argv[2]), Path(sys.argv[3]))
