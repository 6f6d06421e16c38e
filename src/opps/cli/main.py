"""The commands of opps in one program, and what becomes of their failures."""

import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from opps.cli import (
    access,
    account_map,
    accounts,
    administration,
    api_keys,
    backups,
    benchmarking,
    briefs,
    coaching,
    demonstrating,
    documents,
    exchange,
    exporting,
    imports,
    keys,
    learning,
    ledger,
    models,
    persons,
    privacy,
    readmodels,
    reads,
    reference,
    relay,
    rules,
    scoring_models,
    search_index,
    serving,
    state,
    teams,
    warehouse,
    webhooks,
)
from opps.cli.failures import told
from opps.cli.output import CANNOT, err, note, say

_HELP = """\
Keep what a sales team knows about each opportunity, and turn it into an honest win probability.

Settings come from the environment: OPPS_DATABASE_URL, OPPS_DATABASE_DIRECT_URL,
OPPS_DATA_DIRECTORY, OPPS_KEYS_DIRECTORY, OPPS_KEYS_URL, OPPS_ROOT_KEY_COMMAND, OPPS_HOST,
OPPS_PORT, OPPS_ENVIRONMENT, OPPS_TENANT, OPPS_OIDC_ISSUER, OPPS_OIDC_AUDIENCE, OPPS_OIDC_JWKS_URL,
OPPS_OIDC_ALGORITHMS, OPPS_OIDC_TENANT_CLAIM, OPPS_ZONE, OPPS_SEAL_EVERY_S, OPPS_PUBLISH_LEDGER,
OPPS_AUDITED_READS, OPPS_READS_KEPT_DAYS, OPPS_MOST_FOLDED, OPPS_MOST_BODY_BYTES,
OPPS_MOST_DOCUMENT_BYTES, OPPS_MOST_TOKENS, OPPS_MOST_DEPTH, OPPS_MOST_ALIASES, OPPS_MOST_COST,
OPPS_COST_PER_MINUTE, OPPS_MOST_SUBSCRIPTIONS, OPPS_MOST_SECONDS, OPPS_MOST_STATEMENT_SECONDS,
OPPS_INTROSPECTION, OPPS_PERSISTED_DOCUMENTS, OPPS_PERSISTED_ONLY, OPPS_WEBHOOK_ALLOW,
OPPS_METRICS_HOST, OPPS_METRICS_PORT, OPPS_KNOWN_OPERATIONS, OPPS_MOST_LAG_S, OPPS_LOG_FORMAT,
OPPS_LOG_LEVEL, OPPS_TRACES; with _FILE behind its name, each is read from the file that is named.
They may stand in a TOML file too, the one of OPPS_SETTINGS_FILE; `opps config` shows what holds.
Without OPPS_DATABASE_URL, opps runs a PostgreSQL of its own.
"""
_EPILOG = (
    "Exit codes: 0 done; 1 done, but something differs or was refused (verify, import, doctor, "
    "documents, model backtest, backup of an empty log, schema --check, events --check); 2 not "
    "done: wrong usage, or it cannot be done here; 130 interrupted."
)

application = typer.Typer(
    name="opps",
    help=_HELP,
    epilog=_EPILOG,
    no_args_is_help=True,
    rich_markup_mode="markdown",  # the only mode that joins the lines of a paragraph
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from opps import __version__

        say(f"opps {__version__}")
        raise typer.Exit


@application.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Take the options of the program itself."""


for room in (
    serving,
    demonstrating,
    administration,
    exchange,
    imports,
    exporting,
    relay,
    backups,
    readmodels,
    reads,
    reference,
    documents,
    state,
    account_map,
    accounts,
    persons,
    briefs,
    rules,
    teams,
    coaching,
    access,
    api_keys,
    webhooks,
    ledger,
    keys,
    privacy,
    search_index,
    learning,
    models,
    scoring_models,
    benchmarking,
    warehouse,
):
    room.add_to(application)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and end the process with its code."""
    try:
        application(args=arguments, prog_name="opps")
    except Exception as failure:
        if os.environ.get("OPPS_DEBUG"):
            raise
        text = told(failure)
        if text is None:
            note(f"opps met an error it did not expect: {type(failure).__name__}: {failure}")
            note("Run it again with OPPS_DEBUG=1 to see where, and report that.")
        else:
            err().print(f"[bold red]opps:[/] {_escaped(text)}")
        sys.exit(CANNOT)


def _escaped(text: str) -> str:
    from rich.markup import escape

    from opps.cli.output import visible

    return escape(visible(text))
