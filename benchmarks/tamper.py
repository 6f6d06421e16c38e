"""How many forgeries of logs, checkpoints, proofs and bundles opps-verify finds.

Run `python -m benchmarks.tamper`; the same seed forges in the same
ways. Honest logs are random, made and
sealed by opps itself; each is checked before it is forged, so that false alarms count as well.
"""

import argparse
import random
import sys
import tempfile
from collections import Counter, defaultdict
from itertools import cycle, islice
from pathlib import Path

import msgspec
from msgspec import Struct
from rich.console import Console
from rich.table import Table

from benchmarks.forged_logs import FORGED_LOGS, Case, Forgery
from benchmarks.forged_proofs import FORGED_PROOFS
from benchmarks.honest import Honest, honest
from verifier.opps_verify import (
    SOUND,
    TAMPERED,
    Key,
    Report,
    as_text,
    check_bundle,
    check_proof,
    check_since,
    read_key,
    reported,
)

FORGERIES: dict[str, Forgery] = FORGED_LOGS | FORGED_PROOFS
FORGERIES_A_LOG = 10


class Tally(Struct):
    """How often one kind of forgery was tried and found, and by which check first."""

    tried: int = 0
    found: int = 0
    checks: Counter[str] = msgspec.field(default_factory=Counter)


class Campaign(Struct):
    """What came of a campaign; `wrong` shows each report that should have been another."""

    honest: int = 0
    alarms: int = 0
    kinds: dict[str, Tally] = msgspec.field(default_factory=lambda: defaultdict(Tally))
    wrong: list[str] = msgspec.field(default_factory=list)

    @property
    def tried(self) -> int:
        """How many forgeries were tried."""
        return sum(one.tried for one in self.kinds.values())

    @property
    def found(self) -> int:
        """How many of them were found."""
        return sum(one.found for one in self.kinds.values())


def run(seed: int, count: int) -> Campaign:
    """Return what comes of so many forgeries, ten of each honest log, of all kinds in turn."""
    campaign = Campaign()
    kinds = islice(cycle(FORGERIES.items()), count)
    with tempfile.TemporaryDirectory(prefix="opps-tamper-") as place:
        for number in range(-(-count // FORGERIES_A_LOG)):
            rng = random.Random(f"{seed} {number}")
            directory = Path(place)
            log = honest(rng, directory)
            _try_honest(campaign, Case(rng, log, directory), f"seed {seed}, log {number}")
            for name, forge in islice(kinds, FORGERIES_A_LOG):
                report = forge(Case(rng, log, directory))
                _count(campaign, name, report, f"seed {seed}, log {number}: {name}")
    return campaign


def _count(campaign: Campaign, name: str, report: Report, where: str) -> None:
    tally = campaign.kinds[name]
    tally.tried += 1
    if report.exit_code == TAMPERED:
        tally.found += 1
        tally.checks[report.findings[0].kind] += 1
    else:
        campaign.wrong.append(f"{where}\n{as_text(report)}")


def _try_honest(campaign: Campaign, case: Case, where: str) -> None:
    campaign.honest += 1
    wrong = [one for one in honest_reports(case) if one.exit_code != SOUND]
    campaign.alarms += bool(wrong)
    campaign.wrong += [f"{where}, honest\n{as_text(one)}" for one in wrong]


def honest_reports(case: Case) -> list[Report]:
    """Return what the verifier says of everything that is honest about a log."""
    log, growth = case.honest, case.honest.growth
    old_log = case.backup(log.steps[: log.early_steps])
    proof = {"from": growth.old, "to": growth.new, "hashes": growth.hashes}
    return [
        case.file(case.backup(), early=log.early, newest=log.newest),
        case.file(old_log, early=log.early),
        reported("bundle", lambda report: check_bundle(report, log.bundle, [_first_key(log)])),
        reported(
            "since",
            lambda report: check_since(
                report, log.early, log.newest, msgspec.json.encode(proof), case.trust
            ),
        ),
        reported(
            "proof",
            lambda report: check_proof(report, log.inclusion.text, log.inclusion.leaf, case.trust),
        ),
    ]


def _first_key(log: Honest) -> Key:
    return read_key(log.first_key)


def report(console: Console, campaign: Campaign) -> None:
    """Print the table, and whatever went wrong."""
    table = Table("forgery", "tried", "found", "found first as", title="Forgeries")
    for name, one in campaign.kinds.items():
        checks = ", ".join(f"{check} {times}" for check, times in one.checks.most_common(4))
        table.add_row(name, str(one.tried), str(one.found), checks)
    console.print(table)
    for wrong in campaign.wrong:
        console.print(wrong, markup=False)
    console.print(
        f"{campaign.found:,} of {campaign.tried:,} forgeries found; "
        f"{campaign.alarms:,} false alarms on {campaign.honest:,} honest logs"
    )


def main() -> None:
    """Forge, count, print the table; the status is 1 where anything was missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tamper", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=10_000, help="of forgeries")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args()
    campaign = run(options.seed, options.count)
    if options.json:
        print(msgspec.json.format(msgspec.json.encode(campaign), indent=2).decode())
    else:
        report(Console(), campaign)
    sys.exit(bool(campaign.wrong))


if __name__ == "__main__":
    main()
