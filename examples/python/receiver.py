"""Receives webhooks: nothing that is not signed gets in, and nothing is dealt with twice.

Needs the package standardwebhooks, and the secret in OPPS_WEBHOOK_SECRET: python receiver.py 8800
"""

import os
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError


class Receiver(BaseHTTPRequestHandler):
    """Takes what opps posts; answers 204 once it is dealt with, and not before."""

    webhook = Webhook(os.environ["OPPS_WEBHOOK_SECRET"])
    seen: set[str] = set()  # noqa: RUF012 (in a real receiver: a unique column of your database)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            news = self.webhook.verify(body, headers)
        except WebhookVerificationError:
            self.answer(400)
            return
        if headers["webhook-id"] not in self.seen:
            self.handle_news(news)
            self.seen.add(headers["webhook-id"])
        self.answer(204)

    def handle_news(self, news: dict[str, Any]) -> None:
        """Do what is to be done; it is called once for each piece of news."""
        print(news["sequence"], news["type"], news["subject"], flush=True)

    def log_message(self, *_: object) -> None:
        """Print news, and no line for each request."""

    def answer(self, status: int) -> None:
        self.send_response(status)
        self.end_headers()


if __name__ == "__main__":
    server = HTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver)
    print(f"Listening on http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
