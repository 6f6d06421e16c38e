"""Twenty planted strings about one person: after the erasure none is found anywhere."""

import asyncio
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import orjson
import psycopg
import pytest
from psycopg.sql import SQL, Identifier, Literal

from opps.api.audited import carried_out
from opps.api.bodies import Asked
from opps.api.context import Services
from opps.api.identity import Viewer
from opps.api.schema import schema
from opps.api.shutdown import Draining
from opps.app import Opps
from opps.application import Request
from opps.application.read_saving import ReadSaving
from opps.config import settings
from opps.domain.account import RegisterAccount
from opps.domain.audited_reads import AuditedReads
from opps.domain.facts import AnyFact, Evaluator, Impact, Leaning
from opps.domain.facts.customer import ImpactMethod
from opps.domain.facts.evaluators import LeaningLevel, Role
from opps.domain.opportunity.commands import (
    FactStated,
    LearnFact,
    OpenOpportunity,
    RecordBuyerResponse,
)
from opps.domain.person import CorrectPerson, RegisterPerson
from opps.domain.personal import Clear
from opps.domain.provenance import Channel, Evidence, Provenance, SourceKind
from opps.domain.recorded import Actor, Via
from opps.eventstore.database import connect_direct
from opps.projections.projector import catch_up
from opps.projections.score_trend import SCORE_TREND
from tests.cli.conftest import Run
from tests.cli.quiet import installation

__all__ = ["installation"]

VERIFIER = Path(__file__).parents[2] / "verifier" / "opps_verify.py"
MARK = uuid4().hex
WORDS = (
    "name registered", "name corrected", "first evaluator", "second evaluator", "first quote",
    "second quote", "third quote", "evidence of a leaning", "evidence of an impact",
    "first behaviour", "second behaviour", "personal win", "another win", "name imported",
    "searched in a variable", "searched in a document",
)  # fmt: skip
PLANTED = {word: f"{word} {MARK}" for word in WORDS} | {
    "mail": f"mail-{MARK}@halden.example",
    "other mail": f"other-{MARK}@halden.example",
    "phone": f"+49 30 {MARK}",
    "other phone": f"+49 40 {MARK}",
    "imported mail": f"imported-{MARK}@halden.example",
}
CONTROL = f"Halden Foods {uuid4().hex}"  # the name of an organisation stands in clear
PERSON, EVALUATOR, DEAL, ACME = uuid4(), uuid4(), uuid4(), uuid4()
ADMIN, DPO, SECOND = uuid4(), uuid4(), uuid4()
LOOK = """query Looking($s: String, $n: Int) {
  accounts(search: $s) { nodes { name } } other: accounts(search: "%s") { nodes { name } }
  events(first: $n) { nodes { tag content } } }"""


def request(tenant: UUID) -> Request:
    actor = Actor(principal=ADMIN, role="ADMIN", via=Via.GRAPHQL)
    return Request(tenant=tenant, actor=actor, command_id=uuid4())


def about(word: str) -> Clear:
    return Clear(PERSON, PLANTED[word])


def told(fact: AnyFact, quote: str) -> LearnFact:
    evidence = Evidence(quote=about(quote))
    seen = Provenance(
        source=SourceKind.SELLER_OBSERVATION, channel=Channel.OBSERVED, evidence=evidence
    )
    return LearnFact(opportunity_id=DEAL, stated=FactStated(fact=fact, provenance=seen))


def cfo(word: str) -> Evaluator:
    return Evaluator(
        evaluator_id=EVALUATOR, title="CFO", roles=(Role.ECONOMIC,), person=about(word)
    )


def champion(word: str) -> Leaning:
    return Leaning(evaluator_id=EVALUATOR, level=LeaningLevel.CHAMPION, behaviour=about(word))


def win(word: str) -> Impact:
    return Impact(
        impact_id=uuid4(),
        metric="churn",
        method=ImpactMethod.CUSTOMER_STATED,
        personal_win=about(word),
    )


TOLD = (
    told(cfo("first evaluator"), "first quote"),
    told(cfo("second evaluator"), "second quote"),
    told(champion("first behaviour"), "evidence of a leaning"),
    told(champion("second behaviour"), "evidence of a leaning"),
    told(win("personal win"), "evidence of an impact"),
    told(win("another win"), "evidence of an impact"),
    RecordBuyerResponse(opportunity_id=DEAL, response="Answered", quote=about("third quote")),
)


