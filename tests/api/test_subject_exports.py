"""What is held of a person is given to those who answer for personal data, and to nobody else."""

import httpx
import pytest

from opps.api.identity import ACT_AS
from tests.api.deals import opened
from tests.api.support import Api

EXPORT = "query ($id: ID!) { subjectExport(personId: $id) { document html } }"


@pytest.fixture
def dana(api: Api) -> str:
    """Return the id of a person who said something in an opportunity."""
    found = api.done("registerPerson", "person { id }", name="Dana Ruiz")["person"]
    id_: str = found["id"]
    quote = {"subject": id_, "text": "We pay by June"}
    deal = opened(api)
    api.done("recordBuyerResponse", "", opportunityId=deal, response="Answered", quote=quote,
             expectedVersion=None)  # fmt: skip
    return id_


def ask(api: Api, person: str, role: str) -> httpx.Response:
    body = {"query": EXPORT, "variables": {"id": person}}
    return api.client.post(api.url, json=body, headers={ACT_AS: role})


@pytest.mark.parametrize("role", ["DPO", "ADMIN"])
def test_whoever_answers_for_personal_data_gets_all_that_is_held(
    api: Api, dana: str, role: str
) -> None:
    found = ask(api, dana, role).json()["data"]["subjectExport"]
    document = found["document"]

    assert document["format"] == "opps-subject-export/1"
    assert [one["text"] for one in document["values"]] == ["Dana Ruiz", "We pay by June"]
    assert list(document["opportunities"].values()) == ["Fleet renewal"]
    assert "We pay by June" in found["html"]


@pytest.mark.parametrize("role", ["SELLER", "MANAGER", "AUDITOR", "INTEGRATOR"])
def test_nobody_else_gets_it(api: Api, dana: str, role: str) -> None:
    answer = ask(api, dana, role).json()

    assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert "Dana" not in str(answer)


def test_an_id_of_something_else_is_told(api: Api) -> None:
    answer = ask(api, opened(api), "DPO").json()

    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
