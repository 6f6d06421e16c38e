"""How several facts become one voice: which way it speaks, and how far it is to be believed."""

from collections.abc import Iterable
from math import fsum

from msgspec import Struct


class Voice(Struct, frozen=True, gc=False):
    """What an objective says in one channel.

    `valence` runs from -1, against, to +1, for; `credence` from 0 to .95.
    """

    valence: float = 0.0
    credence: float = 0.0


SILENT = Voice()


class Piece(Struct, frozen=True, gc=False):
    """One thing that speaks for or against, and how much it weighs beside the others."""

    valence: float
    credence: float
    mass: float = 1.0


def combine(pieces: Iterable[Piece], unseen: float = 0.0) -> Voice:
    """Return the voice of several pieces; `unseen` is the mass of which nothing is believed.

    The valence never looks at the credences: so a fact that ages or is corroborated moves how far
    the signal is believed, never which way it speaks. Sums are exact, whatever the order.
    """
    pieces = tuple(pieces)
    if not pieces:
        return SILENT
    if len(pieces) == 1:
        return _alone(pieces[0], unseen)
    seen = fsum([one.mass for one in pieces])
    if not seen:
        return SILENT
    return Voice(
        valence=fsum([one.mass * one.valence for one in pieces]) / seen,
        credence=fsum([one.mass * one.credence for one in pieces]) / (seen + unseen),
    )


def _alone(piece: Piece, unseen: float) -> Voice:
    """Return the voice of one piece, as most are: the same, with no sums."""
    mass = piece.mass
    if not mass:
        return SILENT
    return Voice(mass * piece.valence / mass, mass * piece.credence / (mass + unseen))
