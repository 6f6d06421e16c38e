"""Words of people have a subject, and free text names people by token."""

import pytest

from opps.api.ids import from_global
from tests.api.deals import evaluator, learned, new_id, opened, stated
from tests.api.support import Api, Installation

NAMED = """
query ($texts: [String!]!, $deal: ID) {
  namedTexts(texts: $texts, opportunityId: $deal) {
    segments { text personId name { text redacted } evaluatorId title }
  }
}
"""


@pytest.fixture
def dana(api: Api) -> str:
    """Return the id of a registered person."""
    id_: str = api.done("registerPerson", "person { id }", name="Dana Ruiz")["person"]["id"]
    return id_


def test_a_quote_without_its_subject_is_refused(api: Api) -> None:
    deal = opened(api)
    quote = {"text": "We pay by June"}

    refused = api.refused(
        "recordBuyerResponse",
        opportunityId=deal,
        response="Answered",
        quote=quote,
        expectedVersion=None,
    )

    assert refused["code"] == "QUOTE_NEEDS_SUBJECT"
    assert "say whose they are" in refused["message"]


def test_a_text_shows_whom_it_names(api: Api, installation: Installation, dana: str) -> None:
    deal, cfo = opened(api), new_id()
    fact = evaluator(cfo, "CFO")
    fact["evaluator"]["person"] = {"subject": dana, "text": "the CFO"}
    learned(api, deal, stated(fact))
    person = from_global(dana)[1]
    text = f"{{person:{person}}} is {{evaluator:{cfo}}}, not {{evaluator:{new_id()}}}"

    [shown] = api.ask(NAMED, texts=[text], deal=deal)["namedTexts"]
    who, _, evaluated, _, unknown = shown["segments"]

    assert "".join(one["text"] for one in shown["segments"]) == text
    name = {"text": "Dana Ruiz", "redacted": False}
    assert (who["personId"], who["name"], who["evaluatorId"]) == (dana, name, None)
    assert (evaluated["title"], evaluated["name"]) == ("CFO", name)
    assert (unknown["title"], unknown["name"]) == (None, None)

    installation.keyring.destroy(person)
    [shown] = api.ask(NAMED, texts=[text], deal=deal)["namedTexts"]
    who, _, evaluated, *_ = shown["segments"]

    assert who["name"] == {"text": None, "redacted": True}
    assert (evaluated["title"], evaluated["personId"]) == ("CFO", None)


def test_texts_are_asked_for_in_portions(api: Api) -> None:
    name = "{person:00000000-0000-4000-8000-00000000005e}"

    assert api.errors(NAMED, texts=["text"] * 201)[0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert api.errors(NAMED, texts=["", name * 1_001])[0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert api.errors(NAMED, texts=["", name * 1_000]) == []
