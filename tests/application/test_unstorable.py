"""A text that no read model could hold is refused before it is stored."""

from uuid import uuid4

import pytest
from msgspec.structs import replace

from opps.application import OPPORTUNITY, Application
from opps.domain.errors import UnstorableText
from opps.domain.opportunity.commands import RecordBuyerResponse
from opps.domain.personal import Clear
from tests.application.support import DEAL, Caller, rename_it
from tests.domain.given import CFO


@pytest.mark.parametrize("title", ["Line\0", "\\\0", "Line \ud800"])
async def test_a_text_with_a_nul_or_half_of_a_pair_is_refused(
    caller: Caller, application: Application, title: str
) -> None:
    before = application.log.head(caller.tenant)

    with pytest.raises(UnstorableText):
        await caller.does(replace(rename_it, title=title))

    assert application.log.head(caller.tenant) == before


async def test_what_is_sealed_must_be_readable_too(caller: Caller) -> None:
    said = RecordBuyerResponse(
        opportunity_id=DEAL, response="Asks", quote=Clear(subject=CFO, text="Yes\0")
    )

    with pytest.raises(UnstorableText):
        await caller.does(said, uuid4())


async def test_the_letters_that_write_a_nul_are_a_text_like_another(
    caller: Caller, application: Application
) -> None:
    await caller.does(replace(rename_it, title="Line \\u0000"))
    state = await application.load(OPPORTUNITY, caller.tenant, DEAL)

    assert state is not None
    assert state.title == "Line \\u0000"
