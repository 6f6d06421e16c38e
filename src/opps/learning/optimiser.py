"""The most likely parameters of the two channels, given an expert's and what closed deals said."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from opps.learning.metrics import Numbers

_STEPS = 100
_HALVINGS = 40
# What is left to gain, as a share of the loss: below it only rounding would be followed.
_SMALL = 1e-13


class Prior(NamedTuple):
    """An expert's parameters of one channel, and the precision with which they are held."""

    mean: Numbers
    precision: Numbers


class Outcomes(NamedTuple):
    """How each row ended: won or not, and whether the customer decided, where that is known."""

    won: NDArray[np.bool_]
    decided: NDArray[np.bool_]
    known: NDArray[np.bool_]
    mass: Numbers


class _Slope(NamedTuple):
    """First and second derivatives of the loss of each row by its two log odds."""

    happen: Numbers
    win: Numbers
    happen_happen: Numbers
    win_win: Numbers
    happen_win: Numbers


def most_likely(
    happen: Numbers, win: Numbers, ended: Outcomes, priors: tuple[Prior, Prior]
) -> tuple[Numbers, Numbers]:
    """Return the parameters of both channels that maximise likelihood times prior.

    Where nobody knows whether a lost customer decided, only that it was not won is used. Newton's
    steps are shortened until each lowers the loss, so that the answer is the same everywhere.
    """
    width = happen.shape[1]
    problem = _Problem(happen, win, ended, priors)
    at = np.concatenate([priors[0].mean, priors[1].mean])
    loss = problem.loss(at)
    for _ in range(_STEPS):
        step, gain = problem.newton(at)
        if gain <= _SMALL * max(1.0, abs(loss)):
            at = at + step
            break
        for _ in range(_HALVINGS):
            tried = problem.loss(at + step)
            if tried <= loss:
                break
            step = step / 2
        at, loss = at + step, tried
    return at[:width], at[width:]


def sigmoid(log_odds: Numbers) -> Numbers:
    """Return the probabilities of log odds, however far out those are."""
    odds = np.exp(-np.abs(log_odds))
    chances: Numbers = np.where(log_odds >= 0, 1, odds) / (1 + odds)
    return chances


class _Problem:
    """The loss, and where it falls."""

    def __init__(
        self, happen: Numbers, win: Numbers, ended: Outcomes, priors: tuple[Prior, Prior]
    ) -> None:
        self._happen, self._win, self._ended = happen, win, ended
        self._width = happen.shape[1]
        self._mean = np.concatenate([one.mean for one in priors])
        self._precision = np.zeros((2 * self._width, 2 * self._width))
        self._precision[: self._width, : self._width] = priors[0].precision
        self._precision[self._width :, self._width :] = priors[1].precision
        self._coupled = not ended.known.all()

    def loss(self, at: Numbers) -> float:
        """Return minus the log of likelihood times prior, up to a constant."""
        odds_happen, odds_win = self._log_odds(at)
        won, decided, known, mass = self._ended
        log_happen, log_win = -np.logaddexp(0, -odds_happen), -np.logaddexp(0, -odds_win)
        lost = np.where(decided, log_happen - np.logaddexp(0, odds_win), log_happen - odds_happen)
        either = np.log1p(-np.exp(np.minimum(log_happen + log_win, -1e-15)))
        likely = np.where(won, log_happen + log_win, np.where(known, lost, either))
        away = at - self._mean
        return float(away @ self._precision @ away / 2 - mass @ likely)

    def newton(self, at: Numbers) -> tuple[Numbers, float]:
        """Return Newton's step and what it should gain; of a convex loss near one that is not."""
        slope = self._slope(at)
        down = self._precision @ (self._mean - at)
        down[: self._width] -= self._happen.T @ slope.happen
        down[self._width :] -= self._win.T @ slope.win
        curvature = self._curvature(slope)
        lift = 0.0
        while True:
            lifted = curvature + lift * np.diag(np.diag(self._precision))
            try:
                np.linalg.cholesky(lifted)  # only where it is convex
            except np.linalg.LinAlgError:
                lift = max(1.0, 4 * lift)
            else:
                step: Numbers = np.linalg.solve(lifted, down).astype(np.float64)
                return step, float(down @ step) / 2

    def _log_odds(self, at: Numbers) -> tuple[Numbers, Numbers]:
        return self._happen @ at[: self._width], self._win @ at[self._width :]

    def _slope(self, at: Numbers) -> _Slope:
        odds_happen, odds_win = self._log_odds(at)
        won, decided, known, mass = self._ended
        happen, win = sigmoid(odds_happen), sigmoid(odds_win)
        both = happen * win
        not_both = np.maximum(1 - both, 1e-12)
        less_happen, less_win = both * (1 - happen) / not_both, both * (1 - win) / not_both
        return _Slope(
            happen=mass * np.where(known, happen - decided, less_happen),
            win=mass * np.where(known, decided * (win - won), less_win),
            happen_happen=mass
            * np.where(
                known, happen * (1 - happen), less_happen * (1 - 2 * happen) + less_happen**2
            ),
            win_win=mass
            * np.where(known, decided * win * (1 - win), less_win * (1 - 2 * win) + less_win**2),
            happen_win=mass * np.where(known, 0.0, less_happen * (1 - win) / not_both),
        )

    def _curvature(self, slope: _Slope) -> Numbers:
        curvature = self._precision.copy()
        one, other = slice(None, self._width), slice(self._width, None)
        curvature[one, one] += self._happen.T @ (slope.happen_happen[:, None] * self._happen)
        curvature[other, other] += self._win.T @ (slope.win_win[:, None] * self._win)
        if self._coupled:
            across = self._happen.T @ (slope.happen_win[:, None] * self._win)
            curvature[one, other] += across
            curvature[other, one] += across.T
        return curvature
