"""Ids that are made from other ids are stored for ever: no release makes them another way."""

from uuid import UUID

import pytest

from opps.domain.clock import clock_stream
from opps.domain.events import ExceptionCause
from opps.domain.exceptions.causes import exception_id
from opps.domain.exceptions.thresholds import thresholds_stream
from opps.domain.opportunity.state import do_nothing, us
from opps.domain.privacy.state import privacy_stream
from opps.domain.sales_process import process_stream
from opps.domain.scoring_model import model_stream
from opps.domain.setting import activation_stream, rules_stream

OF = UUID("0b0b0b0b-0000-4000-8000-000000000001")


@pytest.mark.parametrize(
    ("made", "id_"),
    [
        (clock_stream(OF), "27df0ebc-7b2b-571d-a4e7-0e0a75a029cd"),
        (activation_stream(OF), "a2c733c8-df7d-51e2-8bc5-fc6f8dc1e7c3"),
        (rules_stream(OF), "29a161c2-d74e-5ceb-a040-ad0ba7565755"),
        (privacy_stream(OF), "35b4b766-d02b-5fa2-a6ed-094b3d2fbfd6"),
        (thresholds_stream(OF), "4d86134f-8c6f-5943-be0e-fd1ab858aabc"),
        (process_stream(OF, "STANDARD"), "5ee38230-79be-53ac-98c9-aa3c8b2d16aa"),
        (model_stream(OF, "spring"), "54084894-2484-51c5-a4ff-bc782fc7f302"),
        (us(OF), "0f839c0b-ee82-53a9-ac73-759fa05d667a"),
        (do_nothing(OF), "6d9cb6d0-dcf9-52f0-912b-7195872b43ea"),
        (
            exception_id(OF, ExceptionCause.DANGER_ZONE, "DZ16", 12),
            "218658c4-68d2-52dd-a502-1c7887590d11",
        ),
        (
            exception_id(OF, ExceptionCause.WALK_AWAY, None, 12),
            "51b3fa73-f745-58a8-a06f-670aa04d29ec",
        ),
    ],
)
def test_an_id_is_made_as_it_always_was(made: UUID, id_: str) -> None:
    assert made == UUID(id_)
