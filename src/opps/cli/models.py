"""Commands on scoring models: which there are, what each weighs, and which one scores."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from opps.cli.acting import opened
from opps.cli.calibration import calibration
from opps.cli.output import Cannot, Json, Tenant, print_json, progress, say
from opps.cli.scoring_models import carry_out, group, models_of, named

if TYPE_CHECKING:
    from opps.domain.model import Model

_FORMATS = (".json", ".toml")

Name = Annotated[str, typer.Argument(help="The model's name.")]


def add_to(application: typer.Typer) -> None:
    for command, name in ((show_models, "list"), (show, "show"), (define, "define")):
        group.command(name)(command)
    group.command("activate")(activate)
    group.command("calibration")(calibration)


def show_models(tenant: Tenant = None, as_json: Json = False) -> None:
    """List the scoring models, with what each learned from, how it did, and when it scored."""
    from opps.cli.model_tables import listed, print_list

    with opened() as opps:
        models = models_of(opps, opps.tenant(tenant))
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
    with opened() as opps:
        models = models_of(opps, opps.tenant(tenant))
    found = named(models, name)
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
    with opened() as opps:
        command = DefineScoringModel(model=read, origin=origin)
        done = carry_out(opps, opps.tenant(tenant), command)
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
    with opened() as opps:
        one = opps.tenant(tenant)
        before = models_of(opps, one).in_force.name
        done = carry_out(opps, one, command, approver)
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
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise Cannot(f"{file} holds no scoring model: {error}.") from None
