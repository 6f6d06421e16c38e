"""Forgeries of logs: each takes an honest one and returns what the verifier says of a forged one.

Where a forger hashes everything anew, only a signed checkpoint tells; else the log alone does.
"""

import random
from collections.abc import Callable, Sequence
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from msgspec.structs import replace

from benchmarks.honest import Honest, backup_of, random_steps, rehashed, resealed
from opps.eventstore import SealedEvent
from opps.eventstore.transfer import Step
from opps.recording.header import FIRST_LEAF
from verifier.opps_verify import Report, Trust, check_log, read_key, reported

TICK = timedelta(microseconds=1)


class Case:
    """An honest log in the hands of a forger, who has some luck."""

    def __init__(self, rng: random.Random, honest: Honest, directory: Path) -> None:
        self.rng = rng
        self.honest = honest
        self.directory = directory
        self.document: dict[str, Any] = msgspec.json.decode(honest.bundle)

    @property
    def trust(self) -> Trust:
        """What an auditor trusts who has known the first key from the beginning."""
        trust = Trust([read_key(self.honest.first_key)])
        for statement in self.document["statements"]:
            trust.follow(statement)
        return trust

    def backup(self, steps: Sequence[Step] | None = None) -> bytes:
        """Return the file of a log; without steps, of the honest one."""
        return backup_of(self.honest.tenant, steps or self.honest.steps, self.directory)

    def log(self, steps: Sequence[Step], **notes: str) -> Report:
        """Return the verdict on a log, whose file is well made."""
        assert list(steps) != self.honest.steps, "nothing is forged"
        return self.file(self.backup(steps), **notes)

    def file(self, content: bytes, **notes: str) -> Report:
        """Return the verdict on a file."""
        return reported(
            "log", lambda report: check_log(report, BytesIO(content), self.trust, notes)
        )

    def sealed(self, steps: Sequence[Step]) -> Report:
        """Return the verdict on a log beside the newest checkpoint of the honest one."""
        return self.log(steps, newest=self.honest.newest)

    def event(self) -> SealedEvent:
        """Return any event."""
        return self.rng.choice(self.honest.events)

    def earlier(self) -> SealedEvent:
        """Return any event but the last one."""
        return self.rng.choice(self.honest.events[:-1])

    def two(self) -> tuple[SealedEvent, SealedEvent]:
        """Return two events that say different things."""
        while True:
            one, other = self.rng.sample(self.honest.events, 2)
            if one.payload != other.payload:
                return one, other

    def with_event(self, position: int, *events: SealedEvent) -> list[Step]:
        """Return the steps with other events, or none, in the place of one."""
        return [_with_events(step, position, events) for step in self.honest.steps]

    def flipped(self, content: bytes) -> bytes:
        """Return bytes of which one bit is another."""
        changed = bytearray(content or b"\x00")
        changed[self.rng.randrange(len(changed))] ^= 1 << self.rng.randrange(8)
        return bytes(changed)


Forgery = Callable[[Case], Report]


def _with_events(step: Step, position: int, events: Sequence[SealedEvent]) -> Step:
    if all(one.position != position for one in step.events):
        return step
    changed: list[SealedEvent] = []
    for one in step.events:
        changed.extend(events if one.position == position else (one,))
    first = changed[0].position if changed else None
    return Step(replace(step.command, count=len(changed), first_position=first), tuple(changed))


def _rechained(tenant: UUID, steps: Sequence[Step]) -> list[Step]:
    """Return steps whose headers and leaves fit their columns, whatever these say."""
    leaves: dict[UUID, bytes] = {}
    done = []
    for step in steps:
        events = []
        for event in step.events:
            events.append(resealed(tenant, event, leaves.get(event.stream, FIRST_LEAF)))
            leaves[event.stream] = events[-1].leaf
        done.append(Step(step.command, tuple(events)))
    return done


def flip_in_file(case: Case) -> Report:
    """A bit of the file is flipped."""
    return case.file(case.flipped(case.backup()))


def cut_file(case: Case) -> Report:
    """The file is cut off."""
    whole = case.backup()
    return case.file(whole[: case.rng.randrange(len(b"opps backup 1\n"), len(whole))])


