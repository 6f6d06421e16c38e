"""GraphiQL: from the package itself, with no network, under a strict policy."""

import json
import re
from hashlib import sha256
from importlib.resources import files

from opps.api.graphiql import ASSETS
from tests.api.support import Api

CONSOLE = files("opps.api") / "console"


def test_the_page_loads_its_own_files_and_nothing_from_elsewhere(api: Api) -> None:
    page = api.client.get(f"{api.address}/graphiql")
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page.text)

    assert page.headers["content-type"].startswith("text/html")
    assert loaded
    for address in loaded:
        assert "//" not in address
        if not address.startswith("data:"):
            assert api.client.get(f"{api.address}/{address}").status_code == 200


def test_no_script_may_be_inline_or_come_from_elsewhere(api: Api) -> None:
    page = api.client.get(f"{api.address}/graphiql")
    policy = page.headers["content-security-policy"]

    assert "default-src 'none'; script-src 'self';" in policy
    assert not re.search(r"<script(?![^>]* src=)", page.text)
    assert not re.search(r"\son\w+=", page.text)


def test_a_file_that_did_not_change_is_not_sent_again(api: Api) -> None:
    address = f"{api.address}/graphiql/page.js"
    first = api.client.get(address)
    again = api.client.get(address, headers={"if-none-match": first.headers["etag"]})

    assert (first.status_code, again.status_code) == (200, 304)


def test_only_the_files_of_the_page_are_served(api: Api) -> None:
    for name in ("vendored.json", "nothing.js", "..%2fapp.py"):
        assert api.client.get(f"{api.address}/graphiql/{name}").status_code == 404


def test_the_home_page_leads_to_graphiql(api: Api) -> None:
    home = api.client.get(api.address, follow_redirects=True)

    assert home.url.path == "/graphiql"


def test_each_file_of_others_is_the_one_written_down_with_its_licence() -> None:
    written = json.loads((CONSOLE / "vendored.json").read_text())["files"]
    others = {name for name in ASSETS if not name.startswith("page.")}

    assert set(written) == others
    for name, file in written.items():
        assert sha256((CONSOLE / name).read_bytes()).hexdigest() == file["sha256"]
        assert (CONSOLE / file["license_file"]).read_text()
