"""What the values of HubSpot stand for: stages, dates, and who somebody is."""

from datetime import datetime

from opps.integrations.importing.crm import Meaning
from opps.integrations.importing.errors import RowRefused
from opps.integrations.importing.hubspot.gathering import Export, Stage
from opps.integrations.importing.hubspot.settings import HubspotPart
from opps.integrations.importing.times import TimeReader

STAGE, OWNER = "dealstage", "hubspot_owner_id"
CLOSED = "closedate"
_USER = "userid:"
_STANDARD_STAGES = {"closedwon": Meaning.WON, "closedlost": Meaning.LOST}


class Words:
    """Says in words of rules what stands in an export."""

    def __init__(self, export: Export, times: TimeReader, settings: HubspotPart) -> None:
        self._export = export
        self._times = times
        self._settings = settings

    def told(self, field: str, value: str, before: str, **besides: str) -> dict[str, str]:
        """Return the attributes of a change, with what its values stand for."""
        told = {"field": field, "new_value": value, "old_value": before, **besides}
        if field == STAGE and value:
            stage = self.stage(value)
            told |= {
                "stage": stage.label,
                "probability": stage.probability,
                "meaning": stage.meaning,
            }
            told["meaning_before"] = self.stage(before).meaning if before else ""
        elif field == CLOSED and value:
            told["day"] = self._day(value)
        return told

    def stage(self, id_: str) -> Stage:
        known = self._export.stages.get(id_)
        standard = _STANDARD_STAGES.get(id_.casefold().replace(" ", ""), Meaning.OPEN)
        found = known or Stage(id_, "", standard)
        says = self._settings.stages
        meant = says.get(id_) or says.get(found.label) or found.meaning
        return Stage(found.label, found.probability, meant)

    def _day(self, text: str) -> str:
        """Return the day of a date; what cannot be read stays, for the rule to refuse."""
        try:
            learned = self._times.read(text)
        except RowRefused:
            return text
        moment: datetime | None = learned.start
        return moment.date().isoformat() if moment else text

    def actor(self, source_id: str) -> str:
        """Return who made a change: an owner, where the export tells of whom a user is."""
        if not source_id.casefold().startswith(_USER):
            return ""
        user = source_id[len(_USER) :]
        return self._export.owner_of_user.get(user, f"user {user}")
