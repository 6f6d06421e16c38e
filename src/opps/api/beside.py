"""Work beside the event loop: what takes more than a moment holds up nobody else's request."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

Parameters = ParamSpec("Parameters")
Answer = TypeVar("Answer")

# One thread: several at work on Python would only take turns, and the loop would wait for each.
_WORKER = ThreadPoolExecutor(1, thread_name_prefix="opps-beside")


def beside(
    work: Callable[Parameters, Answer], *arguments: Parameters.args, **options: Parameters.kwargs
) -> Awaitable[Answer]:
    """Do some work beside the event loop; raises what the work raises."""
    loop = asyncio.get_running_loop()
    return loop.run_in_executor(_WORKER, partial(work, *arguments, **options))
