"""A score that is remembered is the score that would be worked out anew."""

from datetime import timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from opps.domain.events import Event
from opps.domain.model import Model
from opps.domain.opportunity.evolve import evolve, under
from opps.domain.opportunity.state import Opportunity, known
from opps.domain.recorded import Actor, Metadata, Recorded, Via
from opps.domain.score import score
from opps.domain.setting import Setting
from opps.projections.scores import Scores
from tests.domain.given import MONDAY, SELLER, opened
from tests.domain.models import models
from tests.projections.test_fold_and_rows import events

DEAL = UUID(int=7)


def recorded(event: Event, position: int) -> Recorded[Event]:
    return Recorded(
        event=event,
        stream=DEAL,
        position=position,
        version=position - 1,
        recorded_at=MONDAY,
        event_id=UUID(int=position),
        command_id=DEAL,
        metadata=Metadata(actor=Actor(principal=SELLER, role="SELLER", via=Via.GRAPHQL)),
    )


@settings(max_examples=150, deadline=None)
@given(story=st.lists(st.one_of(events, events, st.integers(-40, 90), models()), max_size=20))
def test_whatever_happens_and_however_time_passes_a_remembered_score_is_right(
    story: list[Event | int | Model],
) -> None:
    setting, state, scores = Setting(), evolve(None, recorded(opened, 1)), Scores()
    seen: list[Opportunity] = []
    for position, one in enumerate(story, 2):
        assert state is not None
        if isinstance(one, int):
            clock = (setting.clock or MONDAY) + timedelta(days=one)
            setting = replace(setting, clock=clock)
        elif isinstance(one, Model):
            setting = replace(setting, model=one)
        else:
            state = evolve(state, recorded(one, position), setting)
        assert state is not None
        seen.append(under(state, setting))
    for now in [*seen, *reversed(seen)]:
        assert scores.of(now) == score(known(now))