async def register(opps: Opps, tenant: UUID) -> None:
    person = RegisterPerson(
        person_id=PERSON, name=PLANTED["name imported"], email=PLANTED["imported mail"]
    )
    await opps.application.person(person, request(tenant))


async def plant(opps: Opps, tenant: UUID) -> None:
    application = opps.application
    for name, mail, phone in (
        ("name registered", "mail", "phone"),
        ("name corrected", "other mail", "other phone"),
    ):
        corrected = CorrectPerson(
            person_id=PERSON, name=PLANTED[name], email=PLANTED[mail], phone=PLANTED[phone]
        )
        await application.person(corrected, request(tenant))
    await application.account(RegisterAccount(account_id=ACME, name=CONTROL), request(tenant))
    opening = OpenOpportunity(opportunity_id=DEAL, account_id=ACME, title="Line 3", currency="EUR")
    await application.opportunity(opening, request(tenant))
    for command in TOLD:
        await application.opportunity(command, request(tenant))
    catch_up(opps.log, opps.log_settings)
    await look(opps, tenant)


async def look(opps: Opps, tenant: UUID) -> None:
    """Save a read that showed the person, and in whose question more is said."""
    viewer = Viewer(tenant=tenant, slug="x", actor=request(tenant).actor)
    marks = AuditedReads.read("role:ADMIN")
    async with opps.views() as views:
        services = Services(
            opps.application, views, opps.ledger, Draining(), ReadSaving(opps.log), marks
        )
        document = LOOK % PLANTED["searched in a document"]
        asked = Asked(document, {"s": PLANTED["searched in a variable"], "n": 50})
        result = await carried_out(schema(), services, viewer, asked)
    assert not result.errors
    assert PLANTED["name corrected"].encode() in orjson.dumps(result.data)


def found_in(content: bytes) -> set[str]:
    """Return which planted strings, or the control, are in something."""
    wanted = {**PLANTED, "control": CONTROL}
    return {
        word
        for word, text in wanted.items()
        if any(form in content for form in (text.encode(), text.encode("utf-16-le"),
                                            text.encode().hex().encode()))
    }  # fmt: skip


def files(directory: Path) -> Iterator[tuple[Path, bytes]]:
    for path in directory.rglob("*"):
        if path.is_file() and not path.is_socket():
            yield path, path.read_bytes()


