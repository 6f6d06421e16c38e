"""Lists in pages: connections with cursors, as Relay has them."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar

import msgspec
import strawberry

from opps.api.errors import NotAcceptable

T = TypeVar("T")

LARGEST_PAGE = 100
DEFAULT_PAGE = 20

First = Annotated[
    int | None, strawberry.argument(description="How many to show, 1 to 100; 20 when absent.")
]
After = Annotated[
    str | None, strawberry.argument(description="Show what comes behind this cursor.")
]


@strawberry.type(description="Where a page lies in its list.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="There is more behind this page.")
    has_previous_page: bool = strawberry.field(description="This is not the first page.")
    start_cursor: str | None = strawberry.field(description="Cursor of the first item.")
    end_cursor: str | None = strawberry.field(
        description="Cursor of the last item: give it as `after` to get the next page."
    )


@strawberry.type(description="An item of a list with its place.")
class Edge(Generic[T]):
    cursor: str = strawberry.field(description="The item's place in the list.")
    node: T = strawberry.field(description="The item.")


@strawberry.type(description="One page of a list.")
class Connection(Generic[T]):
    shown: strawberry.Private[Sequence[tuple[Any, T]]]
    written: strawberry.Private[Callable[[Any], str]] = str
    nodes: list[T] = strawberry.field(description="The items.")
    page_info: PageInfo = strawberry.field(description="Where this page lies in the list.")

    @strawberry.field(description="The items with their cursors.")
    def edges(self) -> list[Edge[T]]:
        return [Edge(cursor=self.written(place), node=node) for place, node in self.shown]


def page_size(first: int | None) -> int:
    """Return how many items to show.

    Raises:
        NotAcceptable: it is not from 1 to 100.
    """
    size = DEFAULT_PAGE if first is None else first
    if not 1 <= size <= LARGEST_PAGE:
        raise NotAcceptable(f"first is {size}: ask for 1 to {LARGEST_PAGE} items a page")
    return size


def page_of(
    items: Sequence[tuple[Any, T]],
    size: int,
    *,
    begun: bool,
    written: Callable[[Any], str] = str,
) -> Connection[T]:
    """Return a page of items with their places, of which one more than fits may be given.

    `written` makes the cursor of a place.
    """
    shown = items[:size]
    info = PageInfo(
        has_next_page=len(items) > size,
        has_previous_page=begun,
        start_cursor=written(shown[0][0]) if shown else None,
        end_cursor=written(shown[-1][0]) if shown else None,
    )
    nodes = [node for _, node in shown]
    return Connection(shown=shown, written=written, nodes=nodes, page_info=info)


def place(cursor: str | None) -> int:
    """Return the place that a cursor of one number stands for; 0 is before the first.

    Raises:
        NotAcceptable: the text is no such cursor.
    """
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 19):
        raise NotAcceptable(f"{cursor!r} is no cursor of this list: use one that it gave you")
    return int(cursor)


def cursor_at(place: object) -> str:
    """Return the cursor of a place that has several parts, as `read_cursor` reads it."""
    return urlsafe_b64encode(msgspec.json.encode(place)).decode()


def read_cursor(cursor: str, kind: type[T]) -> T:
    """Return the place that a cursor stands for.

    Raises:
        NotAcceptable: the text is no cursor of such a list.
    """
    try:
        return msgspec.json.decode(urlsafe_b64decode(cursor), type=kind)
    except (ValueError, msgspec.MsgspecError):
        message = f"{cursor!r} is no cursor of this list: use one that it gave you"
        raise NotAcceptable(message) from None