def _flip(name: str) -> Forgery:
    def forge(case: Case) -> Report:
        event = case.event()
        changed = replace(event, **{name: case.flipped(getattr(event, name))})
        return case.log(case.with_event(event.position, changed))

    return forge


def alter_column(case: Case) -> Report:
    """A column says something else than its header."""
    event, rng = case.event(), case.rng
    columns: dict[str, object] = {
        "position": event.position + rng.choice([-1, 1, 1_000]),
        "stream": UUID(bytes=rng.randbytes(16)),
        "version": event.version + 1,
        "event_id": UUID(bytes=rng.randbytes(16)),
        "command_id": UUID(bytes=rng.randbytes(16)),
        "recorded_at": event.recorded_at + rng.choice([-1, 1]) * TICK,
        "tag": event.tag + "s",
        "schema": event.schema + 1,
    }
    name = rng.choice(list(columns))
    return case.log(case.with_event(event.position, replace(event, **{name: columns[name]})))


def alter_command(case: Case) -> Report:
    """The record of a command disagrees with its events."""
    rng, steps = case.rng, list(case.honest.steps)
    number = rng.choice([number for number, step in enumerate(steps) if step.events])
    command = steps[number].command
    changes: list[dict[str, object]] = [
        {"command_id": UUID(bytes=rng.randbytes(16))},
        {"first_position": steps[number].events[0].position + rng.choice([-1, 1])},
        {"count": command.count + rng.choice([-1, 1])},
        {"recorded_at": command.recorded_at + rng.choice([-1, 1]) * TICK},
    ]
    steps[number] = Step(replace(command, **rng.choice(changes)), steps[number].events)
    return case.log(steps)


def rewrite_event(case: Case) -> Report:
    """An event says something else, and so do its header and leaf."""
    event = case.event()
    changed = replace(event, payload=case.flipped(event.payload))
    return case.sealed(case.with_event(event.position, resealed(case.honest.tenant, changed)))


def rewrite_log(case: Case) -> Report:
    """An event says something else, and everything behind it is hashed anew."""
    event = case.event()
    changed = replace(event, payload=case.flipped(event.payload))
    steps = case.with_event(event.position, changed)
    return case.sealed(rehashed(case.honest.tenant, steps))


def delete_event(case: Case) -> Report:
    """An event is gone."""
    return case.log(case.with_event(case.earlier().position))


def delete_event_anew(case: Case) -> Report:
    """An event is gone, and everything behind it is hashed anew."""
    steps = case.with_event(case.event().position)
    return case.sealed(rehashed(case.honest.tenant, steps))


def delete_command(case: Case) -> Report:
    """A command is gone with its events."""
    gone = case.earlier().position
    steps = [one for one in case.honest.steps if all(two.position != gone for two in one.events)]
    if case.honest.events[-1].command_id not in {one.command.command_id for one in steps}:
        return case.sealed(steps)  # the last one: nothing behind it can miss it
    return case.log(steps)


def insert_event(case: Case) -> Report:
    """An event is there once more, in some other place."""
    place, event = case.event(), case.event()
    return case.log(case.with_event(place.position, place, event))


def insert_event_anew(case: Case) -> Report:
    """There is an event more, and everything behind it is hashed anew."""
    place, event = case.event(), case.event()
    extra = replace(event, event_id=UUID(bytes=case.rng.randbytes(16)))
    steps = case.with_event(place.position, extra, place)
    return case.sealed(rehashed(case.honest.tenant, steps))


def _swapped(case: Case) -> list[Step]:
    one, other = case.two()
    held = {one.position: other, other.position: one}
    return [
        Step(step.command, tuple(held.get(event.position, event) for event in step.events))
        for step in case.honest.steps
    ]


def swap_events(case: Case) -> Report:
    """Two events changed places."""
    return case.log(_swapped(case))


def swap_events_anew(case: Case) -> Report:
    """Two events changed places, and everything is hashed anew."""
    return case.sealed(rehashed(case.honest.tenant, _swapped(case)))


def swap_payloads(case: Case) -> Report:
    """What two events say changed places."""
    one, other = case.two()
    steps = case.with_event(one.position, replace(one, payload=other.payload))
    other = replace(other, payload=one.payload)
    return case.log([_with_events(step, other.position, (other,)) for step in steps])