def tables(opps: Opps) -> Iterator[tuple[str, bytes]]:
    """Yield every table of the database as text and as bytes."""
    with connect_direct(opps.log_settings, "test") as connection:
        names = connection.execute(
            "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n"
            " ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'm', 'p')"
            " AND n.nspname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        for schema_name, name in names:
            for how in ("text", "binary"):
                copied = SQL("COPY {} TO STDOUT (FORMAT {})").format(
                    Identifier(schema_name, name), SQL(how)
                )
                with connection.cursor() as cursor, cursor.copy(copied) as copy:
                    yield f"{schema_name}.{name} {how}", b"".join(bytes(one) for one in copy)


def scores(opps: Opps, tenant: UUID) -> dict[str, bytes]:
    """Return every score of a tenant as the database writes it, in an order of their own."""
    held = {}
    with connect_direct(opps.log_settings, "test") as connection:
        for table in (one.name for one in SCORE_TREND.tables):
            copied = SQL(
                "COPY (SELECT * FROM opps_views.{} t WHERE tenant = {} ORDER BY t::text) TO STDOUT"
            ).format(Identifier(table), Literal(tenant))
            with connection.cursor() as cursor, cursor.copy(copied) as copy:
                held[table] = b"".join(bytes(one) for one in copy)
    assert all(held.values()), "there are scores to compare"
    return held


def assert_sound(*arguments: object) -> None:
    """Let the verifier, which imports nothing of opps, look at something."""
    command = [sys.executable, str(VERIFIER), *map(str, arguments)]
    looked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert looked.returncode == 0, looked.stdout + looked.stderr


def test_after_an_erasure_nothing_planted_is_found_anywhere(
    run: Run,
    slug: str,
    installation: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    said = ""

    def done(*arguments: object) -> Any:
        nonlocal said
        outcome = run(*arguments)
        assert outcome.code == 0, outcome.err
        said += outcome.out + outcome.err
        return outcome

    source = f"s{slug}"
    done("tenant", "create", source)
    with Opps(settings()) as opps:
        asyncio.run(register(opps, opps.tenant(source)))
    imported = tmp_path / "imported.jsonl"
    done("export", "jsonl", imported, "--tenant", source, "--with-personal-data")
    done("import", "jsonl", imported, "--tenant", slug)
    with Opps(settings()) as opps:
        tenant = opps.tenant(slug)
        asyncio.run(plant(opps, tenant))
        before = scores(opps, tenant)
    indexed = done("search-index", "build", "--tenant", slug, "--json").answer
    assert (indexed["persons"], indexed["behind"]) == (1, 0)
    root, older, keys = tmp_path / "root.key", tmp_path / "older", tmp_path / "older.keys"
    clear = tmp_path / "clear.jsonl"
    done("keys", "copy-root", root)
    done("backup", older, "--keys", keys, "--tenant", slug)
    done("export", "jsonl", clear, "--tenant", slug, "--with-personal-data")

    # What is looked for is found where it is, or finding nothing would mean nothing.
    searched = {"searched in a variable", "searched in a document"}
    assert found_in(clear.read_bytes()) == {*PLANTED, "control"} - searched
    with Opps(settings()) as opps:
        assert any("control" in found_in(held) for _, held in tables(opps))

    asked = done("privacy", "request", PERSON, "--basis", "OBJECTION", "--as", DPO, "--tenant",
                 slug, "--json").answer  # fmt: skip
    erased = done("privacy", "approve", asked["erasure_id"], "--as", SECOND, "--tenant", slug,
                  "--json").answer  # fmt: skip
    done("ledger", "seal", "--tenant", slug)
    done("rebuild", "score_trend", "persons", "timeline")
    newer, export = tmp_path / "newer", tmp_path / "after.jsonl"
    done("backup", newer, "--keys", tmp_path / "newer.keys", "--tenant", slug)
    done("export", "jsonl", export, "--tenant", slug, "--with-personal-data")
    certificate = done("privacy", "certificate", asked["erasure_id"], "--tenant", slug,
                       "--json").answer  # fmt: skip
    person = done("privacy", "export", PERSON, "--tenant", slug, "--json").out
    assert erased["purged"] == {"reads": 1, "search_tokens": indexed["tokens"]}
    assert done("search-index", "status", "--tenant", slug, "--json").answer["tokens"] == 0

    leaks: dict[str, set[str]] = {}
    with Opps(settings()) as opps:
        with psycopg.connect(opps.database.direct_url, autocommit=True) as connection:
            connection.execute("CHECKPOINT")
        held = {name: found_in(content) for name, content in tables(opps)}
        leaks |= {name: one - {"control"} for name, one in held.items()}
        assert scores(opps, tenant) == before
    for directory in (installation, tmp_path):
        for path, content in files(directory):
            if path not in (imported, clear):
                leaks[str(path)] = found_in(content) - {"control"}
    leaks["standard output"] = found_in((said + person).encode())
    leaks["log"] = found_in(caplog.text.encode())
    assert {where: what for where, what in leaks.items() if what} == {}
    assert any("control" in found_in(content) for _, content in files(installation / "postgres"))
    assert run("verify", "--tenant", slug).code == 0
    [key] = done("ledger", "public-key", "--tenant", slug, "--json").answer["keys"]
    proof, note = tmp_path / "proof", tmp_path / "checkpoint"
    proof.write_text(certificate["proof"]["text"])
    note.write_text(certificate["proof"]["checkpoint"])
    assert_sound("proof", proof, "--leaf", certificate["leaf"], "--key", key)
    assert_sound("log", newer, "--key", key, "--checkpoint", note)

    register_ = (installation / "keys" / "erasures.jsonl").read_bytes()
    elsewhere = tmp_path / "elsewhere"
    monkeypatch.setenv("OPPS_DATA_DIRECTORY", str(elsewhere))
    (elsewhere / "keys").mkdir(parents=True, mode=0o700)
    (elsewhere / "keys" / "erasures.jsonl").write_bytes(register_)
    done("restore", older, "--keys", keys, "--root-key", root)
    restored = tmp_path / "restored.jsonl"
    done("export", "jsonl", restored, "--tenant", slug, "--with-personal-data")
    assert found_in(restored.read_bytes()) == {"control"}
