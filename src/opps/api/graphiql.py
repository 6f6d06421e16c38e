"""GraphiQL from the package itself: it needs no network, and loads nothing from elsewhere."""

from functools import cache
from hashlib import sha256
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response

_KINDS = {".js": "text/javascript", ".css": "text/css", ".html": "text/html"}
ASSETS = (
    "graphiql.min.css",
    "graphiql.min.js",
    "graphql-ws.min.js",
    "page.css",
    "page.js",
    "react-dom.production.min.js",
    "react.production.min.js",
)
# Styles may be inline: the editor writes its own. Scripts may not.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src data:; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


async def page(request: Request) -> Response:
    """Answer with the page."""
    return _file("index.html", request)


async def asset(request: Request) -> Response:
    """Answer with one of the files that the page needs."""
    name = request.path_params["name"]
    return _file(name, request) if name in ASSETS else Response(status_code=404)


def _file(name: str, request: Request) -> Response:
    content, tag = _read(name)
    headers = {**HEADERS, "ETag": tag, "Cache-Control": "no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    kind = _KINDS["." + name.rsplit(".", 1)[1]]
    return Response(content, headers=headers, media_type=kind)


@cache
def _read(name: str) -> tuple[bytes, str]:
    content = (files("opps.api") / "console" / name).read_bytes()
    return content, f'"{sha256(content).hexdigest()[:32]}"'
