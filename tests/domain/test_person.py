"""A person: data under that person's own key, registered once and put right."""

import msgspec
import pytest

from opps.domain.errors import AlreadyExists, Blank, PersonIsErased, UnknownPerson
from opps.domain.events import (
    ErasureBasis,
    Event,
    PersonCorrected,
    PersonErased,
    PersonRegistered,
)
from opps.domain.person import CorrectPerson, Person, RegisterPerson, decide, evolve
from opps.domain.personal import Clear, ErasureLevel, Redacted, text_of
from tests.domain.given import ACCOUNT, named, recorded, won

DANA = named("dana")
registered = PersonRegistered(
    name=Clear(DANA, "Dana Ruiz"), email=Clear(DANA, "dana@halden.example"), account_id=ACCOUNT
)
register = RegisterPerson(
    person_id=DANA, name="Dana Ruiz", email="dana@halden.example", account_id=ACCOUNT
)


def person(*past: Event) -> Person | None:
    """Return the person after what has happened."""
    state: Person | None = None
    for one in recorded(past):
        state = evolve(state, one)
    return state


def test_all_that_names_a_person_belongs_to_that_person() -> None:
    (event,) = decide(None, register)

    assert event == registered
    assert isinstance(event.name, Clear)
    assert event.name.subject == DANA


def test_a_person_is_registered_once() -> None:
    with pytest.raises(AlreadyExists):
        decide(person(registered), register)


def test_what_is_put_right_replaces_what_was_wrong_and_nothing_else() -> None:
    events = decide(person(registered), CorrectPerson(person_id=DANA, name="Dana Ruíz"))
    corrected = person(registered, *events)

    assert events == [PersonCorrected(name=Clear(DANA, "Dana Ruíz"))]
    assert corrected is not None
    assert text_of(corrected.name) == "Dana Ruíz"
    assert text_of(corrected.email) == "dana@halden.example"


def test_putting_nothing_right_changes_nothing() -> None:
    assert decide(person(registered), CorrectPerson(person_id=DANA)) == []


def test_a_person_nobody_registered_has_nothing_to_put_right() -> None:
    with pytest.raises(UnknownPerson):
        decide(None, CorrectPerson(person_id=DANA, name="Dana"))


@pytest.mark.parametrize("name", [" ", "\n"])
def test_a_name_says_something(name: str) -> None:
    with pytest.raises(Blank):
        decide(None, RegisterPerson(person_id=DANA, name=name))
    with pytest.raises(Blank):
        decide(person(registered), CorrectPerson(person_id=DANA, name=name))


@pytest.mark.parametrize(("email", "accepted"), [("a@b", True), ("a b@c", False), ("ab", False)])
def test_an_address_looks_like_one(email: str, accepted: bool) -> None:
    asked = {"person_id": str(DANA), "name": "Dana", "email": email}

    if accepted:
        assert msgspec.convert(asked, RegisterPerson).email == email
    else:
        with pytest.raises(msgspec.ValidationError, match="email"):
            msgspec.convert(asked, RegisterPerson)


def test_a_person_ignores_what_is_no_business_of_theirs() -> None:
    assert person(registered, won) == person(registered)
    assert person(PersonCorrected(name=Clear(DANA, "X"))) is None


def test_an_erased_person_reads_as_redacted_and_is_not_put_right_again() -> None:
    erased = PersonErased(
        erasure_id=named("erasure"),
        level=ErasureLevel.IDENTITY,
        basis=ErasureBasis.OBJECTION,
        requested_by=named("one"),
        approved_by=named("other"),
    )
    gone = person(registered, erased)

    assert gone is not None
    assert gone.erased is not None
    assert gone.name == Redacted(gone.person_id, gone.erased.at, "OBJECTION")
    assert gone.email == gone.name
    assert gone.phone is None
    with pytest.raises(PersonIsErased):
        decide(gone, CorrectPerson(person_id=DANA, name="Dana"))
