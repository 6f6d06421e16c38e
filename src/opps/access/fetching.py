"""JSON fetched from an identity provider: over https, within limits, and from nowhere else."""

import asyncio
import json
from http.client import HTTPException
from time import monotonic
from typing import Any
from urllib.request import HTTPRedirectHandler, Request, build_opener

from opps.access.provider import is_safe

TIMEOUT_S = 5.0
MOST_BYTES = 256_000


class ProviderAway(Exception):
    """The identity provider does not say what is needed to check a token; the message says why."""


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Follow nobody: the address was checked, another one was not."""


async def fetched(url: str) -> dict[str, Any]:
    """Return the JSON object of an address.

    Raises:
        ProviderAway: there is none in time, it is too large, or the address is not safe.
    """
    if not is_safe(url):
        raise ProviderAway(f"{url[:200]} is not https")
    try:
        async with asyncio.timeout(2 * TIMEOUT_S):
            found = await asyncio.to_thread(_get, url)
    except (OSError, HTTPException, ValueError, RecursionError) as error:
        raise ProviderAway(f"{url[:200]}: {type(error).__name__}: {str(error)[:200]}") from None
    if not isinstance(found, dict):
        raise ProviderAway(f"{url[:200]} is no JSON object")
    return found


def _get(url: str) -> Any:
    begun, content = monotonic(), b""
    asked = Request(url, headers={"Accept": "application/json", "User-Agent": "opps"})
    with build_opener(_NoRedirects).open(asked, timeout=TIMEOUT_S) as answer:
        while part := answer.read1(65_536):
            content += part
            if len(content) > MOST_BYTES:
                raise ValueError(f"it is larger than {MOST_BYTES} bytes")
            if monotonic() - begun > TIMEOUT_S:
                raise TimeoutError("it takes too long")
    return json.loads(content)
