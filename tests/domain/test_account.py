"""An account: registered once, and renamed."""

import pytest

from opps.domain.account import (
    Account,
    AnyAccountCommand,
    RegisterAccount,
    RenameAccount,
    decide,
    evolve,
)
from opps.domain.errors import AlreadyExists, Blank, UnknownAccount
from opps.domain.events import AccountRegistered, AccountRenamed, Event
from tests.domain.given import ACCOUNT, recorded, won

registered = AccountRegistered(name="Halden Foods", external_id="A-17")
register = RegisterAccount(account_id=ACCOUNT, name="Halden Foods", external_id="A-17")


def account(*past: Event) -> Account | None:
    """Return the account after what has happened."""
    state: Account | None = None
    for one in recorded(past):
        state = evolve(state, one)
    return state


def test_a_buying_organisation_is_registered_with_its_id_in_the_source_system() -> None:
    assert decide(None, register) == [registered]


def test_a_buying_organisation_is_registered_once() -> None:
    with pytest.raises(AlreadyExists):
        decide(account(registered), register)


def test_a_buying_organisation_gets_another_name_and_keeps_its_external_id() -> None:
    events = decide(account(registered), RenameAccount(account_id=ACCOUNT, name="Halden AG"))
    renamed = account(registered, *events)

    assert events == [AccountRenamed(name="Halden AG")]
    assert renamed is not None
    assert (renamed.name, renamed.external_id, renamed.version) == ("Halden AG", "A-17", 1)


def test_the_same_name_again_changes_nothing() -> None:
    same = RenameAccount(account_id=ACCOUNT, name="Halden Foods")

    assert decide(account(registered), same) == []


def test_an_account_that_nobody_registered_has_no_name_to_change() -> None:
    with pytest.raises(UnknownAccount):
        decide(None, RenameAccount(account_id=ACCOUNT, name="Halden AG"))


@pytest.mark.parametrize(
    "command",
    [RegisterAccount(account_id=ACCOUNT, name=" "), RenameAccount(account_id=ACCOUNT, name=" ")],
    ids=["register", "rename"],
)
def test_a_name_says_something(command: AnyAccountCommand) -> None:
    with pytest.raises(Blank):
        decide(account(registered), command)


def test_an_account_ignores_what_is_no_business_of_its_own() -> None:
    assert account(registered, won) == account(registered)
    assert account(AccountRenamed(name="X")) is None
