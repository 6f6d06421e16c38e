"""Commands that learn a scoring model from closed opportunities, try it, and report on it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from opps.cli.acting import opened
from opps.cli.output import (
    DIFFERENCE,
    Cannot,
    Json,
    Tenant,
    end,
    print_json,
    progress,
    say,
)
from opps.cli.scoring_models import carry_out, group, models_of, named

if TYPE_CHECKING:
    from opps.app import Opps
    from opps.domain.scoring_model import Models, ScoringModel
    from opps.learning.gate import Trial
    from opps.learning.lessons import Lessons

Name = Annotated[str, typer.Argument(help="The model, as `opps model list` names it.")]


def add_to(application: typer.Typer) -> None:
    for command in (fit, backtest, report):
        group.command()(command)


def fit(
    name: Annotated[
        str | None,
        typer.Option(help="What the model is called; learned- and the end of the log if absent."),
    ] = None,
    prior: Annotated[
        str | None,
        typer.Option("--from", help="The expert's model to start from; the newest if absent."),
    ] = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Fit a scoring model to the closed opportunities of the log, and define it.

    It scores nothing before it is activated. Each opportunity is seen as it was at moments before
    its end, with only what had been recorded by then.
    """
    from opps.cli.learned import fitted, origin, tell_fit
    from opps.domain.scoring_model import DefineScoringModel
    from opps.learning.teaching import taught

    with opened() as opps:
        one = opps.tenant(tenant)
        expert = _expert(models_of(opps, one), prior)
        lessons = _lessons(opps, one, quiet=as_json)
        called = name or f"learned-{lessons.up_to}"
        with progress("Learning", quiet=as_json) as advance:
            found = taught(expert.model, lessons.rows, name=called, advance=advance)
        command = DefineScoringModel(
            model=found.model,
            origin=origin(found, expert.name),
            learned_from=found.deals,
            up_to=lessons.up_to,
            prior=expert.name,
        )
        position = carry_out(opps, one, command).position
    answer = fitted(found, expert.model, lessons, position)
    if as_json:
        print_json(answer)
    else:
        tell_fit(answer)


def backtest(name: Name, tenant: Tenant = None, as_json: Json = False) -> None:
    """Try a scoring model on later deals than it learned from, beside the one in force.

    What comes of it is recorded. Exit code 1 if the model does not pass: then it should not come
    into force.
    """
    from opps.cli.learned import Backtested, tell_backtest
    from opps.domain.scoring_model import RecordBacktest
    from opps.learning.gate import judged

    with opened() as opps:
        one = opps.tenant(tenant)
        models = models_of(opps, one)
        _, found = _tried(opps, one, models, name, quiet=as_json)
        against, judgement = models.in_force.name, judged(found)
        carry_out(opps, one, RecordBacktest(name=name, against=against, backtest=judgement))
    tried = Backtested(
        name=name,
        against=against,
        evidence=found.evidence,
        against_base_rate=found.against(found.base),
        against_average=found.against(found.average),
        backtest=judgement,
    )
    if as_json:
        print_json(tried)
    else:
        tell_backtest(tried, timed=found.timed)
    if not judgement.passed:
        end(DIFFERENCE)


def report(
    name: Name,
    out: Annotated[Path, typer.Option(help="The folder to write to; it is made if need be.")],
    force: Annotated[bool, typer.Option("--force", help="Replace the files there.")] = False,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Write a report on a scoring model: report.md, report.json, and its picture.

    Its figures are of deals that the model had not learned from, with their intervals.
    """
    import msgspec

    from opps.cli.learned import Reported
    from opps.cli.place import check_can_write
    from opps.learning.contenders import expert_behind
    from opps.learning.fit import fit as fit_to
    from opps.learning.picture import picture
    from opps.learning.rendering import PICTURE, markdown, text
    from opps.learning.report import Subject
    from opps.learning.report import report as made

    files = [out / file for file in ("report.md", "report.json", PICTURE)]
    check_can_write(out, force=True)
    if out.is_dir():
        check_can_write(*files, force=force)
    with opened() as opps:
        one = opps.tenant(tenant)
        models = models_of(opps, one)
        lessons, found = _tried(opps, one, models, name, quiet=as_json)
    about = models.models[name]
    subject = Subject(
        model=about.model,
        prior=expert_behind(models, about).model,
        against=models.in_force.name,
    )
    written = made(subject, lessons.rows, found, fit_to)
    out.mkdir(exist_ok=True)
    drawn = picture(written.reliability, f"{name}: what was said and what came")
    in_json = msgspec.json.format(msgspec.json.encode(written), indent=2).decode() + "\n"
    for file, content in zip(files, (markdown(written), in_json, drawn), strict=True):
        file.write_text(content, encoding="utf-8")
    if as_json:
        print_json(Reported(name=name, passed=written.backtest.passed, files=list(map(str, files))))
    else:
        say(text(written))
        say(f"\nWritten to {', '.join(map(str, files))}.")


def _lessons(opps: "Opps", tenant: UUID, *, quiet: bool) -> "Lessons":
    from opps.cli.learned import reasons
    from opps.learning.lessons import read_lessons

    with progress("Reading closed opportunities", quiet=quiet) as advance:
        lessons = read_lessons(opps.log, tenant, advance)
    if not lessons.deals:
        others = f" Those that teach nothing: {reasons(lessons)}." if lessons.silent else ""
        raise Cannot(
            "There are no closed opportunities to learn from. Close some as won, lost or "
            f"undecided, or import those that were closed elsewhere.{others}"
        )
    return lessons


def _tried(
    opps: "Opps", tenant: UUID, models: "Models", name: str, *, quiet: bool
) -> tuple["Lessons", "Trial"]:
    from opps.learning.contenders import contender, expert_behind
    from opps.learning.fit import fit as fit_to
    from opps.learning.gate import trial

    candidate, in_force = named(models, name), models.in_force
    lessons = _lessons(opps, tenant, quiet=quiet)
    new, old = (
        contender(one, expert_behind(models, one).model, lessons, fit_to)
        for one in (candidate, in_force)
    )
    with progress("Trying on later deals", quiet=quiet) as advance:
        return lessons, trial(lessons.rows, new, old, advance)


def _expert(models: "Models", name: str | None) -> "ScoringModel":
    """Return the model to start from.

    Raises:
        Cannot: it has learned itself; the message says why that will not do.
    """
    from opps.learning.contenders import expert_behind, newest_expert

    if name is None:
        return newest_expert(models)
    found = named(models, name)
    if found.prior is not None:
        raise Cannot(
            f"{name} has learned from closed opportunities already: they would count twice. Start "
            f"from {expert_behind(models, found).name}."
        )
    return found
