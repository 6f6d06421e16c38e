"""An export of a warehouse with hashed values, shaped as real ones are, if one is at hand."""

import os
from pathlib import Path
from uuid import UUID

import pytest

from opps.application import Application
from opps.integrations.importing import salesforce_mapping
from tests.integrations.importing.salesforce.support import imported

EXPORT = os.environ.get("OPPS_SALESFORCE")


@pytest.mark.skipif(
    EXPORT is None, reason="OPPS_SALESFORCE does not name the folder, which is no part of opps"
)
def test_a_warehouse_of_deleted_opportunities_is_counted_and_comes_in_when_asked_for(
    application: Application, tenant: UUID
) -> None:
    folder = Path(EXPORT or "")

    counted = imported(application, tenant, folder, mapping=salesforce_mapping(currency="USD"))
    mapping = salesforce_mapping(currency="USD", deleted=True)
    taken = imported(application, tenant, folder, mapping=mapping)
    again = imported(application, tenant, folder, mapping=mapping)

    assert (counted.opportunities, counted.opened, counted.counted) == (10, 0, {"deleted": 20})
    assert (taken.opened, taken.rows, taken.typed, taken.rejected) == (10, 20, 20, 0)
    assert (taken.stored["OpportunityWon"], taken.stored["OpportunityLost"]) == (5, 4)
    assert taken.left_out == {"forecast category unknown": 2}
    assert again.events == 0
    assert [one.taken_as for one in taken.files].count("Opportunity") == 2
    assert sum(one.taken_as is None for one in taken.files) == 3
