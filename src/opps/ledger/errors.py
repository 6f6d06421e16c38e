"""Why nothing is sealed or proven: each reason a type, with what it is about."""

from pathlib import Path
from typing import ClassVar


class LedgerRefused(Exception):
    """Nothing was signed and nothing was changed; the message says what to do."""

    code: ClassVar[str] = "LEDGER_REFUSED"


class LogShortened(LedgerRefused):
    """The log is shorter than what was signed."""

    code = "LOG_SHORTENED"

    def __init__(self, size: int, sealed: int) -> None:
        super().__init__(
            f"The log holds {size:,} events, but {sealed:,} were sealed: some are gone, or an "
            "older copy was restored. Bring the whole log back. If it is lost for good, `opps "
            "ledger new-epoch` says so to everybody and begins again."
        )
        self.size = size
        self.sealed = sealed


class LogAltered(LedgerRefused):
    """The log holds something else than what was signed."""

    code = "LOG_ALTERED"

    def __init__(self, position: int | None) -> None:
        where = "An event" if position is None else f"The event at position {position:,}"
        super().__init__(
            f"{where} is not the one that was sealed: the log was altered, or went on from an "
            "older copy. Compare it with a backup. If the sealed log is lost for good, `opps "
            "ledger new-epoch` says so to everybody and begins again."
        )
        self.position = position


class LeafAltered(LedgerRefused):
    """The log holds an event whose leaf is not the hash of its header."""

    code = "LEAF_ALTERED"

    def __init__(self, position: int) -> None:
        super().__init__(
            f"The leaf of the event at position {position:,} is not the hash of its header: the "
            "log was altered. `opps verify` looks for more; nothing is signed until it is mended."
        )
        self.position = position


class TreeAltered(LedgerRefused):
    """The kept tree does not have the signed root."""

    code = "TREE_ALTERED"

    def __init__(self, directory: Path) -> None:
        super().__init__(
            f"The tree in {directory} is damaged: it does not lead to the signed root. `opps "
            "ledger seal` makes it anew from the log."
        )
        self.directory = directory


class StateAltered(LedgerRefused):
    """The sealer's own files are missing, damaged, or of another log."""

    code = "LEDGER_STATE_ALTERED"

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(
            f"{path} cannot be trusted: {why}. Bring it back from a copy of the data directory. "
            "Where there is none, `opps ledger new-epoch` begins again, as long as the keys are "
            "there."
        )
        self.path = path


class LedgerLeftBehind(LedgerRefused):
    """The log was restored from a backup, and what was signed of it was not brought along."""

    code = "LEDGER_LEFT_BEHIND"

    def __init__(self, directory: Path, position: int) -> None:
        super().__init__(
            f"The log was restored (position {position:,} says so), and {directory} holds no keys: "
            "sealed with a new one, it would look like a forgery to whoever keeps a checkpoint. "
            "Copy that directory from where the log was. If it is lost, or nothing was ever "
            "sealed, `opps ledger new-epoch --yes` begins under a new name."
        )
        self.directory = directory
        self.position = position


class SealedElsewhere(LedgerRefused):
    """Another ledger seals the log."""

    code = "SEALED_ELSEWHERE"

    def __init__(self, directory: Path, first_key: str) -> None:
        super().__init__(
            f"The log is sealed elsewhere, in the ledger whose first key is {first_key}: a second "
            "one would sign a second history under the same name. Let this server have the same "
            f"directory as {directory}, or set OPPS_SEAL_EVERY_S=0 here. If that ledger is lost "
            "for good, `opps ledger new-epoch --yes` begins here, under a new name."
        )
        self.directory = directory
        self.first_key = first_key


class NothingSealed(LedgerRefused):
    """There is no checkpoint yet."""

    code = "NOTHING_SEALED"

    def __init__(self) -> None:
        super().__init__(
            "Nothing is sealed yet: `opps serve` seals by itself, `opps ledger seal` does it now."
        )


class NotSealed(LedgerRefused):
    """A position is not one of those that were signed."""

    code = "NOT_SEALED"

    def __init__(self, position: int, size: int) -> None:
        super().__init__(
            f"Position {position:,} is not sealed: there are proofs for 1 to {size:,}. What was "
            "recorded since then is sealed in a moment, or by `opps ledger seal`."
        )
        self.position = position
        self.size = size


class NoSuchTile(LedgerRefused):
    """The tree of the checkpoint has no such tile."""

    code = "NO_SUCH_TILE"

    def __init__(self, level: int, number: int, width: int) -> None:
        super().__init__(
            f"There is no tile {number:,} of {width:,} hashes at level {level}: the checkpoint "
            "says how long the log is."
        )
        self.level = level
        self.number = number
        self.width = width


class OtherLog(LedgerRefused):
    """A directory holds what was published of another log."""

    code = "OTHER_LOG"

    def __init__(self, checkpoint: Path) -> None:
        super().__init__(
            f"{checkpoint} is of another log, or of another epoch of this one: publish to a "
            "directory of its own."
        )
        self.checkpoint = checkpoint


class NotGrown(LedgerRefused):
    """Two sizes between which the log cannot have grown."""

    code = "NOT_GROWN"

    def __init__(self, old: int, new: int, size: int) -> None:
        super().__init__(
            f"From {old:,} to {new:,} nothing can be proven: give two sizes from 0 to {size:,}, "
            "the smaller one first."
        )
        self.old = old
        self.new = new
        self.size = size
