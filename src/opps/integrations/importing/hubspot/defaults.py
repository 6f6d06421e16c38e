"""What opps takes from an export of HubSpot where no mapping says otherwise."""

import hashlib
from pathlib import Path

from msgspec.structs import replace

from opps.integrations.importing.mapping import Mapping, SourceFormat
from opps.integrations.importing.reading import read_mapping, standard_mapping

HUBSPOT_MAPPING = Path(__file__).with_name("defaults.toml")


def hubspot_mapping(path: Path | None = None, currency: str | None = None) -> Mapping:
    """Return a mapping of HubSpot: the standard one, with what a file says over it.

    `currency` is that of deals that name none, whatever the file says.

    Raises:
        MappingRefused: the file cannot be read or something in it is wrong, with line and field.
    """
    mapping = read_mapping(path) if path else standard_mapping(SourceFormat.HUBSPOT_CSV)
    if currency is None:
        return mapping
    return replace(
        mapping,
        hubspot=replace(mapping.hubspot, currency=currency),
        digest=hashlib.sha256(f"{mapping.digest}:{currency}".encode()).hexdigest(),
    )
