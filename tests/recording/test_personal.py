"""Personal data on its way to the log: sealed under its own key, bound to its place."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from cryptography.exceptions import InvalidTag
from msgspec.structs import replace

from opps.domain.events import BuyerResponded, Event, FactLearned, PersonRegistered
from opps.domain.facts import Evaluator, Impact
from opps.domain.facts.customer import ImpactMethod
from opps.domain.personal import Clear, Erased, ErasureLevel, Redacted, Sealed
from opps.domain.provenance import Channel, Evidence, Provenance, SourceKind
from opps.recording import codec
from opps.recording.codec import Unstorable
from opps.recording.keyring import SUBJECTS, MemoryKeyring, SubjectKeyMissing, identity_of
from opps.recording.personal import (
    has_personal,
    only_fully_erasable,
    sealed,
    told_of,
    unsealed,
)
from tests.examples.events import ALL_EVENTS
from tests.examples.facts import AT_ONCE, CFO, ISSUE, named

DANA, IVO = named("dana"), named("ivo")
SECRETS = ("Dana Ruiz", "dana@halden.example", "+43 1 234", "Wants the plant", "We pay by June")

person = PersonRegistered(
    name=Clear(DANA, "Dana Ruiz"),
    email=Clear(DANA, "dana@halden.example"),
    phone=Clear(DANA, "+43 1 234"),
)
fact = FactLearned(
    learned=AT_ONCE,
    fact_id=named("impact"),
    fact=Impact(
        impact_id=named("impact"),
        issue_id=ISSUE,
        metric="Scrap",
        method=ImpactMethod.CUSTOMER_STATED,
        personal_win=Clear(DANA, "Wants the plant"),
    ),
    provenance=Provenance(
        source=SourceKind.BUYER_SAID,
        channel=Channel.CALL,
        told_by=CFO,
        evidence=Evidence(quote=Clear(IVO, "We pay by June")),
    ),
)
answer = BuyerResponded(
    learned=AT_ONCE, response="Answered", quote=Clear(IVO, "We pay by June"), evaluator_id=CFO
)
evaluator = FactLearned(
    learned=AT_ONCE,
    fact_id=named("cfo"),
    fact=Evaluator(evaluator_id=CFO, title="CFO", person=Clear(DANA, str(DANA))),
    provenance=Provenance(
        source=SourceKind.BUYER_SAID,
        channel=Channel.CALL,
        evidence=Evidence(quote=Clear(DANA, "I decide")),
    ),
)
PERSONAL = [person, fact, answer, evaluator]


@pytest.fixture
def keyring() -> MemoryKeyring:
    """Return keys of no one yet."""
    return MemoryKeyring()


@pytest.mark.parametrize("event", PERSONAL, ids=codec.tag_of)
def test_sealed_personal_data_never_appears_in_what_is_stored(
    event: Event, keyring: MemoryKeyring
) -> None:
    stored = codec.encode(sealed(event, uuid4(), keyring))

    for secret in (*SECRETS, str(DANA), str(IVO)):
        assert secret.encode() not in stored


@pytest.mark.parametrize("event", PERSONAL, ids=codec.tag_of)
def test_what_was_sealed_reads_as_before(event: Event, keyring: MemoryKeyring) -> None:
    event_id = uuid4()
    stored = codec.encode(sealed(event, event_id, keyring))

    assert unsealed(codec.decode_event(codec.tag_of(event), 1, stored), event_id, keyring) == event


@pytest.mark.parametrize("event", PERSONAL, ids=codec.tag_of)
def test_what_nobody_sealed_is_not_stored(event: Event) -> None:
    with pytest.raises(Unstorable, match="not sealed"):
        codec.encode(event)


def test_the_same_words_are_sealed_differently_each_time(keyring: MemoryKeyring) -> None:
    event_id = uuid4()

    assert sealed(person, event_id, keyring) != sealed(person, event_id, keyring)


def test_an_erased_person_reads_as_redacted_and_everybody_else_as_before(
    keyring: MemoryKeyring,
) -> None:
    event_id = uuid4()
    stored = sealed(fact, event_id, keyring)
    del keyring.keys[DANA]
    read = unsealed(stored, event_id, keyring)

    assert isinstance(read.fact, Impact)
    assert read.fact.personal_win == Redacted(DANA)
    assert read.provenance == fact.provenance


def test_the_keyring_of_another_log_opens_nothing(keyring: MemoryKeyring) -> None:
    event_id = uuid4()
    stored = sealed(person, event_id, keyring)

    with pytest.raises(SubjectKeyMissing):
        unsealed(stored, event_id, MemoryKeyring())
    with pytest.raises(InvalidTag):
        unsealed(stored, event_id, MemoryKeyring({SUBJECTS: bytes(32), DANA: bytes(32)}))


def test_a_sealed_value_opens_only_in_its_own_event(keyring: MemoryKeyring) -> None:
    stored = sealed(person, uuid4(), keyring)

    with pytest.raises(InvalidTag):
        unsealed(stored, uuid4(), keyring)


def test_sealed_values_that_were_swapped_do_not_open(keyring: MemoryKeyring) -> None:
    event_id = uuid4()
    stored = sealed(person, event_id, keyring)
    assert isinstance(stored.name, Sealed)
    assert isinstance(stored.email, Sealed)
    swapped = replace(
        stored,
        name=Sealed(stored.name.slot, stored.email.sealed),
        email=Sealed(stored.email.slot, stored.name.sealed),
    )

    with pytest.raises(InvalidTag):
        unsealed(swapped, event_id, keyring)


@pytest.mark.parametrize("place", [0, 1, 13, 30, 61, 73, -1])
def test_a_sealed_value_that_was_altered_does_not_open(keyring: MemoryKeyring, place: int) -> None:
    event_id = uuid4()
    stored = sealed(person, event_id, keyring)
    assert isinstance(stored.name, Sealed)
    altered = bytearray(stored.name.sealed)
    altered[place] ^= 1

    with pytest.raises(InvalidTag):
        unsealed(replace(stored, name=Sealed(stored.name.slot, bytes(altered))), event_id, keyring)


@pytest.mark.parametrize("length", [0, 1, 60])
def test_a_sealed_value_that_was_cut_does_not_open(keyring: MemoryKeyring, length: int) -> None:
    event_id = uuid4()
    stored = sealed(person, event_id, keyring)
    assert isinstance(stored.name, Sealed)
    cut = Sealed(stored.name.slot, stored.name.sealed[:length])

    with pytest.raises(InvalidTag):
        unsealed(replace(stored, name=cut), event_id, keyring)


def test_a_value_sealed_years_ago_still_opens() -> None:
    event_id = UUID("00000000-0000-4000-8000-000000000001")
    keyring = MemoryKeyring(OLD_KEYS)
    stored = PersonRegistered(name=Sealed("name", bytes.fromhex(SEALED_ONCE)))

    assert unsealed(stored, event_id, keyring).name == Clear(DANA, "Dana Ruiz")
    assert only_fully_erasable(stored, event_id, keyring) == {DANA}


def test_an_identity_sealed_years_ago_still_opens() -> None:
    event_id = UUID("00000000-0000-4000-8000-000000000001")
    keyring = MemoryKeyring({SUBJECTS: b"s" * 32, identity_of(DANA): b"i" * 32})
    stored = PersonRegistered(name=Sealed("name", bytes.fromhex(IDENTITY_SEALED_ONCE)))

    assert unsealed(stored, event_id, keyring).name == Clear(DANA, "Dana Ruiz")
    assert only_fully_erasable(stored, event_id, keyring) == frozenset()


def test_erasing_who_somebody_is_hides_name_contact_and_link_but_not_their_words(
    keyring: MemoryKeyring,
) -> None:
    event_id = uuid4()
    stored, linked = sealed(person, event_id, keyring), sealed(evaluator, event_id, keyring)
    keyring.destroy(DANA, ErasureLevel.IDENTITY)
    read, link = unsealed(stored, event_id, keyring), unsealed(linked, event_id, keyring)

    assert (read.name, read.email, read.phone) == (Redacted(DANA),) * 3
    assert isinstance(link.fact, Evaluator)
    assert link.fact.person == Redacted(DANA)
    assert link.provenance == evaluator.provenance


def test_what_is_redacted_tells_when_and_why_even_before_its_key_is_gone(
    keyring: MemoryKeyring,
) -> None:
    event_id, at = uuid4(), datetime(2026, 3, 1, tzinfo=UTC)
    stored = sealed(evaluator, event_id, keyring)
    who = {DANA: Erased(ErasureLevel.IDENTITY, at, "OBJECTION")}
    all_of_it = {DANA: Erased(ErasureLevel.FULL, at, "OBJECTION")}
    redacted = Redacted(DANA, at, "OBJECTION")
    read = unsealed(stored, event_id, keyring, who)

    assert isinstance(read.fact, Evaluator)
    assert read.fact.person == redacted
    assert read.provenance == evaluator.provenance

    keyring.destroy(DANA)
    read = unsealed(stored, event_id, keyring, all_of_it)

    assert read.provenance.evidence == Evidence(quote=redacted)


def test_a_seal_does_not_open_as_one_of_the_other_format(keyring: MemoryKeyring) -> None:
    event_id = uuid4()
    stored = sealed(person, event_id, keyring)
    assert isinstance(stored.name, Sealed)
    keyring.keys[DANA] = keyring.keys[identity_of(DANA)]
    other = Sealed("name", b"\x01" + stored.name.sealed[1:])

    with pytest.raises(InvalidTag):
        unsealed(replace(stored, name=other), event_id, keyring)


def test_what_an_event_will_be_sealed_under_is_known_before(keyring: MemoryKeyring) -> None:
    told = told_of(evaluator)
    sealed(evaluator, uuid4(), keyring)

    assert set(told.values()) == {DANA}
    assert told.keys() == keyring.keys.keys() - {SUBJECTS}


def test_only_events_that_can_hold_personal_data_are_searched_for_it() -> None:
    searched = {codec.tag_of(event) for event in ALL_EVENTS if has_personal(type(event))}

    assert searched == {
        "BuyerResponded",
        "CorrectiveActionAgreed",
        "DiagnosisRecorded",
        "FactCorroborated",
        "FactLearned",
        "FactReconfirmed",
        "GapClosed",
        "PerformanceGapIdentified",
        "PersonAbsorbed",
        "PersonCorrected",
        "PersonMergeUndone",
        "PersonMerged",
        "PersonRegistered",
    }


# Sealed with format 1 under the keys above: what it means never changes.
SEALED_ONCE = (
    "01797010744fc2b8ee0121baf31e9214318fad85e83a0a26b62c5d3e6c265d12518c8c5e7013a46c"
    "f6b34a0c848c3ba7b21ac143be67db5f4f09d045507de35402c7a3ba806bb3882615efe67ed6d043"
    "f71d"
)
# The same in format 2, as every identity is sealed since there are two keys a person.
IDENTITY_SEALED_ONCE = (
    "02cdbf88ac21d6f07ee823026240c3e5f04e25aba930288384a9ec01443698fa957e4644a2db58cc"
    "83196e7fc78d9eb056029595ae4356dd2ee535fb59c4c1bab401f1962151130e371e6a96f3d9093c"
    "ba59"
)
OLD_KEYS = {SUBJECTS: b"s" * 32, DANA: b"d" * 32}
