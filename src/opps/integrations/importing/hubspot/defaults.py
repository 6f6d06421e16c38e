"""What opps takes from an export of HubSpot where no other mapping is named."""

import hashlib
from pathlib import Path

from msgspec.structs import replace

from opps.integrations.importing.mapping import Mapping
from opps.integrations.importing.reading import read_mapping

HUBSPOT_MAPPING = Path(__file__).with_name("hubspot.toml")


def hubspot_mapping(path: Path | None = None, currency: str | None = None) -> Mapping:
    """Return a mapping of HubSpot, the one of opps itself without a path.

    `currency` is that of deals that name none, whatever the mapping says.

    Raises:
        MappingRefused: it cannot be read or something in it is wrong, with line and field.
    """
    mapping = read_mapping(path or HUBSPOT_MAPPING)
    if currency is None:
        return mapping
    return replace(
        mapping,
        hubspot=replace(mapping.hubspot, currency=currency),
        digest=hashlib.sha256(f"{mapping.digest}:{currency}".encode()).hexdigest(),
    )
