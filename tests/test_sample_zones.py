"""The sample's open stories are in danger zones that their readers would name themselves."""

from datetime import date
from uuid import UUID

import pytest

from opps.domain.danger_zones.zones import zones
from opps.domain.opportunity.state import Opportunity
from opps.recording.keyring import MemoryKeyring
from opps.sample.write import simulated

TENANT = UUID("00000000-0000-4000-8000-00000000007e")


@pytest.fixture(scope="module")
def opportunities() -> dict[str, Opportunity]:
    """Return the opportunities of the sample by their titles."""
    told = simulated(TENANT, date(2026, 11, 20), MemoryKeyring())
    return {one.title: one for one in told.opportunities()}


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Colour proofing subscription", {"DZ10", "DZ14", "DZ17", "DZ21"}),
        ("Clinic scheduling rollout", {"DZ01", "DZ05", "DZ20"}),
        ("Warehouse robotics pilot", {"DZ14", "DZ16"}),
        ("Pump monitoring framework", {"DZ06", "DZ09"}),
        ("Fleet telematics renewal", {"DZ05", "DZ15"}),
    ],
)
def test_a_story_is_in_the_danger_zones_that_it_tells_of(
    opportunities: dict[str, Opportunity], title: str, expected: set[str]
) -> None:
    assert expected <= {one.zone for one in zones(opportunities[title])}


def test_no_story_that_has_ended_is_in_a_danger_zone(
    opportunities: dict[str, Opportunity],
) -> None:
    assert [one.title for one in opportunities.values() if not one.open and zones(one)] == []