def renumber_positions(case: Case) -> Report:
    """Positions leave a gap, and everything is hashed anew."""
    begin, more = case.event().position, case.rng.randint(1, 3)
    steps = []
    for step in case.honest.steps:
        events = tuple(
            replace(one, position=one.position + more * (one.position >= begin))
            for one in step.events
        )
        first = events[0].position if events else None
        steps.append(Step(replace(step.command, first_position=first), events))
    return case.log(_rechained(case.honest.tenant, steps))


def renumber_versions(case: Case) -> Report:
    """The versions of a stream leave a gap, and everything is hashed anew."""
    begin = case.event()
    steps = [
        Step(
            step.command,
            tuple(
                replace(one, version=one.version + 1)
                if one.stream == begin.stream and one.version >= begin.version
                else one
                for one in step.events
            ),
        )
        for step in case.honest.steps
    ]
    return case.log(_rechained(case.honest.tenant, steps))


def cut_log(case: Case) -> Report:
    """The last commands are gone, and the file is well made."""
    return case.sealed(case.honest.steps[: -case.rng.randint(1, len(case.honest.steps) - 1)])


def old_backup(case: Case) -> Report:
    """An honest backup from before the checkpoint is given for the log."""
    return case.sealed(case.honest.steps[: case.honest.early_steps])


def forked(case: Case) -> list[Step]:
    """Return a log that went on otherwise from an older copy, and became as long or longer."""
    steps, tenant = case.honest.steps[: case.honest.early_steps], case.honest.tenant
    at = steps[-1].command.recorded_at
    missing = len(case.honest.events) - sum(len(one.events) for one in steps)
    for step in random_steps(case.rng, tenant, max(5, missing * 2)):
        at += TICK
        steps.append(Step(replace(step.command, recorded_at=at), step.events))
    return rehashed(tenant, steps)


def fork_log(case: Case) -> Report:
    """The log went on otherwise from an older copy."""
    return case.sealed(forked(case))


def move_time_back(case: Case) -> Report:
    """A command is earlier than the one before it, and everything is hashed anew."""
    steps = case.honest.steps
    number = case.rng.randrange(1, len(steps))
    at = steps[number - 1].command.recorded_at - case.rng.choice([TICK, timedelta(days=1)])
    return case.log(_at(case, number, at))


def move_time(case: Case) -> Report:
    """A command has another time that could be right, and everything is hashed anew."""
    numbers = [number for number, step in enumerate(case.honest.steps) if step.events]
    number = case.rng.choice(numbers)
    at = case.honest.steps[number].command.recorded_at + TICK
    return case.log(_at(case, number, at), newest=case.honest.newest)


def _at(case: Case, number: int, at: Any) -> list[Step]:
    steps = list(case.honest.steps)
    events = tuple(replace(one, recorded_at=at) for one in steps[number].events)
    steps[number] = Step(replace(steps[number].command, recorded_at=at), events)
    return _rechained(case.honest.tenant, steps)


def invent_log(case: Case) -> Report:
    """The whole log is another one of the same tenant."""
    return case.sealed(random_steps(case.rng, case.honest.tenant, len(case.honest.steps)))


FORGED_LOGS: dict[str, Forgery] = {
    "file: a bit flipped": flip_in_file,
    "file: cut off": cut_file,
    "payload: a bit flipped": _flip("payload"),
    "metadata: a bit flipped": _flip("metadata"),
    "header: a bit flipped": _flip("header"),
    "leaf: a bit flipped": _flip("leaf"),
    "column altered": alter_column,
    "command altered": alter_command,
    "event rewritten with its header": rewrite_event,
    "event rewritten, hashed anew": rewrite_log,
    "event deleted": delete_event,
    "event deleted, hashed anew": delete_event_anew,
    "command deleted": delete_command,
    "event inserted": insert_event,
    "event inserted, hashed anew": insert_event_anew,
    "events swapped": swap_events,
    "events swapped, hashed anew": swap_events_anew,
    "payloads swapped": swap_payloads,
    "positions renumbered": renumber_positions,
    "versions renumbered": renumber_versions,
    "log cut off": cut_log,
    "old backup": old_backup,
    "fork from an old backup": fork_log,
    "time moved back": move_time_back,
    "time moved, hashed anew": move_time,
    "log invented": invent_log,
}
