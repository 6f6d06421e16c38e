"""Every projection there is: a new one is a file of its own and a line here."""

from opps.projections.account_names import ACCOUNT_NAMES
from opps.projections.account_timeline import ACCOUNT_TIMELINE
from opps.projections.accounts import ACCOUNTS
from opps.projections.board import BOARD
from opps.projections.board_history import BOARD_HISTORY
from opps.projections.closings import CLOSINGS
from opps.projections.coaching import COACHING
from opps.projections.danger_zones import DANGER_ZONES
from opps.projections.exceptions import EXCEPTIONS
from opps.projections.imports import IMPORTS
from opps.projections.observations import OBSERVATIONS
from opps.projections.opinions import OPINIONS
from opps.projections.persons import PERSONS
from opps.projections.projection import Projection
from opps.projections.score_trend import SCORE_TREND
from opps.projections.timeline import TIMELINE
from opps.projections.wrong_beliefs import WRONG_BELIEFS

PROJECTIONS: tuple[Projection, ...] = (
    ACCOUNTS,
    PERSONS,
    BOARD,
    TIMELINE,
    SCORE_TREND,
    CLOSINGS,
    OPINIONS,
    DANGER_ZONES,
    BOARD_HISTORY,
    ACCOUNT_NAMES,
    EXCEPTIONS,
    ACCOUNT_TIMELINE,
    WRONG_BELIEFS,
    IMPORTS,
    OBSERVATIONS,
    COACHING,
)


class UnknownProjection(Exception):
    """There is no projection of that name."""

    def __init__(self, name: str) -> None:
        known = ", ".join(projection.name for projection in PROJECTIONS)
        super().__init__(f"there is no projection {name!r}: it is one of {known}")
        self.name = name


def projection_of(name: str) -> Projection:
    """Return the projection of a name.

    Raises:
        UnknownProjection: there is none.
    """
    for projection in PROJECTIONS:
        if projection.name == name:
            return projection
    raise UnknownProjection(name)
