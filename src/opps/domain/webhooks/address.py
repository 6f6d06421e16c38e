"""Which addresses an endpoint may have, as far as the words of the address tell."""

from urllib.parse import urlsplit

from opps.domain.webhooks.errors import WebhookUrlRefused


def check_address(url: str) -> None:
    """Refuse what is no address of a web server, or holds what belongs into no log.

    What the name resolves to is looked at whenever something is sent.

    Raises:
        WebhookUrlRefused: it cannot be posted to, or would be kept with a password in it.
    """
    if not url.isascii() or any(one <= " " or one == "\x7f" for one in url):
        raise WebhookUrlRefused(why="has characters that belong into no address: encode them")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise WebhookUrlRefused(why="cannot be read: give https://host/path") from None
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise WebhookUrlRefused(why="begins with https:// and names a host")
    if parts.username is not None or parts.password is not None:
        raise WebhookUrlRefused(why="holds no user and no password: messages are signed instead")
    if "#" in url:
        raise WebhookUrlRefused(why="has no fragment: nothing behind # is ever sent")
    if port == 0:
        raise WebhookUrlRefused(why="has a port from 1 to 65535")
