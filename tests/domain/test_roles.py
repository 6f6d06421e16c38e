"""Whoever acts in another role than a rule needs is told which one it takes."""

from uuid import uuid4

import pytest

from opps.domain.errors import RoleNeeded
from opps.domain.recorded import Actor, Via
from opps.domain.roles import ActorRole, needs


def acting(role: str) -> Actor:
    return Actor(principal=uuid4(), role=role, via=Via.GRAPHQL)


@pytest.mark.parametrize("role", ["DPO", "ADMIN"])
def test_each_of_the_roles_named_will_do(role: str) -> None:
    needs(acting(role), ActorRole.DPO, ActorRole.ADMIN)


@pytest.mark.parametrize("role", ["SELLER", "dpo", ""])
def test_another_role_is_refused_and_told_which_it_takes(role: str) -> None:
    with pytest.raises(RoleNeeded) as refused:
        needs(acting(role), ActorRole.DPO, ActorRole.ADMIN)

    assert (refused.value.role, refused.value.needed) == (role, "DPO or ADMIN")
    assert refused.value.code == "ROLE_NEEDED"
    assert str(refused.value).endswith("it takes the role DPO or ADMIN.")
