"""By how much the interval of p would narrow if the open share of an objective were answered.

An expectation over a small fixed set of answers: a good one and a bad one for all that lies behind
both channels, and the same for what lies behind one alone. Both the mean and the variance of the
log odds come out as without asking: nothing is won by hoping. Source: docs/score.md.
"""

from collections.abc import Iterator, Sequence
from math import fsum, sqrt

from msgspec import Struct

from opps.domain.catalogue import Objective
from opps.domain.interval import Doubt, interval80
from opps.domain.model import TOPIC_OF
from opps.domain.signals import Term

_ALONE = 1e-6  # of a deviation in nats: less than any interval shows


class Open(Struct, frozen=True):
    """The variances of two log odds that something leaves open, and what they share."""

    happen: float
    win: float
    shared: float


class Narrowing:
    """What answers would narrow, as things stand: each objective is worked out when asked for."""

    def __init__(self, said: Sequence[Term], happen: float, win: float) -> None:
        self._said = said
        self._happen, self._win = happen, win
        self._whole = opened_by(said)
        self._width = _width(happen, win, self._whole)

    def of(self, objective: Objective, settled: float) -> float:
        """Return by how much the 80 % interval of p would narrow, on average over the answers.

        An answer settles a share of the variance that the objective leaves open.
        """
        topic, whole = TOPIC_OF[objective], self._whole
        part = opened_by([term for term in self._said if term.topic is topic])
        left = Open(
            whole.happen - settled * part.happen,
            whole.win - settled * part.win,
            whole.shared - settled * part.shared,
        )
        widths = [
            _width(self._happen + up, self._win + more, left) for up, more in answers(part, settled)
        ]
        return self._width - fsum(widths) / len(widths)


def opened_by(said: Sequence[Term]) -> Open:
    """Return what terms leave open together."""
    return Open(
        fsum(term.open_happen * term.open_happen for term in said),
        fsum(term.open_win * term.open_win for term in said),
        fsum(term.open_happen * term.open_win for term in said),
    )


def answers(part: Open, settled: float) -> Iterator[tuple[float, float]]:
    """Yield how far each answer moves both log odds: one deviation up or down, all as likely.

    With two independent parts there are four answers, with one there are two.
    """
    happen = sqrt(settled * part.happen)
    along = settled * part.shared / happen if happen else 0.0
    alone = sqrt(max(0.0, settled * part.win - along * along))
    for sign in (1.0, -1.0):
        if alone <= _ALONE:
            yield sign * happen, sign * along
        elif happen <= _ALONE:
            yield 0.0, sign * alone
        else:
            yield sign * happen, sign * along + alone
            yield sign * happen, sign * along - alone


def _width(happen: float, win: float, left: Open) -> float:
    low, high = interval80(
        Doubt(
            happen=happen,
            win=win,
            variance_happen=max(0.0, left.happen),
            variance_win=max(0.0, left.win),
            covariance=left.shared,
        )
    )
    return high - low
