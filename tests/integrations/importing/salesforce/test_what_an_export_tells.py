"""What a plain export of Salesforce tells at once, and whom it names."""

from pathlib import Path
from uuid import UUID

from opps.application import OPPORTUNITY, Application
from opps.domain.catalogue import Facet
from opps.domain.danger_zones.zones import zones
from opps.domain.events import FactLearned, OpportunityOpened, PersonRegistered
from opps.domain.facts import Evaluator
from opps.domain.next_question import next_questions
from opps.domain.opportunity.state import Opportunity
from opps.domain.personal import Sealed
from tests.integrations.importing.salesforce.support import (
    DEAL,
    OPPORTUNITY_COLUMNS,
    deal,
    imported,
    mapping_of,
    opportunities,
    the_deal,
    written,
)
from tests.integrations.importing.support import EXAMPLES, stored

EXPORT = EXAMPLES / "import" / "salesforce"
ROLES = "OpportunityId,ContactId,Role,CreatedDate,Contact.Name,Contact.Email"


async def opened_as(application: Application, tenant: UUID, title: str) -> Opportunity:
    imported(application, tenant, EXPORT)
    stream = next(
        one.stream
        for one in stored(application, tenant)
        if isinstance(one.event, OpportunityOpened) and one.event.title == title
    )
    state = await application.load(OPPORTUNITY, tenant, stream)
    assert state is not None
    return state


async def test_a_date_that_slid_three_times_is_a_danger_zone(
    application: Application, tenant: UUID
) -> None:
    scanners = await opened_as(application, tenant, "Warehouse scanners")

    found = {zone.zone: zone.because for zone in zones(scanners)}

    assert found["DZ16"] == "the commit date was pushed 3 times"
    assert found["DZ04"] == "who decides and who releases the money is not evidenced"
    assert found["DZ06"] == "nobody is known to favour anything else than us"
    assert "DZ09" not in found, "a competitor was told"


async def test_nobody_who_decides_and_no_alternative_are_danger_zones(
    application: Application, tenant: UUID
) -> None:
    warehouse = await opened_as(application, tenant, "Warehouse 2")

    found = {zone.zone: zone.because for zone in zones(warehouse)}
    asked = [question.facet for question in next_questions(warehouse)]

    assert found["DZ09"].startswith("no alternative but us is known")
    assert found["DZ04"] == "nobody is known who decides or releases the money"
    assert asked == [Facet.CONSIDERED_SET, Facet.DECISION_MAKER, Facet.ECONOMIC_AUTHORITY]


async def test_a_probability_of_a_stage_is_no_knowledge(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    imported(application, tenant, opportunities(tmp_path, deal(Probability="90")))

    state = await the_deal(application, tenant)

    assert state.stage_default == 0.9
    assert state.histories == {}
    assert state.seller_estimate is None


async def test_names_are_stored_sealed_and_nowhere_else(
    application: Application, tenant: UUID
) -> None:
    imported(application, tenant, EXPORT)

    logged = repr([one for one in application.log.read(tenant, 0, 1_000)])
    events = [one.event for one in stored(application, tenant)]

    for name in ("Prieto", "Lamas", "Petersen", "Nuria", "Vidal", "norte.example"):
        assert name not in logged, name
    registered = [one for one in events if isinstance(one, PersonRegistered)]
    assert len(registered) == 5
    assert all(isinstance(one.name, Sealed) for one in registered)


async def test_an_evaluator_is_linked_to_the_person_where_the_export_has_the_name(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    roles = written(
        tmp_path / "roles.csv",
        ROLES,
        [
            f"{DEAL},0035g00000PlMoK,Decision Maker,2026-02-01T08:00:00Z,Elena Prieto,no address",
            f"{DEAL},0035g00000PlMoL,Kitchen,2026-02-01T08:00:00Z,,",
        ],
    )

    imported(application, tenant, opportunities(tmp_path, deal()), roles)

    learned = [one.event for one in stored(application, tenant)]
    evaluators = [
        one.fact
        for one in learned
        if isinstance(one, FactLearned) and isinstance(one.fact, Evaluator)
    ]
    assert [(one.title, one.roles) for one in evaluators] == [
        ("Decision Maker", ("DECISION_MAKER",)),
        ("Kitchen", ()),
    ]
    assert [one.person is None for one in evaluators] == [False, True]


async def test_a_mapping_may_leave_people_out_and_name_roles(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    row = f"{DEAL},0035g00000PlMoK,Kitchen,2026-02-01T08:00:00Z,Elena Prieto,"
    roles = written(tmp_path / "roles.csv", ROLES, [row])
    text = '[actors]\nregister = false\n[salesforce.roles]\nKitchen = "USER"\n'

    report = imported(
        application,
        tenant,
        opportunities(tmp_path, deal()),
        roles,
        mapping=mapping_of(tmp_path, text),
    )

    (fact,) = [
        one.event.fact for one in stored(application, tenant) if isinstance(one.event, FactLearned)
    ]
    assert isinstance(fact, Evaluator)
    assert (fact.roles, fact.person) == (("USER",), None)
    assert "PersonRegistered" not in report.stored


async def test_names_that_come_later_are_registered_then(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    imported(application, tenant, opportunities(tmp_path, deal()))
    written(tmp_path / "users.csv", "Id,Username,Name", ["0055g00000ZxCvB,nuria,Nuria Sanz"])

    report = imported(application, tenant, tmp_path)

    assert report.stored == {"PersonRegistered": 1}


async def test_a_rule_of_a_mapping_learns_from_a_column_of_ones_own(
    application: Application, tenant: UUID, tmp_path: Path
) -> None:
    mapping = mapping_of(
        tmp_path,
        """
        [columns.Region__c]
        context = true
        free = true
        [[rules]]
        match = { field = "Rival__c" }
        command = "LearnFact"
        [rules.fields.stated]
        provenance = { source = "IMPORTED", channel = "IMPORT" }
        [rules.fields.stated.fact]
        kind = "alternative"
        alternative_id = { id = "alternative", of = "{new_value}" }
        alternative_kind = "COMPETITOR"
        name = "{new_value}"
        status = "CONSIDERED"
        """,
    )
    columns = OPPORTUNITY_COLUMNS + ",Region__c,Rival__c"
    first = opportunities(tmp_path, deal() + ",North,Kestrel", columns=columns)

    report = imported(application, tenant, first, mapping=mapping)
    touched = deal(LastModifiedDate="2026-04-01T08:00:00.000+0000") + ",North,Kestrel"
    second = opportunities(tmp_path, touched, columns=columns)
    again = imported(application, tenant, second, mapping=mapping)

    state = await the_deal(application, tenant)
    assert state.context == {"Region__c": "North"}
    assert report.stored["FactLearned"] == 1
    assert again.stored == {}
