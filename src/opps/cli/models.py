"""Commands on scoring models: which there are, what each weighs, and which one scores."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

import typer

from opps.cli.learning import model as group
from opps.cli.output import Cannot, Json, Tenant, print_json, progress, say

if TYPE_CHECKING:
    from opps.app import Opps
    from opps.application import ModelExecuted
    from opps.domain.model import Model
    from opps.domain.scoring_model import AnyScoringModelCommand, Models

# Whoever runs a command on this machine, as long as nobody says who that is.
OPERATOR = uuid5(NAMESPACE_URL, "opps:operator")
_FORMATS = (".json", ".toml")

Name = Annotated[str, typer.Argument(help="The model's name.")]


def add_to(application: typer.Typer) -> None:
    for command, name in ((show_models, "list"), (show, "show"), (define, "define")):
        group.command(name)(command)
    group.command("activate")(activate)


def show_models(tenant: Tenant = None, as_json: Json = False) -> None:
    """List the scoring models, with what each learned from, how it did, and when it scored."""
    from opps.cli.model_tables import listed, print_list

    with _opened() as opps:
        models = _models(opps, opps.tenant(tenant))
    if as_json:
        print_json(listed(models))
    else:
        print_list(models)


def show(
    name: Name,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Write the model to this file (JSON), for another one to begin from.",
            dir_okay=False,
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that exists.")] = False,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Show every weight and grade of a scoring model, each with its reason."""
    import msgspec

    from opps.cli.model_tables import print_model, shown
    from opps.cli.place import check_can_write

    check_can_write(out, force=force)
    with _opened() as opps:
        models = _models(opps, opps.tenant(tenant))
    found = models.models.get(name)
    if found is None:
        known = ", ".join(sorted(models.models))
        raise Cannot(f"There is no scoring model {name!r}. There is {known}.")
    if out is not None:
        out.write_bytes(msgspec.json.format(msgspec.json.encode(found.model), indent=2) + b"\n")
    if as_json:
        print_json(shown(models, found))
    else:
        print_model(models, found)


def define(
    file: Annotated[
        Path,
        typer.Option("--file", help="The model (JSON or TOML).", exists=True, dir_okay=False),
    ],
    origin: Annotated[str, typer.Option(help="Who made it, and how.")] = "An expert",
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Define a scoring model from a file. It scores nothing until it is activated.

    `opps model show NAME --out FILE` writes a file to begin from. A name is never used again.
    """
    from opps.cli.model_tables import shown
    from opps.domain.scoring_model import DefineScoringModel

    read = _read(file)
    with _opened() as opps:
        command = DefineScoringModel(model=read, origin=origin)
        done = _carry_out(opps, opps.tenant(tenant), command)
    if as_json:
        print_json(shown(done.models, done.model))
    elif done.changed:
        say(f"{read.name} is defined. `opps model backtest {read.name}` tries it.")
    else:
        say(f"{read.name} is defined already, exactly so.")


def activate(
    name: Name,
    reason: Annotated[str, typer.Option(help="Why: it is kept beside the model.")],
    override: Annotated[
        bool,
        typer.Option("--override", help="Although it did not pass the gate; the reason says why."),
    ] = False,
    approver: Annotated[
        UUID | None, typer.Option(help="The person who approves; whoever runs this, if absent.")
    ] = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Bring a scoring model into force, and wait until every open opportunity is scored by it.

    It must have passed `opps model backtest` against the model that is in force.
    """
    from opps.cli.model_tables import Activated
    from opps.cli.rescored import rescored
    from opps.domain.scoring_model import ActivateScoringModel

    command = ActivateScoringModel(name=name, reason=reason, override=override)
    with _opened() as opps:
        one = opps.tenant(tenant)
        before = _models(opps, one).in_force.name
        done = _carry_out(opps, one, command, approver)
        items, seconds = 0, 0.0
        if done.changed:
            with progress("Scoring open opportunities", quiet=as_json) as advance:
                items, seconds = rescored(opps, one, done.position, advance)
    answer = Activated(
        name=name,
        before=before,
        changed=done.changed,
        position=done.position,
        scored=items,
        seconds=seconds,
    )
    if as_json:
        print_json(answer)
    elif not done.changed:
        say(f"{name} is in force already: nothing has changed.")
    else:
        moved = f"{items:,} open {'opportunity' if items == 1 else 'opportunities'}"
        say(f"{name} is in force, after {before}: the scores of {moved} moved in {seconds:.1f} s.")


@contextmanager
def _opened() -> "Iterator[Opps]":
    """Yield the installation; what its rules refuse is told in their words."""
    from opps.app import Opps
    from opps.cli.place import existing
    from opps.domain.errors import Refusal

    try:
        with Opps(existing()) as opps:
            yield opps
    except Refusal as reason:
        raise Cannot(str(reason)) from None


def _models(opps: "Opps", tenant: UUID) -> "Models":
    return asyncio.run(opps.application.scoring_models(tenant))


def _carry_out(
    opps: "Opps", tenant: UUID, command: "AnyScoringModelCommand", approver: UUID | None = None
) -> "ModelExecuted":
    from opps.application import Request
    from opps.domain.recorded import Actor, Via

    actor = Actor(principal=OPERATOR, role="ADMIN", on_behalf_of=approver, via=Via.SYSTEM)
    request = Request(tenant=tenant, actor=actor, command_id=uuid4())
    return asyncio.run(opps.application.scoring_model(command, request))


def _read(file: Path) -> "Model":
    """Return the model of a file.

    Raises:
        Cannot: the file holds none; the message says what is wrong with it.
    """
    import msgspec

    from opps.domain.model import Model

    if file.suffix not in _FORMATS:
        raise Cannot(f"{file} is neither JSON nor TOML: name it .json or .toml.")
    decode = msgspec.json.decode if file.suffix == ".json" else msgspec.toml.decode
    try:
        return decode(file.read_bytes(), type=Model)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Cannot(f"{file} holds no scoring model: {error}.") from None
