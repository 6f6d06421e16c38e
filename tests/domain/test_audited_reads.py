"""A read is marked for audit by who asks or by what is asked; a replay always is."""

import pytest

from opps.domain.audited_reads import AuditedReads
from opps.domain.roles import ActorRole

DOSSIER = ("MANAGER", "Dossier", {"opportunity"})


@pytest.mark.parametrize(
    "text", ["role:MANAGER", "operation:Dossier", "field:opportunity", "*", " role:DPO , * "]
)
def test_one_mark_is_enough(text: str) -> None:
    assert AuditedReads.read(text).cover(*DOSSIER)


@pytest.mark.parametrize(
    "text", ["role:SELLER", "operation:Board", "field:opportunities", "operation:dossier"]
)
def test_another_mark_is_not_this_one(text: str) -> None:
    assert not AuditedReads.read(text).cover(*DOSSIER)


def test_without_marks_nothing_is_saved_but_a_replay_always_is() -> None:
    assert not AuditedReads().cover(*DOSSIER)
    assert not AuditedReads().cover("SELLER", None, set())
    assert AuditedReads().cover("AUDITOR", None, {"viewer", "screenReplay"})


def test_where_nothing_is_marked_only_a_replay_is_looked_at() -> None:
    assert not AuditedReads().may_cover("{ opportunities { totalCount } }")
    assert AuditedReads().may_cover(
        "query ($id: UUID!) { a: screenReplay(readId: $id) { answer } }"
    )
    assert AuditedReads.read("role:DPO").may_cover("{ opportunities { totalCount } }")


def test_an_operation_without_a_name_has_no_mark_of_one() -> None:
    assert not AuditedReads.read("operation:Dossier").cover("MANAGER", None, {"opportunity"})


@pytest.mark.parametrize("role", ActorRole)
def test_every_role_can_be_marked(role: str) -> None:
    assert AuditedReads.read(f"role:{role}").cover(role, None, set())


@pytest.mark.parametrize(
    "text", ["MANAGER", "role:", "role:BOSS", "operation:", "operation:a b", "all", "", ",", "*,x"]
)
def test_what_is_no_mark_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"mark|role"):
        AuditedReads.read(text)
