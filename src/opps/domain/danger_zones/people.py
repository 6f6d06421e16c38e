"""Danger zones of the people: who decides, who is in touch, who leans where, who of us knows."""

from collections import Counter
from uuid import UUID

from opps.domain.catalogue import Facet
from opps.domain.danger_zones.sight import Contact, Firing, Sight, ids
from opps.domain.facts import Evaluator, Leaning, Preference
from opps.domain.facts.base import ROUNDING
from opps.domain.facts.evaluators import LeaningLevel, Role
from opps.domain.knowledge import KNOWN_WELL, FacetState, Held
from opps.domain.valence.customer import leaning_of

_DECIDE = (Facet.DECISION_MAKER, Facet.ECONOMIC_AUTHORITY)
_SETTLED = KNOWN_WELL | {FacetState.NOT_APPLICABLE}
_ROLES = frozenset({Role.DECISION_MAKER, Role.ECONOMIC})
AGAINST = frozenset({LeaningLevel.OPPONENT, LeaningLevel.SCEPTIC})
FOR = frozenset({LeaningLevel.SUPPORTER, LeaningLevel.CHAMPION})


def nobody_decides(sight: Sight) -> Firing | None:
    """DZ04: neither a decision maker nor an authority over the money is evidenced."""
    if any(sight.facets[facet] in _SETTLED for facet in _DECIDE):
        return None
    named = [one for one in sight.believed.of(Evaluator) if _ROLES.intersection(one.fact.roles)]
    if not named:
        return Firing("nobody is known who decides or releases the money")
    return Firing("who decides and who releases the money is not evidenced", ids(named))


def single_thread(sight: Sight) -> Firing | None:
    """DZ05: most contacts are with one person, or one alone was in touch lately."""
    contacts = sight.contacts
    if not contacts:
        return None
    often = Counter(who for who, _ in {(one.evaluator_id, one.at.date()) for one in contacts})
    [(who, times)] = often.most_common(1)
    share, total = sight.threshold("DZ05", "share"), often.total()
    if total >= sight.days("DZ05", "contacts") and times >= share * total - ROUNDING:
        because = f"{times} of {total} contacts are with one person"
        return Firing(because, _of(who, contacts))
    return _one_lately(sight, contacts)


def _one_lately(sight: Sight, contacts: list[Contact]) -> Firing | None:
    """Return that one person alone was in touch, once there was time enough for others."""
    days = sight.days("DZ05")
    if not sight.longer_than(days, sight.state.opened_at):
        return None
    last: dict[UUID, Contact] = {}
    for one in contacts:
        last[one.evaluator_id] = max(one, last.get(one.evaluator_id, one))
    lately = [one for one in last.values() if not sight.longer_than(days, one.at)]
    if len(lately) != 1:
        return None
    because = f"one person alone was in touch with us within {days} days"
    return Firing(because, (lately[0].fact_id,))


def _of(who: UUID, contacts: list[Contact]) -> tuple[UUID, ...]:
    return tuple(dict.fromkeys(one.fact_id for one in contacts if one.evaluator_id == who))


def invisible_opposition(sight: Sight) -> Firing | None:
    """DZ06: evaluators are known, and none who favours anything else or opposes us."""
    believed, gone = sight.believed, sight.believed.gone
    there = [one for one in believed.of(Evaluator) if one.fact.evaluator_id not in gone]
    if len(there) < sight.days("DZ06", "evaluators"):
        return None
    others = (None, sight.known.us)
    if any(
        one.fact.alternative_id not in others and one.fact.evaluator_id not in gone
        for one in believed.of(Preference)
    ) or any(one.fact.level is LeaningLevel.OPPONENT for one in _leanings(sight)):
        return None
    return Firing("nobody is known to favour anything else than us", ids(there))


def untested_champion(sight: Sight) -> Firing | None:
    """DZ07: a champion whom nobody saw act for us."""
    untested = [
        one
        for one in _leanings(sight)
        if one.fact.level is LeaningLevel.CHAMPION and one.fact.behaviour is None
    ]
    return (
        Firing("nothing shows that the champion acts for us", ids(untested)) if untested else None
    )


def influence_against(sight: Sight) -> Firing | None:
    """DZ08: by influence they lean against us, or opponents are as many as supporters."""
    leanings, people = _leanings(sight), sight.people
    masses = [(people.mass(one.fact.evaluator_id), leaning_of(one.fact)) for one in leanings]
    weight = sum(mass for mass, _ in masses)
    against = [one for one in leanings if one.fact.level in AGAINST]
    supporters = sum(one.fact.level in FOR for one in leanings)
    if weight and sum(mass * lean for mass, lean in masses) / weight < _limit(sight):
        return Firing("weighed by influence, they lean against us", ids(against or leanings))
    opponents = [one for one in against if one.fact.level is LeaningLevel.OPPONENT]
    if opponents and len(opponents) >= supporters:
        return Firing("we have as many opponents as supporters, or more", ids(opponents))
    return None


def _limit(sight: Sight) -> float:
    return sight.threshold("DZ08", "leaning") - ROUNDING


def _leanings(sight: Sight) -> list[Held[Leaning]]:
    gone = sight.believed.gone
    return [one for one in sight.believed.of(Leaning) if one.fact.evaluator_id not in gone]


def team_of_one(sight: Sight) -> Firing | None:
    """DZ25: the owner alone learned nearly all that is known."""
    by = [(one.provenance.learned_by, one.fact_id) for one in sight.beliefs]
    learned = [(who, fact_id) for who, fact_id in by if who is not None]
    own = [fact_id for who, fact_id in learned if who == sight.state.owner]
    share = sight.threshold("DZ25", "share")
    if len(learned) < sight.days("DZ25", "facts") or len(own) <= share * len(learned) + ROUNDING:
        return None
    return Firing(f"the owner learned {len(own)} of {len(learned)} facts", tuple(own))
