"""The book in which the stories are written: who, when, and what they ask of opps."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from opps.domain.account import RegisterAccount
from opps.domain.person import RegisterPerson
from opps.domain.recorded import Actor, Via
from opps.domain.times import Learned, learned_in

ZONE = "UTC"
FIRST_HOUR = timedelta(hours=8, minutes=40)
BETWEEN = timedelta(minutes=34)
FIRST_DAY = 86  # working days ago: four months

SELLERS = {
    "novak": ("Jana Novak", "SELLER"),
    "singh": ("Arjun Singh", "SELLER"),
    "osei": ("Mercy Osei", "SELLER"),
    "feldman": ("Ruth Feldman", "MANAGER"),
    "lind": ("Tomas Lind", "SELLER"),
    "brandt": ("Lea Brandt", "SELLER"),
}


class Entry(NamedTuple):
    """One command with who asks it and when; entries are carried out in their order."""

    at: datetime
    number: int
    actor: Actor
    command: Any


class Book:
    """Everything that happens in the sample, to be sorted by time."""

    def __init__(self, tenant: UUID, today: date) -> None:
        self.tenant = tenant
        self.today = today
        self.entries: list[Entry] = []
        self.people: dict[UUID, str] = {}
        self._of_a_day: dict[date, int] = {}
        for name, (full_name, _) in SELLERS.items():
            self.person(FIRST_DAY + 1, name, full_name)

    def id(self, name: str) -> UUID:
        """Return the id of something that the stories call by a name."""
        return uuid5(self.tenant, f"sample:{name}")

    def day(self, days_ago: int) -> date:
        """Return the day that lies some working days back; a negative number lies ahead."""
        step = timedelta(days=-1 if days_ago >= 0 else 1)
        day, left = self.today, abs(days_ago)
        while left:
            day += step
            left -= day.weekday() < 5
        return day

    def learned_on(self, days_ago: int) -> Learned:
        """Return that something was learned on a day, at no hour that anyone noted."""
        return learned_in(self.day(days_ago).isoformat(), ZONE)

    def actor(self, name: str) -> Actor:
        """Return who acts."""
        return Actor(principal=self.id(name), role=SELLERS[name][1], via=Via.GRAPHQL)

    def write(self, days_ago: int, by: str, command: Any) -> None:
        """Write down a command; each one of a day comes a while after the one before."""
        assert days_ago > 0, "what is recorded today could lie in the future"
        day = self.day(days_ago)
        number = self._of_a_day.get(day, 0)
        self._of_a_day[day] = number + 1
        at = datetime.combine(day, time(), UTC) + FIRST_HOUR + number * BETWEEN
        self.entries.append(Entry(at, len(self.entries), self.actor(by), command))

    def account(self, days_ago: int, name: str, full_name: str) -> UUID:
        """Register a buying organisation and return its id."""
        account_id = self.id(name)
        command = RegisterAccount(account_id=account_id, name=full_name)
        self.write(days_ago, "feldman", command)
        return account_id

    def person(
        self, days_ago: int, name: str, full_name: str, account_id: UUID | None = None
    ) -> UUID:
        """Register an invented person and return the id."""
        person_id = self.id(f"person {name}")
        if name in SELLERS:
            person_id = self.id(name)
        if person_id not in self.people:
            self.people[person_id] = full_name
            command = RegisterPerson(person_id=person_id, name=full_name, account_id=account_id)
            self.write(days_ago, "feldman", command)
        return person_id
