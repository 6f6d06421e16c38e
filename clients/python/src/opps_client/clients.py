"""The two clients: one waits, the other is awaited."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import aclosing, suppress
from typing import Any, Self, TypeVar

import httpx

from .following import Following
from .generated.async_operations import AsyncOperations
from .generated.operations import Operations
from .messages import EVENTS, GRAPHQL, JSON, answer, request
from .operation import Operation

T = TypeVar("T")

# A server that has nothing to say gives a sign of life every ten seconds.
SILENCE_S = 45.0
Token = str | Callable[[], str]


class _Settings:
    def __init__(
        self,
        url: str,
        token: Token | None = None,
        *,
        act_as: str | None = None,
        timeout_s: float = 30.0,
        persisted: bool = False,
    ) -> None:
        """Take where GraphQL answers, and who asks: a token or key, or what returns the newest.

        `act_as`: in which role, of whoever holds several. `persisted`: send the SHA-256 of each
        document in place of its text.
        """
        self._url = url
        self._token = token
        self._role = {"Opps-Act-As": act_as} if act_as else {}
        self._timeout = httpx.Timeout(timeout_s)
        self._stream = httpx.Timeout(timeout_s, read=SILENCE_S)
        self._persisted = persisted

    def _headers(self, accepted: str, more: Mapping[str, str] | None = None) -> dict[str, str]:
        token = self._token() if callable(self._token) else self._token
        known = {"Authorization": f"Bearer {token}"} if token else {}
        return {"Accept": accepted, "Content-Type": JSON, **known, **self._role, **(more or {})}

    def _request(self, operation: Operation[Any], variables: Mapping[str, Any]) -> bytes:
        return request(operation, variables, persisted=self._persisted)


class Client(_Settings, Operations):
    """A client for programs that wait: use it in a `with` statement, from one thread."""

    def __init__(
        self,
        url: str,
        token: Token | None = None,
        *,
        http: httpx.Client | None = None,
        pause: Callable[[float], None] = time.sleep,
        act_as: str | None = None,
        timeout_s: float = 30.0,
        persisted: bool = False,
    ) -> None:
        super().__init__(url, token, act_as=act_as, timeout_s=timeout_s, persisted=persisted)
        self._http = http or httpx.Client()
        self._pause = pause

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def ask(self, operation: Operation[T], variables: Mapping[str, Any]) -> T:
        response = self._http.post(
            self._url,
            content=self._request(operation, variables),
            headers=self._headers(GRAPHQL),
            timeout=self._timeout,
        )
        return answer(operation, response.status_code, response.headers, response.content)

    def follow(self, operation: Operation[T], variables: Mapping[str, Any]) -> Iterator[T]:
        following, content = Following(operation), self._request(operation, variables)
        while True:
            with suppress(httpx.TransportError):
                yield from self._connected(following, content)
            if following.over:
                return
            self._pause(following.wait_s())

    def _connected(self, following: Following[T], content: bytes) -> Iterator[T]:
        headers = self._headers(EVENTS, following.headers())
        streaming = self._http.stream(
            "POST", self._url, content=content, headers=headers, timeout=self._stream
        )
        with streaming as response:
            if not response.is_success:
                following.refused(response.status_code, response.headers, response.read())
                return
            for line in response.iter_lines():
                item = following.line(line)
                if item is not None:
                    yield item
                if following.over:
                    return


class AsyncClient(_Settings, AsyncOperations):
    """A client for programs that await: use it in an `async with` statement."""

    def __init__(
        self,
        url: str,
        token: Token | None = None,
        *,
        http: httpx.AsyncClient | None = None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        act_as: str | None = None,
        timeout_s: float = 30.0,
        persisted: bool = False,
    ) -> None:
        super().__init__(url, token, act_as=act_as, timeout_s=timeout_s, persisted=persisted)
        self._http = http or httpx.AsyncClient()
        self._pause = pause

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def ask(self, operation: Operation[T], variables: Mapping[str, Any]) -> T:
        response = await self._http.post(
            self._url,
            content=self._request(operation, variables),
            headers=self._headers(GRAPHQL),
            timeout=self._timeout,
        )
        return answer(operation, response.status_code, response.headers, response.content)

    async def follow(
        self, operation: Operation[T], variables: Mapping[str, Any]
    ) -> AsyncIterator[T]:
        following, content = Following(operation), self._request(operation, variables)
        while True:
            with suppress(httpx.TransportError):
                async with aclosing(self._connected(following, content)) as items:
                    async for item in items:
                        yield item
            if following.over:
                return
            await self._pause(following.wait_s())

    async def _connected(self, following: Following[T], content: bytes) -> AsyncGenerator[T, None]:
        headers = self._headers(EVENTS, following.headers())
        streaming = self._http.stream(
            "POST", self._url, content=content, headers=headers, timeout=self._stream
        )
        async with streaming as response:
            if not response.is_success:
                body = await response.aread()
                following.refused(response.status_code, response.headers, body)
                return
            async for line in response.aiter_lines():
                item = following.line(line)
                if item is not None:
                    yield item
                if following.over:
                    return
