"""Whoever asks what is held of them gets all of it, and nothing of others."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import msgspec

from opps.application.planning import new_event
from opps.application.subject_export import SubjectExport, subject_export
from opps.application.subject_page import page
from opps.domain.events import ErasureBasis, PersonErased
from opps.domain.facts import Evaluator, Leaning
from opps.domain.facts.evaluators import LeaningLevel
from opps.domain.opportunity.commands import FactStated, RecordFacts
from opps.domain.person import CorrectPerson, RegisterPerson
from opps.domain.personal import Clear, ErasureLevel
from opps.domain.provenance import Channel, Evidence, Provenance, SourceKind
from opps.domain.recorded import Metadata
from opps.eventstore import Append
from opps.eventstore.reads import NewRead, save_reads
from opps.recording import codec
from opps.recording.keyring import MemoryKeyring
from tests.application.support import ACTOR, DEAL, Caller
from tests.domain.given import SELLER

DANA, IVO, CFO, COO = uuid4(), uuid4(), uuid4(), uuid4()
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def said(fact: Evaluator | Leaning, quote: Clear, told_by: UUID | None = None) -> FactStated:
    provenance = Provenance(
        source=SourceKind.BUYER_SAID,
        channel=Channel.CALL,
        told_by=told_by,
        evidence=Evidence(quote=quote),
    )
    return FactStated(fact_id=uuid4(), fact=fact, provenance=provenance)


async def tell(caller: Caller) -> None:
    """Tell of Dana, the CFO, and of Ivo, the COO."""
    for id_, name in ((DANA, "Dana <Ruiz>"), (IVO, "Ivo Kern")):
        await caller.application.person(RegisterPerson(person_id=id_, name=name), caller.request())
    await caller.application.person(
        CorrectPerson(person_id=DANA, email="dana@halden.example"), caller.request()
    )
    people = (
        said(
            Evaluator(evaluator_id=CFO, title="CFO", person=Clear(DANA, str(DANA))),
            Clear(DANA, "I sign it"),
        ),
        said(
            Evaluator(evaluator_id=COO, title="COO", person=Clear(IVO, str(IVO))),
            Clear(IVO, "I run it"),
        ),
    )
    await caller.does(RecordFacts(opportunity_id=DEAL, facts=people))
    behaviour = Clear(DANA, "Spoke for us")
    leaning = Leaning(evaluator_id=CFO, level=LeaningLevel.CHAMPION, behaviour=behaviour)
    heard = said(leaning, Clear(IVO, "Dana spoke for you"), COO)
    await caller.does(RecordFacts(opportunity_id=DEAL, facts=(heard,)))


def of(caller: Caller, keyring: MemoryKeyring, person: UUID) -> SubjectExport:
    return subject_export(caller.application.log, caller.tenant, person, keyring, NOW)


async def test_a_person_gets_every_text_with_its_place_and_nothing_of_others(
    caller: Caller, keyring: MemoryKeyring
) -> None:
    await tell(caller)
    export = of(caller, keyring, DANA)

    assert [(one.field, one.text, one.tells_who) for one in export.values] == [
        ("name", "Dana <Ruiz>", True),
        ("email", "dana@halden.example", True),
        ("fact.person", str(DANA), True),
        ("provenance.evidence.quote", "I sign it", False),
        ("fact.behaviour", "Spoke for us", False),
    ]
    where = export.values[-1].where
    assert (where.event, where.opportunity_id, where.recorded_by) == ("FactLearned", DEAL, SELLER)
    assert export.opportunities == {DEAL: "Line 3"}
    written = msgspec.json.encode(export)
    assert not any(one in written for one in (b"Ivo", b"I run it", b"Dana spoke for you"))


async def test_what_was_recorded_of_the_person_as_an_evaluator_is_there_too(
    caller: Caller, keyring: MemoryKeyring
) -> None:
    await tell(caller)
    export = of(caller, keyring, DANA)

    assert export.evaluators == {CFO: DEAL}
    kinds = [one.said["fact"]["kind"] for one in export.statements]
    assert kinds == ["evaluator", "leaning"]
    assert export.statements[1].said["provenance"]["evidence"]["quote"] == {
        "withheld": "of somebody else"
    }


async def test_a_seller_learns_where_their_id_stands(
    caller: Caller, keyring: MemoryKeyring
) -> None:
    await tell(caller)
    export = of(caller, keyring, SELLER)
    places = {(one.event, one.field): one.count for one in export.mentions}

    assert places["FactLearned", "recorded_by.actor.principal"] == 3
    assert places["FactLearned", "provenance.learned_by"] == 3
    assert places["OpportunityOpened", "owner"] == 1
    assert export.values == []


async def test_of_somebody_erased_it_says_so_in_the_place_of_each_text(
    caller: Caller, keyring: MemoryKeyring
) -> None:
    await tell(caller)
    keyring.destroy(DANA, ErasureLevel.IDENTITY)
    who = of(caller, keyring, DANA)
    keyring.destroy(DANA)
    all_of_it = of(caller, keyring, DANA)

    assert [one.text for one in who.values] == [None, None, None, "I sign it", "Spoke for us"]
    assert {one.text for one in all_of_it.values} == {None}
    assert "erased" in page(all_of_it)


async def test_of_somebody_nobody_knows_there_is_nothing(
    caller: Caller, keyring: MemoryKeyring
) -> None:
    export = of(caller, keyring, uuid4())

    assert (export.values, export.statements, export.mentions, export.shown) == ([], [], [], [])
    assert "Nothing." in page(export)


async def test_the_page_shows_all_texts_as_text(caller: Caller, keyring: MemoryKeyring) -> None:
    await tell(caller)
    shown = page(of(caller, keyring, DANA))

    assert "Dana &lt;Ruiz&gt;" in shown
    assert "<Ruiz>" not in shown
    assert "Spoke for us" in shown
    assert not any(one in shown for one in ("<script", "http://", "https://", "src="))


async def test_an_erasure_stands_in_it_with_its_date(
    caller: Caller, keyring: MemoryKeyring
) -> None:
    await tell(caller)
    log, erasure_id = caller.application.log, uuid4()
    erased = PersonErased(
        erasure_id=erasure_id,
        level=ErasureLevel.FULL,
        basis=ErasureBasis.OBJECTION,
        requested_by=uuid4(),
        approved_by=uuid4(),
    )
    metadata = codec.encode_metadata(Metadata(actor=ACTOR))
    version = log.stream(caller.tenant, DANA)[-1].version
    appended = await log.append(
        Append(
            tenant=caller.tenant,
            command_id=uuid4(),
            expected={DANA: version},
            events=(new_event(DANA, erased, uuid4(), metadata, keyring),),
        )
    )
    export = of(caller, keyring, DANA)

    [told] = export.erasures
    assert (told.erasure_id, told.at, told.basis) == (
        erasure_id,
        appended.recorded_at,
        "OBJECTION",
    )
    assert {(one.text, one.erased_at, one.basis) for one in export.values} == {
        (None, appended.recorded_at, "OBJECTION")
    }
    assert str(erasure_id) in page(export)


async def test_who_was_shown_the_person_stands_in_it(
    caller: Caller, keyring: MemoryKeyring
) -> None:
    await tell(caller)
    viewer = uuid4()
    read = NewRead(
        tenant=caller.tenant,
        read_id=uuid4(),
        read_at=NOW,
        kind="QUERY",
        principal=viewer,
        role="MANAGER",
        operation="Dossier",
        position=1,
        document_id=bytes(32),
        document=b"query Dossier { person }",
        sealed=b"sealed",
        answer=bytes(32),
        touched={DANA: ["person.name"], IVO: ["person.email"]},
    )
    caller.application.log.run(lambda connection: save_reads(connection, [read]))

    [shown] = of(caller, keyring, DANA).shown
    assert (shown.principal, shown.operation, shown.fields) == (viewer, "Dossier", ["person.name"])
