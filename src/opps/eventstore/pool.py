"""How the connections of a pool are used, whoever keeps the pool."""

from msgspec import Struct


class Pool(Struct, frozen=True):
    """How many connections are at work or idle, of how many at most, and who waits for one."""

    busy: int
    idle: int
    most: int
    waiting: int = 0
