"""The command that tells how well opinions came true: of what is known, of sellers, of stages."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from msgspec import Struct

from opps.cli.output import Json, Tenant, note, print_json, print_table, say

if TYPE_CHECKING:
    from opps.app import Opps
    from opps.domain.calibration import Calibrated
    from opps.projections.calibrating import Group


class Figure(Struct, frozen=True, kw_only=True):
    """Whose opinions at one moment came true how well; without enough there are no figures."""

    whose: str
    moment: str
    n: int
    enough: bool
    base_rate: float | None
    brier: float | None
    skill: float | None
    seller: UUID | None = None
    model: str | None = None


class Answer(Struct, frozen=True, kw_only=True):
    """What `opps model calibration` found."""

    least: int
    overall: Sequence[Figure]
    sellers: Sequence[Figure]
    models: Sequence[Figure]


def calibration(tenant: Tenant = None, as_json: Json = False) -> None:
    """Show how well what is known, sellers and stages foresaw how opportunities ended.

    Opinions count as they stood halfway and 30 days before the end, by what had been told by then.
    Sellers stand in no order: the figures are theirs to learn from, and need their n beside them.
    """
    from opps.app import Opps
    from opps.cli.place import existing
    from opps.cli.state import missing_read_models
    from opps.domain.calibration import LEAST, overall

    with Opps(existing()) as opps:
        wanted = opps.tenant(tenant)
        opps.make_read_models()
        groups = asyncio.run(_groups(opps, wanted))
        missing = missing_read_models(opps.database.direct_url, wanted)
    of_all = (one.calibrated for one in groups if one.owner is None and one.model is None)
    answer = Answer(
        least=LEAST,
        overall=[_figure(one) for one in overall(of_all)],
        sellers=[_figure(one.calibrated, seller=one.owner) for one in groups if one.owner],
        models=[_figure(one.calibrated, model=one.model) for one in groups if one.model],
    )
    if as_json:
        print_json(answer)
    else:
        _print(answer)
    if missing is not None:
        note(missing)


async def _groups(opps: "Opps", tenant: UUID) -> "list[Group]":
    async with opps.views() as views:
        return await views.calibration(tenant)


def _figure(of: "Calibrated", seller: UUID | None = None, model: str | None = None) -> Figure:
    return Figure(
        whose=of.whose.value,
        moment=of.moment.value,
        n=of.n,
        enough=of.enough,
        base_rate=of.base_rate,
        brier=of.brier,
        skill=of.skill,
        seller=seller,
        model=model,
    )


def _print(answer: Answer) -> None:
    _table("Of all closed opportunities", (("", one) for one in answer.overall))
    if answer.sellers:
        _table("\nBy seller", ((str(one.seller), one) for one in answer.sellers))
    if answer.models:
        _table("\nBy model", ((str(one.model), one) for one in answer.models))
    if not all(one.enough for one in answer.overall):
        say(f"\nWithout a figure there is not enough data: it takes {answer.least} of them.")


def _table(title: str, figures: Iterable[tuple[str, Figure]]) -> None:
    print_table(
        title,
        ("", "whose", "moment", "n", "won", "Brier", "skill"),
        (
            (
                of,
                one.whose,
                one.moment,
                one.n,
                _share(one.base_rate),
                _number(one.brier),
                _share(one.skill),
            )
            for of, one in figures
        ),
    )


def _share(share: float | None) -> str:
    return "" if share is None else f"{share:.0%}"


def _number(number: float | None) -> str:
    return "" if number is None else f"{number:.4f}"
